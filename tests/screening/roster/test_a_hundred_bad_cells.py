"""A roster with a hundred kinds of bad cell comes back with a hundred precise findings and no half-written output.

Every case spoils one cell of one row that is otherwise good: in the firms, or in a record of a good firm.
"""

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from huiqi.findings import BadInput
from huiqi.policies.library import PolicyLibrary
from huiqi.reference.credit_codes import make_credit_code
from huiqi.screening.prepared import describe, read_blocks
from huiqi.screening.roster.findings_file import write_findings
from huiqi.screening.roster.problems import PROBLEMS
from huiqi.screening.roster.reading import Roster

CODE = "统一社会信用代码"
KIND = "主体类型"
Case = tuple[str, object, str]


def mistyped(code: str) -> str:
    """The code with another last character."""
    return code[:-1] + ("1" if code[-1] == "0" else "0")


FIRMS: tuple[Case, ...] = (
    (CODE, "91532503MA00000", "credit-code-length"),
    (CODE, "91532503OA0000017X", "credit-code-character"),
    (CODE, "9153A503MA0000017X", "credit-code-character"),
    (CODE, "01532503MA0000017X", "credit-code-register"),
    (CODE, "94532503MA0000017X", "credit-code-register"),
    (CODE, "91002503MA0000017X", "credit-code-region"),
    (CODE, "91532503MA0000017X", "credit-code-organisation"),
    (CODE, mistyped(make_credit_code("532503", "MA000001")), "credit-code-check-character"),
    (CODE, "", "no-credit-code"),
    (CODE, "不详", "no-credit-code"),
    ("企业名称", "坏\ufffd公司", "damaged-text"),
    ("企业名称", "锟斤拷公司", "damaged-text"),
    ("企业名称", "甲\n公司", "damaged-text"),
    ("企业名称", "长" * 1001, "cell-too-long"),
    ("所在县区", "532599", "unknown-region"),
    ("所在县区", "532522", "unknown-region"),
    ("所在县区", "530101", "unknown-region"),
    ("所在县区", "53250", "unknown-region"),
    ("所在县区", "火星市", "unknown-region"),
    ("所在县区", "鼓楼区", "ambiguous-region"),
    ("行业", "9999", "unknown-industry"),
    ("行业", "A26", "unknown-industry"),
    ("行业", "餐馆", "unknown-industry"),
    ("行业", "C26 餐饮业", "unknown-industry"),
    ("行业", "C26123", "unknown-industry"),
    ("成立日期", "2021-02-30", "not-a-date"),
    ("成立日期", "2021/13/01", "not-a-date"),
    ("成立日期", "5/3/2021", "not-a-date"),
    ("成立日期", "2021-03", "not-a-date"),
    ("成立日期", "44260", "not-a-date"),
    ("成立日期", "去年三月", "not-a-date"),
    ("成立日期", "0021-03-05", "impossible-value"),
    ("成立日期", "2101-01-01", "impossible-value"),
    ("从业人员（人）", "-3", "impossible-value"),
    ("从业人员（人）", "3.5", "impossible-value"),
    ("从业人员（人）", "20000000", "impossible-value"),
    ("从业人员（人）", "三五个", "not-a-number"),
    ("从业人员（人）", "1e3", "not-a-number"),
    ("从业人员（人）", "是", "not-a-number"),
    ("从业人员（人）", "12家", "wrong-unit"),
    ("从业人员（人）", "不超过12人", "not-exact"),
    ("从业人员（人）", "12-15人", "not-exact"),
    ("营业收入（万元）", "-1", "impossible-value"),
    ("营业收入（万元）", "99999999", "impossible-value"),
    ("营业收入（万元）", "123.4567891", "not-money"),
    ("营业收入（万元）", "1.2.3", "not-money"),
    ("营业收入（万元）", "一百多", "not-money"),
    ("营业收入（万元）", "5000人", "wrong-unit"),
    ("营业收入（万元）", "不超过100万元", "wrong-unit"),
    ("2021年裁员人数", "1.5", "impossible-value"),
    ("年销售额-2020", "12.345", "not-money"),
    ("年度产值增速", "0.12345678", "impossible-value"),
    ("年度产值增速", "快", "not-a-number"),
    ("车辆长度（米）", "12.35", "impossible-value"),
    ("车辆长度（米）", "12公里", "wrong-unit"),
    ("是否僵尸企业", "也许", "not-yes-no"),
    ("是否僵尸企业", "2", "not-yes-no"),
    ("纳税信用等级", "E级", "unknown-choice"),
    ("规模", "特小型", "unknown-choice"),
    ("规模", "大型企业", "given-and-computed"),
    ("list.risk-county-2022", "可能", "not-yes-no"),
    ("has.leases", "部分", "not-yes-no"),
    (KIND, "公司", "unknown-choice"),
    (KIND, "个体工商户", "subject-and-code"),
    ("经营者人员类别", "登记失业人员", "fact-of-other-subject"),
)
RECORDS: tuple[tuple[str, Case], ...] = (
    ("租约", (CODE, "91532503MA00000", "credit-code-length")),
    ("租约", (CODE, "", "no-key")),
    ("租约", (CODE, make_credit_code("532503", "MA099999"), "unknown-firm")),
    ("租约", ("出租方", "私人", "unknown-choice")),
    ("租约", ("月租金", "0", "impossible-value")),
    ("租约", ("月租金", "-5", "impossible-value")),
    ("租约", ("月租金", "面议", "not-money")),
    ("租约", ("当年承租月数", "13", "impossible-value")),
    ("应收账款", ("已进入司法程序", "大概", "not-yes-no")),
    ("贷款", ("贷款金额", "百万", "not-money")),
    ("贷款", ("发放日期", "2022.2.29", "not-a-date")),
    ("贷款", ("年利率", "3.85个百分点", "wrong-unit")),
    ("贷款", ("年利率", "百分之三点八五左右", "not-exact")),
    ("贷款", ("贷款用途", "炒股", "unknown-choice")),
    ("已享受", ("政策措施", "没有的政策", "unknown-measure")),
    ("已享受", ("已享受金额", "12.345", "not-money")),
    ("已享受", ("享受日期", "昨天", "not-a-date")),
    ("招用人员", ("毕业院校类别", "小学", "unknown-choice")),
    ("招用人员", ("劳动合同期限", "无固定期限", "not-a-number")),
    ("招用人员", ("本年度在本单位工作月数", "13", "impossible-value")),
    ("应收账款", ("拖欠方", "某人", "unknown-choice")),
    ("应收账款", ("应付日期", "2022-00-10", "not-a-date")),
    ("应收账款", ("有分歧", "有一点", "not-yes-no")),
    ("应缴税费", ("税（费）种", "过路费", "unknown-choice")),
    ("购置设备", ("最低折旧年限", "十几年", "not-a-number")),
    ("担保", ("担保费", "免费", "not-money")),
)
IN_CSV_ONLY: tuple[Case, ...] = (
    (CODE, "9.1532503E+17", "rounded-code"),
    (CODE, "915325030000000000", "credit-code-check-character"),
    ("从业人员（人）", "=1+1", "not-a-number"),
    ("从业人员（人）", "+3", "not-a-number"),
    ("从业人员（人）", "@5", "not-a-number"),
)
# Two rows of other widths make the hundred.


