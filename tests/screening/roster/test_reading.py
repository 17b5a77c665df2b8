"""Rosters as they come, read into a prepared population: formats, records, periods, mappings, and what is left out."""

import datetime
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from huiqi.findings import BadInput
from huiqi.policies.library import PolicyLibrary
from huiqi.screening.prepared import read_blocks
from huiqi.screening.roster.reading import Roster

Read = Callable[..., Roster]
Write = Callable[..., Path]
HEADINGS = [
    "统一社会信用代码",
    "企业名称",
    "所属行业",
    "成立日期",
    "从业人员",
    "营业收入（万元）",
    "僵尸企业",
]


@pytest.fixture
def rows(code: Callable[[int], str]) -> list[list[object]]:
    first = [code(1), "甲公司", "H62", "2019-05-01", "12", "123.45", "否"]
    return [HEADINGS, first, [code(2), "乙，公司", "0111", "2020-02-29", "", "80", ""]]


@pytest.fixture
def firms(library: PolicyLibrary) -> Callable[[Roster], list[dict[str, object]]]:
    """The firms of a roster without doubts, with their records by list."""

    def run(roster: Roster) -> list[dict[str, object]]:
        assert roster.folder is not None, roster.findings
        made: list[dict[str, object]] = []
        for block in read_blocks(roster.folder, library):
            those: list[dict[str, object]] = block.firms.to_pylist()
            for record, batch in block.records.items():
                for each in batch.to_pylist():
                    those[each.pop("firm")].setdefault(record, []).append(each)  # type: ignore[union-attr]
            made += those
        return made

    return run


def expected(code: Callable[[int], str]) -> list[dict[str, object]]:
    first = {
        "firm": 0,
        "credit_code": code(1),
        "name": "甲公司",
        "industry": "H62",
        "established": datetime.date(2019, 5, 1),
        "employees": 12,
        "revenue": 123_450_000,
        "zombie": False,
        "subject": "enterprise",
    }
    second = {**first, "firm": 1, "credit_code": code(2), "name": "乙，公司", "industry": "A0111"}
    second |= {
        "established": datetime.date(2020, 2, 29),
        "employees": None,
        "revenue": 80_000_000,
        "zombie": None,
    }
    return [first, second]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_csv_in_any_encoding_and_with_any_separator(
    tmp_path: Path,
    read: Read,
    write_csv: Write,
    rows: list[list[object]],
    firms: Callable[..., object],
    code: Callable[[int], str],
    encoding: str,
    separator: str,
) -> None:
    path = write_csv(tmp_path / "名册.csv", rows, encoding, separator)
    with read(path) as roster:
        assert firms(roster) == expected(code)


def test_a_workbook_with_cells_of_every_type_and_a_title_above(
    tmp_path: Path,
    read: Read,
    write_xlsx: Write,
    rows: list[list[object]],
    firms: Callable[..., object],
    code: Callable[[int], str],
) -> None:
    typed = [code(1), "甲公司", "H62", datetime.date(2019, 5, 1), 12, Decimal("123.45"), False]
    sheet = [["红河州企业名册"], [], rows[0], typed, [], rows[2]]
    with read(write_xlsx(tmp_path / "名册.xlsx", Sheet1=sheet)) as roster:
        assert firms(roster) == expected(code)
        assert roster.mapping.tables["firms"].header_row == 3


def test_parquet_of_the_users_own_types(
    tmp_path: Path, read: Read, firms: Callable[..., object], code: Callable[[int], str]
) -> None:
    table = pa.table(
        {
            "credit_code": pa.array([code(1), code(2)]),
            "name": pa.array(["甲公司", "乙，公司"]).dictionary_encode(),
            "industry": ["H62", "0111"],
            "established": pa.array([datetime.datetime(2019, 5, 1), datetime.datetime(2020, 2, 29)]),  # noqa: DTZ001
            "employees": pa.array([12, None], pa.int32()),
            "revenue": pa.array([Decimal("1234500.00"), Decimal("800000.00")], pa.decimal128(20, 2)),
            "zombie": pa.array([False, None]),
        }
    )
    pq.write_table(table, tmp_path / "roster.parquet")
    with read(tmp_path / "roster.parquet") as roster:
        assert firms(roster) == expected(code)


