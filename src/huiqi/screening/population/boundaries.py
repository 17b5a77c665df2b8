"""Where the rules draw a line: the values a fact is compared with, in the units of its column."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.facts import Fact
from huiqi.rules.typed import Compare, FactOf, InIndustries, Literal, Named, Typed, children, walk
from huiqi.rules.types import Kind
from huiqi.screening.prepared import rules_of
from huiqi.screening.situations import scale_of

FactName = tuple[str, str]
"""Record kind and fact."""


def boundaries(library: PolicyLibrary) -> dict[FactName, tuple[int, ...]]:
    """Return the values each number or date is compared with, dates as days since 1970, sorted.

    A value that a fact cannot have (finer than its column, below nought, beyond its greatest) is left out.
    """
    found: dict[FactName, set[int]] = {}
    for rule in rules_of(library):
        for node in walk(rule):
            if isinstance(node, Compare):
                for one, other in ((node.left, node.right), (node.right, node.left)):
                    for fact, value in _compared(library, one, other):
                        found.setdefault((fact.record, fact.name), set()).add(value)
    return {key: tuple(sorted(values)) for key, values in sorted(found.items())}


def _compared(library: PolicyLibrary, one: Typed, other: Typed) -> Iterator[tuple[Fact, int]]:
    for fact_of in (each for each in _walk_named(one) if isinstance(each, FactOf)):
        fact = library.facts.fact(fact_of.record, fact_of.name)
        if fact is None or fact_of.type.kind is not other.type.kind:
            continue
        for literal in (each for each in _walk_named(other) if isinstance(each, Literal)):
            value = in_column(fact, literal.value) if literal.type.kind is fact.type.kind else None
            if value is not None:
                yield fact, value


def _walk_named(node: Typed) -> Iterator[Typed]:
    yield node
    if isinstance(node, Named):
        yield from _walk_named(node.body)
        return
    for child in children(node):
        yield from _walk_named(child)


def in_column(fact: Fact, value: object) -> int | None:
    """Return a number or date as the fact's column holds it, None where the fact cannot have it."""
    if isinstance(value, datetime.date):
        return days_of(value) if fact.type.kind is Kind.DATE else None
    if fact.type.kind is not Kind.NUMBER or isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        return None
    is_money = fact.unit is not None and fact.unit.power("yuan") == 1
    scaled = Fraction(value) * (1 if is_money else scale_of(fact))
    least = 1 if fact.positive else 0
    if scaled.denominator != 1 or not least <= scaled <= fact.most * scale_of(fact):
        return None
    return scaled.numerator


def days_of(date: datetime.date) -> int:
    """Return the days since 1970."""
    return (date - datetime.date(1970, 1, 1)).days


def industries_named(library: PolicyLibrary) -> tuple[str, ...]:
    """Return every industry code that some rule names, and the codes above it: known well enough or too coarsely."""
    found: set[str] = set()
    for rule in rules_of(library):
        for node in walk(rule):
            if isinstance(node, InIndustries):
                for code in node.members:
                    found |= {code, code[0]}
    return tuple(sorted(found))
