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


_GAP = r"\s{0,8}"
_DASH = r"(?:[-•*▪●·]{1,3}\s{1,8}|#{1,6}\s{1,8})?(?:\*\*)?\s{0,8}"
_HAN = rf"(?P<han>[{HAN_NUMERALS}]{{1,5}})"
_ARABIC = r"(?P<arabic>\d{1,3})"
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


def _opening(label: str) -> re.Pattern[str]:
    """The pattern of a line that `label` opens. Gaps are short, so that no line takes long to match."""
    return re.compile(f"{_DASH}(?P<label>{label}){_GAP}")


_PATTERNS = (
    (_opening(f"第{_GAP}{_HAN}{_GAP}章"), (Level.CHAPTER,)),
    (_opening(rf"第{_GAP}{_HAN}{_GAP}条(?=\s)"), (Level.ARTICLE,)),
    (_opening(f"{_HAN}{_GAP}[、．.,，]"), (Level.PART,)),
    (_opening(f"[（(]{_GAP}{_HAN}{_GAP}[）)]、?"), (Level.ITEM,)),
    (_opening(f"[（(]{_GAP}{_ARABIC}{_GAP}[）)]、?"), (Level.SUBPOINT, Level.ITEM)),
    # 1.5万元 is a figure, 1.2022年 a label and a year.
    (_opening(rf"{_ARABIC}{_GAP}(?:、|[.．](?!\s?\d)|[.．](?=\s?20\d\d年))"), (Level.POINT, Level.PART)),
    (_opening(f"(?P<word>{'|'.join(_ORDINALS)})(?:ly)?,"), (Level.PART,)),
    (_opening(r"(?P<roman>[IVX]{1,5}|[Ⅰ-Ⅻ])\s?[.．、]"), (Level.PART,)),
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
        return han_number(han)
    if arabic := groups.get("arabic"):
        return int(arabic)
    if word := groups.get("word"):
        return _ORDINALS.index(word) + 1
    roman = unicodedata.normalize("NFKC", groups.get("roman") or "")
    return _ROMANS.index(roman) + 1 if roman in _ROMANS else None
