"""Rosters of synthetic firms as offices hand them in: a workbook a county, with a sheet for every kind of record."""

from __future__ import annotations

import datetime
import io
from collections import defaultdict
from collections.abc import Iterator

import xlsxwriter

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.firms.models import SUBJECTS
from huiqi.portal.firms.rows import FirmRow, rows_of
from huiqi.screening.population.region import RegionPopulation
from huiqi.screening.prepared import KIND_OF_SUBJECT
from huiqi.screening.roster.headings import CREDIT_CODE

SEED = 7
_YES, _NO = "是", "否"


def firms_by_county(
    library: PolicyLibrary, region: str, firms: int, day: datetime.date
) -> dict[str, list[FirmRow]]:
    """Draw firms of a region; return them by county. Persons of the population are left out: no register holds them."""
    found: dict[str, list[FirmRow]] = defaultdict(list)
    left = firms
    # A population has persons too: enough is drawn that firms remain.
    for block in RegionPopulation(library, region, firms * 2, SEED, day).blocks():
        for row in rows_of(block, library):
            if (
                left
                and row.code
                and row.subject in SUBJECTS
                and row.values.get("name")
                and row.values.get("region")
            ):
                found[row.values["region"]].append(row)
                left -= 1
        if not left:
            break
    return found


def workbook(rows: list[FirmRow], library: PolicyLibrary) -> bytes:
    """Return a roster of the firms as XLSX: the firms' sheet first, then one for each kind of record."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"constant_memory": True, "strings_to_numbers": False})
    names = sorted({name for row in rows for name in row.values})
    lists = sorted({name for row in rows for name in row.records})
    sheet = book.add_worksheet("企业")
    headings = [CREDIT_CODE, KIND_OF_SUBJECT]
    headings += [f"list.{name}" if name in library.lists else name for name in names]
    headings += [f"has.{name}" for name in lists]
    sheet.write_row(0, 0, headings)
    for number, row in enumerate(rows, start=1):
        cells = [row.code, row.subject, *(row.values.get(name, "") for name in names)]
        # A list that stands is complete, though it may have no row.
        cells += [_YES if name in row.records else _NO for name in lists]
        for column, cell in enumerate(cells):
            if cell:
                sheet.write_string(number, column, cell)
    for name in lists:
        _records(book.add_worksheet(name), name, rows)
    book.close()
    return held.getvalue()


def _records(sheet: xlsxwriter.worksheet.Worksheet, name: str, rows: list[FirmRow]) -> None:
    facts = sorted({fact for _, record in _all(rows, name) for fact in record})
    sheet.write_row(0, 0, [CREDIT_CODE, *facts])
    for number, (code, record) in enumerate(_all(rows, name), start=1):
        for column, cell in enumerate([code, *(record.get(fact, "") for fact in facts)]):
            if cell:
                sheet.write_string(number, column, cell)


def _all(rows: list[FirmRow], name: str) -> Iterator[tuple[str, dict[str, str]]]:
    for row in rows:
        for record in row.records.get(name, ()):
            yield row.code, record
