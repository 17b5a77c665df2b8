"""How Word prints the number of a paragraph in each of its number formats (ECMA-376, 17.18.59 ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable

_PLAIN_DIGITS = "〇一二三四五六七八九"
_LOWER = ("零一二三四五六七八九", "", "十", "百", "千", "万")
_UPPER = ("零壹贰叁肆伍陆柒捌玖", "", "拾", "佰", "仟", "万")
_UPPER_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "", "拾", "佰", "仟", "萬")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")),
    *((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_LARGEST = 99_999
_LONGEST_LETTERS = 30
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def format_number(number: int, style: str, pattern: str = "") -> str:
    """Return `number` as `style` prints it; a style that is not known, or not so far, prints 1, 2, 3.

    `pattern` is the example of the style `custom`, such as `001, 002, 003, ...`.
    """
    if style in {"none", "bullet"}:
        return ""
    if style == "custom":
        width = len(pattern.partition(",")[0].strip())
        return str(number).zfill(min(width, 10))
    printer = _PRINTERS.get(style)
    return (printer(number) if printer and 0 < number <= _LARGEST else None) or str(number)


def _counting(words: tuple[str, ...], *, short_ten: bool) -> Callable[[int], str]:
    """A printer of numerals with places (一百零三); `short_ten` prints 10 to 19 without their one."""
    digits = words[0]

    def printed(number: int) -> str:
        out, gap = "", False
        for place in range(4, -1, -1):
            digit = number // 10**place % 10
            if digit:
                out += (digits[0] if gap and out else "") + digits[digit] + words[place + 1]
                gap = False
            else:
                gap = True
        one_ten = digits[1] + words[2]
        return out[1:] if short_ten and out.startswith(one_ten) else out

    return printed


def _japanese(number: int) -> str:
    out = ""
    for place in range(4, -1, -1):
        digit = number // 10**place % 10
        if digit:
            one = "" if digit == 1 and place in {1, 2, 3} else _PLAIN_DIGITS[digit]
            out += one + _LOWER[place + 1]
    return out


def _digits(number: int) -> str:
    return "".join(_PLAIN_DIGITS[int(each)] for each in str(number))


def _row(first: str, count: int) -> Callable[[int], str | None]:
    """A printer of signs that follow each other in Unicode, from one to `count`."""
    return lambda number: chr(ord(first) + number - 1) if number <= count else None


def _cycle(signs: str) -> Callable[[int], str | None]:
    return lambda number: signs[number - 1] if number <= len(signs) else None


def _roman(number: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        out += sign * count
    return out


def _letters(number: int) -> str | None:
    times, place = divmod(number - 1, 26)
    return chr(ord("A") + place) * (times + 1) if times < _LONGEST_LETTERS else None


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


_PRINTERS: dict[str, Callable[[int], str | None]] = {
    "chineseCounting": _counting(_LOWER, short_ten=True),
    "chineseCountingThousand": _counting(_LOWER, short_ten=True),
    "taiwaneseCounting": _counting(_LOWER, short_ten=True),
    "taiwaneseCountingThousand": _counting(_LOWER, short_ten=True),
    "chineseLegalSimplified": _counting(_UPPER, short_ten=False),
    "ideographLegalTraditional": _counting(_UPPER_TRADITIONAL, short_ten=False),
    "japaneseCounting": _japanese,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": _digits,
    "koreanDigital2": _digits,
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": lambda number: _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12],
    "decimalEnclosedCircle": _row("①", 20),
    "decimalEnclosedCircleChinese": _row("①", 20),
    "decimalEnclosedParen": _row("⑴", 20),
    "decimalEnclosedFullstop": _row("⒈", 20),
    "ideographEnclosedCircle": _row("㊀", 10),
    "decimalFullWidth": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(_FULL_WIDTH),
    "decimalZero": lambda number: f"{number:02}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: (_letters(number) or "").lower(),
    "ordinal": _ordinal,
    "hex": lambda number: f"{number:X}",
    "numberInDash": lambda number: f"- {number} -",
}
