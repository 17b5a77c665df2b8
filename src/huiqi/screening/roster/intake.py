"""One table read chunk by chunk: its cells as values, its doubts, and the rows that cannot be taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.frame import Bools
from huiqi.rules.facts import SUBJECT, SUBJECTS
from huiqi.rules.values import BadValue
from huiqi.screening.prepared import FIRM, KIND_OF_SUBJECT
from huiqi.screening.roster.column_readers import ColumnReader, Faults, reader_of
from huiqi.screening.roster.doubts import Doubt, Doubts
from huiqi.screening.roster.headings import CREDIT_CODE, LEFT_OUT, Column
from huiqi.screening.roster.mapping import TableMapping
from huiqi.screening.roster.tables import Cells, Chunk, Source

ROW = "_row"
BAD = "_bad"
KEY = "_key"
_KINDS = pa.array(SUBJECTS)
_HOUSEHOLDS = "92"


@dataclass(slots=True)
class _Reading:
    place: int
    heading: str
    column: Column
    reader: ColumnReader


class Intake:
    """Reads one table. `counted` rows so far; doubts go to `doubts`."""

    def __init__(
        self,
        source: Source,
        record: str,
        mapping: TableMapping,
        columns: list[Column | None],
        library: PolicyLibrary,
        doubts: Doubts,
    ) -> None:
        self.source = source
        self.record = record
        self.library = library
        self.doubts = doubts
        self.rows = 0
        self.lost = 0
        self.header_row = mapping.header_row
        self._width = len(columns)
        self._unnamed = [place for place, column in enumerate(columns) if column is None]
        by_column = {id(column): heading for heading, column in mapping.columns.items()}
        self.readings = [
            _Reading(place, by_column[id(column)], column, reader_of(column, library))
            for place, column in enumerate(columns)
            if column is not None and column.name != LEFT_OUT and id(column) in by_column
        ]
        self._said_unnamed: set[int] = set()
        self._faulty_codes: Bools = np.zeros(0, dtype=np.bool_)

    def heading_of(self, name: str) -> tuple[int, str]:
        """Return the place and heading of a prepared column, (-1, "") where there is none."""
        return next(
            ((each.place, each.heading) for each in self.readings if each.column.name == name), (-1, "")
        )

    @property
    def names(self) -> list[str]:
        """The prepared columns that the table fills."""
        return [each.column.name for each in self.readings]

    @property
    def schema(self) -> pa.Schema:
        """The columns of what `batches` yields."""
        fields = [pa.field(ROW, pa.int64()), pa.field(BAD, pa.bool_())]
        fields += [pa.field(each.column.name, each.reader.type) for each in self.readings]
        if self.record == SUBJECT and KIND_OF_SUBJECT not in self.names:
            fields.append(pa.field(KIND_OF_SUBJECT, pa.string()))
        return pa.schema(fields)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows with their numbers, and whether something is wrong in them."""
        for chunk in self.source.chunks(self.header_row, self._width):
            for fault in chunk.faults:
                self.lost += 1
                self.rows += 1
                error = fault.error
                self.doubts.add(
                    Doubt(
                        self.source.place,
                        fault.row,
                        -1,
                        "",
                        fault.value,
                        error.code,
                        error.what,
                        error.why,
                        error.mend,
                    )
                )
            self._hold_unnamed(chunk)
            if len(chunk.rows):
                self.rows += len(chunk.rows)
                yield self._batch(chunk)

    def _hold_unnamed(self, chunk: Chunk) -> None:
        for place in self._unnamed:
            cells = chunk.columns[place]
            if place in self._said_unnamed or cells.text.null_count == len(cells.text):
                continue
            self._said_unnamed.add(place)
            row = int(np.flatnonzero(cells.text.is_valid().to_numpy(zero_copy_only=False))[0])
            what = "a cell stands in a column without heading"
            error = BadValue("unnamed-column", what, "", "name the column, or clear it")
            self.doubts.table(self.source.place, error, int(chunk.rows[row]), "", place)

    def _batch(self, chunk: Chunk) -> pa.RecordBatch:
        bad = np.zeros(len(chunk.rows), dtype=np.bool_)
        arrays: dict[str, pa.Array] = {}
        for each in self.readings:
            cells = chunk.columns[each.place]
            values, faults = each.reader.read(cells)
            values, faults = _with_broken(cells, values, faults)
            self._note(each, chunk, cells, faults, bad)
            arrays[each.column.name] = values
        if self.record == SUBJECT:
            self._subjects(chunk, arrays, bad)
        named = {ROW: pa.array(chunk.rows), BAD: pa.array(bad), **arrays}
        return pa.record_batch([named[name] for name in self.schema.names], schema=self.schema)

    def _note(self, reading: _Reading, chunk: Chunk, cells: Cells, faults: Faults, bad: Bools) -> None:
        faulty = np.zeros(len(bad), dtype=np.bool_)
        if reading.column.name == CREDIT_CODE:
            self._faulty_codes = faulty
        for places, error in faults:
            faulty[places] = bad[places] = True
            values = cells.text.take(pa.array(places)).to_pylist()
            self.doubts.cells(
                self.source.place, reading.place, reading.heading, chunk.rows[places].tolist(), values, error
            )

    def _subjects(self, chunk: Chunk, arrays: dict[str, pa.Array], bad: Bools) -> None:
        """Fill in the kind of subject from the credit code, and hold codes and facts to it."""
        rows = len(chunk.rows)
        codes = arrays.get(CREDIT_CODE, pa.nulls(rows, pa.string()))
        given = arrays.get(KIND_OF_SUBJECT, pa.nulls(rows, pa.string()))
        is_household = pc.fill_null(pc.starts_with(codes, _HOUSEHOLDS), False)
        is_business = pc.fill_null(pc.starts_with(codes, "9"), True)
        derived = pc.if_else(
            is_household, "self_employed", pc.if_else(is_business, "enterprise", "institution")
        )
        kinds = arrays[KIND_OF_SUBJECT] = pc.coalesce(given, derived)
        says_household = pc.fill_null(pc.equal(given, "self_employed"), False)
        says_firm = pc.fill_null(pc.equal(given, "enterprise"), False)
        household, known = _bools(is_household), _bools(codes.is_valid())
        against = known & ((_bools(says_household) & ~household) | (_bools(says_firm) & household))
        if against.any():
            what = "the credit code and the kind of subject do not agree"
            why = "codes of self-employed households begin with 92"
            self._row_fault(
                chunk,
                arrays,
                KIND_OF_SUBJECT,
                against,
                BadValue("subject-and-code", what, why, "mend one of them"),
                bad,
            )
        self._missing_codes(chunk, arrays, kinds, bad)
        for each in self.readings:
            fact = each.column.fact
            if fact is None or not fact.subjects:
                continue
            allowed = pc.is_in(kinds, value_set=pa.array(fact.subjects))
            wrong = _bools(arrays[each.column.name].is_valid()) & ~_bools(allowed)
            if wrong.any():
                what = f"{fact.name} is a fact of {' or '.join(fact.subjects)} only"
                error = BadValue(
                    "fact-of-other-subject", what, "", "clear the cell, or mend the kind of subject"
                )
                self._row_fault(chunk, arrays, each.column.name, wrong, error, bad)

    def _missing_codes(self, chunk: Chunk, arrays: dict[str, pa.Array], kinds: pa.Array, bad: Bools) -> None:
        if CREDIT_CODE not in self.names or FIRM in self.names:
            return
        # A code that is there but wrong is told already.
        nothing = (
            _bools(arrays[CREDIT_CODE].is_null()) & ~_bools(pc.equal(kinds, "person")) & ~self._faulty_codes
        )
        if nothing.any():
            error = BadValue(
                "no-credit-code", "the credit code is missing", "", "copy its 18 characters from the licence"
            )
            self._row_fault(chunk, arrays, CREDIT_CODE, nothing, error, bad)

    def _row_fault(
        self, chunk: Chunk, arrays: dict[str, pa.Array], name: str, places: Bools, error: BadValue, bad: Bools
    ) -> None:
        bad |= places
        place, heading = self.heading_of(name)
        rows: NDArray[np.int64] = np.flatnonzero(places)
        text = chunk.columns[place].text.take(pa.array(rows)).to_pylist() if place >= 0 else [""] * len(rows)
        self.doubts.cells(self.source.place, place, heading, chunk.rows[rows].tolist(), text, error)


def _with_broken(cells: Cells, values: pa.Array, faults: Faults) -> tuple[pa.Array, Faults]:
    """Give cells in error their own reason instead of any other."""
    if not cells.broken:
        return values, faults
    places = np.zeros(len(values), dtype=np.bool_)
    places[list(cells.broken)] = True
    kept = [(rows[~places[rows]], error) for rows, error in faults]
    broken = [(np.array([place]), error) for place, error in cells.broken.items()]
    return pc.if_else(pa.array(places), None, values), [each for each in kept if len(each[0])] + broken


def _bools(array: pa.Array) -> Bools:
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.bool_)
