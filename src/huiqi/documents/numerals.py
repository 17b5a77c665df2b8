"""Chinese numerals of clause labels, 1 to 999."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_FORMAL = str.maketrans("零壹贰叁肆伍陆柒捌玖拾佰", "〇一二三四五六七八九十百")
HAN_NUMERALS = _DIGITS + "零十百壹贰叁肆伍陆柒捌玖拾佰"


def number_to_han(number: int) -> str:
    """The numeral as labels print it, 10 to 19 without their 一: 十二, 二十, 一百〇三. From 1 to 999."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    numeral = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        numeral += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        numeral += "〇"
    return numeral + (_DIGITS[ones] if ones else "")


_NUMBERS = {number_to_han(number): number for number in range(1, 1000)}


def han_number(printed: str) -> int | None:
    """The number of a label's numeral, 1 to 999; None when it is no well-formed numeral."""
    plain = printed.translate(_FORMAL)
    return _NUMBERS.get(plain.removeprefix("一") if plain.startswith("一十") else plain)
