"""Files made to break a reader, or broken on the way: each gives one clear finding and no population."""

import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from huiqi.screening.roster.reading import Roster

Read = Callable[..., Roster]
HEADER = "名称,所属行业,从业人员\n"


def only(roster: Roster) -> tuple[str, int]:
    """The code and row of the one finding."""
    assert roster.folder is None
    assert [each.code for each in roster.doubts] == [roster.doubts[0].code], roster.findings
    assert roster.doubts[0].stops
    return roster.doubts[0].code, roster.doubts[0].row


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        (b"", "empty-file", 0),
        (b" \n \n", "empty-file", 0),
        ((HEADER + "甲,H62,1\n").encode() + b"a\0b,H62,2\n", "nul-character", 3),
        ((HEADER + "甲,H62,1\n").encode() + "乙有限公司,H62,2\n".encode("gb18030"), "mixed-encodings", 3),
        ((HEADER + "甲,H62,1\n").encode("gb18030") + "乙有限公司,H62,2\n".encode(), "mixed-encodings", 3),
        (HEADER.encode() + b"\xff\xff\xff,H62,2\n", "not-a-text", 2),
        ((HEADER + '甲,H62,1\n"乙,H62,2\n丙,H62,3\n丁,H62,4\n').encode(), "unclosed-quote", 3),
        (HEADER.encode(), "no-rows", 1),
        (b"%PDF-1.7\n1 0 obj", "not-a-roster", 0),
        (b"\x89PNG\r\n\x1a\n", "not-a-roster", 0),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not-a-roster", 0),
        (b"\x1f\x8b\x08\x00abc", "not-a-roster", 0),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 9, "not-a-roster", 0),
        (b"PAR1 and nothing more", "wrong-ending", 0),
    ],
)
def test_a_damaged_text_gives_one_finding(
    tmp_path: Path, read: Read, content: bytes, code: str, row: int
) -> None:
    path = tmp_path / "名册.csv"
    path.write_bytes(content)
    assert only(read(path)) == (code, row)


def test_a_line_of_a_hundred_megabytes_is_refused_before_it_fills_the_memory(
    tmp_path: Path, read: Read
) -> None:
    path = tmp_path / "名册.csv"
    with path.open("wb") as file:
        file.write(HEADER.encode() + "甲,H62,1\n".encode())
        for _ in range(100):
            file.write(b"a" * 1_000_000)
    assert only(read(path)) == ("line-too-long", 3)