def test_binary_numbers_are_what_a_spreadsheet_shows_of_them(
    tmp_path: Path, read: Read, firms: Callable[..., list[dict[str, object]]]
) -> None:
    pq.write_table(
        pa.table({"firm": ["1"], "revenue": [0.1 + 0.2], "assets": [1e9]}), tmp_path / "roster.parquet"
    )
    with read(tmp_path / "roster.parquet") as roster:
        assert [(each["revenue"], each["assets"]) for each in firms(roster)] == [(30, 100_000_000_000)]


def leases(code: Callable[[int], str]) -> list[list[object]]:
    return [
        ["信用代码", "企业名称", "出租方", "月租金（元）"],
        [code(2), "乙", "国有企业", "2000"],
        [code(1), "甲", "行政机关", "1000.50"],
        [code(2), "乙", "其他", "3000"],
    ]


@pytest.mark.parametrize("parts", [None, 1, 5])
@pytest.mark.parametrize("shape", ["folder", "workbook"])
def test_records_are_joined_by_credit_code_in_their_order(
    tmp_path: Path,
    read: Read,
    write_csv: Write,
    write_xlsx: Write,
    rows: list[list[object]],
    firms: Callable[..., list[dict[str, object]]],
    code: Callable[[int], str],
    parts: int | None,
    shape: str,
) -> None:
    path = tmp_path / "roster"
    if shape == "folder":
        path.mkdir()
        write_csv(path / "firms.csv", rows, "gb18030")
        write_xlsx(path / "租约.xlsx", Sheet1=leases(code))
        write_csv(path / "loans.csv", [["统一社会信用代码", "贷款金额"]])
        (path / ".DS_Store").write_bytes(b"\0")
    else:
        path = write_xlsx(
            tmp_path / "roster.xlsx", 企业=rows, 租约=leases(code), 贷款=[["统一社会信用代码", "贷款金额"]]
        )
    with read(path, parts=parts) as roster:
        first, second = firms(roster)
        assert first["lease"] == [{"landlord": "government", "monthly_rent": 100_050}]
        rents = [(each["landlord"], each["monthly_rent"]) for each in second["lease"]]  # type: ignore[attr-defined]
        assert rents == [("state_enterprise", 200_000), ("other", 300_000)]
        # A table that stands there is complete, an empty one says that nobody has any; no table is not known.
        assert [
            (each["has.leases"], each["has.loans"], each.get("has.hires")) for each in (first, second)
        ] == [(True, True, None)] * 2


def test_records_may_name_their_firm_by_the_firms_own_number(
    tmp_path: Path, read: Read, write_csv: Write, firms: Callable[..., list[dict[str, object]]]
) -> None:
    write_csv(tmp_path / "企业.csv", [["企业编号", "名称"], ["7", "甲"], ["9", "乙"]])
    write_csv(tmp_path / "租约.csv", [["企业编号", "月租金"], ["9", "5"]])
    with read(tmp_path) as roster:
        assert [len(each.get("lease", [])) for each in firms(roster)] == [0, 1]  # type: ignore[arg-type]


