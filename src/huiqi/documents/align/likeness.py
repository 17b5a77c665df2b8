"""How alike two clauses are: an exact score with its parts, so that a person can see why they were paired."""

from __future__ import annotations

from rapidfuzz import fuzz

from huiqi.documents.align.model import Likeness
from huiqi.documents.align.offices import same
from huiqi.documents.align.views import ClauseView, Weights

_CHINESE = {"文字": 55, "标题": 20, "数字日期": 10, "单位": 10, "次序": 5}
_TRANSLATED = {"术语": 40, "标题": 10, "数字日期": 15, "单位": 15, "次序": 20}


def likeness(one: ClauseView, other: ClauseView, weights: Weights) -> Likeness:
    """Compare two clauses. Parts that neither clause has anything for are left out of the mean."""
    translated = one.english or other.english
    parts: dict[str, int | None] = {
        "标题": _headings(one, other, weights),
        "数字日期": _share(one.values, other.values),
        "单位": _offices(one, other),
        "次序": max(100 - 20 * abs(one.place_in - other.place_in), 0),
    }
    if translated:
        parts["术语"] = _of_terms(one, other, weights)
    elif not (one.hollow and other.hollow):
        parts["文字"] = words(one, other, weights)
    table = _TRANSLATED if translated else _CHINESE
    counted = [(name, points, table[name]) for name, points in parts.items() if points is not None]
    whole = sum(weight for _, _, weight in counted)
    score = sum(points * weight for _, points, weight in counted) // whole if whole else 0
    return Likeness(score, tuple(counted))


def words(one: ClauseView, other: ClauseView, weights: Weights) -> int:
    """The likeness of the words, 0 to 100: grams in common, with credit where one text is a part of the other."""
    first, second = weights.size(one.grams), weights.size(other.grams)
    if not first or not second:
        return 0
    common = weights.shared(one.grams, other.grams)
    alike = 200 * common // (first + second)
    within = 100 * common // min(first, second)
    return max(alike, (alike + within) // 2)


def inside(part: ClauseView, whole: ClauseView, weights: Weights) -> int:
    """How much of the first clause's words stands in the second, 0 to 100; by terms where one is English."""
    if part.english or whole.english:
        size = sum(weights.term(each) for each in part.terms)
        return 100 * sum(weights.term(each) for each in part.terms & whole.terms) // size if size else 0
    size = weights.size(part.grams)
    return 100 * weights.shared(part.grams, whole.grams) // size if size else 0


def _headings(one: ClauseView, other: ClauseView, weights: Weights) -> int | None:
    if not one.heading or not other.heading:
        return None
    if one.english or other.english:
        named = one.heading_terms, other.heading_terms
        return int(100 * weights.shared_terms(*named)) if all(named) else None
    return int(fuzz.ratio(one.heading, other.heading))


def _of_terms(one: ClauseView, other: ClauseView, weights: Weights) -> int | None:
    if one.hollow and other.hollow:
        return None
    # Half of the terms in common is already a great likeness: a term may be translated in many ways.
    return min(int(160 * weights.shared_terms(one.terms, other.terms)), 100)


def _offices(one: ClauseView, other: ClauseView) -> int | None:
    if not one.offices or not other.offices:
        return None
    found = sum(any(same(each, mine) for mine in other.offices) for each in one.offices)
    found += sum(any(same(each, mine) for mine in one.offices) for each in other.offices)
    return 100 * found // (len(one.offices) + len(other.offices))


def _share(one: frozenset[tuple[str, object]], other: frozenset[tuple[str, object]]) -> int | None:
    every = one | other
    return 100 * len(one & other) // len(every) if every else None
