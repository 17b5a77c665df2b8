from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference.amounts import (
    NumeralError,
    find_quantities,
    numbers_in,
    parse_number,
    parse_quantity,
)


@pytest.mark.parametrize(
    ("text", "value", "unit", "direction"),
    [
        ("５亿元", Fraction(500_000_000), "yuan", "exactly"),
        ("三十万元", Fraction(300_000), "yuan", "exactly"),
        ("1.5亿", Fraction(150_000_000), "number", "exactly"),
        ("一千二百万", Fraction(12_000_000), "number", "exactly"),
        ("0.5 万元", Fraction(5000), "yuan", "exactly"),
        ("2000万元以下", Fraction(20_000_000), "yuan", "at_most"),
        ("不超过三十万元", Fraction(300_000), "yuan", "at_most"),
        ("最高不超过三十万元", Fraction(300_000), "yuan", "at_most"),
        ("最高可达500万元", Fraction(5_000_000), "yuan", "at_most"),
        ("不低于20万元", Fraction(200_000), "yuan", "at_least"),
        ("不得低于30%", Fraction(3, 10), "ratio", "at_least"),
        ("不高于5%", Fraction(1, 20), "ratio", "at_most"),
        ("超过100万元", Fraction(1_000_000), "yuan", "more_than"),
        ("不满10人", Fraction(10), "person", "less_than"),
        ("3户以外", Fraction(3), "household", "more_than"),
        ("1年以上", Fraction(1), "year", "at_least"),
        ("12%以内", Fraction(3, 25), "ratio", "at_most"),
        ("7个工作日内", Fraction(7), "working_day", "at_most"),
        ("10个工作日", Fraction(10), "working_day", "exactly"),
        ("1‰", Fraction(1, 1000), "ratio", "exactly"),
        ("５％", Fraction(1, 20), "ratio", "exactly"),
        ("百分之五十", Fraction(1, 2), "ratio", "exactly"),
        ("三分之二", Fraction(2, 3), "ratio", "exactly"),
        ("三分之一以上", Fraction(1, 3), "ratio", "at_least"),
        ("近20亿元", Fraction(2_000_000_000), "yuan", "about"),
        ("1个百分点", Fraction(1, 100), "percentage_point", "exactly"),
        ("不超过3个百分点", Fraction(3, 100), "percentage_point", "at_most"),
        ("两成", Fraction(1, 5), "ratio", "exactly"),
        ("八折", Fraction(4, 5), "ratio", "exactly"),
        ("半数", Fraction(1, 2), "ratio", "exactly"),
        ("1,307户", Fraction(1307), "household", "exactly"),
        ("1，307户", Fraction(307), "household", "exactly"),
        ("2倍", Fraction(2), "multiple", "exactly"),
        ("约２０亿元", Fraction(2_000_000_000), "yuan", "about"),
        ("500多户", Fraction(500), "household", "more_than"),
        ("20余亿元", Fraction(2_000_000_000), "yuan", "more_than"),
        ("30人（含）以下", Fraction(30), "person", "at_most"),
        ("5人(含5人)以上", Fraction(5), "person", "at_least"),
        ("1亿元（含1亿元）以上", Fraction(100_000_000), "yuan", "at_least"),
        ("1000万元以下（含）", Fraction(10_000_000), "yuan", "at_most"),
        ("1000万元（不含）以下", Fraction(10_000_000), "yuan", "less_than"),
        ("至少解决1项", Fraction(1), "item", "at_least"),
        ("200,000 yuan", Fraction(200_000), "yuan", "exactly"),
        ("5 million yuan", Fraction(5_000_000), "yuan", "exactly"),
        ("RMB 5,000,000", Fraction(5_000_000), "yuan", "exactly"),
        ("1 hundred million", Fraction(100_000_000), "number", "exactly"),
        ("shall not exceed 300,000 yuan", Fraction(300_000), "yuan", "at_most"),
        ("less than 10 million yuan (inclusive)", Fraction(10_000_000), "yuan", "at_most"),
    ],
)
def test_an_amount_is_read_with_its_direction(text: str, value: Fraction, unit: str, direction: str) -> None:
    found = find_quantities(text)
    assert [(q.value, q.unit, q.direction) for q in found] == [(value, unit, direction)]
    if "，" not in text:
        assert parse_quantity(text).printed == text


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("6%-10%", Fraction(3, 50), Fraction(1, 10), "ratio"),
        ("１０％－２０％", Fraction(1, 10), Fraction(1, 5), "ratio"),
        ("10%—20%", Fraction(1, 10), Fraction(1, 5), "ratio"),
        ("10至20%", Fraction(1, 10), Fraction(1, 5), "ratio"),
        ("16—24岁", Fraction(16), Fraction(24), "year_of_age"),
        ("10-20万元", Fraction(100_000), Fraction(200_000), "yuan"),
        ("5000-1万元", Fraction(5000), Fraction(10_000), "yuan"),
        ("3-6个月", Fraction(3), Fraction(6), "month"),
        ("2.5万(含本级数)-5万千瓦(含本级数)", Fraction(25_000), Fraction(50_000), "kilowatt"),
    ],
)
def test_a_range_has_two_ends(text: str, low: Fraction, high: Fraction, unit: str) -> None:
    quantity = parse_quantity(text)
    assert (quantity.value, quantity.high, quantity.unit, quantity.direction) == (low, high, unit, "range")


