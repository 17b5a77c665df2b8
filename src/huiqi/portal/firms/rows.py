"""The rows of a roster that was read, as texts: each fact as its case file would write it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT
from huiqi.rules.types import Kind
from huiqi.rules.values import BadValue
from huiqi.screening.prepared import FIRM, KIND_OF_SUBJECT, PreparedReader
from huiqi.screening.roster.cells import parse_cell, stored
from huiqi.screening.roster.headings import CREDIT_CODE, fact_of
from huiqi.screening.situations import scale_of


@dataclass(slots=True)
class FirmRow:
    """One firm as a roster gives it: texts by fact (name@period), and complete lists of records; no empty cells."""

    code: str
    subject: str
    values: dict[str, str] = field(default_factory=dict)
    records: dict[str, list[dict[str, str]]] = field(default_factory=dict)


def rows_in(population: Path, library: PolicyLibrary, begin: int, most: int) -> Iterator[list[FirmRow]]:
    """Yield the rows of a prepared population in order from number `begin` on, at most `most` at a time."""
    for block in PreparedReader(population, library).blocks(most_rows=most):
        if block.first >= begin:
            yield rows_of(block, library)
        elif block.first + block.firms.num_rows > begin:
            yield rows_of(block, library)[begin - block.first :]


def rows_of(block: Block, library: PolicyLibrary) -> list[FirmRow]:
    """Return the rows of a block of a population."""
    kinds = block.firms.column(block.firms.schema.get_field_index(KIND_OF_SUBJECT)).to_pylist()
    rows = [FirmRow("", kind) for kind in kinds]
    for name, column in zip(block.firms.schema.names, block.firms.columns, strict=True):
        head, _, rest = name.partition(".")
        if name in (FIRM, KIND_OF_SUBJECT):
            continue
        if head == "has":
            for row, stands in zip(rows, column.to_pylist(), strict=True):
                if stands:
                    row.records.setdefault(rest, [])
            continue
        key = rest if head == "list" else name
        for row, text in zip(rows, _texts(column, name, library, SUBJECT), strict=True):
            if text is None:
                continue
            if name == CREDIT_CODE:
                row.code = text
            else:
                row.values[key] = text
    for record, batch in block.records.items():
        _add_records(rows, record, batch, library)
    return rows


def _add_records(rows: list[FirmRow], record: str, batch: pa.RecordBatch, library: PolicyLibrary) -> None:
    list_name = library.facts.records[record].list_name
    made: list[dict[str, str]] = [{} for _ in range(batch.num_rows)]
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name == FIRM:
            continue
        for each, text in zip(made, _texts(column, name, library, record), strict=True):
            if text is not None:
                each[name] = text
    owners = batch.column(batch.schema.get_field_index(FIRM)).to_pylist()
    for owner, each in zip(owners, made, strict=True):
        rows[owner].records.setdefault(list_name, []).append(each)


def _texts(column: pa.Array, name: str, library: PolicyLibrary, record: str) -> list[str | None]:
    values = column.to_pylist()
    fact = library.facts.fact(record, name.partition("@")[0])
    if fact is not None and fact.type.kind is Kind.NUMBER:
        scale = scale_of(fact)
        return [None if each is None else written(each, scale) for each in values]
    if pa.types.is_boolean(column.type):
        return [None if each is None else "yes" if each else "no" for each in values]
    return [None if each is None else str(each) for each in values]


def text_of(given: str, key: str, library: PolicyLibrary) -> str:
    """Return what a person writes for a fact (name@period, or a list's id) as the register's text of it.

    Raises BadValue. A name that the dictionary lacks takes any text.
    """
    fact = fact_of(library, SUBJECT, f"list.{key}" if key in library.lists else key)
    if fact is None:
        return given
    value = parse_cell(given, fact, library)
    if value is None:
        raise BadValue("not-a-value", f"{key} is not said", "", "write what it should be")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.type.kind is Kind.NUMBER:
        return written(stored(value, fact), scale_of(fact))
    return str(value)


def written(value: int, scale: int) -> str:
    """Return a whole number of parts (100 of them, say, to a yuan) as an exact decimal: 12345 of 100 is 123.45."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), scale)
    decimals = str(rest).zfill(len(str(scale)) - 1).rstrip("0") if rest else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
