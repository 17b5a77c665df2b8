"""A value is read by the type of its fact, exactly; what cannot be is named with how to mend it."""

import datetime
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.rules.values import BadValue, parse_date, parse_value


def value(house, name: str, text: str):
    return parse_value(text, house.facts.subject[name])


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("employees", "30", 30),
        ("employees", "1,234", 1234),
        ("employees", "1_234", 1234),
        ("employees", "30人", 30),
        ("employees", "30.0", 30),
        ("employees", "三十人", 30),
        ("assets", "12000.50", 12_000_50),
        ("assets", "1,234.5", 1_234_50),
        ("assets", "３０万元", 300_000_00),
        ("assets", "¥5", 5_00),
        ("assets", "0", 0),
        ("share", "0.05", Fraction(1, 20)),
        ("share", "5%", Fraction(1, 20)),
        ("share", "1", 1),
        ("wage", "1500", 1500_00),
        ("established", "2022-02-28", datetime.date(2022, 2, 28)),
        ("honest", "yes", True),
        ("honest", "否", False),
        ("honest", "TRUE", True),
        ("trade", "shop", "shop"),
        ("trade", "旅馆", "hotel"),
        ("industry", "26", "C26"),
        ("region", "53", "530000"),
        ("name", "  云岭小吃店 ", "云岭小吃店"),
    ],
)
def test_what_people_write_is_read(house, name, text, expected):
    assert value(house, name, text) == expected


@pytest.mark.parametrize(
    ("name", "text", "code", "says"),
    [
        ("employees", "30元", "wrong-unit", "person"),
        ("employees", "30.5", "impossible-value", "whole number"),
        ("employees", "-1", "impossible-value", "below nought"),
        ("employees", "2000000", "impossible-value", "1,000,000 person"),
        ("employees", "1,2", "not-a-number", "digits"),
        ("employees", "12,34", "not-a-number", "digits"),
        ("employees", "many", "not-a-number", "digits"),
        ("employees", "1e3", "not-a-number", "digits"),
        ("employees", "0x10", "not-a-number", "digits"),
        ("employees", "NaN", "not-a-number", "digits"),
        ("employees", "30人以上", "not-exact", "one number"),
        ("employees", "9" * 5000, "not-a-number", "digits"),
        ("assets", "1.005", "not-money", "two"),
        ("assets", "-0.01", "impossible-value", "below nought"),
        ("assets", "30人", "wrong-unit", "yuan"),
        ("assets", "不超过30万元", "wrong-unit", "yuan"),
        ("assets", "abc", "not-money", "1234.56"),
        ("assets", "1000000000000", "impossible-value", "100,000,000,000 yuan"),
        ("assets", "9" * 5000, "not-money", "5,000 characters"),
        ("months_open", "0", "impossible-value", "more than nought"),
        ("share", "0.1234567", "impossible-value", "at most 6 decimals"),
        ("share", "三分之一", "impossible-value", "at most 6 decimals"),
        ("established", "2022-02-30", "not-a-date", "no such day"),
        ("established", "20220228", "not-a-date", "YYYY-MM-DD"),
        ("established", "2022-W26-4", "not-a-date", "YYYY-MM-DD"),
        ("established", "2022年2月28日", "not-a-date", "YYYY-MM-DD"),
        ("honest", "maybe", "not-yes-no", "yes or no"),
        ("honest", "1", "not-yes-no", "yes or no"),
        ("trade", "hotels", "unknown-choice", "shop (商店), hotel (旅馆), farm (农场)"),
        ("industry", "C99", "unknown-industry", "GB/T 4754"),
        ("region", "539999", "unknown-region", "532503"),
    ],
)
def test_what_cannot_be_is_named_and_mended(house, name, text, code, says):
    with pytest.raises(BadValue) as error:
        value(house, name, text)
    assert error.value.code == code
    assert says in f"{error.value.why} {error.value.mend}"
    assert len(error.value.what) < 300


@given(st.integers(0, 10**12))
def test_yuan_and_fen_are_never_lost(shared_house, fen: int):
    text = f"{fen // 100}.{fen % 100:02d}"
    assert value(shared_house, "assets", text) == fen


@given(st.dates())
def test_a_date_is_read_as_it_is_written(day):
    assert parse_date(day.isoformat()) == day


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_a_reason(shared_house, text: str):
    for name in ("employees", "assets", "share", "established", "honest", "trade", "industry", "region"):
        try:
            assert value(shared_house, name, text) is not None
        except BadValue as error:
            assert error.code
            assert error.mend


def test_a_rate_written_a_hundred_times_too_great_is_told_how_to_write_it(house):
    rate = replace(house.facts.subject["share"], most=1)
    assert parse_value("3.85%", rate) == parse_value("0.0385", rate) == Fraction(385, 10000)
    assert parse_value("1", rate) == 1
    for text, why, mend in (
        ("3.85", "3.85 is above 1", "write 0.0385 or 3.85%"),
        ("385%", "3.85 is above 1", "a share of the whole is at most 1 (100%): check it"),
        ("385", "385 is above 1", "a share of the whole is at most 1 (100%): check it"),
    ):
        with pytest.raises(BadValue) as refused:
            parse_value(text, rate)
        assert (refused.value.why, refused.value.mend) == (why, mend)
        assert refused.value.what == f"share cannot be {text}"