def in_workbook_only(formula: Callable[..., object]) -> tuple[Case, ...]:
    return (
        (CODE, 915325030000000000, "numeric-cell"),
        ("行业", 111, "numeric-cell"),
        ("成立日期", 44260, "not-a-date"),
        ("从业人员（人）", True, "not-a-number"),
        ("从业人员（人）", datetime.date(2021, 3, 5), "not-a-number"),
        ("从业人员（人）", formula("#REF!"), "error-cell"),
    )


class Spoiled:
    """Tables with one bad cell a row, and what must be found: table, row, heading, code."""

    def __init__(self, code: Callable[[int], str], firms: tuple[Case, ...]) -> None:
        self.code = code
        self.expected: list[tuple[str, int, str, str]] = []
        headings = [CODE, "企业名称", "行业", "规模", KIND, "从业人员（人）", "营业收入（万元）"]
        headings += [each for each in dict.fromkeys(case[0] for case in firms) if each not in headings]
        self.tables: dict[str, list[list[object]]] = {"企业": [headings]}
        for case in firms:
            self._firm(*case)
        self._duplicates()
        self.good = self._firm("企业名称", "好企业", "")
        for table, case in RECORDS:
            self._record(table, *case)

    def _firm(self, heading: str, value: object, wanted: str) -> str:
        rows = self.tables["企业"]
        code = self.code(len(rows))
        row: list[object] = [""] * len(rows[0])
        row[: len(rows[0])] = [
            {CODE: code, "企业名称": f"第{len(rows)}公司", "行业": "H62"}.get(str(each), "")
            for each in rows[0]
        ]
        if wanted == "given-and-computed":
            row[rows[0].index("从业人员（人）")] = row[rows[0].index("营业收入（万元）")] = "5"
        row[rows[0].index(heading)] = value
        rows.append(row)
        if wanted:
            self.expected.append(("企业", len(rows), heading, wanted))
        return code

    def _duplicates(self) -> None:
        code = self._firm("企业名称", "同一企业", "")
        self._firm(CODE, code, "")
        for row in (len(self.tables["企业"]) - 1, len(self.tables["企业"])):
            self.expected.append(("企业", row, CODE, "duplicate-firm"))

    def _record(self, table: str, heading: str, value: object, wanted: str) -> None:
        # Each bad record has a firm of its own, whose row is good.
        owner = self._firm("企业名称", "有记录的企业", "")
        headings = [
            CODE,
            *dict.fromkeys(case[0] for name, case in RECORDS if name == table and case[0] != CODE),
        ]
        rows = self.tables.setdefault(table, [headings])
        row: list[object] = [owner, "国有企业" if table == "租约" else "", *[""] * (len(headings) - 2)]
        row[headings.index(heading)] = value
        rows.append(row)
        self.expected.append((table, len(rows), heading, wanted))


