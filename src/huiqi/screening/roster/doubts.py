"""Doubtful cells of a roster: where each stands, its value, why it cannot be taken and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huiqi.findings import Finding, one_line
from huiqi.rules.values import BadValue

MOST_KEPT = 100_000
_MOST_VALUE = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A table: the file as the user knows it, and its sheet (empty where files have none)."""

    file: str
    sheet: str = ""

    def __str__(self) -> str:
        return f"{self.file}[{self.sheet}]" if self.sheet else self.file


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing wrong with a roster. `row` counts from 1 as a spreadsheet does, `column` from 0.

    Row 0 means the table as a whole; column -1 the row as a whole. `stops` tells that no row can be left out to go on.
    """

    place: Place
    row: int
    column: int
    heading: str
    value: str
    code: str
    what: str
    why: str
    mend: str
    stops: bool = False

    @property
    def cell(self) -> str:
        """The cell as a person finds it: C17 in a workbook, elsewhere the heading of its column."""
        if self.column < 0:
            return ""
        return f"{column_letters(self.column)}{self.row or 1}" if self.place.sheet else self.heading

    @property
    def finding(self) -> Finding:
        """The doubt as every part of Huiqi says what is wrong."""
        return Finding(str(self.place), self.row, self.cell, self.code, self.what, self.why, self.mend)

    def as_json(self) -> dict[str, str | int | None]:
        """Return the finding's keys with sheet, row, column (its heading) and value."""
        return {
            **self.finding.as_json(),
            "file": one_line(self.place.file),
            "sheet": one_line(self.place.sheet) or None,
            "row": self.row or None,
            "column": one_line(self.heading) or None,
            "value": one_line(self.value),
        }

    @property
    def order(self) -> tuple[object, ...]:
        """The order of a preview: by table, row and column."""
        return str(self.place), self.row, self.column, self.code, self.what


class Doubts:
    """Collects doubts; beyond `MOST_KEPT` they are only counted, so that a ruined roster does not fill the memory."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self.kept: list[Doubt] = []
        self.uncounted = 0
        self.most = most
        self.stopped = False

    def __len__(self) -> int:
        return len(self.kept) + self.uncounted

    def add(self, doubt: Doubt) -> None:
        """Keep or count one."""
        self.stopped = self.stopped or doubt.stops
        if len(self.kept) < self.most or doubt.stops:
            self.kept.append(doubt)
        else:
            self.uncounted += 1

    def table(self, place: Place, error: BadValue, row: int = 0, heading: str = "", column: int = -1) -> None:
        """Note something wrong with a whole table or column: no row can be left out to mend it."""
        self.add(
            Doubt(place, row, column, heading, "", error.code, error.what, error.why, error.mend, stops=True)
        )

    def cells(
        self,
        place: Place,
        column: int,
        heading: str,
        rows: Iterable[int],
        values: Iterable[str | None],
        error: BadValue,
    ) -> None:
        """Note the same reason for cells of one column."""
        for row, value in zip(rows, values, strict=True):
            shown = (value or "")[:_MOST_VALUE]
            self.add(Doubt(place, row, column, heading, shown, error.code, error.what, error.why, error.mend))

    def sorted(self) -> tuple[Doubt, ...]:
        """Return the doubts by table, row and column."""
        return tuple(sorted(self.kept, key=lambda each: each.order))


def column_letters(column: int) -> str:
    """Return A for 0, Z for 25, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