@pytest.mark.parametrize(
    ("text", "value", "noun"),
    [
        ("最高一次性奖励50万元", 500_000, "元"),
        ("5 000万元", 50_000_000, "元"),
        ("新建充电桩300座", 300, "座"),
        ("下调20BP", Fraction(1, 500), "BP"),
        ("3-6个月", 3, "个月"),
        ("百分之五十", Fraction(1, 2), ""),
        ("5 percent", Fraction(1, 20), "percent"),
    ],
)
def test_an_amount_keeps_its_unit_as_printed(text: str, value: Fraction, noun: str) -> None:
    (quantity,) = find_quantities(text)
    assert (quantity.value, quantity.noun) == (value, noun)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("超500家", "more_than"),
        ("已超500家", "more_than"),
        ("突破100亿元", "more_than"),
        ("5万元封顶", "at_most"),
    ],
)
def test_short_limit_words_are_read(text: str, direction: str) -> None:
    assert find_quantities(text)[0].direction == direction


@pytest.mark.parametrize("text", ["9" * 6000 + "元", "1" * 5000 + ".5%", "亿" * 5000 + "元"])
def test_a_run_too_long_to_be_an_amount_is_passed_over(text: str) -> None:
    assert find_quantities(text) == []


def test_a_band_printed_as_two_limits_is_two_quantities() -> None:
    found = find_quantities("年应纳税所得额超过100万元但不超过300万元的部分")
    assert [(q.value, q.direction) for q in found] == [(1_000_000, "more_than"), (3_000_000, "at_most")]


def test_the_last_three_years_are_three_years() -> None:
    (quantity,) = find_quantities("近三年无违法记录")
    assert (quantity.value, quantity.unit, quantity.direction) == (3, "year", "exactly")


def test_offsets_point_into_the_text_as_printed() -> None:
    text = "对重点企业按照不高于５％的利率，每户最多不超过１０万元（含）。"
    found = find_quantities(text)
    assert [q.printed for q in found] == ["不高于５％", "最多不超过１０万元（含）"]
    assert all(text[q.start : q.end] == q.printed for q in found)


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("按照每人每月1000元的标准", ("person", "month")),
        ("以每户每年14400元的限额", ("household", "year")),
        ("500元/人的标准", ("person",)),
        ("每户企业奖励8万元", ("firm",)),
        ("每吨补助100元", ("tonne",)),
        ("奖励20万元", ()),
    ],
)
def test_an_amount_knows_what_it_is_counted_by(text: str, per: tuple[str, ...]) -> None:
    (quantity,) = find_quantities(text)
    assert quantity.per == per


