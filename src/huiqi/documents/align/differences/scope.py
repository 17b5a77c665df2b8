"""Words of scope that differ between sentences that answer one another: for whom a promise is meant."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

from huiqi.documents.align.differences.statements import Statement, Statements, dice
from huiqi.documents.align.model import Change, Difference, Passage
from huiqi.documents.align.views import grams
from huiqi.documents.comparison import normalise

_FILE = Path(__file__).parent.parent / "data" / "scope_words.csv"
_LEAST = 55
"""Likeness of two sentences from which on a word that one of them lacks was left out on purpose."""

_NEAR = 8
_SAME_PLACE = 30
"""Likeness of the words right around from which on two circles stand in the same place."""


@cache
def _words() -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    """The subjects with all wider ones, and the qualifiers."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    subjects = {
        row["word"]: frozenset(row["within"].split("|")) - {""} for row in rows if row["role"] == "subject"
    }
    return subjects, tuple(row["word"] for row in rows if row["role"] == "qualifier")


@cache
def _pattern() -> re.Pattern[str]:
    subjects, qualifiers = _words()
    ordered = sorted(subjects, key=len, reverse=True)
    before = "|".join(re.escape(each) for each in sorted(qualifiers, key=len, reverse=True))
    return re.compile(
        rf"(?P<before>(?:{before})*)[“\"「]?(?P<subject>{'|'.join(re.escape(each) for each in ordered)})"
    )


def scope_differences(said: Statements) -> list[Difference]:
    """Where a sentence below speaks of a narrower or wider circle than the sentence above that it answers."""
    found: list[Difference] = []
    for one, other, points in said.answers:
        if points >= _LEAST:
            found += _of_sentences(one, other)
    return found


def _of_sentences(one: Statement, other: Statement) -> list[Difference]:
    mine, theirs = _phrases(one), _phrases(other)
    left = [each for each in mine if each.group() not in {match.group() for match in theirs}]
    more = [each for each in theirs if each.group() not in {match.group() for match in mine}]
    found = []
    for first in left:
        second = next(
            (
                each
                for each in more
                if _change(first, each) is not None and dice(_around(first), _around(each)) >= _SAME_PLACE
            ),
            None,
        )
        if second is None:
            continue
        more.remove(second)
        change = _change(first, second)
        assert change is not None
        why = f"对象由{first.group()}变为{second.group()}"
        found.append(Difference("scope", _passage(one, first), _passage(other, second), change, why))
    return found


def _phrases(said: Statement) -> list[re.Match[str]]:
    """Each circle that the sentence names, once."""
    known: dict[str, re.Match[str]] = {}
    for found in _pattern().finditer(said.printed):
        known.setdefault(found.group(), found)
    return list(known.values())


def _around(found: re.Match[str]) -> Counter[str]:
    text = found.string
    before, after = (
        text[max(found.start() - _NEAR, 0) : found.start()],
        text[found.end() : found.end() + _NEAR],
    )
    return grams(normalise(before)) + grams(normalise(after))


def _change(one: re.Match[str], other: re.Match[str]) -> Change | None:
    """What the step from one circle to the other means; None where they are not of one kind."""
    subjects, _ = _words()
    first, second = one["subject"], other["subject"]
    if first == second:
        if one["before"] == other["before"]:
            return None
        if not one["before"]:
            return "weakened"
        return "strengthened" if not other["before"] else "changed"
    if first in subjects[second]:
        return "weakened"
    if second in subjects[first]:
        return "strengthened"
    if one["before"] == other["before"] and subjects[first] & subjects[second]:
        return "changed"
    return None


def _passage(said: Statement, found: re.Match[str]) -> Passage:
    text = said.view.clause.clause.text[said.start : said.end]
    start = said.start + len(text) - len(text.lstrip()) + found.start()
    return Passage(said.view.path, found.group(), start, start + len(found.group()))
