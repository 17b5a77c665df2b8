"""Texts that the installation itself has: in HUIQI_DOCUMENTS, added by `huiqi documents`, or the shipped examples."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from huiqi.documents.library.store import INDEX
from huiqi.policies.shipped import shipped_examples
from huiqi.portal.documents.incoming import ENDINGS
from huiqi.portal.documents.readings import library


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file of a folder. `kept` tells that it lies in the library already."""

    path: Path
    kept: bool = False
    example: bool = False


def folder_files() -> list[FolderFile]:
    """Return the files to take in. The examples stand in where the office has no text at all."""
    given = os.environ.get("HUIQI_DOCUMENTS", "")
    found = [FolderFile(each) for each in _texts(Path(given))] if given else []
    found += [FolderFile(each, kept=True) for each in _texts(library().folder) if each.name != INDEX]
    if not found:
        found = [FolderFile(each, example=True) for each in _texts(shipped_examples())]
    return found


def signature(files: list[FolderFile]) -> str:
    """Return what changes when a file is added, changed or goes, without reading any."""
    rows = []
    for each in files:
        about = each.path.stat()
        rows.append(f"{each.path.name}/{about.st_size}/{about.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:24]


def _texts(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        each
        for each in folder.iterdir()
        if each.suffix.lower() in ENDINGS and not each.name.startswith(".") and each.is_file()
    )
