"""What the branches of a choice by one fact leave to the last one, share, or never reach: information."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from huiqi.policies.check.domains import Asked, asked_of_one, holding, values
from huiqi.policies.check.report import Notes
from huiqi.policies.check.rule_parts import Part, Rule, all_parts, own_nodes
from huiqi.policies.check.written import written, written_value
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.evaluate import Evaluator
from huiqi.rules.measure import Definition, InForce, Measure
from huiqi.rules.positions import Position
from huiqi.rules.situation import Value
from huiqi.rules.typed import If, Or, Typed
from huiqi.rules.types import Kind


@dataclass(frozen=True, slots=True)
class _Choice:
    place: str
    guards: tuple[Typed, ...]
    at: Position


def check_branches(library: PolicyLibrary, rule: Rule, notes: Notes) -> None:
    """Note gaps and overlaps of every choice of two branches or more that asks one number or date."""
    evaluator = Evaluator(library.definitions)
    period = rule.in_force if isinstance(rule, Measure) else None
    for choice in _choices(rule):
        together = asked_of_one(Or(type=choice.guards[0].type, of=choice.guards), evaluator)
        if together is None or (together.fact and together.fact.type.kind not in (Kind.NUMBER, Kind.DATE)):
            continue
        _check_choice(library, choice, together, period, evaluator, notes)


def _choices(rule: Rule) -> Iterator[_Choice]:
    if isinstance(rule, Definition) and rule.cases:
        guards = tuple(case.test for case in rule.cases if case.test is not None)
        if len(guards) > 1:
            yield _Choice("cases", guards, guards[0].at or rule.at)
    for part in all_parts(rule):
        yield from _of_part(part)


def _of_part(part: Part) -> Iterator[_Choice]:
    inside: set[int] = set()
    for node in own_nodes(part.node):
        if not isinstance(node, If) or id(node) in inside:
            continue
        guards = [node.condition]
        other = node.otherwise
        while isinstance(other, If):
            inside.add(id(other))
            guards.append(other.condition)
            other = other.otherwise
        if len(guards) > 1:
            yield _Choice(part.place, tuple(guards), part.at)


def _check_choice(
    library: PolicyLibrary,
    choice: _Choice,
    asked: Asked,
    period: InForce | None,
    evaluator: Evaluator,
    notes: Notes,
) -> None:
    looked_at = values(asked, library.facts, period)
    held = [list(holding(guard, asked, looked_at, evaluator)) for guard in choice.guards]
    name = asked.fact.name if asked.fact is not None else "as_of"
    shown = [_shown(value, asked) for value in looked_at]
    rest = [not any(column) for column in zip(*held, strict=True)]
    if any(rest):
        what = f"{name} {_ranges(rest, shown)} falls to the last branch"
        notes.tell(choice.at, choice.place, "branches-leave", what, "no branch before it holds there")
    for later, guard in enumerate(choice.guards):
        before = [any(column[:later]) for column in zip(*held, strict=True)]
        here = held[later]
        both = [one and other for one, other in zip(before, here, strict=True)]
        if later and any(here) and both == here:
            what = f"the branch {written(guard)} is never reached"
            notes.tell(
                choice.at, choice.place, "branch-never-reached", what, "earlier branches take all of it"
            )
        elif any(both) and not all(here[place] for place, each in enumerate(before) if each):
            what = f"{name} {_ranges(both, shown)} meets {written(guard)} and an earlier branch"
            notes.tell(choice.at, choice.place, "branches-overlap", what, "the earlier branch decides")


def _shown(value: Value, asked: Asked) -> str:
    return written_value(value, asked.fact.type.unit if asked.fact is not None else None)


def _ranges(marks: Sequence[bool | None], shown: Sequence[str]) -> str:
    """Return runs of marked values as `from A to B`; the last value stands for every greater one."""
    runs: list[str] = []
    place = 0
    while place < len(marks):
        if not marks[place]:
            place += 1
            continue
        end = place
        while end + 1 < len(marks) and marks[end + 1]:
            end += 1
        if end == len(marks) - 1:
            runs.append(f"from {shown[place]}")
        else:
            runs.append(shown[place] if place == end else f"{shown[place]} to {shown[end]}")
        place = end + 1
    return ", ".join(runs)
