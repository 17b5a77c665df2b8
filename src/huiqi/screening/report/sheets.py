"""XLSX workbooks, written row by row in constant memory, the same to the byte for the same rows."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from types import TracebackType

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 200_000
"""Rows of all sheets of one file together."""
SYNTHETIC = "虚构数据，仅供演示 Synthetic data"
_MOST_TEXT = 32_767
_MOST_EXACT = 10**15
"""A spreadsheet keeps 15 digits; more fen than that go in as text."""
# What XML 1.0 does not allow; other controls the writer escapes itself.
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
Value = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, width in characters, and what it holds: text, count (whole number) or money (yuan)."""

    title: str
    width: int
    holds: str = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and columns."""

    name: str
    columns: tuple[Column, ...]


def yuan_cell(fen: int | None) -> Decimal | str | None:
    """Return fen as the exact number of yuan for a cell; as text where a spreadsheet would round it."""
    if fen is None:
        return None
    yuan = Decimal(fen).scaleb(-2)
    return yuan if abs(fen) < _MOST_EXACT else str(yuan)


def text_cell(text: str) -> str:
    """Return a text as a cell can hold it."""
    text = _NOT_XML.sub("\ufffd", text)
    # The writer takes such a text for markup of its own and would let it through raw.
    return f" {text}" if text.startswith("<r>") and text.endswith("</r>") else text[:_MOST_TEXT]


@dataclass
class Workbooks:
    """One workbook, and further numbered ones when it is full (name.xlsx, name-2.xlsx, …); use it in a `with`.

    The sheet 说明 with `about` (pairs of a word and a text) closes each. A synthetic population says so above every
    table.
    """

    folder: Path
    name: str
    sheets: Sequence[Sheet]
    as_of: datetime.date
    synthetic: bool
    about: Sequence[tuple[str, str]]
    most_rows: int = MOST_ROWS
    paths: list[Path] = field(default_factory=list)
    _book: xlsxwriter.Workbook | None = None
    _made: list[Worksheet] = field(default_factory=list)
    _next: list[int] = field(default_factory=list)
    _rows: int = 0
    _formats: dict[str, Format] = field(default_factory=dict)

    def __enter__(self) -> Workbooks:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def make_room(self, rows: int) -> None:
        """Begin a new file if these rows, which belong together, would not fit into this one."""
        if self._rows and self._rows + rows > self.most_rows:
            self._close()
            self._open()

    def write(self, sheet: int, values: Iterable[Value]) -> None:
        """Append a row to a sheet."""
        if self._rows >= self.most_rows:
            self.make_room(1)
        worksheet, row = self._made[sheet], self._next[sheet]
        self._next[sheet] += 1
        self._rows += 1
        for place, (value, column) in enumerate(zip(values, self.sheets[sheet].columns, strict=True)):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                worksheet.write_string(row, place, text_cell(value))
            else:
                worksheet.write_number(row, place, value, self._formats[column.holds])

    def _open(self) -> None:
        number = len(self.paths) + 1
        path = self.folder / (f"{self.name}.xlsx" if number == 1 else f"{self.name}-{number}.xlsx")
        self.paths.append(path)
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(self.folder)})
        book.set_properties(
            {
                "title": self.name,
                "comments": SYNTHETIC if self.synthetic else "",
                "created": datetime.datetime(
                    self.as_of.year, self.as_of.month, self.as_of.day, tzinfo=datetime.UTC
                ),
            }
        )
        self._book = book
        self._formats = {
            "head": book.add_format({"bold": True, "bg_color": "#E4EFEA", "bottom": 1, "text_wrap": True}),
            "warning": book.add_format({"bold": True, "font_color": "#C00000"}),
            "money": book.add_format({"num_format": "#,##0.00"}),
            "count": book.add_format({"num_format": "#,##0"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        self._rows = 0
        self._made = [self._begin(book, sheet) for sheet in self.sheets]
        self._next = [1 + self.synthetic] * len(self.sheets)

    def _begin(self, book: xlsxwriter.Workbook, sheet: Sheet) -> Worksheet:
        worksheet = book.add_worksheet(sheet.name)
        for place, column in enumerate(sheet.columns):
            worksheet.set_column(place, place, column.width)
        if self.synthetic:
            worksheet.write_string(0, 0, SYNTHETIC, self._formats["warning"])
        top = int(self.synthetic)
        for place, column in enumerate(sheet.columns):
            worksheet.write_string(top, place, column.title, self._formats["head"])
        worksheet.freeze_panes(top + 1, 0)
        return worksheet

    def _close(self) -> None:
        book = self._book
        if book is None:
            return
        for worksheet, sheet, after in zip(self._made, self.sheets, self._next, strict=True):
            worksheet.autofilter(int(self.synthetic), 0, max(after - 1, 1), len(sheet.columns) - 1)
        notes = book.add_worksheet("说明")
        notes.set_column(0, 0, 18)
        notes.set_column(1, 1, 90)
        for row, (word, text) in enumerate(self.about):
            notes.write_string(row, 0, word, self._formats["head"])
            notes.write_string(row, 1, text_cell(text), self._formats["wrap"])
        book.close()
        self._book = None
