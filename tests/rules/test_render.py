"""How a condition and an amount read in Chinese."""

import pytest

from huiqi.policies.library import PolicyLibrary, read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.expressions import typed_expression
from huiqi.rules.measure import Condition
from huiqi.rules.positions import Position, Scalar
from huiqi.rules.render import Renderer
from huiqi.rules.render_measure import clause_name, numeral, quoted
from huiqi.rules.statements import affirmed, denied
from huiqi.rules.typed import Not, Typed, walk
from huiqi.rules.types import TRUTH, Kind
from huiqi.rules.units import RATIO, YUAN, parse_unit
from huiqi.rules.wording import listed, written_number, written_period


@pytest.fixture(scope="module")
def library() -> PolicyLibrary:
    return read_library(shipped_policies())[0]


def typed(library: PolicyLibrary, text: str, per: str = "") -> Typed:
    return typed_expression(Scalar(text, Position("rule.yaml", 1, 1)), library.scope.within(per), "when")


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        # 以上、以下 include the number; 超过、低于、少于、不满 do not.
        ("assets >= 50_000_000", "资产总额在5000万元（含）以上"),
        ("assets <= 14_400", "资产总额不超过14400元"),
        ("assets < 400_000_000", "资产总额低于4亿元"),
        ("assets > 0", "资产总额大于零"),
        ("employees < 10", "从业人员少于10人"),
        ("employees == 0", "从业人员为零"),
        ("months_premiums_paid < 12", "足额缴纳失业保险费月数不满12个月"),
        ("output_growth >= 0.2", "年度产值增速在20%（含）以上"),
        ("evasion_penalties < 2", "申请退税前36个月因偷税被处罚次数少于2次"),
        ("tolerance_raise <= 0.03", "不良贷款容忍度提高幅度不超过3个百分点"),
        ("10 <= employees <= 20", "从业人员在10人至20人之间（含本数）"),
        ("10 < employees <= 20", "从业人员超过10人、不超过20人"),
        ("employees in {1, 2, 3}", "从业人员为1人、2人或者3人"),
        ("staff_let_go[2021] <= insured_staff[2020] * 0.2", "2021年裁员人数不超过2020年参保职工人数 × 0.2"),
        # Days
        ("established >= '2022-06-01'", "成立日期在2022年6月1日（含当日）以后"),
        ("established < '2022-06-01'", "成立日期早于2022年6月1日"),
        (
            "'2022-01-01' <= established < '2023-01-01'",
            "成立日期在2022年1月1日至2022年12月31日期间（含起止日）",
        ),
        ("year(established) == 2022", "成立日期在2022年"),
        ("year(established) == year(as_of)", "成立日期在办理当年"),
        ("year(established) < year(as_of)", "成立日期在办理当年以前的年度"),
        ("as_of < add_months(established, 36)", "自成立日期起至办理之日不满36个月"),
        ("as_of <= add_years(established, 2)", "自成立日期起至办理之日不超过2年"),
        # Classes and statements
        ("size in {medium, small, micro}", "属于中小微企业"),
        ("size in {small, micro} or self_employed", "属于小微企业，或者主体为个体工商户"),
        ("size == large", "属于大型企业"),
        ("not gravely_dishonest", "不属于严重违法失信"),
        ("hit_by_epidemic", "受疫情影响生产经营暂时困难"),
        ("not hit_by_epidemic", "没有受疫情影响生产经营暂时困难的情形"),
        ("insured_as_unit", "以单位方式参保"),
        ("not insured_as_unit", "未以单位方式参保"),
        ("small_low_profit", "属于小型微利企业"),
        ("not small_low_profit", "不属于小型微利企业"),
        ("carrier_level != no_carrier", "双创孵化载体级别为国家级、省级或者省级以下"),
        ("tax_credit_grade not in {grade_c, grade_d}", "纳税信用等级不是C级或者D级"),
        ("industry in {wholesale, retail}", "所属行业属于批发业或者零售业"),
        ("industry not in {'C13'}", "所属行业不属于农副食品加工业（C13）"),
        ("region in {'532503'}", "所在地在云南省红河哈尼族彝族自治州蒙自市"),
        ("listed('risk-county-2022')", "所在地列入“2022年曾被列为疫情中高风险区的县级行政区域”名单"),
        ("not listed('risk-county-2022')", "所在地未列入“2022年曾被列为疫情中高风险区的县级行政区域”名单"),
        # Levels of 且 and 或者 never meet without a mark between them.
        (
            "insured_as_unit or (self_employed and has_employees)",
            "以单位方式参保；或者主体为个体工商户，且有雇工",
        ),
        (
            "insured_as_unit and (self_employed or has_employees)",
            "以单位方式参保，且（主体为个体工商户，或者有雇工）",
        ),
        ("not (insured_as_unit or has_employees)", "未以单位方式参保，且没有雇工"),
        ("not (insured_as_unit and has_employees)", "未以单位方式参保，或者没有雇工"),
        ("not (employees >= 10)", "从业人员少于10人"),
        # Records
        ("exists(hires, employment_difficulty)", "有符合“属于就业困难人员”的招用人员"),
        ("not exists(hires)", "没有招用人员"),
        ("count(hires, contract_signed) >= 5", "符合“签订劳动合同”的招用人员人数在5人（含）以上"),
        ("total(projects, investment) >= 100_000_000", "各投资项目的实际资产性投资额合计在1亿元（含）以上"),
    ],
)
def test_conditions_read_as_an_officer_writes_them(library: PolicyLibrary, text: str, chinese: str) -> None:
    assert library.renderer().text(typed(library, text)) == chinese


