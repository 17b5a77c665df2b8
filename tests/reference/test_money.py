from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference.money import (
    MoneyError,
    format_yuan,
    format_yuan_grouped,
    format_yuan_zh,
    half_up,
    parse_yuan,
    yuan_to_fen,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.56", 123456),
        ("1,234.5", 123450),
        ("0", 0),
        ("-0.01", -1),
        ("１２３．４５", 12345),
        ("¥1,000,000", 100_000_000),
        ("人民币500元", 50000),
        ("20000001", 2_000_000_100),
    ],
)
def test_yuan_text_becomes_fen(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "1.234", "1e3", "12,34", "3万元", "nan", ".5", "1.", "--1", "1_000"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(MoneyError, match="yuan"):
        parse_yuan(text)


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_every_amount_survives_its_own_text(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen
    assert parse_yuan(format_yuan_grouped(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (3_500_000, "3.5万元"),
        (12_000_000_000, "1.2亿元"),
        (98_000, "980元"),
        (98_050, "980.5元"),
        (1_234_567, "12,345.67元"),
        (-3_500_000, "-3.5万元"),
        (100_000_000, "100万元"),
        (0, "0元"),
        (100_000, "1,000元"),
    ],
)
def test_chinese_prose_never_rounds(fen: int, text: str) -> None:
    assert format_yuan_zh(fen) == text


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(5, 2), 3),
        (Fraction(-5, 2), -3),
        (Fraction(249, 100), 2),
        (Fraction(0), 0),
        (Fraction(-1, 3), 0),
        (Fraction(1, 2), 1),
    ],
)
def test_a_half_goes_away_from_zero(value: Fraction, rounded: int) -> None:
    assert half_up(value) == rounded


@given(st.fractions())
def test_rounding_is_symmetric_and_within_a_half(value: Fraction) -> None:
    assert half_up(-value) == -half_up(value)
    assert abs(half_up(value) - value) <= Fraction(1, 2)


def test_a_third_of_a_yuan_is_thirty_three_fen() -> None:
    assert yuan_to_fen(Fraction(1, 3)) == 33
    assert yuan_to_fen(Fraction(1, 200)) == 1


@pytest.mark.parametrize(
    ("text", "fen"), [("0.000", 0), ("1.000", 100), ("12.3400", 1234), ("1,234.500", 123_450)]
)
def test_noughts_behind_the_fen_change_nothing(text, fen):
    assert parse_yuan(text) == fen
