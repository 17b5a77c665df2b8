"""The typed expressions of a rule with their places, and what they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from huiqi.rules.measure import Definition, Measure
from huiqi.rules.positions import Position
from huiqi.rules.typed import Literal, Named, Typed, children, walk

Rule = Measure | Definition


@dataclass(frozen=True, slots=True)
class Part:
    """One expression of a rule: `place` as messages name it (when[2], cap[1].amount), with its words.

    `source` is None where the expression has none of its own, so that any source may back it.
    """

    place: str
    node: Typed
    words: str
    source: int | None
    at: Position


def used_parts(rule: Rule) -> Iterator[Part]:
    """Yield the expressions that decide: conditions, amount, caps; a definition's test or cases."""
    if isinstance(rule, Definition):
        if rule.test is not None:
            yield Part("is", rule.test, "", None, rule.test.at or rule.at)
        for number, case in enumerate(rule.cases, 1):
            if case.test is not None:
                yield Part(f"cases[{number}]", case.test, "", None, case.test.at or rule.at)
        return
    for number, condition in enumerate(rule.when, 1):
        yield Part(f"when[{number}]", condition.test, condition.words, condition.source, condition.at)
    if rule.amount is not None:
        yield Part("amount", rule.amount, "", None, rule.amount.at or rule.at)
    for number, cap in enumerate(rule.caps, 1):
        yield Part(f"cap[{number}].amount", cap.amount, cap.words, cap.source, cap.at)
        if cap.by is not None:
            yield Part(f"cap[{number}].by", cap.by, cap.words, cap.source, cap.at)


def all_parts(rule: Rule) -> Iterator[Part]:
    """Yield every expression, those of parameters and `let` too."""
    for parameter in rule.parameters:
        if parameter.by is not None:
            place = f"parameters.{parameter.name}.by"
            yield Part(place, parameter.by, parameter.words, parameter.source, parameter.at)
    for let in rule.let:
        yield Part(f"let.{let.name}", let.body, let.words, let.source if let.words else None, let.at)
    yield from used_parts(rule)


def own_nodes(node: Typed) -> Iterator[Typed]:
    """Yield a node and all below it, without what names stand for."""
    yield node
    if not isinstance(node, Named):
        for child in children(node):
            yield from own_nodes(child)


def own_literals(node: Typed) -> Iterator[Literal]:
    """Yield the numbers and dates that were written in an expression itself."""
    for each in own_nodes(node):
        if isinstance(each, Literal) and not isinstance(each.value, bool) and each.at is not None:
            yield each


def mentions(node: Typed, name: str) -> bool:
    """Tell whether a parameter or `let` is used, directly or within another."""
    return any(isinstance(each, Named) and each.name == name for each in walk(node))