def test_many_firms_keep_their_order_and_their_records_in_any_number_of_parts(
    tmp_path: Path, read: Read, write_csv: Write, firms: Callable[..., list[dict[str, object]]]
) -> None:
    names = [f"第{each}公司" for each in range(3000)]
    write_csv(
        tmp_path / "企业.csv", [["企业编号", "名称"], *([str(n), name] for n, name in enumerate(names))]
    )
    owners = [(7 * each) % 3000 for each in range(2000)]
    write_csv(tmp_path / "租约.csv", [["企业编号", "月租金"], *([str(n), str(n + 1)] for n in owners)])
    made = []
    for parts in (1, 7):
        with read(tmp_path, parts=parts) as roster:
            made.append(firms(roster))
    assert made[0] == made[1]
    assert [each["name"] for each in made[0]] == names
    with_lease = {n: each["lease"][0]["monthly_rent"] for n, each in enumerate(made[0]) if each.get("lease")}  # type: ignore[index]
    assert with_lease == {n: (n + 1) * 100 for n in owners}


def test_the_code_tells_the_subject_where_no_column_does(
    tmp_path: Path, read: Read, write_csv: Write, firms: Callable[..., list[dict[str, object]]]
) -> None:
    from huiqi.reference.credit_codes import make_credit_code

    kinds = [("9", "1"), ("9", "2"), ("9", "3"), ("1", "2"), ("5", "1")]
    codes = [make_credit_code("532503", "MA000001", register=r, kind=k) for r, k in kinds]
    with read(write_csv(tmp_path / "a.csv", [["信用代码"], *([each] for each in codes)])) as roster:
        wanted = ["enterprise", "self_employed", "enterprise", "institution", "institution"]
        assert [each["subject"] for each in firms(roster)] == wanted
    people = [["主体类型", "信用代码", "货车司机"], ["个人", "", "是"]]
    with read(write_csv(tmp_path / "b.csv", people)) as roster:
        assert [(each["subject"], each["truck_driver"]) for each in firms(roster)] == [("person", True)]


def test_a_year_of_which_every_quarter_is_given_is_their_sum(
    tmp_path: Path, read: Read, write_csv: Write, firms: Callable[..., list[dict[str, object]]]
) -> None:
    headings = [
        "企业编号",
        *(f"2021Q{quarter}营业收入" for quarter in range(1, 5)),
        *(f"2021Q{q}参保职工人数" for q in range(1, 5)),
    ]
    table = [
        headings,
        ["1", "1", "2", "3", "4.5", "1", "2", "3", "9"],
        ["2", "1", "2", "", "4", "1", "", "3", "9"],
    ]
    with read(write_csv(tmp_path / "a.csv", table)) as roster:
        assert [(each["revenue@2021"], each["insured_staff@2021"]) for each in firms(roster)] == [
            (1050, 9),
            (None, None),
        ]


def test_a_saved_mapping_is_given_back_and_wins_over_headings(
    tmp_path: Path,
    read: Read,
    write_csv: Write,
    firms: Callable[..., list[dict[str, object]]],
    code: Callable[[int], str],
) -> None:
    path = write_csv(tmp_path / "a.csv", [["信用代码", "去年卖了多少", "老板"], [code(1), "5", "王"]])
    refused = read(path)
    assert [each.code for each in refused.doubts] == ["unknown-column", "unknown-column"]
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        'tables:\n  firms:\n    columns:\n      去年卖了多少: {fact: revenue@2021, unit: 万元}\n      老板: "-"\n',
        encoding="utf-8",
    )
    with read(path, mapping=mapping) as roster:
        assert [each["revenue@2021"] for each in firms(roster)] == [5_000_000]
        roster.mapping.write(tmp_path / "again.yaml")
    with read(path, mapping=tmp_path / "again.yaml") as roster:
        assert [each["revenue@2021"] for each in firms(roster)] == [5_000_000]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tables: {firms: {columns: {老板: owner}}}", "unknown-fact"),
        ("tables: {firms: {columns: {信用代码: {fact: credit_code, unit: 万元}}}}", "unknown-fact"),
        ("tables: {firms: {columns: {没有的列: revenue}}}", "mapped-column-missing"),
        ("tables: {lease: {columns: {}}}", "mapping-form"),
        ("tables: {firms: {columns: [a]}}", "mapping-form"),
        ("columns: {}", "mapping-form"),
    ],
)
def test_a_wrong_mapping_is_told_with_its_line(
    tmp_path: Path, read: Read, write_csv: Write, code: str, text: str
) -> None:
    path = write_csv(tmp_path / "a.csv", [["信用代码", "老板"], ["", "王"]])
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(text, encoding="utf-8")
    roster = read(path, mapping=mapping)
    told = [each for each in roster.doubts if each.place.file == "mapping.yaml"]
    assert [(each.code, each.row) for each in told] == [(code, 1)]
    assert roster.folder is None


