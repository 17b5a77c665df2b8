"""Which column of a roster is which fact: found from the headings, kept in a file, and given back with `--mapping`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from huiqi.findings import nearest
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.facts import SUBJECT
from huiqi.rules.positions import Mapping as MappingNode
from huiqi.rules.positions import Node, Scalar, read_file
from huiqi.rules.values import BadValue
from huiqi.screening.prepared import FIRMS, schema_of
from huiqi.screening.roster.doubts import Doubts, Place
from huiqi.screening.roster.headings import LEFT_OUT, Column, Headings
from huiqi.screening.roster.tables import Source

FORMAT = "1"
_UNKNOWN = Column("?")
_HEADER = '# Which column is which fact; "-" leaves a column out. Give this file back with --mapping.\n'


@dataclass(slots=True)
class TableMapping:
    """The columns of one table by heading, and the row in which the headings stand (from 1)."""

    place: Place
    header_row: int = 1
    columns: dict[str, Column] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return what the mapping file holds."""
        about: dict[str, Any] = {"file": self.place.file}
        if self.place.sheet:
            about["sheet"] = self.place.sheet
        columns = {
            heading: {"fact": column.name, "unit": column.unit} if column.unit else column.name
            for heading, column in self.columns.items()
        }
        return {**about, "header_row": self.header_row, "columns": columns}


@dataclass(slots=True)
class RosterMapping:
    """The mapping of every table, by list name (`firms`, `leases`, …)."""

    tables: dict[str, TableMapping] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Return what the mapping file holds."""
        return {"format": FORMAT, "tables": {name: each.as_data() for name, each in self.tables.items()}}

    def write(self, path: Path) -> None:
        """Write the mapping as YAML."""
        text = yaml.safe_dump(self.as_data(), allow_unicode=True, sort_keys=False, width=200)
        path.write_text(_HEADER + text, encoding="utf-8")


@dataclass(slots=True)
class GivenMapping:
    """A mapping file that was given: by list name the columns as written, with their lines."""

    place: Place
    headers: dict[str, int] = field(default_factory=dict)
    columns: dict[str, dict[str, tuple[str, str, int]]] = field(default_factory=dict)


def read_mapping(path: Path, library: PolicyLibrary, doubts: Doubts) -> GivenMapping:
    """Return a mapping file; what is wrong with its shape is noted. Raises BadInput if it is no YAML."""
    node = read_file(path, path.name)
    given = GivenMapping(Place(path.name))
    tables = node.get("tables") if isinstance(node, MappingNode) else None
    if not isinstance(tables, MappingNode):
        _say(
            doubts, given, "mapping-form", "a mapping file has tables", "see the one that Huiqi writes", node
        )
        return given
    names = {FIRMS, *library.facts.by_list}
    for name, table in tables.entries.items():
        if name not in names:
            hint = nearest(name, names) or f"tables are {', '.join(sorted(names))}"
            _say(doubts, given, "mapping-form", f"{name} is no kind of table", hint, table)
        elif isinstance(table, MappingNode):
            _read_table(name, table, given, doubts)
    return given


def _read_table(name: str, table: MappingNode, given: GivenMapping, doubts: Doubts) -> None:
    row = table.get("header_row")
    if isinstance(row, Scalar) and row.text.isascii() and row.text.isdigit() and len(row.text) < 4:
        given.headers[name] = max(1, int(row.text))
    columns = table.get("columns")
    if not isinstance(columns, MappingNode):
        _say(
            doubts, given, "mapping-form", f"{name} has no columns", "write `columns: {heading: fact}`", table
        )
        return
    made = given.columns.setdefault(name, {})
    for heading, node in columns.entries.items():
        fact: Node | None = node.get("fact") if isinstance(node, MappingNode) else node
        unit = node.get("unit") if isinstance(node, MappingNode) else None
        if not isinstance(fact, Scalar) or not (unit is None or isinstance(unit, Scalar)):
            _say(
                doubts,
                given,
                "mapping-form",
                f"{heading} must be a fact",
                "write a fact, or {fact, unit}",
                node,
            )
            continue
        made[heading] = (fact.text.strip(), unit.text.strip() if unit is not None else "", fact.at.line)


def _say(doubts: Doubts, given: GivenMapping, code: str, what: str, mend: str, node: Node) -> None:
    doubts.table(given.place, BadValue(code, what, "", mend), node.at.line)


def map_table(
    source: Source, record: str, library: PolicyLibrary, given: GivenMapping | None, doubts: Doubts
) -> tuple[TableMapping, list[Column | None]]:
    """Return the mapping of a table and the meaning of its columns in order (None: an unnamed column).

    A column that cannot be understood is noted, and none of the mapping.
    """
    headings = Headings(library, record)
    name = FIRMS if record == SUBJECT else library.facts.records[record].list_name
    rows = source.head()
    written = given.columns.get(name, {}) if given is not None else {}
    row = given.headers.get(name, 0) if given is not None else 0
    made = TableMapping(source.place, row or _header_row(rows, headings, written))
    texts = rows[made.header_row - 1] if made.header_row <= len(rows) else []
    columns: list[Column | None] = []
    taken: dict[str, str] = {}
    for place, text in enumerate(texts):
        column = _column(text, place, made, headings, written, given, doubts, library)
        if column is not None and text in made.columns and column.name != LEFT_OUT:
            what = f"two columns are named {text}"
            error = BadValue("duplicate-column", what, "", "name each column once")
            doubts.table(source.place, error, made.header_row, text, place)
        elif column is not None and column.name != LEFT_OUT and column.name in taken:
            what = f"{taken[column.name]} and {text} are both {column.name}"
            error = BadValue(
                "duplicate-column", what, "", "leave one out, or say what they are in a mapping file"
            )
            doubts.table(source.place, error, made.header_row, text, place)
        elif column is not None and column is not _UNKNOWN:
            made.columns[text] = column
            taken[column.name] = text
        columns.append(column)
    for heading, (_, _, line) in written.items():
        if given is not None and heading not in texts:
            what = f"{name} has no column {heading}"
            hint = nearest(heading, texts) or "take it out of the mapping file"
            doubts.table(
                given.place, BadValue("mapped-column-missing", what, "its fact would be unknown", hint), line
            )
    return made, columns


def _column(
    text: str,
    place: int,
    made: TableMapping,
    headings: Headings,
    written: dict[str, tuple[str, str, int]],
    given: GivenMapping | None,
    doubts: Doubts,
    library: PolicyLibrary,
) -> Column | None:
    if given is not None and text in written:
        fact, unit, line = written[text]
        column = headings.exactly(fact, unit)
        if column is None:
            names = schema_of(library, headings.record).names
            hint = nearest(fact, names) or "`huiqi facts` lists every name"
            in_unit = f" in {unit}" if unit else ""
            doubts.table(
                given.place,
                BadValue("unknown-fact", f"{fact}{in_unit} is no fact of {headings.record}", "", hint),
                line,
            )
        return column or _UNKNOWN
    if not text:
        return None
    try:
        return headings.read(text)
    except BadValue as error:
        doubts.table(made.place, error, made.header_row, text, place)
        return _UNKNOWN


def _header_row(rows: list[list[str]], headings: Headings, written: dict[str, tuple[str, str, int]]) -> int:
    """Return the row of the headings: titles of a page may stand above it."""
    best, most = 0, 0
    for number, row in enumerate(rows, start=1):
        known = sum(text in written or headings.find(text) is not None for text in row if text)
        if known > most:
            best, most = number, known
    filled = (number for number, row in enumerate(rows, start=1) if any(row))
    return best or next(filled, 1)
