"""Small changes of a rule that some example must notice: another number, another comparison, a part gone.

A mutant's id tells where and what: `when[2] employees < 300: < -> <=`, `parameters.months 3 -> 4`. The
second of one id ends in ` (2)`. Names (parameters, `let`, definitions, lists, industry groups) are not
entered: parameters and `let` are changed once, where they stand, and count wherever they are used.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from typing import TypeVar

from huiqi.policies.check.rule_parts import Rule, mentions, used_parts
from huiqi.policies.check.written import written, written_value
from huiqi.reference.industries import GROUPS, group
from huiqi.rules.measure import NEVER, Case, Condition, Dated, Definition, InForce, Measure, Parameter
from huiqi.rules.positions import Position
from huiqi.rules.read_measure import parameter_body
from huiqi.rules.typed import (
    And,
    Arithmetic,
    Compare,
    Exact,
    Greatest,
    If,
    InChoices,
    InIndustries,
    InRegions,
    Least,
    Literal,
    Named,
    Not,
    Or,
    Over,
    Typed,
    Whole,
    children,
    exact,
    in_unit,
    rebuilt,
)
from huiqi.rules.units import Unit

DAY = datetime.timedelta(days=1)
T = TypeVar("T")
_OTHER_COMPARISONS = {
    "<": ("<=", ">"),
    "<=": ("<", ">="),
    ">": (">=", "<"),
    ">=": (">", "<="),
    "==": ("!=",),
    "!=": ("==",),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one small change."""

    id: str
    rule: Rule
    at: Position


def mutants(rule: Rule) -> Iterator[Mutant]:
    """Yield every mutant of a measure or definition, in the order of the file."""
    seen: dict[str, int] = {}
    for name, changed, at in _changes(rule):
        seen[name] = seen.get(name, 0) + 1
        yield Mutant(name if seen[name] == 1 else f"{name} ({seen[name]})", changed, at)


_Change = tuple[str, Rule, Position]


def _changes(rule: Rule) -> Iterator[_Change]:
    if isinstance(rule, Measure) and len(rule.subject) > 1:
        for place, word in enumerate(rule.subject):
            yield f"subject dropped: {word}", replace(rule, subject=_less(rule.subject, place)), rule.at
    if isinstance(rule, Measure):
        for name, in_force in _other_periods(rule.in_force):
            yield f"in_force.{name}", replace(rule, in_force=in_force), rule.at
    yield from _of_names(rule)
    if isinstance(rule, Measure):
        yield from _of_measure(rule)
    else:
        yield from _of_definition(rule)


def _other_periods(period: InForce) -> Iterator[tuple[str, InForce]]:
    for step in (-DAY, DAY):
        first = period.first + step
        yield f"from {period.first} -> {first}", replace(period, first=first)
    if period.to != NEVER:
        for step in (-DAY, DAY):
            yield f"to {period.to} -> {period.to + step}", replace(period, to=period.to + step)


def _of_measure(measure: Measure) -> Iterator[_Change]:
    for place, condition in enumerate(measure.when):
        name = f"when[{place + 1}]"
        yield f"{name} dropped", replace(measure, when=_less(measure.when, place)), condition.at
        for flag in ("declared", "discretion"):
            if getattr(condition, flag):
                plain = replace(
                    condition,
                    declared=condition.declared and flag != "declared",
                    discretion=condition.discretion and flag != "discretion",
                )
                yield f"{name} {flag} dropped", _with_condition(measure, place, plain), condition.at
        for label, test in changed(condition.test):
            yield (
                f"{name} {label}",
                _with_condition(measure, place, replace(condition, test=test)),
                condition.at,
            )
    if measure.amount is not None:
        for label, amount in changed(measure.amount):
            yield f"amount {label}", replace(measure, amount=amount), measure.amount.at or measure.at
    for place, cap in enumerate(measure.caps):
        name = f"cap[{place + 1}]"
        yield f"{name} dropped", replace(measure, caps=_less(measure.caps, place)), cap.at
        for label, amount in changed(cap.amount):
            caps = _put(measure.caps, place, replace(cap, amount=amount))
            yield f"{name}.amount {label}", replace(measure, caps=caps), cap.at
        for label, by in changed(cap.by) if cap.by is not None else ():
            yield (
                f"{name}.by {label}",
                replace(measure, caps=_put(measure.caps, place, replace(cap, by=by))),
                cap.at,
            )


