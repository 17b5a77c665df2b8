"""The values of a fact between which rules tell apart: one for each side of every threshold, for each group of
choices or industries that the rules treat alike.

Static thresholds are those that rules compare the fact with as constants; a threshold that depends on other facts
is worked out in the situation.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import TypeVar

from huiqi.policies.check.domains import constant, step_of
from huiqi.policies.library import PolicyLibrary
from huiqi.reference.industries import chain, industry
from huiqi.rules.evaluate import Evaluator
from huiqi.rules.facts import Fact
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import Situation, Value
from huiqi.rules.typed import Compare, Exact, FactOf, InChoices, InIndustries, Named, Typed, exact, walk
from huiqi.rules.types import Kind
from huiqi.screening.open_facts import RECORDS, Place, roots_of, tests_of

DAY = datetime.timedelta(days=1)
_T = TypeVar("_T")
MOST_VALUES = 8
_Key = tuple[str, str]
Weighted = tuple[Value, int]
"""A value and how many of the fact's values it stands for."""


class BranchValues:
    """The branch values of every fact of a library."""

    def __init__(self, library: PolicyLibrary) -> None:
        self.library = library
        self.evaluator: Evaluator = library.evaluator
        self._constants: dict[_Key, set[Exact | datetime.date]] = {}
        self._relative: dict[_Key, list[Typed]] = {}
        self._sets: dict[_Key, list[frozenset[str]]] = {}
        self._industries: dict[tuple[str, ...], None] = {}
        for node in _all_nodes(library):
            self._note(node)
        self._of_choice: dict[_Key, tuple[Weighted, ...]] = {}
        self._of_industry: tuple[Weighted, ...] | None = None
        self._industry_values()

    def _note(self, node: Typed) -> None:
        if isinstance(node, InIndustries):
            self._industries[node.members] = None
        elif isinstance(node, InChoices) and isinstance(node.of, FactOf):
            self._sets.setdefault((node.of.record, node.of.name), []).append(frozenset(node.values))
        elif isinstance(node, Compare):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                inner = one.body if isinstance(one, Named) else one
                if not isinstance(inner, FactOf):
                    continue
                key = (inner.record, inner.name)
                value = constant(other, self.evaluator)
                if value is None:
                    self._relative.setdefault(key, []).append(other)
                else:
                    assert isinstance(value, (int, Fraction, datetime.date))
                    self._constants.setdefault(key, set()).add(value)

    def thresholds(self, place: Place, s: Situation) -> list[Exact | datetime.date]:
        """Return the values that the fact is compared with, in this situation, rising."""
        key = (place.record, place.name)
        found = set(self._constants.get(key, ()))
        relative = self._relative.get(key, ())
        if relative:
            outer = s.record
            if place.index >= 0:
                s.record = s.records[place.record][place.index]
            for node in relative:
                value = self.evaluator.reading(node)(s)
                if isinstance(value, (int, Fraction, datetime.date)) and not isinstance(value, bool):
                    found.add(value)
            s.record = outer
        return sorted(found)

    def at(self, place: Place, s: Situation) -> tuple[Weighted, ...]:
        """Return a value for each way in which rules may read the fact, with its weight; none for texts, regions
        and whole lists."""
        if place.record in (LISTS, RECORDS):
            return ((True, 1), (False, 1)) if place.record == LISTS else ()
        fact = self.library.facts.fact(place.record, place.name)
        if fact is None:
            return ()
        match fact.type.kind:
            case Kind.TRUTH:
                return ((True, 1), (False, 1))
            case Kind.CHOICE:
                return self._choices(fact)
            case Kind.INDUSTRY:
                return self._industry_values()
            case Kind.NUMBER:
                numbers = [each for each in self.thresholds(place, s) if not isinstance(each, datetime.date)]
                return tuple((each, 1) for each in _thinned(list(_numbers(numbers, fact))))
            case Kind.DATE:
                days = [each for each in self.thresholds(place, s) if isinstance(each, datetime.date)]
                return tuple((each, 1) for each in _thinned(list(_days(days, s.as_of))))
            case _:
                return ()

    def _choices(self, fact: Fact) -> tuple[Weighted, ...]:
        key = (fact.record, fact.name)
        found = self._of_choice.get(key)
        if found is None:
            sets = self._sets.get(key, [])
            groups: dict[tuple[bool, ...], list[str]] = {}
            for value, _ in fact.type.choices:
                groups.setdefault(tuple(value in each for each in sets), []).append(value)
            found = self._of_choice[key] = tuple((each[0], len(each)) for each in groups.values())
        return found

    def _industry_values(self) -> tuple[Weighted, ...]:
        """Return one code for each group of classes that all rules treat alike, the largest groups first."""
        if self._of_industry is None:
            sets = [_normal(members) for members in self._industries]
            above = [frozenset(each.code for code in members for each in chain(code)) for members in sets]
            groups: dict[tuple[bool | None, ...], list[str]] = {}
            for code in sorted({code for members in sets for code in members}):
                own = {each.code for each in chain(code)}
                signature = tuple(
                    True if own & members else None if code in higher else False
                    for members, higher in zip(sets, above, strict=True)
                )
                groups.setdefault(signature, []).append(code)
            largest = sorted(groups.values(), key=lambda each: (-len(each), each))[:MOST_VALUES]
            self._of_industry = tuple((each[0], len(each)) for each in largest)
        return self._of_industry


def _normal(members: tuple[str, ...]) -> frozenset[str]:
    return frozenset(industry(code).code for code in members)


def _all_nodes(library: PolicyLibrary) -> Iterator[Typed]:
    roots: list[Typed] = [test for each in library.definitions.values() for test in tests_of(each)]
    roots.extend(root for measure in library.measures for root in roots_of(measure))
    for root in roots:
        yield from walk(root)


def _numbers(thresholds: Iterable[Exact], fact: Fact) -> Iterator[Exact]:
    """Yield one possible value of each stretch between thresholds; a threshold at nought is a stretch of its own."""
    scale = fact.unit.scale if fact.unit else 1
    step, most = step_of(fact), fact.most * scale
    least = step if fact.positive else 0
    last: Exact = least
    some = False
    for each in thresholds:
        if not least <= each <= most:
            continue
        some = True
        below = exact((Fraction(last) + Fraction(each)) / 2 // step * step)
        if last <= below < each:
            yield below
        elif each == least:
            yield each
        last = exact(Fraction(each) // step * step + step)
    if not some or last <= most:
        yield min(most, max(last, 100 * scale))


def _days(thresholds: Iterable[datetime.date], as_of: datetime.date) -> Iterator[datetime.date]:
    days = sorted(set(thresholds))
    if not days:
        yield as_of
        return
    yield days[0] - DAY if days[0] > datetime.date.min else days[0]
    for one, other in pairwise(days):
        if (other - one).days > 1:
            yield one + (other - one) / 2
        else:
            yield one
    yield days[-1] + DAY if days[-1] < datetime.date.max else days[-1]


def _thinned(values: list[_T]) -> list[_T]:
    if len(values) <= MOST_VALUES:
        return values
    return [values[place * (len(values) - 1) // (MOST_VALUES - 1)] for place in range(MOST_VALUES)]
