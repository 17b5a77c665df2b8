"""Why a condition came out as it did: the facts it still lacks, and the comparisons that decided it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from huiqi.rules.evaluate import Evaluator
from huiqi.rules.facts import SUBJECT
from huiqi.rules.situation import Situation, Value
from huiqi.rules.typed import (
    And,
    Compare,
    Defined,
    FactOf,
    If,
    InChoices,
    InIndustries,
    InRegions,
    Listed,
    Literal,
    Named,
    Not,
    Or,
    Over,
    Typed,
    children,
)
from huiqi.rules.units import Unit

LISTS = "list"


@dataclass(frozen=True, slots=True, order=True)
class MissingFact:
    """A fact that would have to be known. A record list that is not given is a fact of the subject; `record` of a
    list membership is "list"."""

    record: str
    name: str
    period: str = ""


@dataclass(frozen=True, slots=True)
class Decider:
    """A comparison that decided a condition. `wanted` is what the condition would have needed of it."""

    node: Typed
    wanted: bool
    value: Value | None
    threshold: Value | None
    distance: int | Fraction | None
    unit: Unit | None


Collector = Callable[[Situation, set[MissingFact]], None]
_NOTHING: frozenset[MissingFact] = frozenset()


def missing_facts(node: Typed, situation: Situation, evaluator: Evaluator) -> frozenset[MissingFact]:
    """Return the unknown facts that keep the node unknown; empty where it is settled."""
    sole = evaluator.sole_fact(node)
    if sole is not None:
        unknown = evaluator.reading(node)(situation) is None
        return _only(sole.record, sole.name, sole.period) if unknown else _NOTHING
    found: set[MissingFact] = set()
    _collector(node, evaluator)(situation, found)
    return frozenset(found) if found else _NOTHING


def _collector(node: Typed, evaluator: Evaluator) -> Collector:
    """Return what adds a node's missing facts to a set, made once for each node."""
    known = evaluator.collectors.get(id(node))
    if known is None:
        known = evaluator.collectors[id(node)] = (node, _made_collector(node, evaluator))
    return known[1]


def _made_collector(node: Typed, evaluator: Evaluator) -> Collector:
    reading = evaluator.reading(node)
    sole = evaluator.sole_fact(node)
    if sole is not None:
        fact = MissingFact(sole.record, sole.name, sole.period)

        def collect_sole(s: Situation, found: set[MissingFact]) -> None:
            if reading(s) is None:
                found.add(fact)

        return collect_sole
    if isinstance(node, (Defined, Listed, If, Over, InIndustries, InRegions)):
        return lambda s, found: _collect(node, s, evaluator, found)
    parts = [_collector(child, evaluator) for child in children(node)]

    def collect(s: Situation, found: set[MissingFact]) -> None:
        value = reading(s)
        if value is None or isinstance(value, frozenset):
            for part in parts:
                part(s, found)

    return collect


@lru_cache(maxsize=4_096)
def _only(record: str, name: str, period: str) -> frozenset[MissingFact]:
    return frozenset({MissingFact(record, name, period)})


def _collect(node: Typed, s: Situation, evaluator: Evaluator, found: set[MissingFact]) -> None:
    value = evaluator.reading(node)(s)
    if value is not None and not isinstance(value, frozenset):
        return
    if isinstance(node, Defined):
        key = ("lacking", node.name, id(s.record) if evaluator.definitions[node.name].per else 0)
        lacking: set[MissingFact] | None = s.memo.get(key)
        if lacking is None:
            lacking = s.memo[key] = set()
            _collect_of_definition(node.name, s, evaluator, lacking)
        found |= lacking
    elif isinstance(node, Listed):
        found.add(MissingFact(LISTS, node.list_id))
    elif isinstance(node, If):
        chosen = evaluator.reading(node.condition)(s)
        if chosen is None:
            _collector(node.condition, evaluator)(s, found)
        if chosen is not False:
            _collector(node.then, evaluator)(s, found)
        if chosen is not True:
            _collector(node.otherwise, evaluator)(s, found)
    elif isinstance(node, Over):
        _collect_over(node, s, evaluator, found)
    elif isinstance(node, (InIndustries, InRegions)) and evaluator.reading(node.of)(s) is not None:
        # The code is known, but not deep enough to answer.
        inner = node.of
        while isinstance(inner, Named):
            inner = inner.body
        if isinstance(inner, FactOf):
            found.add(MissingFact(inner.record, inner.name, inner.period))
    else:
        for child in children(node):
            _collector(child, evaluator)(s, found)