def _with_condition(measure: Measure, place: int, condition: Condition) -> Measure:
    return replace(measure, when=_put(measure.when, place, condition))


def _of_definition(definition: Definition) -> Iterator[_Change]:
    if definition.test is not None:
        at = definition.test.at or definition.at
        for label, test in changed(definition.test):
            yield f"is {label}", replace(definition, test=test), at
    for place, case in enumerate(definition.cases):
        if case.test is None:
            continue
        name, at = f"cases[{place + 1}]", case.test.at or definition.at
        yield f"{name} dropped", replace(definition, cases=_less(definition.cases, place)), at
        for label, test in changed(case.test):
            cases = _put(definition.cases, place, replace(case, test=test))
            yield f"{name} {label}", replace(definition, cases=cases), at


def _of_names(rule: Rule) -> Iterator[_Change]:
    """Change parameters and `let`, where they are used at all."""
    roots = [part.node for part in used_parts(rule)]
    for parameter in rule.parameters:
        if any(mentions(root, parameter.name) for root in roots):
            for label, body in _of_parameter(parameter):
                yield (
                    f"parameters.{parameter.name}{label}",
                    with_name(rule, parameter.name, body),
                    parameter.at,
                )
    for let in rule.let:
        if any(mentions(root, let.name) for root in roots):
            for label, body in changed(let.body):
                yield f"let.{let.name} {label}", with_name(rule, let.name, body), let.at


def _of_parameter(parameter: Parameter) -> Iterator[tuple[str, Typed]]:
    several = len(parameter.values) > 1
    for place, dated in enumerate(parameter.values):
        name = f"[{place + 1}]" if several else ""
        for value in _steps(dated.value, parameter.unit, dated.digits):
            label = f"{name} {_shown(dated, dated.value, parameter)} -> {_shown(dated, value, parameter)}"
            yield label, parameter_body(parameter, {place: replace(dated, value=value)})
        if dated.first is not None and place > 0:
            for step in (-DAY, DAY):
                label = f"{name}.from {dated.first} -> {dated.first + step}"
                yield label, parameter_body(parameter, {place: replace(dated, first=dated.first + step)})
    for label, by in changed(parameter.by) if parameter.by is not None else ():
        yield f".by {label}", parameter_body(replace(parameter, by=by))


def _shown(dated: Dated, value: Exact | datetime.date, parameter: Parameter) -> str:
    return written_value(value, parameter.unit, dated.percent)


def with_name(rule: Rule, name: str, body: Typed) -> Rule:
    """Return the rule with a parameter or `let` standing for something else, wherever it is used."""

    def put(node: Typed) -> Typed:
        return _substituted(node, name, body)

    if isinstance(rule, Definition):
        cases = tuple(
            case if case.test is None else Case(case.value, case.title, put(case.test)) for case in rule.cases
        )
        return replace(rule, test=put(rule.test) if rule.test is not None else None, cases=cases)
    return replace(
        rule,
        when=tuple(replace(each, test=put(each.test)) for each in rule.when),
        amount=put(rule.amount) if rule.amount is not None else None,
        caps=tuple(
            replace(each, amount=put(each.amount), by=put(each.by) if each.by is not None else None)
            for each in rule.caps
        ),
    )


def _substituted(node: Typed, name: str, body: Typed) -> Typed:
    if isinstance(node, Named) and node.name == name:
        unit = node.type.unit
        fitted = in_unit(body, unit) if unit is not None and body.type.unit is None else body
        return replace(node, body=fitted)
    if not mentions(node, name):
        return node
    return rebuilt(node, lambda child: _substituted(child, name, body))