def test_a_mapping_that_is_no_yaml_is_refused(tmp_path: Path, read: Read, write_csv: Write) -> None:
    path = write_csv(tmp_path / "a.csv", [["名称"], ["甲"]])
    (tmp_path / "mapping.yaml").write_text("tables: [", encoding="utf-8")
    with pytest.raises(BadInput):
        read(path, mapping=tmp_path / "mapping.yaml")


def test_columns_that_cannot_be_told_apart_stop_even_without_bad_rows(
    tmp_path: Path, read: Read, write_csv: Write
) -> None:
    table = [["名称", "营业收入", "revenue", "神秘", "", "备注", "备注"], ["甲", "1", "2", "x", "y", "", ""]]
    roster = read(write_csv(tmp_path / "a.csv", table), without_bad_rows=True)
    assert roster.folder is None
    assert [(each.code, each.cell) for each in roster.doubts] == [
        ("duplicate-column", "revenue"),
        ("unknown-column", "神秘"),
        ("unnamed-column", ""),
    ]


@pytest.mark.parametrize(
    ("name", "sheet", "told"),
    [
        ("神秘", [["a"], ["1"]], "unknown-table"),
        ("leases", [["a"], ["1"]], "duplicate-table"),
        ("贷款", [["贷款金额"], ["5"]], "no-key"),
    ],
)
def test_tables_that_are_none_are_told(
    tmp_path: Path,
    read: Read,
    write_csv: Write,
    rows: list[list[object]],
    name: str,
    sheet: list[list[str]],
    told: str,
) -> None:
    write_csv(tmp_path / "企业.csv", rows)
    write_csv(tmp_path / "租约.csv", [["信用代码", "月租金"]])
    write_csv(tmp_path / f"{name}.csv", sheet)
    roster = read(tmp_path, without_bad_rows=True)
    assert roster.folder is None
    assert told in {each.code for each in roster.doubts}


def test_a_firm_with_a_bad_record_is_left_out_with_all_its_records(
    tmp_path: Path,
    read: Read,
    write_csv: Write,
    firms: Callable[..., list[dict[str, object]]],
    code: Callable[[int], str],
) -> None:
    write_csv(
        tmp_path / "企业.csv",
        [["信用代码", "has.leases"], *([code(n), "是" if n < 4 else "否"] for n in range(1, 6))],
    )
    table = [
        ["信用代码", "月租金"],
        [code(1), "5"],
        [code(2), "坏"],
        [code(2), "6"],
        [code(3), "7"],
        [code(5), "8"],
    ]
    write_csv(tmp_path / "租约.csv", table)
    with read(tmp_path, without_bad_rows=True) as roster:
        assert [each.code for each in roster.doubts] == ["not-money", "record-without-list"]
        assert [each["credit_code"] for each in firms(roster)] == [code(1), code(3), code(4)]
        assert [each["firm"] for each in firms(roster)] == [0, 1, 2]
        assert [(each.rows, each.left_out) for each in roster.counts.values()] == [(5, 2), (5, 3)]


