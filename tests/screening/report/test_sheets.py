"""Workbooks: texts stay texts, amounts stay exact, whatever a roster holds."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.screening.report.sheets import Column, Sheet, Workbooks

DAY = datetime.date(2022, 7, 31)
SHEET = Sheet(
    "表", (Column("名称", 20, "own"), Column("措施", 20), Column("数", 8, "count"), Column("元", 12, "money"))
)


def write(
    folder: Path, rows: list[list[Any]], synthetic: bool = False, most_rows: int = 200_000
) -> list[Path]:
    with Workbooks(folder, "book", [SHEET], DAY, synthetic, [("截至", "2022-07-31")], most_rows) as book:
        for row in rows:
            book.write(0, row)
    return book.paths


def read(path: Path) -> list[list[Any]]:
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("表").to_python()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "<r><t>x</t></r>",
        "<a>&\"'",
        "  edges  ",
        "多行\n第二行",
        "91530000MA6K0000XX",
        "0012",
    ],
)
def test_a_text_comes_back_as_it_is_and_is_no_formula(tmp_path: Path, text: str) -> None:
    (path,) = write(tmp_path, [[text, text, 1, 1]])
    assert read(path)[1][:2] == [text, text]
    with zipfile.ZipFile(path) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_what_xml_cannot_hold_is_marked_and_what_looks_like_a_code_is_kept(tmp_path: Path) -> None:
    (path,) = write(
        tmp_path, [["a\x00b\ud800\uffff", "_x0041_", None, None], ["长" * 40_000, "", None, None]]
    )
    with zipfile.ZipFile(path) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
        assert "a\ufffdb\ufffd\ufffd" in text
        assert "_x005F_x0041_" in book.read("xl/sharedStrings.xml").decode()
    assert len(read(path)[2][0]) == 32_767


def test_amounts_are_exact_to_the_fen(tmp_path: Path) -> None:
    fen = [0, 1, 99, 100, -5, 123_456_789_012_345, 999_999_999_999_999, 10**15 + 1, -(10**15) - 1]
    (path,) = write(tmp_path, [["x", "y", None, each] for each in fen])
    with zipfile.ZipFile(path) as book:
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    cells = [cell for cell in root.iter() if cell.tag.endswith("}c") and cell.get("r", "").startswith("D")][
        1:
    ]
    shown = ["".join(cell.itertext()) for cell in cells]
    assert shown == [
        *("0.00", "0.01", "0.99", "1.00", "-0.05", "1234567890123.45", "9999999999999.99"),
        *("10000000000000.01", "-10000000000000.01"),
    ]
    assert [cell.get("t") for cell in cells][-2:] == ["inlineStr", "inlineStr"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.integers(0, 10**14)), max_size=8))
def test_any_rows_make_a_file_that_opens(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int]]
) -> None:
    (path,) = write(tmp_path_factory.mktemp("book"), [[text, text, 1, fen] for text, fen in rows])
    found = read(path)
    assert len(found) == len(rows) + 1
    for (_, fen), row in zip(rows, found[1:], strict=True):
        assert round(row[3] * 100) == fen
        assert row[0] == row[1]


def test_the_heading_stands_still_and_filters(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [["a", "b", 1, 2], ["c", "d", 3, 4]])
    with zipfile.ZipFile(path) as book:
        text = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<dimension ref="A1:D3"/>' in text
    assert '<autoFilter ref="A1:D3"/>' in text
    assert 'state="frozen"' in text
    assert read(path) == [["名称", "措施", "数", "元"], ["a", "b", 1.0, 0.02], ["c", "d", 3.0, 0.04]]


def test_what_is_made_up_says_so_above_the_heading_and_in_the_notes(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [["a", "b", 1, 2]], synthetic=True)
    assert read(path)[0][0].startswith("虚构数据")
    assert read(path)[1:] == [["名称", "措施", "数", "元"], ["a", "b", 1.0, 0.02]]


def test_a_full_file_is_followed_by_the_next(tmp_path: Path) -> None:
    paths = write(tmp_path, [[str(number), "m", number, 0] for number in range(1, 8)], most_rows=3)
    assert [path.name for path in paths] == ["book.xlsx", "book-2.xlsx", "book-3.xlsx"]
    assert [len(read(path)) - 1 for path in paths] == [3, 3, 1]
    assert read(paths[2])[1][:2] == ["7", "m"]


def test_no_clock_and_no_place_of_this_machine_is_in_a_file(tmp_path: Path) -> None:
    (path,) = write(tmp_path, [["a", "b", 1, 2]])
    with zipfile.ZipFile(path) as book:
        assert {each.date_time for each in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = book.read("docProps/core.xml").decode()
        everything = b"".join(book.read(each) for each in book.infolist())
    assert "2022-07-31T00:00:00Z" in core
    assert str(tmp_path).encode() not in everything
