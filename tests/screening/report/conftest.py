"""Two small populations, screened and reported once: firms of the examples with hostile names, and drawn ones."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.policies.shipped import shipped_examples, shipped_policies
from huiqi.rules.positions import read_file
from huiqi.rules.situation import Situation
from huiqi.screening.population.region import RegionPopulation, write_population
from huiqi.screening.prepared import PreparedWriter
from huiqi.screening.report import write_report
from huiqi.screening.run import screen_prepared
from huiqi.screening.situations import block_of
from huiqi.screening.totals import Totals

DAY = datetime.date(2022, 7, 31)
HOSTILE = (
    '=HYPERLINK("http://example.invalid","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "<r><t>rich</t></r>",
    "<script>alert(1)</script>\"'&",
    "_x0041_ a  ",
    "\u202e倒写",
)


@dataclass
class Reported:
    """A screening with its report."""

    library: PolicyLibrary
    totals: Totals
    folder: Path
    prepared: Path
    synthetic: bool
    source: str
    situations: list[Situation]

    def again(self, folder: Path, **options: Any) -> Path:
        """Report the same results into another folder."""
        folder.mkdir()
        (folder / "results.parquet").write_bytes((self.folder / "results.parquet").read_bytes())
        arguments = (self.totals, self.library, DAY, self.prepared, self.synthetic, self.source)
        write_report(folder, *arguments, **options)
        return folder

    def sheets(self, pattern: str) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
        """Yield file name, sheet name and rows by heading of every workbook that fits."""
        for path in sorted(self.folder.glob(pattern)):
            yield from sheets_of(path, self.synthetic)


def sheets_of(path: Path, synthetic: bool) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if name == "说明":
            continue
        heads, *body = rows[1:] if synthetic else rows
        yield path.name, name, [dict(zip(heads, row, strict=True)) for row in body]


@pytest.fixture(scope="session")
def fen_in() -> Any:
    """Sum the money of a column from the very digits of the file, so that no float comes between."""

    def fen(path: Path, sheet: int, column: str) -> int:
        with zipfile.ZipFile(path) as book:
            text = book.read(f"xl/worksheets/sheet{sheet}.xml").decode()
        found = re.findall(rf'<c r="{column}\d+" s="\d+"><v>(\d+)\.(\d\d)</v>', text)
        return sum(int(yuan) * 100 + int(cents) for yuan, cents in found)

    return fen


@pytest.fixture(scope="session")
def library() -> PolicyLibrary:
    return load_library(shipped_policies())


def screened(library: PolicyLibrary, prepared: Path, folder: Path, situations: list[Situation]) -> Reported:
    run = screen_prepared(prepared, library, DAY, folder)
    made = Reported(library, run.totals, folder, prepared, run.synthetic, run.source, situations)
    write_report(folder, run.totals, library, DAY, prepared, run.synthetic, run.source)
    return made


@pytest.fixture(scope="session")
def examples(library: PolicyLibrary, tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """The firms of the examples as they are, then with hostile names in two counties, less and less being known."""
    base = tmp_path_factory.mktemp("examples")
    firms = []
    for path in sorted(shipped_examples().glob("*.yaml")):
        node = read_file(path, path.name)
        firms.append((node, library.cases.read(node, DAY)))
    situations = [library.cases.read(node, DAY) for node, _ in firms]
    for number, name in enumerate(HOSTILE):
        one = library.cases.read(firms[number % len(firms)][0], DAY)
        subject = {key: value for key, value in one.subject.items() if hash_of(key) % 7 >= number - 2}
        subject |= {"name": name, "region": ("532504", "532524")[number % 2]}
        subject.pop("credit_code", None)
        records = dict(one.records)
        if number % 3 == 0:
            records.pop("lease", None)
        if number % 2:
            received = {"measure": "rent-waiver", "received_amount": 100_000, "received_on": DAY}
            records["receipt"] = ({**received}, {"measure": "elsewhere", "received_amount": 5})
        situations.append(replace(one, subject=subject, records=records, memo={}))
    with PreparedWriter(base / "prepared", library, False, "名册 <b>&\"'") as writer:
        # Two blocks, so that the results have several row groups.
        writer.write(block_of(situations[:5], library))
        writer.write(block_of(situations[5:], library))
    return screened(library, base / "prepared", base / "out", situations)


def hash_of(key: object) -> int:
    return sum(map(ord, str(key)))


@pytest.fixture(scope="session")
def drawn(library: PolicyLibrary, tmp_path_factory: pytest.TempPathFactory) -> Reported:
    """Drawn firms of a prefecture, with what they received."""
    base = tmp_path_factory.mktemp("drawn")
    write_population(RegionPopulation(library, "5325", 600, 11, DAY), base / "prepared")
    return screened(library, base / "prepared", base / "out", [])
