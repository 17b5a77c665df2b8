"""What long lists of entitled firms are narrowed and searched by, laid beside them when a run is stored.

`measures/<id>.arrow` is not compressed and is read by mapping it into memory: the first page of a list that nobody has
looked at costs what a later one does. Short lists have none: they are read whole sooner.
"""

from __future__ import annotations

import mmap
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

LONG = 20_000
"""Rows from which a list has an index: some 85 bytes a row."""
COLUMNS = ("county", "section", "size", "verdict", "before", "counted_fen", "code", "name")
_MOST_FOUND = 40_000
"""Places that are looked for one by one; a word that stands oftener is looked for row by row."""


def write_index(path: Path, table: pa.Table) -> None:
    """Lay the index of a measure's file beside it, where the file is long; it appears whole."""
    place = path.with_suffix(".arrow")
    if table.num_rows < LONG:
        place.unlink(missing_ok=True)
        return
    kept = table.select(list(COLUMNS)).unify_dictionaries().combine_chunks()
    part = place.with_name(f".{place.name}.{os.getpid()}")
    with pa.OSFile(str(part), "wb") as file, pa.ipc.new_file(file, kept.schema) as writer:
        writer.write_table(kept)
    part.replace(place)


def column_of(path: Path, name: str) -> pa.ChunkedArray:
    """Return a column of a measure's file: from its index where it has one that is no older, else read and kept."""
    index = _index_of(path)
    return index.table.column(name) if index is not None else _read(path, path.stat().st_mtime_ns, name)


def bearing(path: Path, word: str) -> NDArray[np.bool_]:
    """Tell which names of a measure's file hold a word, capitals and small letters alike."""
    index = _index_of(path)
    cased = word.lower() != word.upper()
    if index is not None and not cased and (found := index.names_with(word.encode())) is not None:
        return found
    matched = pc.match_substring(column_of(path, "name"), word, ignore_case=cased)
    return np.asarray(matched.fill_null(False).to_numpy())


@dataclass(frozen=True, slots=True)
class _Index:
    """An index in memory: its columns, the file's own bytes, and where they begin."""

    table: pa.Table
    content: mmap.mmap
    begins: int

    def names_with(self, word: bytes) -> NDArray[np.bool_] | None:
        """Tell which names hold a word, looked for in all of them at once; None where it stands in too many places."""
        mask = np.zeros(self.table.num_rows, dtype=np.bool_)
        [names] = self.table.column("name").chunks
        _valid, ends, text = names.buffers()
        offsets = np.frombuffer(ends, dtype=np.int32)[: len(names) + 1]
        first = text.address - self.begins
        last = first + int(offsets[-1])
        found: list[int] = []
        at = self.content.find(word, first, last)
        while at >= 0:
            found.append(at - first)
            if len(found) > _MOST_FOUND:
                return None
            at = self.content.find(word, at + 1, last)
        starts = np.array(found, dtype=np.int64)
        rows = np.searchsorted(offsets, starts, side="right") - 1
        # A word that begins in one name and ends in the next stands in neither.
        mask[rows[starts + len(word) <= offsets[rows + 1]]] = True
        return mask


def _index_of(path: Path) -> _Index | None:
    place = path.with_suffix(".arrow")
    try:
        written = place.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _mapped(place, written) if written >= path.stat().st_mtime_ns else None


@lru_cache(maxsize=16)
def _mapped(place: Path, _written: int) -> _Index:
    source = pa.memory_map(str(place))
    begins = source.read_buffer(source.size()).address
    source.seek(0)
    with place.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return _Index(pa.ipc.open_file(source).read_all(), content, begins)


@lru_cache(maxsize=24)
def _read(path: Path, _written: int, name: str) -> pa.ChunkedArray:
    return pq.read_table(path, columns=[name]).column(0)
