"""A sheet of texts (.xlsx) that a spreadsheet opens as it is: nothing in it is ever a formula or a link."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path

import xlsxwriter

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
CREATED = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day, so that equal rows give equal files
SHEET_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MOST_CHARACTERS = 32_767


def write_sheet(path: Path, title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write rows below their headings; return how many. Texts that look like formulas are marked as text."""
    written = 0
    with xlsxwriter.Workbook(str(path), SHEET_OPTIONS) as book:
        book.set_properties({"created": CREATED})
        bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        sheet = book.add_worksheet(title)
        sheet.set_column(0, len(headings) - 1, 22)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for written, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                style = quoted if text.startswith(FORMULA_MARKS) else None
                sheet.write_string(written, column, text[:_MOST_CHARACTERS], style)
    return written
