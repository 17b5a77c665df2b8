from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.documents.quantities import read_quantities

ISSUED = date(2022, 6, 8)


def one(text: str):
    (found,) = read_quantities(text, issued=ISSUED)
    return found


@pytest.mark.parametrize(
    ("text", "value", "unit", "direction"),
    [
        ("安排资金５亿元", 500_000_000, "元", "exactly"),
        ("奖励三十万元", 300_000, "元", "exactly"),
        ("增速不低于8%", 8, "%", "at_least"),
        ("投资额1亿元（含1亿元）以上", 100_000_000, "元", "at_least"),
        ("最高给予一次性奖励50万元", 500_000, "元", "at_most"),
        ("补助5万元封顶", 50_000, "元", "at_most"),
        ("总额约20亿元", 2_000_000_000, "元", "about"),
        ("营业收入突破100亿元", 10_000_000_000, "元", "above"),
        ("满意度低于85%", 85, "%", "below"),
        ("力争达到60户", 60, "户", "reach"),
        ("增加值增长8%", 8, "%", "increase"),
        ("提高2个百分点", 2, "个百分点", "increase"),
        ("成本下降1.5%", Fraction(3, 2), "%", "decrease"),
        ("担保费率降至1%", 1, "%", "reach"),
        ("担保费率降至1%以下", 1, "%", "at_most"),
        ("亏损面控制在12%以内", 12, "%", "at_most"),
        ("每月至少走访一次", 1, "次", "at_least"),
        ("裁员率不高于参保职工总数的20%", 20, "%", "at_most"),
        ("给予1‰的补助", 1, "‰", "exactly"),
        ("利率下调20BP", 20, "个基点", "decrease"),
        ("一半由市级承担", 50, "%", "exactly"),
        ("覆盖百分之六十", 60, "%", "exactly"),
        ("全额返还", 100, "%", "exactly"),
        ("产值翻一番", 2, "倍", "reach"),
        ("按1:2配套", Fraction(1, 2), "比", "exactly"),
        ("从业人员≤1000人", 1000, "人", "at_most"),
        ("研发人员占比≥10%", 10, "%", "at_least"),
        ("融资成本低于去年同期0.5个百分点", Fraction(1, 2), "个百分点", "decrease"),
        ("增速高于全国平均水平2个百分点", 2, "个百分点", "increase"),
        ("电价每千瓦时下调2.5分", Fraction(1, 40), "元", "decrease"),
        ("按3分/千瓦时补贴", Fraction(3, 100), "元", "exactly"),
        ("使用期限一般不超过十五个工作日", 15, "个工作日", "at_most"),
        ("新建充电桩300座", 300, "座", "exactly"),
        ("服务全省1,307户企业", 1307, "户", "exactly"),
        ("投入5 000万元", 50_000_000, "元", "exactly"),
        ("a subsidy of 500 million yuan", 500_000_000, "元", "exactly"),
        ("serve 88 households", 88, "户", "exactly"),
        ("cultivate 1,000 provincial-level new enterprises", 1000, "家", "exactly"),
        ("at least 5 percent", 5, "%", "at_least"),
    ],
)
def test_a_figure_has_its_base_unit_and_direction(
    text: str, value: int | Fraction, unit: str, direction: str
) -> None:
    found = one(text)
    assert (found.value, found.unit, found.direction) == (value, unit, direction)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("给予3%—5%贴息", 3, 5, "%"),
        ("奖励30万元至50万元", 300_000, 500_000, "元"),
        ("16—24岁青年", 16, 24, "岁"),
    ],
)
def test_a_range_has_both_ends(text: str, low: int, high: int, unit: str) -> None:
    found = one(text)
    assert (found.value, found.value_to, found.unit, found.direction) == (low, high, unit, "range")


@pytest.mark.parametrize(
    "text",
    [
        "组织实施“十大专项行动”",
        "实施三年行动计划",
        "2022年12月31日前完成",
        "在印发7个工作日内出台",
        "云政办发〔2022〕42号",
        "落实《稳增长12条措施》",
        "推行“一窗通办”“一件事一次办”",
        "给予一次性奖励",
        "建立一个机制、打造一批企业",
        "省、州、县三级联动",
        "第二季度完成",
        "依托12345平台",
        "缓缴三项社会保险费",
        "1. 加大投入",
    ],
)
def test_a_number_that_only_names_is_no_figure(text: str) -> None:
    assert read_quantities(text, issued=ISSUED) == ()


def test_a_change_keeps_what_was_before() -> None:
    old, new = read_quantities("资金支持比例由1%提高至2%")
    assert (old.value, new.value, new.base, new.direction, new.change) == (1, 2, 1, "reach", "increase")


def test_a_bounded_rise_is_bounded_and_a_rise() -> None:
    found = one("增加值增长不低于8%")
    assert (found.direction, found.change) == ("at_least", "increase")


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("新增10个省级众创空间", "省级众创空间"),
        ("给予最高不超过10万元补助", "补助"),
        ("确保复工复产率达到95%以上", "复工复产率"),
        ("给予50%的贴息", "贴息"),
        ("民营经济增加值增长8%", "民营经济增加值"),
        ("失业率控制在5.5%以内", "失业率"),
    ],
)
def test_a_figure_says_what_it_is_of(text: str, of: str) -> None:
    assert one(text).of == of


def test_a_figure_is_due_until_the_deadline_it_stands_under() -> None:
    text = (
        "确有困难的2022年6月底前明确计划，金额200万元以下的必须在2022年底前清偿。力争到2025年，建成40个基地。"
    )
    assert [found.until for found in read_quantities(text, issued=ISSUED)] == [
        date(2022, 12, 31),
        date(2025, 12, 31),
    ]


def test_a_target_is_due_until_the_task_s_own_limit() -> None:
    found = one("培育企业达到20户以上。（市工信局负责，完成时限：2022年12月底前）")
    assert found.until == date(2022, 12, 31)


def test_an_amount_says_what_it_is_counted_by() -> None:
    assert one("按每人每月1000元给予补贴").per == ("人", "月")


@given(
    st.integers(1, 10**6),
    st.sampled_from([("元", 1), ("万元", 10**4), ("亿元", 10**8)]),
    st.sampled_from(
        [("不超过", "", "at_most"), ("不低于", "", "at_least"), ("", "以上", "at_least"), ("约", "", "about")]
    ),
)
def test_any_rendered_amount_reads_back(
    number: int, unit: tuple[str, int], limit: tuple[str, str, str]
) -> None:
    printed = f"{limit[0]}{number}{unit[0]}{limit[1]}"
    found = one(f"市财政安排{printed}，支持企业。")
    assert (found.value, found.unit, found.direction) == (number * unit[1], "元", limit[2])
    assert found.printed == printed


@given(
    st.text(
        alphabet="0123456789.,一二两三十百万亿元户家人个项%％‰年月日内以上下不超过至由提高到增长全额翻番:：“”《》，。（）等、其中占\n",
        max_size=80,
    )
)
def test_any_text_is_read_in_order_with_true_offsets(text: str) -> None:
    found = read_quantities(text, issued=ISSUED)
    assert all(text[each.start : each.end] == each.printed for each in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(isinstance(each.value, Fraction) for each in found)


@pytest.mark.parametrize("piece", ["一", "5户、", "其中5户", "由1%提高至", "1:", "0", "“十"])
def test_a_long_hostile_text_is_read_to_its_end(piece: str) -> None:
    found = read_quantities(piece * 5000, issued=ISSUED)
    assert all(each.printed for each in found)
