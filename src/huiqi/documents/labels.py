"""Labels that open a line: 一、 （一） 1. （1） and their other prints (First, II. (3) - 2、)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from huiqi.documents.numerals import HAN_NUMERALS, han_number, number_to_han


class Level(IntEnum):
    """How deep a clause stands, outermost first."""

    CHAPTER = 0
    ARTICLE = 1
    PART = 2
    ITEM = 3
    POINT = 4
    SUBPOINT = 5

    def label(self, number: int) -> str:
        """The normalised label of clause `number` at this level."""
        match self:
            case Level.CHAPTER:
                return f"第{number_to_han(number)}章"
            case Level.ARTICLE:
                return f"第{number_to_han(number)}条"
            case Level.PART:
                return number_to_han(number)
            case Level.ITEM:
                return f"（{number_to_han(number)}）"
            case Level.POINT:
                return str(number)
            case Level.SUBPOINT:
                return f"（{number}）"


@dataclass(frozen=True, slots=True)
class Label:
    """A label read at the beginning of a line.

    `levels` are the levels it can stand for, the natural one first; `length` is how many characters of the
    line it takes, dash and spaces included; `translated` marks the numbering of machine-translated copies.
    """

    printed: str
    number: int
    levels: tuple[Level, ...]
    length: int
    translated: bool = False


_HAN = f"[{HAN_NUMERALS}]{{1,5}}"
_BEFORE = r"\s*(?:[-•*▪●·]+\s+|#{1,6}\s+)?(?:\*\*)?\s*"
_ORDINALS = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"]
_ROMANS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"]
_PATTERNS = (
    (re.compile(rf"{_BEFORE}(?P<label>第\s*(?P<han>{_HAN}|\d{{1,3}})\s*章)\s*"), (Level.CHAPTER,)),
    (re.compile(rf"{_BEFORE}(?P<label>第\s*(?P<han>{_HAN}|\d{{1,3}})\s*条)\s+"), (Level.ARTICLE,)),
    (re.compile(rf"{_BEFORE}(?P<label>(?P<han>{_HAN})\s*[、．.,，])\s*"), (Level.PART,)),
    (re.compile(rf"{_BEFORE}(?P<label>[（(]\s*(?P<han>{_HAN})\s*[）)]、?)\s*"), (Level.ITEM,)),
    (
        re.compile(rf"{_BEFORE}(?P<label>[（(]\s*(?P<arabic>\d{{1,3}})\s*[）)]、?)\s*"),
        (Level.SUBPOINT, Level.ITEM),
    ),
    (
        re.compile(
            rf"{_BEFORE}(?P<label>(?P<arabic>\d{{1,3}})\s*(?:、|[.．](?!\s*\d)|[.．](?=\s*20\d\d年)))\s*"
        ),
        (Level.POINT, Level.PART),
    ),
    (re.compile(rf"{_BEFORE}(?P<label>(?P<word>{'|'.join(_ORDINALS)})(?:ly)?\s*,)\s*"), (Level.PART,)),
    (re.compile(rf"{_BEFORE}(?P<label>(?P<roman>[IVX]{{1,5}}|[Ⅰ-Ⅻ])\s*[.．、])\s*"), (Level.PART,)),
)


def read_label(line: str) -> Label | None:
    """The label that opens `line`, or None."""
    for pattern, levels in _PATTERNS:
        found = pattern.match(line)
        number = _number(found.groupdict()) if found else None
        if found and number:
            translated = "word" in found.groupdict() or "roman" in found.groupdict()
            return Label(found["label"], number, levels, found.end(), translated)
    return None


def _number(groups: dict[str, str | None]) -> int | None:
    if han := groups.get("han"):
        return int(han) if han.isdecimal() else han_number(han)
    if arabic := groups.get("arabic"):
        return int(arabic)
    if word := groups.get("word"):
        return _ORDINALS.index(word) + 1
    roman = unicodedata.normalize("NFKC", groups.get("roman") or "")
    return _ROMANS.index(roman) + 1 if roman in _ROMANS else None