def found(roster: Roster) -> list[tuple[str, int, str, str]]:
    """What a roster's doubts say, with the table's name."""
    return [
        (each.place.sheet or each.place.file.removesuffix(".csv"), each.row, each.heading, each.code)
        for each in roster.doubts
    ]


@pytest.fixture
def csv_folder(
    tmp_path: Path, code: Callable[[int], str], write_csv: Callable[..., Path]
) -> tuple[Path, Spoiled]:
    """CSV files in both encodings and with several separators."""
    spoiled = Spoiled(code, FIRMS + IN_CSV_ONLY)
    short = [spoiled.code(9_000), "少列公司"]
    spoiled.tables["企业"].append(short)
    spoiled.expected.append(("企业", len(spoiled.tables["企业"]), "", "row-width"))
    extra = [*["91532503MA0000017X"], *[""] * 9]
    spoiled.tables["租约"].append(extra)
    spoiled.expected.append(("租约", len(spoiled.tables["租约"]), "", "row-width"))
    folder = tmp_path / "名册"
    folder.mkdir()
    for place, (name, rows) in enumerate(spoiled.tables.items()):
        # U+FFFD has no place in GBK but one in GB18030.
        encoding = ("gb18030", "utf-8", "utf-8-sig")[place % 3]
        write_csv(folder / f"{name}.csv", rows, encoding, ",;\t"[place % 3])
    return folder, spoiled


@pytest.fixture
def workbook(
    tmp_path: Path,
    code: Callable[[int], str],
    write_xlsx: Callable[..., Path],
    formula: Callable[..., object],
) -> tuple[Path, Spoiled]:
    """One workbook with a sheet a record kind."""
    never = ("从业人员（人）", formula(), "formula-without-value")
    spoiled = Spoiled(code, (*FIRMS, *in_workbook_only(formula), never))
    return write_xlsx(tmp_path / "名册.xlsx", **spoiled.tables), spoiled


@pytest.fixture(params=["csv", "xlsx"])
def roster_and_expected(request: pytest.FixtureRequest) -> tuple[Path, Spoiled]:
    made: tuple[Path, Spoiled] = request.getfixturevalue(
        "csv_folder" if request.param == "csv" else "workbook"
    )
    return made


def test_a_hundred_kinds_of_bad_cell_give_a_hundred_findings(
    tmp_path: Path, read: Callable[..., Roster], roster_and_expected: tuple[Path, Spoiled]
) -> None:
    path, spoiled = roster_and_expected
    out = tmp_path / "out"
    roster = read(path, folder=out / "population")
    assert sorted(found(roster)) == sorted(spoiled.expected)
    assert len(roster.findings) == 100
    assert roster.folder is None
    assert list(out.iterdir()) == []
    assert {each.code for each in roster.doubts} <= set(PROBLEMS)
    assert all(each.what and each.what == each.what.strip() for each in roster.findings)


def test_findings_json_lists_them_all_and_stands_alone(
    tmp_path: Path, read: Callable[..., Roster], roster_and_expected: tuple[Path, Spoiled]
) -> None:
    path, _ = roster_and_expected
    written = write_findings(read(path), tmp_path / "out")
    listed = json.loads(written.read_text(encoding="utf-8"))["findings"]
    assert len(listed) == 100
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["findings.json"]
    keys = {"code", "file", "line", "cell", "what", "why", "mend", "sheet", "row", "column", "value"}
    assert all(set(each) == keys for each in listed)


def test_without_bad_rows_the_good_firm_is_left(
    tmp_path: Path,
    read: Callable[..., Roster],
    roster_and_expected: tuple[Path, Spoiled],
    library: PolicyLibrary,
) -> None:
    path, spoiled = roster_and_expected
    roster = read(path, without_bad_rows=True, folder=tmp_path / "population")
    assert roster.folder is not None
    assert len(roster.findings) == 100
    kept = [
        code
        for block in read_blocks(roster.folder, library)
        for code in block.firms["credit_code"].to_pylist()
    ]
    # Records whose firm cannot be told leave no firm out: those three firms and the good one stay.
    assert spoiled.good in kept
    assert len(kept) == 4
    rows = describe(roster.folder, library).rows
    assert sum(rows.values()) == 4
    firms = roster.counts["firms"]
    assert (firms.rows, firms.left_out) == (
        len(spoiled.tables["企业"]) - 1,
        len(spoiled.tables["企业"]) - 1 - 4,
    )
    assert all(count.rows == count.left_out for name, count in roster.counts.items() if name != "firms")


def test_a_taken_folder_is_refused(
    tmp_path: Path, read: Callable[..., Roster], workbook: tuple[Path, Spoiled]
) -> None:
    (tmp_path / "population").mkdir()
    (tmp_path / "population" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="folder-taken"):
        read(workbook[0], without_bad_rows=True, folder=tmp_path / "population")
