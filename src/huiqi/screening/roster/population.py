"""The last step: firms and their records as blocks of a prepared population, without the rows that are bad."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.frame import Block, Bools
from huiqi.rules.facts import SUBJECT
from huiqi.rules.types import Kind
from huiqi.rules.values import BadValue
from huiqi.screening.prepared import BLOCK_ROWS, FIRM, field_of
from huiqi.screening.roster.agreement import Agreement
from huiqi.screening.roster.doubts import Doubts
from huiqi.screening.roster.intake import ROW, Intake
from huiqi.screening.roster.joining import OWNER, Places, Records
from huiqi.screening.roster.partitions import Partitions


@dataclass(slots=True)
class Population:
    """What was read of a roster: firms in its order, records by firm, and the places of bad firms."""

    library: PolicyLibrary
    as_of: datetime.date
    intake: Intake
    firms: Partitions
    record_intakes: dict[str, Intake]
    records: dict[str, Records]
    bad: Places
    doubts: Doubts
    written: dict[str, int] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, list[str]]:
        """The prepared columns of each table."""
        firms = [
            name for name in self.firms.schema.names if field_of(self.library, SUBJECT, name) and name != FIRM
        ]
        firms += [name for name in self._years(firms) if name not in firms]
        has = (f"has.{self.library.facts.records[record].list_name}" for record in self.records)
        tables = {SUBJECT: [*firms, *(name for name in has if name not in firms)]}
        for record, intake in self.record_intakes.items():
            names = [name for name in intake.names if field_of(self.library, record, name) and name != FIRM]
            tables[record] = [
                FIRM,
                *names,
                *(name for name in self._years(names, record) if name not in names),
            ]
        return tables

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks; notes what only shows when all is joined, and leaves those firms out too."""
        readers = {record: each.between() for record, each in self.records.items()}
        agreement = Agreement(self.library, self.as_of, self.intake.names)
        first = 0
        for firms in _evenly(self.firms.batches()):
            stop = first + firms.num_rows
            lo, hi = np.searchsorted(self.bad, (first, stop))
            keep = np.ones(firms.num_rows, dtype=np.bool_)
            keep[self.bad[lo:hi] - first] = False
            records = {record: each.take(first, stop) for record, each in readers.items()}
            keep &= ~self._without_list(firms, records, first, keep)
            block = self._block(firms, records, first, keep)
            against = self._against(agreement, block, firms, keep)
            if against.any():
                keep &= ~against
                block = self._block(firms, records, first, keep)
            self._count(block)
            yield block
            first = stop

    def _count(self, block: Block) -> None:
        for record, batch in {SUBJECT: block.firms, **block.records}.items():
            self.written[record] = self.written.get(record, 0) + batch.num_rows

    def _block(self, firms: pa.RecordBatch, records: dict[str, pa.Table], first: int, keep: Bools) -> Block:
        kept = firms.filter(pa.array(keep))
        number = np.cumsum(keep) - 1
        arrays = {name: kept.column(name) for name in kept.schema.names}
        made: dict[str, pa.RecordBatch] = {}
        columns = self.columns
        for record, table in records.items():
            firm = table.column(OWNER).to_numpy() - first
            mine = table.filter(pa.array(keep[firm]))
            fields = {name: _one(mine.column(name)) for name in mine.schema.names}
            fields[FIRM] = pa.array(number[firm[keep[firm]]].astype(np.int64))
            made[record] = self._batch(fields, record, columns[record], mine.num_rows)
            list_name = f"has.{self.library.facts.records[record].list_name}"
            arrays.setdefault(list_name, pa.array(np.ones(kept.num_rows, dtype=np.bool_)))
        return Block(self._batch(arrays, SUBJECT, columns[SUBJECT], kept.num_rows), made)

    def _batch(self, arrays: dict[str, pa.Array], record: str, names: list[str], rows: int) -> pa.RecordBatch:
        for year, (parts, is_sum) in self._years(list(arrays), record).items():
            columns = [arrays[part] for part in parts]
            whole = columns[-1]
            if is_sum:
                whole = columns[0]
                for each in columns[1:]:
                    whole = pc.add_checked(whole, each)
            else:
                for each in columns[:-1]:
                    whole = pc.if_else(each.is_valid(), whole, None)
            arrays[year] = pc.coalesce(arrays[year], whole) if year in arrays else whole
        fields = [field_of(self.library, record, name) for name in names]
        # Words stay plain here: the writer gives them their dictionary.
        made = [
            arrays.get(name, pa.nulls(rows, each.type if each else pa.null()))
            for name, each in zip(names, fields, strict=True)
        ]
        typed = [
            array.dictionary_encode().cast(each.type)
            if each is not None
            and pa.types.is_dictionary(each.type)
            and not pa.types.is_dictionary(array.type)
            else array
            for array, each in zip(made, fields, strict=True)
        ]
        return pa.record_batch(typed, names=names)

    def _years(self, names: list[str], record: str = SUBJECT) -> dict[str, tuple[list[str], bool]]:
        """Return the years of which every quarter or month is a column: its parts, and whether they are added up."""
        found: dict[str, tuple[list[str], bool]] = {}
        for fact in self.library.facts.records[record].facts.values():
            if fact.type.kind is not Kind.NUMBER or fact.period != "year":
                continue
            periods = {name.partition("@")[2] for name in names if name.startswith(f"{fact.name}@")}
            is_sum = fact.unit is not None and fact.unit.power("yuan") == 1
            for year in sorted({period[:4] for period in periods}):
                for parts in (
                    [f"{year}Q{n}" for n in range(1, 5)],
                    [f"{year}-{n:02d}" for n in range(1, 13)],
                ):
                    if periods.issuperset(parts):
                        found[f"{fact.name}@{year}"] = ([f"{fact.name}@{part}" for part in parts], is_sum)
        return found

    def _without_list(
        self, firms: pa.RecordBatch, records: dict[str, pa.Table], first: int, keep: Bools
    ) -> Bools:
        """Return the firms that have records of a list which their row says is not known or not there."""
        wrong = np.zeros(firms.num_rows, dtype=np.bool_)
        for record, table in records.items():
            kind = self.library.facts.records[record]
            place = firms.schema.get_field_index(f"has.{kind.list_name}")
            if place < 0 or not table.num_rows:
                continue
            stands = firms.column(place).fill_null(False).to_numpy(zero_copy_only=False)
            firm = table.column(OWNER).to_numpy() - first
            bad = ~stands[firm] & keep[firm]
            if bad.any():
                rows = table.column(ROW).to_numpy()[bad].tolist()
                what = f"the record belongs to a firm whose has.{kind.list_name} is not yes"
                error = BadValue("record-without-list", what, "", "write yes there, or take the record out")
                self.doubts.cells(
                    self.record_intakes[record].source.place, -1, "", rows, [""] * len(rows), error
                )
                wrong[firm[bad]] = True
        return wrong

    def _against(self, agreement: Agreement, block: Block, firms: pa.RecordBatch, keep: Bools) -> Bools:
        against = np.zeros(firms.num_rows, dtype=np.bool_)
        places = np.flatnonzero(keep)
        rows = firms.column(firms.schema.get_field_index(ROW)).to_numpy()
        for name, wrong, words in agreement.disagreeing(block):
            where = places[wrong]
            against[where] = True
            place, heading = self.intake.heading_of(name)
            values = (
                block.firms.column(block.firms.schema.get_field_index(name))
                .filter(pa.array(wrong))
                .to_pylist()
            )
            for row, word, value in zip(rows[where].tolist(), words, values, strict=True):
                what = f"{name} is given, but the other facts make it {word}"
                why = "a computed fact may stand instead of its inputs, not against them"
                error = BadValue("given-and-computed", what, why, "clear one of them")
                shown = {True: "yes", False: "no"}.get(value, value)
                self.doubts.cells(self.intake.source.place, place, heading, [row], [shown], error)
        return against


def _evenly(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the same rows in blocks of full size, the last one with what is left."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows < BLOCK_ROWS:
            continue
        whole = pa.Table.from_batches(waiting).combine_chunks().to_batches()[0]
        full = rows - rows % BLOCK_ROWS
        yield from (whole.slice(begin, BLOCK_ROWS) for begin in range(0, full, BLOCK_ROWS))
        waiting, rows = [whole.slice(full)], rows - full
    if rows:
        yield pa.Table.from_batches(waiting).combine_chunks().to_batches()[0]


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
