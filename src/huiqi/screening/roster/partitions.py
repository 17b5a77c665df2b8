"""Rows kept on disk in parts, so that joining and sorting a large roster needs the memory of one part."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

PART_BYTES = 16 << 20
MOST_PARTS = 256
_WAITING_ROWS = 65_536


class Partitions:
    """Some Arrow streams of one schema. Add rows, close, then read part by part."""

    def __init__(self, folder: Path, schema: pa.Schema, parts: int) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.schema = schema
        self.parts = parts
        self.rows = 0
        self._waiting: list[list[pa.RecordBatch]] = [[] for _ in range(parts)]
        self._rows = [0] * parts
        self._writers: dict[int, pa.ipc.RecordBatchStreamWriter] = {}

    def add(self, batch: pa.RecordBatch, part: NDArray[np.int64] | None = None) -> None:
        """Append rows, each to its part; None: all to the first."""
        self.rows += batch.num_rows
        if part is None or self.parts == 1:
            self._append(0, batch)
            return
        order = np.argsort(part, kind="stable")
        ends = np.searchsorted(part[order], np.arange(self.parts + 1))
        for place in range(self.parts):
            rows = order[ends[place] : ends[place + 1]]
            if len(rows):
                self._append(place, batch.take(pa.array(rows)))

    def _append(self, place: int, batch: pa.RecordBatch) -> None:
        if not batch.num_rows:
            return
        self._waiting[place].append(batch)
        self._rows[place] += batch.num_rows
        if self._rows[place] >= _WAITING_ROWS:
            self._flush(place)

    def _flush(self, place: int) -> None:
        if not self._waiting[place]:
            return
        writer = self._writers.get(place)
        if writer is None:
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            writer = pa.ipc.new_stream(str(self.folder / f"{place}.arrows"), self.schema, options=options)
            self._writers[place] = writer
        table = pa.Table.from_batches(self._waiting[place], self.schema).combine_chunks()
        writer.write_table(table)
        self._waiting[place] = []
        self._rows[place] = 0

    def close(self) -> None:
        """Write what is left."""
        for place in range(self.parts):
            self._flush(place)
        for writer in self._writers.values():
            writer.close()

    def batches(self, place: int = 0) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a part in the order in which they came."""
        if place not in self._writers:
            return
        with pa.OSFile(str(self.folder / f"{place}.arrows")) as file, pa.ipc.open_stream(file) as reader:
            yield from reader

    def read(self, place: int) -> pa.Table:
        """Return a part whole."""
        return pa.Table.from_batches(list(self.batches(place)), self.schema)


def parts_for(size: int) -> int:
    """Return in how many parts a table of that many bytes is kept."""
    return min(MOST_PARTS, 1 + size // PART_BYTES)


def part_of_keys(keys: pa.Array, parts: int) -> NDArray[np.int64] | None:
    """Return the part of each text, the same in every run; None where there is one part."""
    if parts == 1:
        return None
    return np.fromiter((zlib.crc32(each.encode()) % parts for each in keys.to_pylist()), np.int64, len(keys))
