"""Results of alignments as files: `HUIQI_DATA/alignments/<number>/`, with the clauses' texts as they were then."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from huiqi.documents.align.chain import Chain
from huiqi.documents.align.workbook import write_workbook

RESULT, BOOK = "alignment.json", "alignment.xlsx"


class NoResult(Exception):
    """The result is not there: not made yet, or lost."""


def folder_of(number: int) -> Path:
    """Return the folder of an alignment's result."""
    folder: Path = settings.DATA / "alignments" / str(number)
    return folder


def keep_result(number: int, result: dict[str, Any], chain: Chain) -> str:
    """Keep a result and its workbook, whole or not at all; return the result's digest (SHA-256)."""
    text = json.dumps(result, ensure_ascii=False, separators=(",", ":"))
    folder = folder_of(number)
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = folder.with_name(f".{uuid.uuid4().hex}")
    part.mkdir()
    try:
        write_workbook(chain, part / BOOK)
        (part / RESULT).write_text(text, "utf-8")
        folder.mkdir(exist_ok=True)
        for each in (BOOK, RESULT):
            (part / each).replace(folder / each)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return hashlib.sha256(text.encode()).hexdigest()


def result_of(number: int) -> dict[str, Any]:
    """Return a result; callers must not change it. Raises NoResult."""
    file = folder_of(number) / RESULT
    try:
        return _loaded(file, file.stat().st_mtime_ns)
    except (OSError, ValueError):
        raise NoResult from None


def forget_alignment(number: int) -> None:
    """Delete a result."""
    shutil.rmtree(folder_of(number), ignore_errors=True)


@lru_cache(maxsize=6)
def _loaded(file: Path, _written: int) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return loaded
