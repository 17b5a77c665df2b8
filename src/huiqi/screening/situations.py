"""Between one firm's situation and the columns of a block, both ways and without loss.

A block keeps what the rules can read. Where a value comes from (its `origins`) is not kept.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.case import latest_period
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT, Fact
from huiqi.rules.situation import FactKey, Record, Situation, Value
from huiqi.rules.typed import exact
from huiqi.rules.types import Kind, Type
from huiqi.screening.prepared import FIRM, KIND_OF_SUBJECT, field_of

_MOST = 2**63 - 1


class BeyondColumns(ValueError):
    """A value that no column holds exactly: too great, too fine, or known in part only. `column` names it."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(f"{column} fits no column: {why}; judge this subject by itself")
        self.column = column


def completed(block: Block, library: PolicyLibrary, as_of: datetime.date) -> Block:
    """Return the block with the plain column and the latest period's column of each fact by period filled from each other.

    The plain value of a fact by period is that of the latest period that ended before as-of, as in a case.
    """
    return Block(
        _completed(block.firms, library, SUBJECT, as_of),
        {name: _completed(batch, library, name, as_of) for name, batch in block.records.items()},
        block.first,
    )


def _completed(
    batch: pa.RecordBatch, library: PolicyLibrary, record: str, as_of: datetime.date
) -> pa.RecordBatch:
    for fact in library.facts.records[record].facts.values():
        if not fact.period:
            continue
        latest = f"{fact.name}@{latest_period(fact.period, as_of)}"
        for name, other in ((fact.name, latest), (latest, fact.name)):
            place, source = (batch.schema.get_field_index(each) for each in (name, other))
            if source < 0:
                continue
            if place < 0:
                batch = batch.append_column(name, batch.column(source))
            elif batch.column(place).null_count:
                filled = pc.coalesce(batch.column(place), batch.column(source))
                batch = batch.set_column(place, name, filled)
    return batch


def situation_of(block: Block, row: int, library: PolicyLibrary, as_of: datetime.date) -> Situation:
    """Return the situation of one row of a block."""
    records = {}
    for name, batch in block.records.items():
        firm = batch.column(batch.schema.get_field_index(FIRM)).to_numpy(zero_copy_only=False)
        start, stop = np.searchsorted(firm, (row, row + 1))
        part = batch.slice(int(start), int(stop - start))
        place = part.schema.get_field_index(FIRM)
        zeros = pa.array(np.zeros(part.num_rows, dtype=np.int64))
        records[name] = part.set_column(place, part.schema.field(place), zeros)
    alone = Block(block.firms.slice(row, 1), records, block.first + row)
    return next(situations_of(alone, library, as_of))


def situations_of(block: Block, library: PolicyLibrary, as_of: datetime.date) -> Iterator[Situation]:
    """Yield the situation of every row of a block in turn; columns are read once."""
    block = completed(block, library, as_of)
    rows = block.firms.num_rows
    subjects = _rows(block.firms, library, SUBJECT)
    lists: list[dict[str, bool]] = [{} for _ in range(rows)]
    given: list[dict[str, Value]] = [{} for _ in range(rows)]
    standing: list[dict[str, tuple[Record, ...]]] = [{} for _ in range(rows)]
    kinds: list[str] = []
    of_record = {name: _records_by_firm(batch, library, name, rows) for name, batch in block.records.items()}
    for name, column in zip(block.firms.schema.names, block.firms.columns, strict=True):
        head, _, rest = name.partition(".")
        if name == KIND_OF_SUBJECT:
            kinds = column.to_pylist()
        elif head == "has":
            record = library.facts.by_list[rest].name
            found = of_record.get(record)
            for row in np.flatnonzero(column.fill_null(False).to_numpy(zero_copy_only=False)).tolist():
                standing[row][record] = tuple(found[row]) if found else ()
        elif head == "list":
            for row, value in _known(column):
                lists[row][rest] = value is True
        elif name in library.definitions:
            for row, value in _known(column):
                given[row][name] = value
    for row in range(rows):
        yield Situation(as_of, kinds[row], subjects[row], standing[row], lists[row], given[row])


def _records_by_firm(
    batch: pa.RecordBatch, library: PolicyLibrary, record: str, rows: int
) -> list[list[Record]]:
    found: list[list[Record]] = [[] for _ in range(rows)]
    firm = batch.column(batch.schema.get_field_index(FIRM)).to_pylist()
    for row, made in zip(firm, _rows(batch, library, record), strict=True):
        found[row].append(made)
    return found


def _rows(batch: pa.RecordBatch, library: PolicyLibrary, record: str) -> list[Record]:
    made: list[Record] = [{} for _ in range(batch.num_rows)]
    for column_name, column in zip(batch.schema.names, batch.columns, strict=True):
        name, _, period = column_name.partition("@")
        fact = library.facts.fact(record, name)
        if fact is None:
            continue
        key: FactKey = (name, period) if period else name
        value_of = _from_column(fact)
        for row, value in _known(column):
            made[row][key] = value if value_of is None else value_of(value)
    return made


