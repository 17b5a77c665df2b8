from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference.numerals import NumeralError, find_numerals, fold, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,000", 3000),
        ("1.5亿", 150_000_000),
        ("三十万", 300_000),
        ("一千二百万", 12_000_000),
        ("二〇二二", 2022),
        ("十", 10),
        ("十五", 15),
        ("一百零五", 105),
        ("1亿5000万", 150_000_000),
        ("3万5千", 35_000),
        ("2万亿", 2 * 10**12),
        ("一亿零三百", 100_000_300),
        ("两千", 2000),
        ("零", 0),
        ("一点五", Fraction(3, 2)),
        ("壹佰万", 1_000_000),
        ("２，０００", 2000),
        ("0.5 万", 5000),
        ("负3", -3),
    ],
)
def test_a_number_is_read_exactly(text: str, value: Fraction) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "一万二",
        "三百五",
        "三四百",
        "3万5",
        "百",
        "十四五",
        "千方百计",
        "20余亿",
        "1,0000",
        "1.2.3",
        "一些",
    ],
)
def test_what_can_be_read_in_two_ways_or_in_none_is_refused(text: str) -> None:
    with pytest.raises(NumeralError, match="is no number"):
        parse_number(text)


def test_folding_moves_no_offset_and_makes_no_digits_of_circled_ones() -> None:
    text = "①减免３个月（含）㈠²"
    assert fold(text) == "①减免3个月(含)㈠²"
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_keeps_every_length(text: str) -> None:
    assert len(fold(text)) == len(text)


def _spelled(number: int) -> str:
    """Spell a number by the schoolbook, independently of the parser."""
    if number == 0:
        return "零"

    def below_wan(part: int) -> str:
        out, zero = "", False
        for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = part // power % 10
            if digit:
                out += ("零" if zero and out else "") + "零一二三四五六七八九"[digit] + name
                zero = False
            else:
                zero = True
        return out

    out = ""
    for power, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // power % 10**4
        if part:
            out += (
                ("零" if out and (part < 1000 or number // power // 10 % 10**3 == 0) else "")
                + below_wan(part)
                + name
            )
    return out


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_every_spelled_number_reads_back(number: int) -> None:
    assert parse_number(_spelled(number)) == number
    assert parse_number(f"{number:,}") == number


@given(st.integers(1, 9999), st.sampled_from([("万", 10**4), ("亿", 10**8), ("万亿", 10**12), ("千", 1000)]))
def test_digits_before_a_multiplier_keep_their_printed_figure(
    number: int, multiplier: tuple[str, int]
) -> None:
    (found,) = find_numerals(f"共{number}{multiplier[0]}元")
    assert (found.value, found.mantissa, found.multiplier) == (number * multiplier[1], number, multiplier[1])


@given(st.text(alphabet="零一二三四五六七八九十百千万亿两0123456789.,点余多", max_size=14))
def test_any_run_is_read_or_passed_over_within_its_bounds(text: str) -> None:
    for found in find_numerals(fold(text)):
        assert 0 <= found.start < found.end <= len(text)
        assert found.value >= 0


def test_english_scales_multiply() -> None:
    found = list(find_numerals("5 million yuan, 1 hundred million, 2 billion"))
    assert [f.value for f in found] == [5_000_000, 100_000_000, 2_000_000_000]
