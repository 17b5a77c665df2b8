"""Words of a clause without the level they are spoken at: 全省 and 全州, 省级 and 州级, widths, quotes, dashes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from huiqi.documents.comparison import normalise
from huiqi.documents.outline import OutlinedClause
from huiqi.documents.sentences import ClassedSentence
from huiqi.reference import regions
from huiqi.reference.agencies import Place
from huiqi.reference.agency_names import english_agency
from huiqi.reference.regions import NATION

_LATIN = re.compile(r"[A-Za-z][A-Za-z'’&\- ]*[A-Za-z]")
_LETTER = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_TIER = "[省州市县区盟旗]"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(rf"(?:{_TIER}委[、和]?)+{_TIER}(?:人民)?政府(?:和?{_TIER}委[、和]?{_TIER}(?:人民)?政府)*"),
        "党委政府",
    ),
    (re.compile(r"省州党委政府|省、州党委政府"), "党委政府"),
    (re.compile(r"各(?:级|地)?(?:州|市|县|区|盟|旗)(?:[、(]?(?:州|市|县|区|旗)[)]?)*"), "各地"),
    (re.compile(r"(?:州|县)[(、](?:市|区)[)]?(?:[、(](?:市|区|县)[)]?)*"), "各地"),
    (re.compile(rf"{_TIER}(?:本级|级|直|属)"), "本级"),
    (re.compile(rf"[全我本]{_TIER}"), "本地"),
    (re.compile(rf"{_TIER}(?=[\u3400-\u9fff]{{1,10}}?(?:厅|局|委|办))"), ""),
    (re.compile(r"办公厅"), "办公室"),
    (re.compile(r"厅"), "局"),
)
_MOST_ENGLISH = 40
"""Per cent of letters from which on a clause counts as printed in English."""


def is_english(text: str) -> bool:
    """Whether a clause is printed in English (a machine-translated copy), offices left out of the count."""
    rest = with_chinese_offices(text)
    letters = len(_LETTER.findall(rest))
    # A Chinese character says about as much as three letters.
    return letters * 100 > _MOST_ENGLISH * (letters + 3 * len(_HAN.findall(rest)))


def with_chinese_offices(text: str) -> str:
    """The text with the offices that it prints in English by their Chinese names."""
    return _LATIN.sub(_offices, text)


def _offices(found: re.Match[str]) -> str:
    words = found[0].split(" ")
    for first in range(min(len(words), 3)):
        for last in range(len(words), max(first + 1, len(words) - 8), -1):
            name = _english("".join(f"{each} " for each in words[first:last]).strip())
            if name:
                return " ".join([*words[:first], name, *words[last:]])
    return found[0]


@cache
def _english(printed: str) -> str | None:
    return english_agency(printed)


def neutral(text: str, place: Place) -> str:
    """The comparison form of `text` with the words of its level and the name of its place made equal."""
    form = normalise(with_chinese_offices(text))
    form = _place_names(place)(form)
    for pattern, word in _RULES:
        form = pattern.sub(word, form)
    return form


@cache
def _names(region: str) -> re.Pattern[str]:
    names = [name for name in regions.names(region) if len(name) > 1]
    return re.compile("|".join(re.escape(each) for each in sorted(names, key=len, reverse=True)))


def _place_names(place: Place) -> Callable[[str], str]:
    if place.region is None or place.region == NATION:
        return lambda form: form
    pattern = _names(place.region)
    return lambda form: pattern.sub("本地", form)


def spoken(clause: OutlinedClause) -> tuple[ClassedSentence, ...]:
    """The sentences that say something: neither heading, attribution nor table."""
    return tuple(each for each in clause.sentences if each.kind not in _SILENT)


_SILENT = frozenset({"heading", "attribution"})


def content(clause: OutlinedClause) -> str:
    """The clause's words without heading and attribution; all of them where it has none but these."""
    text = clause.clause.text
    said = "".join(text[each.start : each.end] for each in spoken(clause))
    return said or ("" if clause.clause.children else text)