def test_a_quote_that_stays_open_for_megabytes_is_found(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(HEADER + "甲,H62,1\n" + '乙,"H62,2\n' + "丙,H62,3\n" * 1_000_000, encoding="utf-8")
    assert only(read(path))[0] == "unclosed-quote"


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_ten_thousand_columns_are_one_finding(tmp_path: Path, read: Read, suffix: str) -> None:
    path = tmp_path / f"名册{suffix}"
    names = [f"第{each}列" for each in range(10_000)]
    if suffix == ".csv":
        path.write_text(",".join(names) + "\n" + ",".join("1" for _ in names) + "\n", encoding="utf-8")
    else:
        pq.write_table(pa.table({name: [1] for name in names}), path)
    assert only(read(path)) == ("too-many-columns", 1)


def test_ten_thousand_columns_of_a_workbook_are_one_finding(
    tmp_path: Path, read: Read, write_xlsx: Callable[..., Path]
) -> None:
    path = write_xlsx(tmp_path / "名册.xlsx", Sheet1=[[f"第{each}列" for each in range(10_000)]])
    assert only(read(path))[0] == "too-many-columns"


def with_sheet(path: Path, donor: Path, change: Callable[[bytes], bytes]) -> Path:
    """A copy of a workbook whose first sheet is changed."""
    with zipfile.ZipFile(donor) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.infolist():
            data = old.read(each.filename)
            new.writestr(each.filename, change(data) if each.filename.endswith("sheet1.xml") else data)
    return path


@pytest.fixture
def donor(tmp_path: Path, write_xlsx: Callable[..., Path]) -> Path:
    return write_xlsx(tmp_path / "donor.xlsx", Sheet1=[["名称", "从业人员"], ["甲", 3]])


def test_two_cells_that_span_a_whole_sheet_do_not_fill_the_memory(
    tmp_path: Path, read: Read, donor: Path
) -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = with_sheet(tmp_path / "名册.xlsx", donor, lambda data: data.replace(b"</sheetData>", far))
    assert only(read(path))[0] in {"workbook-too-large", "too-many-columns"}


def test_a_workbook_that_claims_to_unpack_to_much_is_not_opened(
    tmp_path: Path, read: Read, donor: Path
) -> None:
    raw = donor.read_bytes()
    place = raw.index(b"PK\x01\x02")
    path = tmp_path / "名册.xlsx"
    path.write_bytes(raw[: place + 24] + struct.pack("<I", 3 << 30) + raw[place + 28 :])
    assert only(read(path))[0] == "workbook-too-large"


def test_a_bomb_that_hides_its_size_does_not_fill_the_memory(tmp_path: Path, read: Read, donor: Path) -> None:
    cells = b"".join(
        b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>' % (letter, b"a" * 40_000_000)
        for letter in (b"A", b"B")
    )
    bomb = with_sheet(
        tmp_path / "bomb.xlsx",
        donor,
        lambda data: re.sub(
            rb"<sheetData>.*</sheetData>", b'<sheetData><row r="1">' + cells + b"</row></sheetData>", data
        ),
    )
    raw = bomb.read_bytes()
    place = raw.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert raw[place : place + 4] == b"PK\x01\x02"
    path = tmp_path / "名册.xlsx"
    path.write_bytes(raw[: place + 24] + struct.pack("<I", 4) + raw[place + 28 :])
    roster = read(path)
    assert roster.folder is None
    assert len(roster.findings) <= 3


def test_a_zip_that_lies_of_its_size_is_one_finding(tmp_path: Path, read: Read, donor: Path) -> None:
    raw = donor.read_bytes()
    place = raw.index(b"PK\x01\x02")
    lied = raw[: place + 24] + struct.pack("<I", 4) + raw[place + 28 :]
    path = tmp_path / "名册.xlsx"
    path.write_bytes(lied[: len(lied) // 2])
    assert only(read(path))[0] == "not-a-workbook"


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b'r="A1"', b'r="A0"'),
    ],
)
def test_a_broken_sheet_is_told_or_read_but_never_crashes(
    tmp_path: Path, read: Read, donor: Path, change: Callable[[bytes], bytes]
) -> None:
    roster = read(with_sheet(tmp_path / "名册.xlsx", donor, change))
    assert roster.folder is None
    assert roster.findings
    assert roster.findings[0].code in {"not-a-workbook", "unknown-column", "no-rows", "no-columns"}


def test_an_archive_of_the_wrong_kind_is_named(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "名册.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert only(read(path))[0] == "not-a-roster"


@pytest.mark.parametrize("name", ["名册.csv", "名册.xls", "名册.parquet"])
def test_a_workbook_under_another_name_is_told_so(tmp_path: Path, read: Read, donor: Path, name: str) -> None:
    path = donor.rename(tmp_path / name)
    roster = read(path)
    assert only(roster)[0] == "wrong-ending"
    assert "rename it to .xlsx" in str(roster.findings[0])


def test_a_text_under_the_name_of_a_workbook_is_told_so(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_text(HEADER + "甲,H62,1\n", encoding="utf-8")
    assert only(read(path))[0] == "wrong-ending"


def test_an_old_workbook_that_is_none_is_one_finding(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "名册.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4096)
    assert only(read(path))[0] == "not-a-workbook"


def test_a_parquet_file_cut_short_is_one_finding(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "名册.parquet"
    pq.write_table(pa.table({"名称": ["甲"] * 1000}), path)
    path.write_bytes(path.read_bytes()[:-20])
    assert only(read(path))[0] == "not-a-table"


def test_a_column_of_lists_is_one_finding(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "名册.parquet"
    pq.write_table(pa.table({"名称": [["甲"]], "从业人员": [3]}), path)
    assert only(read(path))[0] == "column-type"


def test_what_is_not_there_or_no_file_is_one_finding(tmp_path: Path, read: Read) -> None:
    assert only(read(tmp_path / "nothing.csv"))[0] == "file-unreadable"
    empty = tmp_path / "folder"
    empty.mkdir()
    assert only(read(empty))[0] == "no-firms"


def test_nothing_is_left_behind_beside_the_wanted_folder(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "名册.csv"
    path.write_text(HEADER + "甲,H62,三个\n", encoding="utf-8")
    out = tmp_path / "out"
    assert read(path, folder=out / "population").folder is None
    assert list(out.iterdir()) == []