@pytest.mark.parametrize(
    "text",
    [
        "一次性奖励",
        "一户一策",
        "“一对一”精准服务",
        "统一领导",
        "千方百计",
        "十四五规划",
        "2022年12月31日前",
        "每月20日前报送",
        "云政办发〔2022〕42号",
        "第二季度",
        "2.推动创新成果转化",
        "24、发挥大型企业带动作用",
        "新型冠状病毒(2019-nCoV)",
        "12345平台",
        "国家有关部门",
        "2022-2025",
        "5G网络",
    ],
)
def test_words_that_count_nothing_give_no_quantity(text: str) -> None:
    assert find_quantities(text) == []
    assert not numbers_in(text) & {Fraction(1), Fraction(2), Fraction(3)}


@pytest.mark.parametrize("text", ["", "很多", "3", "3个月和6个月", "减免3个月租金", "不超过"])
def test_a_text_that_is_not_one_quantity_is_refused(text: str) -> None:
    with pytest.raises(NumeralError, match="quantity"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "backed"),
    [
        ("减免３个月租金", {Fraction(3)}),
        ("500万元", {Fraction(5_000_000), Fraction(500)}),
        ("50%", {Fraction(1, 2), Fraction(50)}),
        ("百分之五十", {Fraction(1, 2), Fraction(50)}),
        ("1‰", {Fraction(1, 1000), Fraction(1)}),
        ("半数", {Fraction(1, 2)}),
        ("减半征收", {Fraction(1, 2)}),
        ("双倍", {Fraction(2)}),
        ("两成", {Fraction(1, 5), Fraction(2)}),
        ("不超过1年", {Fraction(1), Fraction(12)}),
        ("10-20万元", {Fraction(10), Fraction(20), Fraction(100_000), Fraction(200_000)}),
        ("给予一次性奖励", set()),
        ("统一、进一步、一些", set()),
        ("2022年4月1日至2022年12月31日", set()),
        ("云政办发〔2022〕42号", set()),
        ("30人（含）以下的参保企业", {Fraction(30)}),
        ("5 million yuan", {Fraction(5), Fraction(5_000_000)}),
    ],
)
def test_words_back_their_values_and_nothing_else(text: str, backed: set[Fraction]) -> None:
    assert numbers_in(text) == backed


def test_dates_back_their_digits_only_when_asked() -> None:
    assert Fraction(2022) in numbers_in("2022年底前", dates=True)


@given(
    st.fractions(min_value=0, max_value=10**6, max_denominator=100).filter(
        lambda f: 100 % f.denominator == 0
    ),
    st.sampled_from(
        [
            ("元", "yuan", 1),
            ("万元", "yuan", 10**4),
            ("亿元", "yuan", 10**8),
            ("%", "ratio", Fraction(1, 100)),
        ]
    ),
    st.sampled_from(
        [("不超过", "", "at_most"), ("不低于", "", "at_least"), ("", "以下", "at_most"), ("", "", "exactly")]
    ),
    st.booleans(),
)
def test_any_printed_amount_is_read_exactly(
    number: Fraction, unit: tuple[str, str, Fraction], limit: tuple[str, str, str], wide: bool
) -> None:
    cents = int(number * 100)
    digits = f"{cents // 100}.{cents % 100:02d}"
    if wide:
        digits = digits.translate({ord(char): chr(ord(char) + 0xFEE0) for char in "0123456789."})
    printed = f"{limit[0]}{digits}{unit[0]}{limit[1]}"
    text = f"按规定给予{printed}，其余照旧。"
    (quantity,) = find_quantities(text)
    assert (quantity.value, quantity.unit, quantity.direction) == (number * unit[2], unit[1], limit[2])
    assert quantity.printed == printed
    assert {quantity.value, parse_number(digits)} <= numbers_in(text)


@given(
    st.text(
        alphabet="零一二两三十百千万亿半0189.,%％‰元户人个月年日内以上下不超过至-—（含）()多余约每/分之成折\n"
    )
)
def test_any_text_is_read_without_fault_and_in_order(text: str) -> None:
    found = find_quantities(text)
    assert all(text[q.start : q.end] == q.printed for q in found)
    assert all(left.end <= right.start for left, right in pairwise(found))
    assert all(q.value in numbers_in(text) for q in found)
