"""Whose record it is: firms by credit code or by their own number, duplicates among them, records sorted by firm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huiqi.screening.roster.intake import BAD, KEY, ROW
from huiqi.screening.roster.partitions import Partitions, part_of_keys

OWNER = "_firm"
"""The column that holds the place of a record's firm in the roster."""
Places = NDArray[np.int64]
_SCHEMA = pa.schema([pa.field(KEY, pa.string()), pa.field(OWNER, pa.int64()), pa.field(ROW, pa.int64())])


class FirmKeys:
    """The keys of all firms of one kind, in parts; `OWNER` is the firm's place in the roster, `ROW` its row in the file."""

    def __init__(self, folder: Path, parts: int) -> None:
        self.parts = parts
        self._kept = Partitions(folder, _SCHEMA, parts)

    def add(self, keys: pa.Array, places: pa.Array, rows: pa.Array) -> None:
        """Add firms; those without key have none."""
        batch = pa.record_batch([keys, places, rows], schema=_SCHEMA).filter(keys.is_valid())
        self._kept.add(batch, part_of_keys(batch.column(0), self.parts))

    def close(self) -> None:
        """End adding."""
        self._kept.close()

    def duplicates(self) -> Iterator[list[tuple[str, int, int]]]:
        """Yield the firms that share a key: key, place and row of each."""
        for part in range(self.parts):
            table = self._kept.read(part)
            counts = pc.value_counts(table.column(KEY).combine_chunks())
            often = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
            if not len(often):
                continue
            shared = table.filter(pc.is_in(table.column(KEY), value_set=often)).sort_by(
                [(KEY, "ascending"), (ROW, "ascending")]
            )
            rows = list(zip(*(shared.column(name).to_pylist() for name in _SCHEMA.names), strict=True))
            begin = 0
            for place in range(1, len(rows) + 1):
                if place == len(rows) or rows[place][0] != rows[begin][0]:
                    yield rows[begin:place]
                    begin = place

    def places_of(self, part: int, keys: pa.Array) -> pa.Array:
        """Return the firm of each key of a part, null where there is none."""
        table = self._kept.read(part)
        found = pc.index_in(keys, value_set=table.column(KEY).combine_chunks())
        return table.column(OWNER).combine_chunks().take(found)


class Records:
    """The records of one kind: first by key, then by firm, in as many parts as memory asks for."""

    def __init__(self, folder: Path, schema: pa.Schema, parts: int) -> None:
        self.folder = folder
        self.parts = parts
        self.firms = 0
        self._by_key = Partitions(folder / "by-key", schema, parts)
        self._by_firm: Partitions | None = None

    def add(self, batch: pa.RecordBatch) -> None:
        """Add records with their `KEY`."""
        self._by_key.add(batch, part_of_keys(batch.column(batch.schema.get_field_index(KEY)), self.parts))

    def join(self, keys: FirmKeys, firms: int) -> Iterator[tuple[pa.Table, Places]]:
        """Sort all records by firm; yield those without firm, and the firms of those in which something is wrong."""
        self._by_key.close()
        self.firms = firms
        schema = self._by_key.schema.append(pa.field(OWNER, pa.int64()))
        self._by_firm = Partitions(self.folder / "by-firm", schema, self.parts)
        for part in range(self.parts):
            table = self._by_key.read(part)
            firm = keys.places_of(part, table.column(KEY).combine_chunks())
            table = table.append_column(schema.field(OWNER), firm)
            bad = table.column(BAD)
            orphans = table.filter(pc.is_null(table.column(OWNER)))
            joined = table.filter(pc.is_valid(table.column(OWNER)))
            spoiled = joined.filter(joined.column(BAD)).column(OWNER) if pc.any(bad).as_py() else None
            for batch in joined.to_batches():
                self._by_firm.add(batch, self._part_of(batch))
            yield orphans, np.zeros(0, np.int64) if spoiled is None else np.unique(spoiled.to_numpy())
        self._by_firm.close()

    def _part_of(self, batch: pa.RecordBatch) -> Places | None:
        if self.parts == 1:
            return None
        firm = batch.column(batch.schema.get_field_index(OWNER)).to_numpy()
        return np.asarray(firm // self._firms_a_part, dtype=np.int64)

    @property
    def _firms_a_part(self) -> int:
        return -(-max(self.firms, 1) // self.parts)

    def between(self) -> RecordsInOrder:
        """Return a reader that goes through the records firm by firm."""
        assert self._by_firm is not None, "join first"
        return RecordsInOrder(self._by_firm, self._firms_a_part)


class RecordsInOrder:
    """Reads sorted records; ask for firms in rising order."""

    def __init__(self, kept: Partitions, firms_a_part: int) -> None:
        self._kept = kept
        self._firms_a_part = firms_a_part
        self._part = -1
        self._table: pa.Table = kept.schema.empty_table()
        self._firm: Places = np.zeros(0, dtype=np.int64)

    def take(self, start: int, stop: int) -> pa.Table:
        """Return the records of the firms from `start` to before `stop`."""
        found = []
        for part in range(start // self._firms_a_part, (stop - 1) // self._firms_a_part + 1):
            self._load(part)
            begin, end = np.searchsorted(self._firm, (start, stop))
            found.append(self._table.slice(int(begin), int(end - begin)))
        return pa.concat_tables(found).combine_chunks()

    def _load(self, part: int) -> None:
        if part == self._part:
            return
        table = self._kept.read(part).combine_chunks()
        order = pc.sort_indices(table, sort_keys=[(OWNER, "ascending"), (ROW, "ascending")])
        self._table = table.take(order)
        self._firm = self._table.column(OWNER).to_numpy()
        self._part = part
