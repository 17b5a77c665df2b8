"""Units multiply, divide and print; nothing else makes one unit another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.rules.units import BASES, MONTH, PERSON, RATIO, YUAN, Unit, parse_unit

UNITS = st.dictionaries(st.sampled_from(list(BASES)), st.sampled_from([-2, -1, 1, 2]), max_size=4).map(
    lambda powers: Unit(tuple(pair for base in BASES if (pair := (base, powers.get(base, 0)))[1]))
)


@pytest.mark.parametrize("text", ["yuan", "yuan/month", "yuan/person/month", "person", "ratio", "metre"])
def test_a_unit_prints_as_it_is_written(text: str):
    assert str(parse_unit(text)) == text


@pytest.mark.parametrize(("text", "word"), [("yen", "yen"), ("yuan/", ""), ("yuan/week", "week"), ("", "")])
def test_what_is_no_unit_is_named(text: str, word: str):
    with pytest.raises(ValueError, match="^" + word + "$"):
        parse_unit(text)


def test_yuan_a_month_times_months_is_yuan():
    assert parse_unit("yuan/month").times(MONTH) == YUAN
    assert parse_unit("yuan/person/month").times(PERSON).times(MONTH) == YUAN
    assert YUAN.over(YUAN) == RATIO
    assert str(RATIO.over(YUAN)) == "1/yuan"


@pytest.mark.parametrize(
    ("text", "scale", "chinese"),
    [
        ("yuan", 100, "元"),
        ("yuan/month", 100, "元/月"),
        ("yuan/person/month", 100, "元/人·月"),
        ("person", 1, "人"),
        ("ratio", 1, ""),
    ],
)
def test_yuan_are_kept_as_fen_and_said_in_chinese(text: str, scale: int, chinese: str):
    assert (parse_unit(text).scale, parse_unit(text).chinese) == (scale, chinese)


@given(UNITS, UNITS)
def test_products_commute_and_quotients_undo_them(a: Unit, b: Unit):
    assert a.times(b) == b.times(a)
    assert a.times(b).over(b) == a
    assert a.over(a) == RATIO


@given(UNITS, UNITS, UNITS)
def test_the_order_of_factors_does_not_matter(a: Unit, b: Unit, c: Unit):
    assert a.times(b).times(c) == a.times(b.times(c))
