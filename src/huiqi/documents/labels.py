"""Labels that open a line: 一、 （一） 1. （1） ① 第二条 3.1 措施4： and their other prints (First, II. - 2、)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from huiqi.documents.numerals import HAN_NUMERALS, han_number, number_to_han


class Level(IntEnum):
    """How deep a clause stands, outermost first.

    TASK (措施1：, 任务二：) and ORDINAL (第一，) have no place of their own: they stand below whatever is open.
    """

    HEADING = 0
    VOLUME = 1
    CHAPTER = 2
    SECTION = 3
    ARTICLE = 4
    PART = 5
    ITEM = 6
    POINT = 7
    DECIMAL = 8
    SUBDECIMAL = 9
    SUBSUBDECIMAL = 10
    SUBPOINT = 11
    HALF_BRACKET = 12
    CIRCLED = 13
    TASK = 20
    ORDINAL = 21

    @property
    def is_free(self) -> bool:
        """Whether the level stands below whatever is open."""
        return self >= Level.TASK


DECIMALS = (Level.POINT, Level.DECIMAL, Level.SUBDECIMAL, Level.SUBSUBDECIMAL)
"""The levels of 1, 1.1, 1.1.1 and 1.1.1.1."""

_PRINTS = {
    Level.VOLUME: "第{han}编",
    Level.CHAPTER: "第{han}章",
    Level.SECTION: "第{han}节",
    Level.ARTICLE: "第{han}条",
    Level.PART: "{han}",
    Level.ITEM: "（{han}）",
    Level.POINT: "{number}",
    Level.SUBPOINT: "（{number}）",
    Level.HALF_BRACKET: "{number}）",
    Level.ORDINAL: "第{han}",
}


@dataclass(frozen=True, slots=True)
class Label:
    """A label read at the beginning of a line.

    `levels` are the levels it can stand for, the natural one first; `length` is how many characters of the
    line it takes, dash and spaces included; `translated` marks the numbering of machine-translated copies.
    `weak` marks what is a label only where the numbering asks for just this number (一 总则, 第五条本办法).
    `above` are the numbers before the last of a decimal (1, 2 of 1.2.3), `name` the word of a task (措施).
    """

    printed: str
    number: int
    levels: tuple[Level, ...]
    length: int
    translated: bool = False
    weak: bool = False
    above: tuple[int, ...] = ()
    name: str = ""

    def at(self, level: Level) -> str:
        """The label as paths carry it, standing at `level`."""
        if self.above:
            return ".".join(map(str, (*self.above, self.number)))
        if self.name:
            return f"{self.name}{self.number}"
        return label_at(level, self.number)


def label_at(level: Level, number: int) -> str:
    """The label of clause `number` at `level` as paths carry it."""
    if level == Level.CIRCLED:
        return chr(0x245F + number) if number <= len(_CIRCLED) else f"（{number}）"
    return _PRINTS[level].format(number=number, han=number_to_han(number))


_GAP = r"\s{0,8}"
_DASH = r"(?:[-•*▪●·◆■◇□➢]{1,3}\s{1,8}|#{1,6}\s{1,8})?(?:\*\*)?\s{0,8}"
_HAN = rf"(?P<han>[{HAN_NUMERALS}]{{1,5}})"
_ARABIC = r"(?P<arabic>\d{1,3})"
_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_OPEN, _CLOSE = "[（(﹙]", "[）)﹚]"
# What stands behind an article's number where a sentence cites it: 第五条规定的, 第五条第二款, 第五条、第六条.
_CITED = r"(?!\s*(?:第|规定|所列|所称|之|和|及|至|或|与|的|中(?![小央国介心标型医外])|、\s*第|，\s*第))"


def _opening(label: str) -> re.Pattern[str]:
    """The pattern of a line that `label` opens. Gaps are short, so that no line takes long to match."""
    return re.compile(f"{_DASH}(?P<label>{label}){_GAP}")


_DEEP = (Level.SUBPOINT, Level.ITEM)
_PATTERNS: tuple[tuple[re.Pattern[str], tuple[Level, ...], bool], ...] = (
    (_opening(f"第{_GAP}{_HAN}{_GAP}(?:编|篇|部分)(?=[\\s：:、]|$)"), (Level.VOLUME,), False),
    (_opening(f"第{_GAP}{_HAN}{_GAP}章"), (Level.CHAPTER,), False),
    (_opening(rf"Chapter\s(?:{_ARABIC}|(?P<roman>[IVX]{{1,5}}))(?=[\s.:,]|$)[.:]?"), (Level.CHAPTER,), False),
    (_opening(rf"Article\s{_ARABIC}(?=[\s.:]|$)[.:]?"), (Level.ARTICLE,), False),
    (_opening(f"第{_GAP}{_HAN}{_GAP}节(?=[\\s：:、]|$)"), (Level.SECTION,), False),
    (
        _opening(rf"第{_GAP}(?:{_HAN}|{_ARABIC}){_GAP}条(?:\*\*)?(?=[\s：:（(【〔\[]|$){_CITED}[：:]?"),
        (Level.ARTICLE,),
        False,
    ),
    (_opening(f"第{_GAP}{_HAN}{_GAP}条(?:、|，)?{_CITED}"), (Level.ARTICLE,), True),
    (_opening(f"第{_GAP}(?P<han>[一二三四五六七八九十]{{1,2}}){_GAP}[，、：:,]"), (Level.ORDINAL,), False),
    (_opening(f"{_HAN}{_GAP}[、．.,，]"), (Level.PART,), False),
    (_opening(f"{_OPEN}{_GAP}{_HAN}{_GAP}{_CLOSE}[、．.]?"), (Level.ITEM,), False),
    (_opening("(?P<sign>[㈠-㈩])、?"), (Level.ITEM,), False),
    (_opening(f"{_HAN}{_GAP}[）)]、?"), (Level.ITEM,), False),
    (_opening(rf"{_OPEN}{_GAP}{_ARABIC}{_GAP}{_CLOSE}[、．.]?"), _DEEP, False),
    (_opening("(?P<sign>[⑴-⒇])、?"), _DEEP, False),
    (_opening("(?P<sign>[①-⑳])[、．.]?"), (Level.CIRCLED,), False),
    (_opening(r"(?P<sign>[⒈-⒛])"), (Level.POINT, Level.PART), False),
    (_opening(rf"{_ARABIC}{_GAP}[）)](?!\d)、?"), (Level.HALF_BRACKET,), False),
    # 1.5万元 is a figure, 1.2022年 a label and a year.
    (
        _opening(rf"{_ARABIC}{_GAP}(?:[、。]|[.．](?!\s?\d)|[.．](?=\s?20\d\d年))"),
        (Level.POINT, Level.PART),
        False,
    ),
    (_opening(r"(?P<decimal>\d{1,2}(?:[.．]\d{1,2}){1,3})(?![\d%％‰])[.．、]?"), (), False),
    (
        _opening(rf"(?P<name>措施|举措|任务|行动|工程|步骤|专栏){_GAP}(?:{_HAN}|{_ARABIC}){_GAP}[：:、．.]"),
        (Level.TASK,),
        False,
    ),
    (_opening(f"(?P<word>{'|'.join(_ORDINALS)})(?:ly)?,"), (Level.PART,), False),
    (_opening(r"(?P<roman>[IVX]{1,5}|[Ⅰ-Ⅻ])\s?[.．、]"), (Level.PART,), False),
    (_opening(rf"{_HAN}(?=\s{{1,4}}[\u3400-\u9fff“]|\s*$)"), (Level.PART,), True),
    (_opening(rf"{_ARABIC}(?=\s{{1,4}}[\u3400-\u9fff“])"), (Level.POINT,), True),
)


def read_label(line: str) -> Label | None:
    """The label that opens `line`, or None."""
    for pattern, levels, weak in _PATTERNS:
        found = pattern.match(line)
        if found is None:
            continue
        groups = found.groupdict()
        if printed := groups.get("decimal"):
            return _decimal(printed, found)
        if number := _number(groups):
            translated = "word" in groups or ("roman" in groups and Level.PART in levels)
            name = groups.get("name") or ""
            return Label(found["label"], number, levels, found.end(), translated, weak, (), name)
    return None


def _decimal(printed: str, found: re.Match[str]) -> Label | None:
    numbers = tuple(int(each) for each in re.split("[.．]", printed))
    if not all(numbers):
        return None
    level = DECIMALS[len(numbers) - 1]
    return Label(found["label"], numbers[-1], (level,), found.end(), weak=True, above=numbers[:-1])


def _number(groups: dict[str, str | None]) -> int | None:
    if han := groups.get("han"):
        return han_number(han)
    if arabic := groups.get("arabic"):
        return int(arabic)
    if word := groups.get("word"):
        return _ORDINALS.index(word) + 1
    if sign := groups.get("sign"):
        return _sign_number(sign)
    roman = unicodedata.normalize("NFKC", groups.get("roman") or "")
    return _ROMANS.index(roman) + 1 if roman in _ROMANS else None


def _sign_number(sign: str) -> int:
    """The number of a sign that holds its brackets or full stop: ① ⑴ ⒈ ㈠."""
    plain = unicodedata.normalize("NFKC", sign).strip("().")
    return int(plain) if plain.isdecimal() else han_number(plain) or 0
