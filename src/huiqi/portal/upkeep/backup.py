"""One file that holds the site: every table at one moment, the uploaded files, what it is all worth; never the keys."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings
from django.db import connection

from huiqi import __version__
from huiqi.portal.keys import encryption_keys
from huiqi.portal.upkeep.manifest import (
    FILES,
    MANIFEST,
    SEAL,
    FilePart,
    Head,
    Manifest,
    Part,
    TablePart,
    mark_of,
    seal_of,
)
from huiqi.portal.upkeep.snapshot import Snapshot, snapshot
from huiqi.portal.upkeep.tables import tables_of
from huiqi.portal.upkeep.uploads import uploads
from huiqi.portal.upkeep.values import Table
from huiqi.portal.upkeep.whole_file import whole_file

LAST_BACKUP = "last-backup.json"
"""Where the data folder notes its last backup."""
_PIECE = 1 << 20
_LEVEL = 4
_TELL_EVERY = 5_000

Progress = Callable[[str, int, int], None]
"""Called with what is written (a table, `files`), how much of it is done, and its total."""


@dataclass(frozen=True, slots=True)
class BackupMade:
    """What was written."""

    manifest: Manifest
    bytes: int


def back_up(path: Path, now: datetime, progress: Progress | None = None) -> BackupMade:
    """Write a backup of the site; the file appears when it is whole. The site may go on working meanwhile.

    Raises BadInput where something stands there already, or a value cannot be kept exactly.
    """
    tell = progress or (lambda *_: None)
    keys = encryption_keys(settings.DATA)
    with (
        whole_file(path) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
    ):
        with snapshot() as moment:
            tables = tuple(_table(archive, moment, each, tell) for each in tables_of(apps))
            sequence, digest = moment.head()
            migrations = tuple((app, name) for app, name in moment.migrations())
        # The files behind the rows: one that a row names was there before the row.
        count, total, listed = _files(archive, settings.DATA, tell)
        manifest = Manifest(
            huiqi=__version__,
            made_at=now.isoformat(timespec="seconds"),
            database=connection.vendor,
            migrations=migrations,
            head=Head(sequence=sequence, digest=digest),
            keys=mark_of(keys),
            tables=tables,
            files=count,
            files_bytes=total,
            files_list=listed,
        )
        text = manifest.model_dump_json(indent=1).encode()
        _entry(archive, MANIFEST, [text])
        _entry(archive, SEAL, [seal_of(text, keys).encode()])
    size = path.stat().st_size
    _note(settings.DATA, path, now, manifest, size)
    return BackupMade(manifest, size)


def _table(archive: zipfile.ZipFile, moment: Snapshot, table: Table, tell: Progress) -> TablePart:
    total = moment.count(table)
    rows = 0

    def lines() -> Iterator[bytes]:
        nonlocal rows
        for row in moment.rows(table):
            rows += 1
            if rows % _TELL_EVERY == 0:
                tell(table.name, rows, total)
            yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        tell(table.name, rows, total)

    part = _entry(archive, f"tables/{table.name}.jsonl", lines())
    return TablePart(
        name=table.name,
        columns=tuple((each.name, each.kind) for each in table.columns),
        key=table.key,
        counted=table.counted,
        rows=rows,
        counted_to=moment.counted_to(table) if table.counted else 0,
        **part.model_dump(),
    )


def _files(archive: zipfile.ZipFile, data: Path, tell: Progress) -> tuple[int, int, Part]:
    count, total = 0, 0
    with tempfile.TemporaryFile() as kept:
        for name, path in uploads(data):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                # Given up meanwhile, with its row.
                continue
            with file:
                part = _entry(archive, f"files/{name}", iter(lambda f=file: f.read(_PIECE), b""))
            kept.write(FilePart(path=name, **part.model_dump()).model_dump_json().encode() + b"\n")
            count, total = count + 1, total + part.bytes
            tell("files", count, count)
        kept.seek(0)
        return count, total, _entry(archive, FILES, iter(lambda: kept.read(_PIECE), b""))


def _entry(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> Part:
    digest, size = hashlib.sha256(), 0
    entry: IO[bytes]
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as entry:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            entry.write(piece)
    return Part(bytes=size, sha256=digest.hexdigest())


def _note(data: Path, path: Path, now: datetime, manifest: Manifest, size: int) -> None:
    """Note the backup in the data folder, for `huiqi doctor`."""
    noted = {
        "at": now.isoformat(timespec="seconds"),
        "file": str(path.resolve()),
        "bytes": size,
        "head": manifest.head.model_dump(),
    }
    part = data / f".{LAST_BACKUP}.{os.getpid()}"
    part.write_text(json.dumps(noted, ensure_ascii=False), "utf-8")
    part.replace(data / LAST_BACKUP)