def _collect_of_definition(name: str, s: Situation, evaluator: Evaluator, found: set[MissingFact]) -> None:
    definition = evaluator.definitions[name]
    if definition.test is not None:
        _collector(definition.test, evaluator)(s, found)
    for case in definition.cases:
        if case.test is None:
            continue
        holds = evaluator.reading(case.test)(s)
        if holds is True:
            return
        if holds is None:
            _collector(case.test, evaluator)(s, found)


def _collect_over(node: Over, s: Situation, evaluator: Evaluator, found: set[MissingFact]) -> None:
    rows = s.records.get(node.record)
    if rows is None:
        found.add(MissingFact(SUBJECT, node.record))
        return
    outer = s.record
    try:
        for row in rows:
            s.record = row
            holds = True if node.condition is None else evaluator.reading(node.condition)(s)
            if holds is None and node.condition is not None:
                _collector(node.condition, evaluator)(s, found)
            if holds is not False and node.amount is not None:
                _collector(node.amount, evaluator)(s, found)
    finally:
        s.record = outer


def deciders(node: Typed, situation: Situation, evaluator: Evaluator) -> tuple[Decider, ...]:
    """Return the comparisons that made a failed condition fail."""
    return tuple(_deciders(node, situation, evaluator, True))


def _deciders(node: Typed, s: Situation, evaluator: Evaluator, wanted: bool) -> Iterator[Decider]:
    """Yield what would have to change for the node to come out as wanted; it now comes out the other way."""
    if evaluator.value(node, s) is not (not wanted):
        return
    if isinstance(node, Not):
        yield from _deciders(node.of, s, evaluator, not wanted)
    elif isinstance(node, (And, Or)):
        for child in node.of:
            yield from _deciders(child, s, evaluator, wanted)
    elif isinstance(node, Named):
        yield from _deciders(node.body, s, evaluator, wanted)
    elif isinstance(node, Defined):
        test = evaluator.definitions[node.name].test
        if test is not None and node.name not in s.given:
            yield from _deciders(test, s, evaluator, wanted)
        else:
            yield Decider(node, wanted, not wanted, None, None, None)
    elif isinstance(node, Compare):
        yield _compared(node, s, evaluator, wanted)
    elif isinstance(node, (InChoices, InIndustries, InRegions)):
        yield Decider(node, wanted, evaluator.value(node.of, s), None, None, None)
    else:
        yield Decider(node, wanted, not wanted, None, None, None)


def _compared(node: Compare, s: Situation, evaluator: Evaluator, wanted: bool) -> Decider:
    left, right = evaluator.value(node.left, s), evaluator.value(node.right, s)
    if isinstance(node.left, Literal) and not isinstance(node.right, Literal):
        left, right = right, left
    distance: int | Fraction | None = None
    if isinstance(left, datetime.date) and isinstance(right, datetime.date):
        distance = (left - right).days
    elif isinstance(left, (int, Fraction)) and isinstance(right, (int, Fraction)):
        distance = left - right
    return Decider(node, wanted, left, right, distance, node.left.type.unit)


def with_list_names(found: frozenset[MissingFact], list_names: dict[str, str]) -> frozenset[MissingFact]:
    """Return missing record lists under the names that a case uses (`leases` for the record lease)."""
    return frozenset(
        replace(each, name=list_names[each.name])
        if each.record == SUBJECT and each.name in list_names
        else each
        for each in found
    )
