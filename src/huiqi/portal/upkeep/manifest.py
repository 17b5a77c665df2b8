"""What a backup says of itself: version, changes applied, tables, digests, the chain's head; sealed with the site's key.

A backup is a ZIP file that anybody can look into:

    manifest.json          this
    seal                   HMAC-SM3 of the manifest, by a key that never lies in the backup
    tables/<table>.jsonl   one row a line, as a JSON array in the order of the manifest's columns
    files/<path>           the files of the data folder
    files.jsonl            their paths, sizes and digests, one a line
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Annotated, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as keyed
from pydantic import BaseModel, ConfigDict, Field

from huiqi.portal.acts.chain import sm3
from huiqi.portal.secrets.sealing import LOOKUP, earlier_lookups
from huiqi.portal.upkeep.values import Column, Kind, Table

FORMAT: Literal[1] = 1
MANIFEST, SEAL, FILES = "manifest.json", "seal", "files.jsonl"
MOST_BYTES = 32 << 20
"""More than a manifest ever is."""

_Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,62}$")]
_Count = Annotated[int, Field(ge=0, lt=2**63)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Part(_Strict):
    """One entry of the file: how long it is and its SHA-256 digest."""

    bytes: _Count
    sha256: _Digest


class TablePart(Part):
    """A table: its columns in order, how many rows, and the greatest key the database ever gave out."""

    name: _Name
    columns: tuple[tuple[_Name, Kind], ...]
    key: _Name
    counted: bool
    rows: _Count
    counted_to: _Count

    def table(self) -> Table:
        """The table as it is read and written."""
        columns = tuple(Column(name, kind) for name, kind in self.columns)
        return Table(self.name, columns, self.key, self.counted)


class FilePart(Part):
    """A file, by its path from the data folder."""

    path: Annotated[str, Field(max_length=1000)]


class Head(_Strict):
    """The chain's head: the last event's number and digest."""

    sequence: _Count
    digest: _Digest


class Manifest(_Strict):
    """All of it."""

    format: Literal["huiqi-backup"] = "huiqi-backup"
    format_version: Literal[1] = FORMAT
    huiqi: Annotated[str, Field(max_length=40)]
    made_at: Annotated[str, Field(max_length=40)]
    database: Literal["sqlite", "postgresql"]
    migrations: tuple[tuple[_Name, Annotated[str, Field(pattern="^[0-9A-Za-z_]{1,200}$")]], ...]
    head: Head
    keys: _Digest
    tables: tuple[TablePart, ...]
    files: _Count
    files_bytes: _Count
    files_list: Part


def seal_of(manifest: bytes, keys: Mapping[str, str]) -> str:
    """Return the seal of a manifest's bytes."""
    digest = keyed.HMAC(bytes.fromhex(keys[LOOKUP]), hashes.SM3())
    digest.update(b"huiqi-backup\0" + manifest)
    return digest.finalize().hex()


def is_sealed(manifest: bytes, seal: str, keys: Mapping[str, str]) -> bool:
    """Whether the seal is that of the manifest, by the lookup key of today or one from before."""
    made = (seal_of(manifest, {LOOKUP: keys[name]}) for name in (LOOKUP, *earlier_lookups(keys)))
    return any(hmac.compare_digest(each.encode(), seal.encode()) for each in made)


def mark_of(keys: Mapping[str, str]) -> str:
    """Return a mark by which keys are known again; nothing of them can be told from it."""
    return _mark(keys[LOOKUP])


def is_marked(mark: str, keys: Mapping[str, str]) -> bool:
    """Whether a mark is that of these keys, as they are or as they were before a rotation."""
    return mark in {_mark(keys[name]) for name in (LOOKUP, *earlier_lookups(keys))}


def _mark(key: str) -> str:
    return sm3(b"huiqi-keys\0" + bytes.fromhex(key))