def changed(node: Typed) -> Iterator[tuple[str, Typed]]:
    """Yield an expression with one small change somewhere, and what was changed."""
    yield from _own_changes(node)
    if isinstance(node, Named):
        return
    for place, child in enumerate(children(node)):
        for label, other in changed(child):
            yield label, _with_child(node, place, other)


def _with_child(node: Typed, place: int, other: Typed) -> Typed:
    places = count()
    return rebuilt(node, lambda child: other if next(places) == place else child)


def _own_changes(node: Typed) -> Iterator[tuple[str, Typed]]:
    match node:
        case Literal():
            yield from _other_literals(node)
        case Compare():
            for operator in _OTHER_COMPARISONS[node.operator]:
                yield f"{written(node)}: {node.operator} -> {operator}", replace(node, operator=operator)
        case And() | Or():
            swapped = (
                Or(type=node.type, of=node.of) if isinstance(node, And) else And(type=node.type, of=node.of)
            )
            words = ("and", "or") if isinstance(node, And) else ("or", "and")
            yield f"{words[0]} -> {words[1]}: {written(node)}", swapped
            for place, each in enumerate(node.of):
                left = _less(node.of, place)
                yield f"dropped: {written(each)}", left[0] if len(left) == 1 else replace(node, of=left)
        case Not():
            yield f"not dropped: {written(node)}", node.of
        case InChoices() if len(node.values) > 1:
            for place, value in enumerate(node.values):
                yield f"dropped: {value}", replace(node, values=_less(node.values, place))
        case InIndustries() if len(node.names) > 1:
            for place, value in enumerate(node.names):
                names = _less(node.names, place)
                yield f"dropped: {value}", replace(node, names=names, members=_members(names))
        case InRegions() if len(node.codes) > 1:
            for place, value in enumerate(node.codes):
                yield f"dropped: {value}", replace(node, codes=_less(node.codes, place))
        case Least():
            yield f"min -> max: {written(node)}", Greatest(type=node.type, of=node.of)
        case Greatest():
            yield f"max -> min: {written(node)}", Least(type=node.type, of=node.of)
        case If():
            swapped_branches = replace(node, then=node.otherwise, otherwise=node.then)
            yield f"branches swapped: {written(node.condition)}", swapped_branches
        case Arithmetic(operator="+" | "-") if not _is_sign(node):
            other = "-" if node.operator == "+" else "+"
            yield f"{node.operator} -> {other}: {written(node)}", replace(node, operator=other)
        case Whole():
            words = ("ceil", "floor") if node.up else ("floor", "ceil")
            yield f"{words[0]} -> {words[1]}: {written(node)}", replace(node, up=not node.up)
        case Over() if node.condition is not None:
            yield f"dropped: {written(node.condition)}", replace(node, condition=None)


def _is_sign(node: Arithmetic) -> bool:
    return isinstance(node.left, Literal) and node.left.at is None


def _members(names: tuple[str, ...]) -> tuple[str, ...]:
    members: list[str] = []
    for name in names:
        members.extend(group(name).members if name in GROUPS else (name,))
    return tuple(dict.fromkeys(members))


def _other_literals(node: Literal) -> Iterator[tuple[str, Typed]]:
    if isinstance(node.value, bool) or node.at is None:
        return
    for value in _steps(node.value, node.type.unit, node.digits):
        other = replace(node, value=value)
        yield f"{written(node)} -> {written(other)}", other


def _steps(value: Exact | datetime.date, unit: Unit | None, digits: int) -> Iterator[Exact | datetime.date]:
    """Yield a value a step less and a step more: a day, a fen, or the last printed digit."""
    if isinstance(value, datetime.date):
        yield value - DAY
        yield value + DAY
        return
    step: Exact = 1 if unit is not None and unit.scale != 1 else exact(Fraction(1, 10**digits))
    if value:  # facts and amounts never lie below nought, so less than nought is nought
        yield exact(value - step)
    yield exact(value + step)


def _less(items: tuple[T, ...], place: int) -> tuple[T, ...]:
    return items[:place] + items[place + 1 :]


def _put(items: tuple[T, ...], place: int, item: T) -> tuple[T, ...]:
    return (*items[:place], item, *items[place + 1 :])