def _known(column: pa.Array) -> Iterator[tuple[int, Value]]:
    rows = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False)).tolist()
    return zip(rows, column.drop_null().to_pylist(), strict=True)


def _from_column(fact: Fact) -> Callable[[Value], Value] | None:
    if fact.type.kind is not Kind.NUMBER or scale_of(fact) == 1 or _is_money(fact):
        return None
    scale = scale_of(fact)
    return lambda value: exact(Fraction(value, scale))  # type: ignore[arg-type]


def _is_money(fact: Fact) -> bool:
    return fact.unit is not None and fact.unit.power("yuan") == 1


def scale_of(fact: Fact) -> int:
    """Return how many units of the column make one written unit: 100 for yuan, 10 to the decimals for other numbers."""
    return 100 if _is_money(fact) else int(10**fact.decimals)


def block_of(situations: Sequence[Situation], library: PolicyLibrary, first: int = 0) -> Block:
    """Return a block of situations, with the columns that some of them fill. Raises BeyondColumns."""
    firms = _Columns(library, SUBJECT, len(situations))
    firms.make(KIND_OF_SUBJECT)
    records: dict[str, _Columns] = {}
    for row, situation in enumerate(situations):
        firms.put(row, KIND_OF_SUBJECT, situation.kind)
        firms.put_record(row, situation.subject)
        for list_id, is_listed in situation.lists.items():
            firms.put(row, f"list.{list_id}", is_listed)
        for definition, value in situation.given.items():
            firms.put(row, definition, value)
        for record, rows in situation.records.items():
            firms.put(row, f"has.{library.facts.records[record].list_name}", True)
            columns = records.setdefault(record, _Columns(library, record, 0))
            for each in rows:
                columns.put_record(columns.rows, each)
                columns.firm.append(row)
                columns.rows += 1
    firms.firm = list(range(first, first + len(situations)))
    return Block(firms.batch(), {name: each.batch() for name, each in records.items()}, first)


@dataclass
class _Columns:
    """Columns being filled; a row that is not put is unknown."""

    library: PolicyLibrary
    record: str
    rows: int
    firm: list[int] = field(default_factory=list)
    values: dict[str, tuple[list[int], list[object]]] = field(default_factory=dict)
    fields: dict[str, pa.Field] = field(default_factory=dict)

    def make(self, column: str) -> None:
        """Make room for a column."""
        arrow = field_of(self.library, self.record, column)
        if arrow is None:
            raise BeyondColumns(column, f"it is no column of {self.record}")
        self.fields[column] = arrow
        self.values[column] = ([], [])

    def put_record(self, row: int, facts: Record) -> None:
        """Put every fact of a subject or record."""
        for key, value in facts.items():
            name, period = key if isinstance(key, tuple) else (key, "")
            self.put(row, f"{name}@{period}" if period else name, value)

    def put(self, row: int, column: str, value: Value) -> None:
        """Put one value."""
        if column not in self.values:
            self.make(column)
        rows, values = self.values[column]
        rows.append(row)
        values.append(self._stored(column, value))

    def _stored(self, column: str, value: Value) -> object:
        fact = self.library.facts.fact(self.record, column.partition("@")[0])
        type_ = fact.type if fact is not None else self._type_of(column)
        if fact is not None and type_.kind is Kind.NUMBER and isinstance(value, (int, Fraction)):
            scaled = Fraction(value) * (1 if _is_money(fact) else scale_of(fact))
            if scaled.denominator != 1:
                raise BeyondColumns(column, f"{value} has more than {fact.decimals} decimals")
            if not -_MOST <= scaled <= _MOST:
                raise BeyondColumns(column, f"{value} needs more than 63 bits")
            return scaled.numerator
        wanted: type = {Kind.TRUTH: bool, Kind.DATE: datetime.date}.get(type_.kind, str)
        if type_.kind is Kind.NUMBER or not isinstance(value, wanted):
            raise BeyondColumns(column, f"{value!r} is no single value of it")
        return value

    def _type_of(self, column: str) -> Type:
        definition = self.library.definitions.get(column)
        if definition is not None:
            return definition.type
        return Type(Kind.TEXT) if column == KIND_OF_SUBJECT else Type(Kind.TRUTH)

    def batch(self) -> pa.RecordBatch:
        """Return the columns filled so far."""
        firm = field_of(self.library, self.record, FIRM)
        arrays = [pa.array(self.firm, type=pa.int64())]
        for name, (rows, values) in self.values.items():
            places: list[object] = [None] * self.rows
            for row, value in zip(rows, values, strict=True):
                places[row] = value
            arrow = self.fields[name].type
            if pa.types.is_dictionary(arrow):
                arrays.append(pa.array(places, type=pa.string()).dictionary_encode().cast(arrow))
            else:
                arrays.append(pa.array(places, type=arrow))
        return pa.record_batch(arrays, schema=pa.schema([firm, *self.fields.values()]))
