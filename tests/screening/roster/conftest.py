"""Rosters written in code, as CSV and as workbooks."""

import csv
import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_policies
from huiqi.reference.credit_codes import make_credit_code
from huiqi.screening.roster.reading import Roster, read_roster

AS_OF = datetime.date(2022, 7, 31)
Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Formula:
    """A cell with a formula, and what it shows: nothing if it was never computed, or an error."""

    shows: str = ""


@pytest.fixture(scope="session")
def formula() -> type[Formula]:
    return Formula


@pytest.fixture(scope="session")
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


@pytest.fixture
def read(library: PolicyLibrary) -> Callable[..., Roster]:
    """Reads a roster as of 31 July 2022."""

    def run(path: Path, **options: object) -> Roster:
        return read_roster(path, library, AS_OF, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def code() -> Callable[[int], str]:
    """The credit code of firm n."""
    return lambda number: make_credit_code("532503", f"MA{number:06d}")


@pytest.fixture(scope="session")
def write_csv() -> Callable[..., Path]:
    """Writes rows as CSV."""

    def write(path: Path, rows: Rows, encoding: str = "utf-8", separator: str = ",") -> Path:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
        return path

    return write


@pytest.fixture(scope="session")
def write_xlsx() -> Callable[..., Path]:
    """Writes sheets as a workbook; dates, numbers and booleans are cells of their type, all else is text."""

    def write(path: Path, **sheets: Rows) -> Path:
        with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for place, value in enumerate(row):
                        if isinstance(value, datetime.date):
                            sheet.write_datetime(number, place, value)
                        elif isinstance(value, bool):
                            sheet.write_boolean(number, place, value)
                        elif isinstance(value, (int, Decimal)):
                            sheet.write_number(number, place, value)
                        elif isinstance(value, Formula):
                            sheet.write_formula(number, place, "=1+1", None, value.shows)
                        elif value is not None:
                            sheet.write_string(number, place, str(value))
        return path

    return write


@pytest.fixture
def codes_of() -> Callable[[Roster], list[str]]:
    """The codes of a roster's doubts in order."""
    return lambda roster: [each.code for each in roster.doubts]
