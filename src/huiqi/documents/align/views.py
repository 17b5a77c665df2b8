"""A clause as it is compared: grams of its neutral words, figures, days, functions of offices, terms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from huiqi.documents.align.glossary import chinese_terms, english_terms
from huiqi.documents.align.neutral import content, is_english, neutral
from huiqi.documents.align.offices import Office, offices
from huiqi.documents.outline import Outline, OutlinedClause, OutlinedPlan

_CITED = re.compile(r"《([^《》]{4,60})》|[〔\[【（(](\d{4})[〕\]】）)] ?(\d+) ?号")
_LEAST = 12
"""Characters of content from which on a clause says something itself."""


@dataclass(frozen=True)
class ClauseView:
    """One clause, ready to compare. `hollow`: it only heads the clauses below it.

    `place_in` is its number among its siblings, `depth` counts labels below the plan.
    """

    clause: OutlinedClause
    plan: str | None
    order: int
    place_in: int
    depth: int
    english: bool
    hollow: bool
    heading: str
    words: str
    grams: Mapping[str, int]
    values: frozenset[tuple[str, object]]
    offices: tuple[Office, ...]
    cited: frozenset[str]
    terms: frozenset[int]
    heading_terms: frozenset[int]
    children: tuple[ClauseView, ...] = ()

    @property
    def path(self) -> str:
        """The clause's whole path."""
        return self.clause.path


@dataclass(frozen=True)
class PlanView:
    """One plan: `top` are its clauses of the first level, the preamble among them."""

    plan: OutlinedPlan
    name: str | None
    top: tuple[ClauseView, ...]
    all: tuple[ClauseView, ...] = field(repr=False)


def grams(text: str) -> Counter[str]:
    """Every run of two and of three characters, and how often it stands there."""
    counted = Counter(text[at : at + 2] for at in range(len(text) - 1))
    counted.update(text[at : at + 3] for at in range(len(text) - 2))
    return counted


def plan_views(outline: Outline) -> tuple[PlanView, ...]:
    """The plans of a text as they are compared; a covering letter is left out, as it is no plan."""
    return tuple(_plan(outline, plan) for plan in outline.plans)


def _plan(outline: Outline, plan: OutlinedPlan) -> PlanView:
    by_path = {each.path: (number, each) for number, each in enumerate(plan.clauses)}
    below = {child.path for each in plan.clauses for child in each.clause.children}
    made: dict[str, ClauseView] = {}

    def view(path: str, place_in: int, depth: int) -> ClauseView:
        number, clause = by_path[path]
        children = tuple(
            view(child.path, at, depth + 1)
            for at, child in enumerate(clause.clause.children)
            if child.path in by_path
        )
        made[path] = _view(outline, plan.plan.short_name, clause, number, place_in, depth, children)
        return made[path]

    roots = [each.path for each in plan.clauses if each.path not in below]
    top = tuple(view(path, at, 1) for at, path in enumerate(roots))
    return PlanView(plan, plan.plan.short_name, top, tuple(made[each.path] for each in plan.clauses))


def _view(
    outline: Outline,
    plan: str | None,
    clause: OutlinedClause,
    order: int,
    place_in: int,
    depth: int,
    children: tuple[ClauseView, ...],
) -> ClauseView:
    own = content(clause)
    words = neutral(own, outline.place)
    text = clause.clause.text
    english = is_english(text)
    heading = neutral(clause.clause.heading, outline.place)
    hollow = bool(children) and len(words) < _LEAST
    named = (english_terms if english else chinese_terms)(own or text)
    return ClauseView(
        clause,
        plan,
        order,
        place_in,
        depth,
        english,
        hollow,
        heading,
        words,
        {} if english else grams(words),
        frozenset(_values(clause)),
        offices(clause, outline.place),
        frozenset(title or f"{year}〔{number}〕" for title, year, number in _CITED.findall(own)),
        named,
        english_terms(clause.clause.heading),
        children,
    )


def _values(clause: OutlinedClause) -> Iterable[tuple[str, object]]:
    for quantity in clause.quantities:
        yield "figure", quantity.value
    for deadline in clause.deadlines:
        if deadline.date is not None:
            yield "day", deadline.date
        elif deadline.rhythm is not None:
            yield "rhythm", deadline.rhythm


class Weights:
    """How much a gram or a term tells: the rarer among all clauses of both texts, the more (whole numbers)."""

    def __init__(self, views: Iterable[ClauseView]) -> None:
        every = [each for each in views if not each.hollow]
        found = Counter(gram for each in every for gram in each.grams)
        named = Counter(term for each in every for term in each.terms)
        # A gram of a heading alone stands in no clause: it is as rare as can be.
        self._rarest = _rarity(len(every), 1)
        self._grams = {gram: _rarity(len(every), many) for gram, many in found.items()}
        self._terms = {term: _rarity(len(every), many) for term, many in named.items()}

    def gram(self, gram: str) -> int:
        """The weight of a gram, at least 1."""
        return self._grams.get(gram, self._rarest)

    def term(self, term: int) -> int:
        """The weight of a term, at least 1."""
        return self._terms.get(term, self._rarest)

    def size(self, counted: Mapping[str, int]) -> int:
        """The weight of all grams of a text."""
        weights, rarest = self._grams, self._rarest
        return sum(many * weights.get(gram, rarest) for gram, many in counted.items())

    def shared(self, one: Mapping[str, int], other: Mapping[str, int]) -> int:
        """The weight of the grams that two texts share."""
        if len(one) > len(other):
            one, other = other, one
        weights, rarest = self._grams, self._rarest
        return sum(
            min(many, other[gram]) * weights.get(gram, rarest) for gram, many in one.items() if gram in other
        )

    def shared_terms(self, one: frozenset[int], other: frozenset[int]) -> Fraction:
        """The share of terms that two clauses have in common, 0 to 1."""
        every = sum(self.term(each) for each in one | other)
        return Fraction(sum(self.term(each) for each in one & other), every) if every else Fraction(0)


def _rarity(clauses: int, found: int) -> int:
    return max((4 * clauses // max(found, 1)).bit_length(), 1)
