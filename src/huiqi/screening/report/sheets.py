"""XLSX workbooks of any length in constant memory, the same to the byte for the same rows.

xlsxwriter makes everything but the rows (styles, headings, filters, notes); the rows are put in between, since lists of
a province run to millions of them and cell by cell they take ten times as long. Every text is escaped and is a text to
the spreadsheet, also where it begins with = + - or @; nothing here is ever a formula.
"""

from __future__ import annotations

import datetime
import html
import io
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO

import xlsxwriter
from xlsxwriter.format import Format

MOST_ROWS = 200_000
"""Rows of all sheets of one file together."""
SYNTHETIC = "虚构数据，仅供演示 Synthetic data"
NOTES = "说明"
_MOST_TEXT = 32_767
_MOST_SHARED = 100_000
_MOST_EXACT = 10**15
"""A spreadsheet keeps 15 digits; more fen than that go in as text."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Spreadsheets read _x0041_ as A; the first mark is written as _x005F_, so that it stays.
_LIKE_A_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_PLAIN = re.compile(r"[\w（《“#][\w（）()、，。；：《》“”·#%./ -]*[\w）》”]|\w")
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
Value = str | int | None
"""A text, a whole number, or fen in a column of money; None leaves the cell empty."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, width in characters, and what it holds.

    `text` (repeats from row to row), `own` (a text of this row alone), `count` (a whole number) or `money` (fen, shown
    as yuan with two decimals).
    """

    title: str
    width: int
    holds: str = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and columns."""

    name: str
    columns: tuple[Column, ...]