def test_age_is_told_in_years_of_life(library: PolicyLibrary) -> None:
    node = typed(library, "16 <= years_between(born, started) <= 24", "intern")
    assert library.renderer().text(node) == "见习开始日期时的年龄在16周岁至24周岁之间（含本数）"


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("(assets + revenue) * 0.5", "（资产总额 + 营业收入） × 0.5"),
        ("assets - (revenue - 5)", "资产总额 − （营业收入 − 5元）"),
        ("assets * (1 / 3)", "资产总额 × （1 ÷ 3）"),
        ("min(assets, revenue)", "资产总额与营业收入两者中较小者"),
        ("max(assets - revenue, 0)", "资产总额 − 营业收入，小于零的按零计算"),
        ("min(assets + 5, revenue, 7)", "（资产总额 + 5元）、营业收入与7元三者中最小者"),
        ("min(9, max(1, assets))", "资产总额，低于1元的按1元计算，高于9元的按9元计算"),
        ("floor(assets / 3)", "（资产总额 ÷ 3）（不足1元的部分不计）"),
        ("assets if size == large else 0", "属于大型企业的，为资产总额；其他情形，为0元"),
        ("days_between('2022-01-01', '2023-01-01')", "2022年1月1日至2023年1月1日的天数（365天）"),
    ],
)
def test_amounts_read_as_formulas(library: PolicyLibrary, text: str, chinese: str) -> None:
    assert library.renderer().formula(typed(library, text)) == chinese


def test_a_choice_used_up_names_what_is_left(library: PolicyLibrary) -> None:
    node = typed(
        library,
        "3 if guarantor in {provincial_credit_guarantor, provincial_farm_guarantor} else 1",
        "guarantee",
    )
    conditions = [condition for condition, _ in library.renderer().branches(node)]
    assert conditions == [
        "担保机构为省信用融资担保公司或者省农业融资担保公司",
        "担保机构不是省信用融资担保公司或者省农业融资担保公司",
    ]


def test_a_condition_and_its_denial_never_read_alike(library: PolicyLibrary) -> None:
    for measure in library.measures:
        renderer = library.renderer(measure)
        for condition in measure.when:
            for node in walk(condition.test):
                if node.type.kind is Kind.TRUTH:
                    assert renderer.text(node) != renderer.denial(node), (
                        f"{measure.id}: {renderer.text(node)}"
                    )


def test_a_double_denial_says_the_same_as_none(library: PolicyLibrary) -> None:
    def twice(condition: Condition, renderer: Renderer) -> str:
        return renderer.text(Not(type=TRUTH, of=Not(type=TRUTH, of=condition.test)))

    for measure in library.measures:
        renderer = library.renderer(measure)
        for each in measure.when:
            assert twice(each, renderer) == renderer.text(each.test)


@pytest.mark.parametrize(
    ("label", "yes", "no"),
    [
        ("旅行社", "属于旅行社", "不属于旅行社"),
        ("在孵企业", "属于在孵企业", "不属于在孵企业"),
        ("经营者符合证明条件", "经营者符合证明条件", "经营者不符合证明条件"),
        ("银行同意延期还本付息", "银行同意延期还本付息", "银行不同意延期还本付息"),
        ("与新型冠状病毒相关", "与新型冠状病毒相关", "与新型冠状病毒无关"),
        ("拖欠方确有困难", "拖欠方确有困难", "拖欠方没有困难"),
        ("科技型中小企业（已入库）", "属于科技型中小企业（已入库）", "不属于科技型中小企业（已入库）"),
    ],
)
def test_a_yes_or_no_fact_is_said_and_denied(label: str, yes: str, no: str) -> None:
    assert (affirmed(label), denied(label)) == (yes, no)


def test_figures_are_written_as_official_texts_write_them() -> None:
    assert written_number(1_440_000, YUAN) == "14400元"
    assert written_number(2_000_000_00, YUAN) == "200万元"
    assert written_number(2_500_000_000_00, YUAN) == "25亿元"
    assert written_number(1000_00, parse_unit("yuan/person/month")) == "1000元/人·月"
    assert written_number(2_000_000, parse_unit("yuan/item"), "家") == "2万元/家"
    assert written_number(1, RATIO) == "100%"
    assert written_period("2022Q3") == "2022年第三季度"
    assert written_period("2022-03") == "2022年3月"


def test_names_are_strung_together() -> None:
    assert listed(["甲"]) == "甲"
    assert listed(["甲", "乙", "丙"]) == "甲、乙或者丙"
    assert listed(["大型企业", "中型企业"]) == "大中型企业"
    assert listed(["小型企业", "微型企业", "个体工商户"]) == "小微企业或者个体工商户"


@pytest.mark.parametrize(
    ("path", "cited"),
    [
        ("稳岗就业/二/（三）", "“稳岗就业”方案二（三）"),
        ("二/（五）", "二（五）"),
        ("二/（二）/4", "二（二）4"),
        ("八", "第八条"),
        ("十二", "第十二条"),
    ],
)
def test_clauses_are_cited_as_one_would(path: str, cited: str) -> None:
    assert clause_name(path, ("稳岗就业",)) == cited


def test_small_things_of_a_page() -> None:
    assert [numeral(number) for number in (1, 10, 11, 20, 23)] == ["一", "十", "十一", "二十", "二十三"]
    assert quoted("采取“免申即享”方式") == "“采取‘免申即享’方式”"
