"""The values of a fact at which a condition can turn: its thresholds, a step beside each, its ends.

A condition on one fact is constant between its thresholds, so a look at these values is a look at all.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from huiqi.rules.evaluate import Evaluator
from huiqi.rules.facts import SUBJECT, Fact, FactDictionary
from huiqi.rules.measure import InForce
from huiqi.rules.situation import FactKey, Situation, Value
from huiqi.rules.typed import (
    And,
    AsOf,
    Compare,
    Defined,
    Exact,
    FactOf,
    InChoices,
    Listed,
    Literal,
    Named,
    Not,
    Or,
    Over,
    SubjectIs,
    Typed,
    exact,
    walk,
)
from huiqi.rules.types import Kind

DAY = datetime.timedelta(days=1)
_FIRST, _LAST = datetime.date(1950, 1, 1), datetime.date(2100, 1, 1)
_READING = (FactOf, AsOf, Listed, Defined, Over, SubjectIs)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a condition on one thing asks of: a fact, or the day (`fact` None); and its thresholds."""

    fact: FactOf | None
    thresholds: frozenset[Exact | datetime.date]


def asked_of_one(node: Typed, evaluator: Evaluator) -> Asked | None:
    """Return what a condition asks where it asks of one fact alone, directly; None for any other."""
    leaves: set[FactOf | None] = set()
    thresholds: set[Exact | datetime.date] = set()
    if not _gather(node, evaluator, leaves, thresholds) or len(leaves) != 1:
        return None
    return Asked(leaves.pop(), frozenset(thresholds))


def constant(node: Typed, evaluator: Evaluator) -> Value | None:
    """Return the value of an expression that reads nothing, None where it reads something."""
    if any(isinstance(each, _READING) for each in walk(node)):
        return None
    return evaluator.value(node, Situation(_FIRST, "enterprise", {}))


def _gather(
    node: Typed, evaluator: Evaluator, leaves: set[FactOf | None], thresholds: set[Exact | datetime.date]
) -> bool:
    match node:
        case Literal():
            return True
        case Named():
            return _gather(node.body, evaluator, leaves, thresholds)
        case Not():
            return _gather(node.of, evaluator, leaves, thresholds)
        case And() | Or():
            return all(_gather(each, evaluator, leaves, thresholds) for each in node.of)
        case FactOf():
            leaves.add(replace(node, at=None))
            return node.type.kind is Kind.TRUTH
        case InChoices(of=FactOf() as fact):
            leaves.add(replace(fact, at=None))
            return True
        case Compare():
            for one, other in ((node.left, node.right), (node.right, node.left)):
                threshold = constant(other, evaluator)
                inner = one.body if isinstance(one, Named) else one
                if threshold is not None and isinstance(inner, (FactOf, AsOf)):
                    assert isinstance(threshold, (int, Fraction, datetime.date))
                    leaves.add(replace(inner, at=None) if isinstance(inner, FactOf) else None)
                    thresholds.add(threshold)
                    return True
            return False
        case _:
            return False


def values(asked: Asked, facts: FactDictionary, in_force: InForce | None) -> list[Value]:
    """Return the values to look at, rising. `in_force` bounds the day that is asked about."""
    if asked.fact is None:
        first = in_force.first if in_force else _FIRST
        last = min(in_force.to, _LAST) - DAY if in_force else _LAST
        return list(_days(asked.thresholds, first, last))
    fact = facts.fact(asked.fact.record, asked.fact.name)
    kind = asked.fact.type.kind
    if kind is Kind.TRUTH:
        return [False, True]
    if kind is Kind.CHOICE:
        return sorted(asked.fact.type.values)
    if kind is Kind.DATE:
        return list(_days(asked.thresholds, _FIRST, _LAST))
    if fact is None or kind is not Kind.NUMBER:
        return []
    return list(_numbers(asked.thresholds, fact))


def step_of(fact: Fact) -> Exact:
    """Return the smallest step of a number fact, as stored: a fen, a person, the last decimal."""
    if fact.unit is not None and fact.unit.scale != 1:
        return 1
    return exact(Fraction(1, 10**fact.decimals))


def _numbers(thresholds: Iterable[Exact | datetime.date], fact: Fact) -> list[Exact]:
    step, most = step_of(fact), fact.most * (fact.unit.scale if fact.unit else 1)
    found: set[Exact] = {0, most}
    for each in thresholds:
        if isinstance(each, datetime.date):
            continue
        whole = exact(Fraction(each) // step * step)  # a threshold may lie between two values of the fact
        found.update(exact(whole + change * step) for change in (-1, 0, 1, 2))
    return sorted(each for each in found if 0 <= each <= most)


def _days(
    thresholds: Iterable[Exact | datetime.date], first: datetime.date, last: datetime.date
) -> list[datetime.date]:
    found = {first, last}
    for each in thresholds:
        if isinstance(each, datetime.date):
            found.update((each - DAY, each, each + DAY))
    return sorted(each for each in found if first <= each <= last)


def holding(
    node: Typed, asked: Asked, looked_at: Iterable[Value], evaluator: Evaluator
) -> Iterator[bool | None]:
    """Yield whether a condition holds at each value."""
    reading = evaluator.reading(node)
    for value in looked_at:
        yield reading(situation_with(asked, value))


def situation_with(asked: Asked, value: Value) -> Situation:
    """Return a situation in which one thing is known."""
    if asked.fact is None:
        assert isinstance(value, datetime.date)
        return Situation(value, "enterprise", {})
    key: FactKey = (asked.fact.name, asked.fact.period) if asked.fact.period else asked.fact.name
    if asked.fact.record == SUBJECT:
        return Situation(_FIRST, "enterprise", {key: value})
    return Situation(_FIRST, "enterprise", {}, record={key: value})