def cell_text(text: str) -> str:
    """Return a text as XML that every spreadsheet reads back as it is; what XML cannot hold becomes U+FFFD."""
    if len(text) > _MOST_TEXT:
        text = text[: _MOST_TEXT - 1] + "…"
    text = _LIKE_A_CODE.sub("_x005F_", _NOT_XML.sub("\ufffd", text))
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<t{space}>{html.escape(text, quote=False)}</t>"


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
    _rows: int = 0
    _next: list[int] = field(default_factory=list)
    _files: list[IO[str]] = field(default_factory=list)
    _styles: list[dict[int, str]] = field(default_factory=list)
    _shared: dict[str, int] = field(default_factory=dict)
    _shared_before: int = 0

    def __enter__(self) -> Workbooks:
        self._learn()
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        for file in self._files:
            file.close()

    def make_room(self, rows: int) -> None:
        """Begin a new file if these rows, which belong together, would not fit into this one."""
        if self._rows and self._rows + rows > self.most_rows:
            self._finish()
            self._open()

    def write(self, sheet: int, values: Iterable[Value]) -> None:
        """Append a row to a sheet."""
        if self._rows >= self.most_rows:
            self.make_room(1)
        number = self._next[sheet]
        self._next[sheet] += 1
        self._rows += 1
        styles = self._styles[sheet]
        cells = [f'<row r="{number}">']
        for place, (value, column) in enumerate(zip(values, self.sheets[sheet].columns, strict=True)):
            if value is None or value == "":
                continue
            at = f"{_LETTERS[place]}{number}"
            if isinstance(value, str):
                cells.append(self._text(at, value, column.holds == "text"))
            elif column.holds != "money":
                cells.append(f'<c r="{at}" s="{styles[place]}"><v>{value}</v></c>')
            elif -_MOST_EXACT < value < _MOST_EXACT:
                cells.append(f'<c r="{at}" s="{styles[place]}"><v>{_yuan(value)}</v></c>')
            else:
                cells.append(self._text(at, _yuan(value), False))
        cells.append("</row>\n")
        self._files[sheet].write("".join(cells))

    def _text(self, at: str, text: str, repeats: bool) -> str:
        if repeats:
            place = self._shared.get(text)
            if place is None and len(self._shared) < _MOST_SHARED:
                place = self._shared[text] = len(self._shared)
            if place is not None:
                return f'<c r="{at}" t="s"><v>{self._shared_before + place}</v></c>'
        inner = (
            f"<t>{text}</t>"
            if len(text) < 200 and _PLAIN.fullmatch(text) and "_x" not in text
            else cell_text(text)
        )
        return f'<c r="{at}" t="inlineStr"><is>{inner}</is></c>'

    def _open(self) -> None:
        number = len(self.paths) + 1
        self.paths.append(
            self.folder / (f"{self.name}.xlsx" if number == 1 else f"{self.name}-{number}.xlsx")
        )
        self._rows = 0
        self._next = [self._first_row] * len(self.sheets)
        self._shared = {}
        for file in self._files:
            file.close()
        self._files = [
            tempfile.TemporaryFile("w+", encoding="utf-8", dir=self.folder, newline="\n")  # noqa: SIM115
            for _ in self.sheets
        ]

    @property
    def _first_row(self) -> int:
        return 3 if self.synthetic else 2

    def _learn(self) -> None:
        """Read off an empty workbook the numbers that xlsxwriter gives to styles and shared texts."""
        with zipfile.ZipFile(io.BytesIO(self._frame([self._first_row] * len(self.sheets)))) as frame:
            self._shared_before = frame.read("xl/sharedStrings.xml").count(b"<si>")
            for number in range(1, len(self.sheets) + 1):
                text = frame.read(f"xl/worksheets/sheet{number}.xml").decode()
                found = re.findall(rf'<c r="([A-Z]+){self._first_row}" s="(\d+)">', text)
                self._styles.append({_LETTERS.index(letters): style for letters, style in found})

    def _frame(self, after: Sequence[int]) -> bytes:
        """Return the workbook without its rows; `after` is the row after the last of each sheet.

        In place of the rows each sheet has one that shows the style of its columns of figures.
        """
        made = io.BytesIO()
        with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
            day = datetime.datetime.combine(self.as_of, datetime.time(), datetime.UTC)
            comments = SYNTHETIC if self.synthetic else ""
            book.set_properties({"title": self.name, "comments": comments, "created": day})
            formats = {
                "head": book.add_format(
                    {"bold": True, "bg_color": "#E4EFEA", "bottom": 1, "text_wrap": True}
                ),
                "warning": book.add_format({"bold": True, "font_color": "#C00000"}),
                "money": book.add_format({"num_format": "#,##0.00"}),
                "count": book.add_format({"num_format": "#,##0"}),
                "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            }
            for sheet, end in zip(self.sheets, after, strict=True):
                self._begin(book, sheet, formats, end)
            notes = book.add_worksheet(NOTES)
            notes.set_column(0, 0, 18)
            notes.set_column(1, 1, 90)
            for row, (word, text) in enumerate(self.about):
                notes.write_string(row, 0, word, formats["head"])
                notes.write_string(row, 1, _NOT_XML.sub("\ufffd", text), formats["wrap"])
        return made.getvalue()

    def _begin(self, book: xlsxwriter.Workbook, sheet: Sheet, formats: dict[str, Format], end: int) -> None:
        worksheet = book.add_worksheet(sheet.name)
        top = self._first_row - 2
        if self.synthetic:
            worksheet.write_string(0, 0, SYNTHETIC, formats["warning"])
        for place, column in enumerate(sheet.columns):
            worksheet.set_column(place, place, column.width)
            worksheet.write_string(top, place, column.title, formats["head"])
            if column.holds in formats:
                worksheet.write_number(top + 1, place, 0, formats[column.holds])
        worksheet.freeze_panes(top + 1, 0)
        worksheet.autofilter(top, 0, max(end - 2, top + 1), len(sheet.columns) - 1)

    def _finish(self) -> None:
        """Put the rows into the frame."""
        with (
            zipfile.ZipFile(io.BytesIO(self._frame(self._next))) as frame,
            zipfile.ZipFile(self.paths[-1], "w", zipfile.ZIP_DEFLATED) as book,
        ):
            for each in frame.infolist():
                info = zipfile.ZipInfo(each.filename, each.date_time)
                info.compress_type = zipfile.ZIP_DEFLATED
                text = frame.read(each)
                with book.open(info, "w", force_zip64=True) as out:
                    found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", each.filename)
                    if found and int(found[1]) <= len(self.sheets):
                        self._put_rows(text, int(found[1]) - 1, out)
                    elif each.filename == "xl/sharedStrings.xml":
                        self._put_shared(text, out)
                    else:
                        out.write(text)

    def _put_rows(self, frame: bytes, sheet: int, out: IO[bytes]) -> None:
        last = f"{_LETTERS[len(self.sheets[sheet].columns) - 1]}{max(self._next[sheet] - 1, self._first_row - 1)}"
        frame = _DIMENSION.sub(f'<dimension ref="A1:{last}"/>'.encode(), frame, count=1)
        row = rf'<row r="{self._first_row}"[^>]*>.*?</row>'.encode()
        before, _, tail = re.sub(row, b"", frame, count=1, flags=re.DOTALL).partition(b"</sheetData>")
        out.write(before)
        self._files[sheet].flush()
        rows = self._files[sheet].buffer  # type: ignore[attr-defined]
        rows.seek(0)
        shutil.copyfileobj(rows, out, 1 << 20)
        out.write(b"</sheetData>" + tail)

    def _put_shared(self, frame: bytes, out: IO[bytes]) -> None:
        # The counts in the head are optional, and would be wrong.
        head, _, texts = frame.partition(b"<si>")
        out.write(re.sub(rb' (?:uniqueC|c)ount="\d+"', b"", head) + b"<si>" + texts.removesuffix(b"</sst>"))
        for text in self._shared:
            out.write(f"<si>{cell_text(text)}</si>".encode())
        out.write(b"</sst>")


_LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02}"
