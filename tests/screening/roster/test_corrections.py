"""The roster given back with its doubts: the same rows, coloured, and safe to open; corrected, it can be read again."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import python_calamine

from huiqi.policies.library import PolicyLibrary
from huiqi.screening.prepared import read_blocks
from huiqi.screening.roster import corrections
from huiqi.screening.roster.corrections import write_findings_xlsx
from huiqi.screening.roster.reading import Roster

Read = Callable[..., Roster]
Write = Callable[..., Path]


@pytest.fixture
def table(code: Callable[[int], str]) -> list[list[object]]:
    return [
        ["统一社会信用代码", "企业名称", "从业人员"],
        [code(1), "=HYPERLINK(0)", "12"],
        [code(2), "@乙公司", "坏"],
        ["91532503", "+丙公司", "3"],
    ]


def sheet_of(path: Path, name: str) -> list[list[object]]:
    return python_calamine.load_workbook(str(path)).get_sheet_by_name(name).to_python(skip_empty_area=False)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_bad_row_says_why_in_its_place(
    tmp_path: Path,
    read: Read,
    write_csv: Write,
    write_xlsx: Write,
    library: PolicyLibrary,
    table: list[list[object]],
    kind: str,
) -> None:
    source = (
        write_csv(tmp_path / "a.csv", table)
        if kind == "csv"
        else write_xlsx(tmp_path / "a.xlsx", Sheet1=table)
    )
    roster = read(source)
    out = tmp_path / "问题.xlsx"
    write_findings_xlsx(roster, source, library, out)
    rows = sheet_of(out, "firms")
    assert [row[1:] for row in rows] == table
    assert [row[0] for row in rows] == [
        "问题",
        "",
        "从业人员：不是数值",
        "统一社会信用代码：统一社会信用代码应为18位",
    ]
    assert [row[2] for row in sheet_of(out, "问题清单")[1:]] == ["3", "4"]
    assert {each.name for each in tmp_path.iterdir()} == {source.name, out.name}


def test_nothing_in_it_is_a_formula(
    tmp_path: Path, read: Read, write_csv: Write, library: PolicyLibrary, table: list[list[object]]
) -> None:
    source = write_csv(tmp_path / "a.csv", table)
    write_findings_xlsx(read(source), source, library, tmp_path / "b.xlsx")
    with zipfile.ZipFile(tmp_path / "b.xlsx") as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
        styles = book.read("xl/styles.xml")
    assert all(b"<f>" not in each and b"hyperlink" not in each for each in sheets)
    assert b'quotePrefix="1"' in styles


def test_corrected_there_it_is_a_roster_again(
    tmp_path: Path,
    read: Read,
    write_csv: Write,
    write_xlsx: Write,
    library: PolicyLibrary,
    table: list[list[object]],
    code: Callable[[int], str],
) -> None:
    source = write_csv(tmp_path / "a.csv", table)
    write_findings_xlsx(read(source), source, library, tmp_path / "b.xlsx")
    rows = sheet_of(tmp_path / "b.xlsx", "firms")
    rows[2][3], rows[3][1] = "5", code(3)
    corrected = write_xlsx(
        tmp_path / "c.xlsx", firms=rows, 问题清单=sheet_of(tmp_path / "b.xlsx", "问题清单")
    )
    with read(corrected) as roster:
        assert roster.folder is not None, roster.findings
        firms = next(iter(read_blocks(roster.folder, library))).firms
        assert firms["name"].to_pylist() == ["=HYPERLINK(0)", "@乙公司", "+丙公司"]
        assert firms["employees"].to_pylist() == [12, 5, 3]


def test_of_a_very_long_table_only_doubtful_rows_are_written(
    tmp_path: Path,
    read: Read,
    write_csv: Write,
    library: PolicyLibrary,
    table: list[list[object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(corrections, "MOST_ROWS", 2)
    source = write_csv(tmp_path / "a.csv", table)
    write_findings_xlsx(read(source), source, library, tmp_path / "b.xlsx")
    rows = sheet_of(tmp_path / "b.xlsx", "firms")
    assert [row[0] for row in rows] == [
        "问题",
        "第3行 从业人员：不是数值",
        "第4行 统一社会信用代码：统一社会信用代码应为18位",
    ]


def test_a_file_that_cannot_be_read_gives_the_list_alone(
    tmp_path: Path, read: Read, library: PolicyLibrary
) -> None:
    source = tmp_path / "a.csv"
    source.write_bytes(b"%PDF-1.7")
    write_findings_xlsx(read(source), source, library, tmp_path / "b.xlsx")
    book = python_calamine.load_workbook(str(tmp_path / "b.xlsx"))
    assert book.sheet_names == ["问题清单"]
    assert sheet_of(tmp_path / "b.xlsx", "问题清单")[1][7] == "not-a-roster"


def test_the_same_roster_gives_the_same_bytes(
    tmp_path: Path, read: Read, write_csv: Write, library: PolicyLibrary, table: list[list[object]]
) -> None:
    source = write_csv(tmp_path / "a.csv", table)
    for name in ("b.xlsx", "c.xlsx"):
        write_findings_xlsx(read(source), source, library, tmp_path / name)
    assert (tmp_path / "b.xlsx").read_bytes() == (tmp_path / "c.xlsx").read_bytes()
