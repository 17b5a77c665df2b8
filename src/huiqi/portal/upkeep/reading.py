"""Reading a backup: every byte of it is checked against its digests, its seal and its form before any is used."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from huiqi.findings import BadInput, Finding
from huiqi.portal.acts.exported import opened
from huiqi.portal.upkeep.manifest import (
    FILES,
    MANIFEST,
    MOST_BYTES,
    SEAL,
    FilePart,
    Manifest,
    Part,
    TablePart,
    is_marked,
    is_sealed,
)
from huiqi.portal.upkeep.uploads import is_kept
from huiqi.portal.upkeep.values import Value, fits

_PIECE = 1 << 20
_MOST_BYTES_OF_A_ROW = 256 << 20

# What a damaged or hostile ZIP file makes its reader raise.
_UNREADABLE = (
    KeyError,
    ValueError,
    zipfile.BadZipFile,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    zlib.error,
)

Progress = Callable[[str, int, int], None]


class Backup:
    """A backup that is open: what it says of itself, its tables and its files. Each raises BadInput where the
    file is not what its manifest says."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest
        self._archive = archive

    def rows(self, part: TablePart) -> Iterator[list[Value]]:
        """Yield a table's rows; that they are all, and as they were written, is known at the end only."""
        name, kinds, count = f"tables/{part.name}.jsonl", [kind for _name, kind in part.columns], 0
        with self._checked(name, part) as entry:
            while line := entry.readline(_MOST_BYTES_OF_A_ROW):
                count += 1
                yield self._row(name, count, line, kinds)
        if count != part.rows:
            raise self._broken(name, f"{count} rows, {part.rows} expected")

    def files(self) -> Iterator[FilePart]:
        """Yield what is listed of the files."""
        count, last = 0, ""
        with self._checked(FILES, self.manifest.files_list) as entry:
            while line := entry.readline(MOST_BYTES):
                count += 1
                try:
                    part = FilePart.model_validate_json(line)
                except ValidationError:
                    raise self._broken(FILES, f"line {count} lists no file") from None
                if not is_kept(part.path):
                    raise self._broken(FILES, f"line {count} leads out of the data folder")
                yield part
                last = part.path
        if count != self.manifest.files:
            raise self._broken(FILES, f"{count} files, {self.manifest.files} expected, the last {last}")

    @contextmanager
    def file(self, part: FilePart) -> Iterator[IO[bytes]]:
        """Open one of the files; that it is as it was is known when it was read to its end."""
        with self._checked(f"files/{part.path}", part) as entry:
            yield entry

    def check(self, progress: Progress) -> None:
        """Go through all of it. Raises BadInput."""
        for each in self.manifest.tables:
            for number, _row in enumerate(self.rows(each), 1):
                if number % 5_000 == 0 or number == each.rows:
                    progress(each.name, number, each.rows)
        names = {MANIFEST, SEAL, FILES, *(f"tables/{each.name}.jsonl" for each in self.manifest.tables)}
        for number, part in enumerate(self.files(), 1):
            with self.file(part) as entry:
                while entry.read(_PIECE):
                    pass
            names.add(f"files/{part.path}")
            progress("files", number, self.manifest.files)
        found = self._archive.namelist()
        if len(found) != len(names) or set(found) != names:
            odd = sorted(set(found) ^ names) or ["an entry that stands twice"]
            raise self._broken(odd[0], "the manifest says otherwise")

    def _row(self, name: str, number: int, line: bytes, kinds: list[str]) -> list[Value]:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise self._broken(name, f"line {number} is no row") from None
        if not isinstance(row, list) or len(row) != len(kinds):
            raise self._broken(name, f"line {number} is no row")
        if not all(fits(value, kind) for value, kind in zip(row, kinds, strict=True)):  # type: ignore[arg-type]
            raise self._broken(name, f"line {number} holds a value of another kind")
        return row

    @contextmanager
    def _checked(self, name: str, part: Part) -> Iterator[IO[bytes]]:
        try:
            entry = self._archive.open(name)
        except _UNREADABLE as error:
            raise self._broken(name, str(error) or type(error).__name__) from None
        with entry:
            watched = _Watched(entry, part.bytes, lambda why: self._broken(name, why))
            yield watched  # type: ignore[misc]
            while watched.read(_PIECE):
                pass
        if watched.seen != part.bytes or watched.digest.hexdigest() != part.sha256:
            raise self._broken(name, "its digest is another")

    def _broken(self, name: str, why: str) -> BadInput:
        return _refused(self.path, "backup-changed", "the backup is damaged or was changed", f"{name}: {why}")


class _Watched:
    """An entry while it is read: how much it was, and the digest of that. Never reads beyond what is expected."""

    def __init__(self, entry: IO[bytes], most: int, broken: Callable[[str], BadInput]) -> None:
        self._entry, self._most, self._broken = entry, most, broken
        self.seen, self.digest = 0, hashlib.sha256()

    def read(self, size: int) -> bytes:
        """Read at most so many bytes."""
        return self._noted(self._entry.read, size)

    def readline(self, most: int) -> bytes:
        """Read a line of at most so many bytes."""
        return self._noted(self._entry.readline, most)

    def _noted(self, read: Callable[[int], bytes], size: int) -> bytes:
        try:
            piece = read(min(size, self._most + 1 - self.seen))
        except _UNREADABLE as error:
            raise self._broken(str(error) or type(error).__name__) from None
        self.seen += len(piece)
        self.digest.update(piece)
        return piece


@contextmanager
def backup_at(path: Path, keys: Mapping[str, str] | None) -> Iterator[Backup]:
    """Open a backup. `keys` are the site's; None where they are lost: then the seal is not checked.

    Raises BadInput: no backup, of a later form, sealed with other keys, changed.
    """
    with opened(path) as file:
        try:
            archive = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            what = "this is no whole backup"
            raise _refused(path, "backup-unreadable", what, f"{error}; it may have been cut off") from None
        with archive:
            text = _small(path, archive, MANIFEST)
            seal = _small(path, archive, SEAL).decode("ascii", "replace")
            manifest = _manifest(path, text)
            if keys is not None and not is_marked(manifest.keys, keys):
                what = "this backup belongs to a site with other keys"
                mend = "put the keys of that site in their place (HUIQI_KEYS), or give --without-keys"
                raise _refused(path, "backup-other-keys", what, "", mend)
            if keys is not None and not is_sealed(text, seal, keys):
                why = "its seal is not that of its content"
                raise _refused(path, "backup-changed", "the backup was changed", why)
            yield Backup(path, archive, manifest)


def _small(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as entry:
            content = entry.read(MOST_BYTES + 1)
    except Exception as error:
        # Whatever a hostile file makes the reader stumble over: it is no backup.
        raise _refused(path, "backup-unreadable", "this is no whole backup", f"{name}: {error}") from None
    if len(content) > MOST_BYTES:
        raise _refused(path, "backup-unreadable", "this is no backup", f"{name} is too long")
    return content


def _manifest(path: Path, text: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        why = f"manifest.json: {where}: {first['msg']}"
        what = "this backup is of another form than this version of Huiqi reads"
        raise _refused(path, "backup-other-form", what, why, "use the version that made it") from None


def _refused(path: Path, code: str, what: str, why: str, mend: str = "") -> BadInput:
    finding = Finding(str(path), 0, "", code, what, why, mend or "take another backup; nothing was touched")
    return BadInput([finding])
