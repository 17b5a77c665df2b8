"""Numbers as official Chinese documents write them, read exactly: 3,000, 1.5亿, 三十万, 一千二百万, 二〇二二.

`fold` makes full-width text half-width without moving a single offset; everything else works on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_DIGIT_VALUES = {
    **{char: value for value, char in enumerate("〇一二三四五六七八九")},
    **{char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "○": 0,
    "两": 2,
    "幺": 1,
}
_TENS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_WAN = 10**4
_LONGEST = 40
"""Characters of the longest run that is read as a number: more digits are no amount of this world."""
_YI = 10**8
HAN_DIGITS = "".join(_DIGIT_VALUES)
_MULTIPLIERS = "".join(_TENS) + "万亿"

# 千 and 百 belong to the unit in 千瓦, 千克, 千米 and 百分之: they are no multipliers there.
_MULTIPLIER = rf"(?:[{_MULTIPLIERS}](?!瓦|克|米(?!饭)|分之|分点))"
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?!,?[0-9])|[0-9]+)(?:\.[0-9]+)?"
# 5 000万元: thousands apart by a space, only where a unit follows, since a table's cells stand apart too.
_SPACED = r"(?<![0-9.,])[0-9]{1,3}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?=[ \t]?[万亿元户家人名吨%])"
_SPAN = re.compile(
    rf"(?:{_SPACED}|{_ARABIC}|点(?=[{HAN_DIGITS}])|[{HAN_DIGITS}]|[余多几](?={_MULTIPLIER})|{_MULTIPLIER}"
    r"|(?<=[0-9])[ \t]+(?=[万亿]))+"
)
_ATOM = re.compile(rf"{_ARABIC}|[{HAN_DIGITS}]|[{_MULTIPLIERS}]|点")
_ENGLISH_SCALES = {
    "hundred million": 10**8,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_ENGLISH_SCALE = re.compile(rf"\s+({'|'.join(_ENGLISH_SCALES)})\b", re.IGNORECASE)


class NumeralError(ValueError):
    """A text that is no number, or one that can be read in two ways."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number found in a text: `text[start:end]` prints `value`.

    `mantissa` is the value without one trailing multiplier (500万 -> 500), None where there is none.
    `multiplier` is that multiplier, or 1. `han` says that no Arabic digit occurs.
    `inexact` holds 余 or 多 printed inside (20余亿), else an empty string.
    """

    start: int
    end: int
    value: Fraction
    mantissa: Fraction | None
    multiplier: int
    han: bool
    inexact: str = ""


# Only true width variants: NFKC as a whole would also turn ① and ² into digits of the number beside them.
_NARROW = {
    code: narrow
    for code in (*range(0xFF01, 0xFF5F), *range(0xFE50, 0xFE70), 0x3000, 0xFFE5)
    if len(narrow := unicodedata.normalize("NFKC", chr(code))) == 1 and code != 0xFF0C
}
_WIDE_THOUSANDS = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """Return the text with full-width characters made half-width, character for character.

    The result has the same length, so offsets into it are offsets into the text. A full-width comma
    becomes a comma only where it groups full-width digits, and does not end a phrase.
    """
    return _WIDE_THOUSANDS.sub(",", text).translate(_NARROW)


def parse_number(text: str) -> Fraction:
    """Return the exact value of a whole text that is one number, in digits, Chinese numerals or both.

    Raises:
        NumeralError: it is no number, or colloquial and so ambiguous (一万二, 三四百).
    """
    folded = fold(text.strip())
    sign = -1 if folded[:1] in {"-", "\u2212", "负"} else 1
    numeral = _read(folded[1:] if sign < 0 else folded, 0)
    if numeral is None or numeral.inexact:
        raise NumeralError(f"{text!r} is no number; write digits (1.5亿) or full Chinese numerals (一万二千)")
    return sign * numeral.value


def find_numerals(folded: str) -> Iterator[Numeral]:
    """Yield the numbers in a text that `fold` made, from left to right.

    Runs that are no well-formed number (千方百计, 十四五, 一两) are passed over. A single 一 is yielded:
    whether it counts anything depends on the word behind it, which the caller knows.
    """
    for match in _SPAN.finditer(folded):
        numeral = _read(match.group(), match.start())
        if numeral is None:
            continue
        scale = _ENGLISH_SCALE.match(folded, numeral.end)
        if scale is not None and not numeral.han:
            factor = _ENGLISH_SCALES[scale.group(1).lower()]
            numeral = Numeral(
                numeral.start, scale.end(), numeral.value * factor, numeral.value, factor, han=False
            )
        yield numeral


def _read(run: str, start: int) -> Numeral | None:
    """Read one whole run of digits and numerals, or return None."""
    if len(run) > _LONGEST:
        return None
    inexact = next((char for char in run if char in "余多几"), "")
    plain = "".join(run.split())
    plain = plain.replace(inexact, "", 1) if inexact else plain
    atoms = _ATOM.findall(plain)
    if inexact == "几" or not atoms or "".join(atoms) != plain:
        return None
    han = not any(char.isdigit() and char.isascii() for char in plain)
    value = _positional(plain)
    mantissa, multiplier = None, 1
    if value is None:
        value = _above_wan(atoms)
        last = atoms[-1]
        if value is not None and last in "万亿千百仟佰" and len(atoms) > 1:
            multiplier, keep = _trailing(atoms)
            mantissa = _above_wan(atoms[:keep])
    if value is None:
        return None
    return Numeral(start, start + len(run), value, mantissa, multiplier, han, inexact)


def _trailing(atoms: list[str]) -> tuple[int, int]:
    """Return the multiplier that closes a number and how many atoms stand before it."""
    last = atoms[-1]
    if last == "亿":
        return (_WAN * _YI, len(atoms) - 2) if len(atoms) > 2 and atoms[-2] == "万" else (_YI, len(atoms) - 1)
    return (_WAN if last == "万" else _TENS[last]), len(atoms) - 1


def _positional(plain: str) -> Fraction | None:
    """Read 二〇二二; two digits count only with a zero among them, since 一二 or 三四 is an estimate."""
    if not all(char in _DIGIT_VALUES for char in plain) or len(plain) < 2:
        return None
    if len(plain) == 2 and not any(_DIGIT_VALUES[char] == 0 for char in plain):
        return None
    return Fraction(int("".join(str(_DIGIT_VALUES[char]) for char in plain)))


def _above_wan(atoms: list[str]) -> Fraction | None:
    """Read atoms as [… 亿][… 万] rest, each part below the next multiplier."""
    if "亿" in atoms:
        at = len(atoms) - 1 - atoms[::-1].index("亿")
        above, below = _above_wan(atoms[:at]), _rest(atoms[at + 1 :], _YI)
        return None if above is None or below is None or "亿" in atoms[:at] else above * _YI + below
    if "万" in atoms:
        at = atoms.index("万")
        above, below = _section(atoms[:at]), _rest(atoms[at + 1 :], _WAN)
        return None if above is None or below is None else above * _WAN + below
    return _section(atoms)


def _rest(atoms: list[str], limit: int) -> Fraction | None:
    """Read what follows 万 or 亿. A bare digit without 零 (一万二) is colloquial, hence no number."""
    if not atoms:
        return Fraction(0)
    if len(atoms) == 1 and (atoms[0] in _DIGIT_VALUES or len(atoms[0]) < len(str(limit)) - 1):
        return None
    value = _above_wan(atoms)
    return value if value is not None and value < limit and value.denominator == 1 else None


def _section(atoms: list[str]) -> Fraction | None:
    """Read a number without 万 and 亿: digits, 三百零五, 一点五, 3千."""
    if not atoms:
        return None
    if len(atoms) == 1 and atoms[0][0].isascii():
        return Fraction(atoms[0].replace(",", ""))
    if "点" in atoms:
        at = atoms.index("点")
        whole, cents = _section(atoms[:at]), atoms[at + 1 :]
        if whole is None or not cents or not all(atom in _DIGIT_VALUES for atom in cents):
            return None
        return whole + Fraction(int("".join(str(_DIGIT_VALUES[atom]) for atom in cents)), 10 ** len(cents))
    return _hundreds(atoms)


def _hundreds(atoms: list[str]) -> Fraction | None:
    total, digit, ceiling, zero_seen = Fraction(0), None, 10**5, False
    for position, atom in enumerate(atoms):
        if atom in _TENS:
            step = _TENS[atom]
            if step >= ceiling or (digit is None and (position > 0 or step != 10)):
                # 十 alone opens a number; 百 and 千 need their digit, and so does any later multiplier.
                return None
            total += (Fraction(1) if digit is None else digit) * step
            digit, ceiling, zero_seen = None, step, False
        elif atom in _DIGIT_VALUES and _DIGIT_VALUES[atom] == 0:
            if digit is not None or zero_seen:
                return None
            if len(atoms) == 1:
                return Fraction(0)
            zero_seen = True
        elif atom in _DIGIT_VALUES or atom[0].isascii():
            if digit is not None or (atom[0].isascii() and position > 0):
                return None
            digit = Fraction(atom.replace(",", "")) if atom[0].isascii() else Fraction(_DIGIT_VALUES[atom])
        else:
            return None
    if digit is None:
        return None if zero_seen else total
    # A last digit stands for ones only behind 十 or a zero: 三百五 is three hundred and fifty or five.
    if total and ceiling != 10 and not zero_seen:
        return None
    return total + digit
