"""Terms of the field that an English copy prints, as the Chinese words that stand for them.

A copy that was translated by machine says 阶段性 in many ways, but it hardly ever loses a term: two clauses that
name the same terms, in order, with the same figures and offices, are the same clause.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "glossary.csv"


@cache
def terms() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every term: the beginning of its English words, folded, and the Chinese words that may stand for it."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple((row["english"], tuple(row["chinese"].split("|"))) for row in csv.DictReader(file))


@cache
def _pattern(english: str) -> re.Pattern[str]:
    words = r"[^a-z]+".join(re.escape(each) for each in english.split())
    return re.compile(rf"(?<![a-z]){words}")


def english_terms(text: str) -> frozenset[int]:
    """The numbers of the terms that an English text names; Chinese words in it count too."""
    folded = text.casefold().replace("’", "'")
    found = {number for number, (english, _) in enumerate(terms()) if _pattern(english).search(folded)}
    return frozenset(found) | chinese_terms(text)


def chinese_terms(text: str) -> frozenset[int]:
    """The numbers of the terms that a Chinese text names."""
    return frozenset(
        number for number, (_, chinese) in enumerate(terms()) if any(word in text for word in chinese)
    )