def test_both_rows_of_a_duplicate_are_shown_and_left_out(
    tmp_path: Path,
    read: Read,
    write_csv: Write,
    firms: Callable[..., list[dict[str, object]]],
    code: Callable[[int], str],
) -> None:
    codes = [code(1), code(2), code(1).lower(), code(3)]
    with read(
        write_csv(tmp_path / "a.csv", [["信用代码"], *([each] for each in codes)]), without_bad_rows=True
    ) as roster:
        assert [(each.row, each.what) for each in roster.doubts] == [
            (2, "this firm stands in row 4 too"),
            (4, "this firm stands in row 2 too"),
        ]
        assert [each["credit_code"] for each in firms(roster)] == [code(2), code(3)]


def test_row_numbers_are_those_of_a_spreadsheet(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.csv"
    text = '名称,从业人员\n甲,1\n\n"乙\n行",2\n丙,3,4\n丁,坏\n'
    path.write_text(text, encoding="utf-8")
    assert [(each.row, each.code) for each in read(path).doubts] == [
        (4, "damaged-text"),
        (5, "row-width"),
        (6, "not-a-number"),
    ]


def test_merged_cells_are_told_since_they_only_look_filled(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:B1", "红河州企业名册")
        sheet.write_row("A2", ["名称", "所在县区"])
        sheet.write_column("A3", ["甲", "乙", "丙"])
        sheet.merge_range("B3:B5", "蒙自市")
    roster = read(path)
    assert [(each.cell, each.code) for each in roster.doubts] == [
        ("B4", "merged-cell"),
        ("B5", "merged-cell"),
    ]
    with read(path, without_bad_rows=True) as kept:
        assert kept.counts["firms"].left_out == 2


def test_hidden_sheets_with_choices_of_a_form_are_no_tables(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("名册表").write_column("A1", ["名称", "甲"])
        choices = book.add_worksheet("字典")
        choices.write_column("A1", ["是", "否"])
        choices.hide()
    with read(path) as roster:
        assert roster.folder is not None
        assert list(roster.counts) == ["firms"]


def test_a_large_table_is_cut_in_full_blocks(tmp_path: Path, read: Read, library: PolicyLibrary) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "名称\n" + "".join(f"第{each}家有限责任公司\n" for each in range(150_000)), encoding="utf-8"
    )
    with read(path) as roster:
        assert roster.folder is not None
        sizes = [block.firms.num_rows for block in read_blocks(roster.folder, library)]
        assert sizes == [65_536, 65_536, 150_000 - 2 * 65_536]


def test_a_prepared_population_is_used_as_it_is(
    tmp_path: Path, read: Read, write_csv: Write, rows: list[list[object]]
) -> None:
    folder = tmp_path / "population"
    read(write_csv(tmp_path / "a.csv", rows), folder=folder)
    for path in (folder, folder / "firms.parquet"):
        again = read(path)
        assert (again.folder, again.is_prepared, again.counts["firms"].rows) == (folder, True, 2)
        assert set(again.inputs) == {"firms.parquet"}


def test_progress_ends_at_the_whole(
    tmp_path: Path, read: Read, write_csv: Write, rows: list[list[object]]
) -> None:
    told: list[tuple[int, int]] = []
    read(
        write_csv(tmp_path / "a.csv", rows),
        folder=tmp_path / "out",
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1][0] == told[-1][1] > 0


def test_a_temporary_population_goes_when_it_ends(
    tmp_path: Path, read: Read, write_csv: Write, rows: list[list[object]]
) -> None:
    with read(write_csv(tmp_path / "a.csv", rows)) as roster:
        folder = roster.folder
        assert folder is not None
        assert folder.is_dir()
    assert not folder.parent.exists()


def test_the_mapping_file_is_json_too(
    tmp_path: Path, read: Read, write_csv: Write, rows: list[list[object]]
) -> None:
    path = write_csv(tmp_path / "a.csv", rows)
    mapping = tmp_path / "mapping.json"
    with read(path) as roster:
        mapping.write_text(json.dumps(roster.mapping.as_data()), encoding="utf-8")
    with read(path, mapping=mapping) as roster:
        assert roster.folder is not None
