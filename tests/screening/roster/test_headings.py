"""Headings as rosters print them, in Chinese and English, with periods and units."""

from fractions import Fraction

import pytest

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.values import BadValue
from huiqi.screening.roster.headings import Headings


@pytest.mark.parametrize(
    ("heading", "column", "scale"),
    [
        ("营业收入", "revenue", 1),
        ("营业收入（元）", "revenue", 1),
        ("营业收入(万元)", "revenue", 10_000),
        ("营业收入（单位：亿元）", "revenue", 100_000_000),
        ("2021年营业收入", "revenue@2021", 1),
        ("２０２１年度营业收入（千元）", "revenue@2021", 1_000),
        ("营业收入（2021年，万元）", "revenue@2021", 10_000),
        ("revenue@2021", "revenue@2021", 1),
        ("Revenue 2021", "revenue@2021", 1),
        ("revenue_2021", "revenue@2021", 1),
        ("2022年第一季度营业收入", "revenue@2022Q1", 1),
        ("2022Q2营业收入", "revenue@2022Q2", 1),
        ("2022年3月营业收入", "revenue@2022-03", 1),
        ("上年营业收入", "revenue", 1),
        ("统一社会信用代码*", "credit_code", 1),
        (" 统一 社会信用代码：", "credit_code", 1),
        ("纳税人识别号", "credit_code", 1),
        ("Total_Assets", "assets", 1),
        ("是否僵尸企业", "zombie", 1),
        ("僵尸企业（是/否）", "zombie", 1),
        ("2022年缴纳养老保险费有困难", "pension_hardship", 1),
        ("2019年3月31日期末留抵税额", "credit_2019_03", 1),
        ("从业人数（全年季度平均值）", "average_employees", 1),
        ("年度产值增速（%）", "output_growth", Fraction(1, 100)),
        ("水库（水电站）装机容量", "-", 0),
        ("企业规模", "size", 1),
        ("risk-county-2022", "list.risk-county-2022", 1),
        ("has.leases", "has.leases", 1),
        ("企业编号", "firm", 1),
        ("序号", "-", 1),
        ("备注", "-", 1),
        ("问题", "-", 1),
    ],
)
def test_a_heading_names_its_fact(
    library: PolicyLibrary, heading: str, column: str, scale: int | Fraction
) -> None:
    if scale == 0:
        made = Headings(library, "tax_due").read(heading)
        assert (made.name, made.scale) == ("installed_capacity", 1)
        return
    made = Headings(library, "subject").read(heading)
    assert (made.name, made.scale) == (column, scale)


@pytest.mark.parametrize(
    ("heading", "code", "says"),
    [
        ("营业收如", "unknown-column", "did you mean 营业收入"),
        ("营业收入（含税）", "unknown-column", "did you mean 营业收入"),
        ("从业人数", "unknown-column", "从业人员"),
        ("从业人员（万元）", "column-unit", "employees cannot be in 万元"),
        ("2021年从业人员", "no-periods", "employees is not a fact by year"),
        ("所在县区（元）", "column-unit", "no number"),
    ],
)
def test_what_is_not_certain_is_told(library: PolicyLibrary, heading: str, code: str, says: str) -> None:
    with pytest.raises(BadValue) as error:
        Headings(library, "subject").read(heading)
    assert error.value.code == code
    assert says in f"{error.value.what}; {error.value.why}; {error.value.mend}"


def test_every_fact_is_found_by_its_name_its_label_and_its_english(library: PolicyLibrary) -> None:
    for record in library.facts.records.values():
        headings = Headings(library, record.name)
        for fact in record.facts.values():
            names = {headings.read(each).name for each in (fact.name, fact.label, fact.english) if each}
            assert names == {fact.name}


def test_a_record_table_names_its_firm_by_code_or_number(library: PolicyLibrary) -> None:
    headings = Headings(library, "lease")
    assert headings.read("信用代码").name == "credit_code"
    assert headings.read("企业编号").name == "firm"
    assert headings.read("企业名称").name == "-"
    with pytest.raises(BadValue, match="no fact of lease"):
        headings.read("营业收入")
