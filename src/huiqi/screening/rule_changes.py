"""What differs between two readings of policies: the measures whose verdicts or amounts may not be the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.measure import Definition, Measure
from huiqi.rules.typed import Defined, Typed, walk

_Exclusion = tuple[str, str, frozenset[str]]


def changed_measures(before: PolicyLibrary, after: PolicyLibrary) -> frozenset[str]:
    """Return the ids of measures that are judged differently, or stand in one library only.

    A changed definition changes every measure that uses it, a changed exclusion both measures that it ties. Words,
    titles, citations and examples change nothing here.
    """
    definitions = _changed_definitions(before, after)
    found: set[str] = set()
    for name in before.by_id.keys() | after.by_id.keys():
        old, new = (library.by_id.get(name, ()) for library in (before, after))
        uses = {each for variant in (*old, *new) for each in _definitions_of(variant)}
        if [_essence(each) for each in old] != [_essence(each) for each in new] or uses & definitions:
            found.add(name)
    for _, _, pair in _exclusions(before) ^ _exclusions(after):
        found |= pair
    return frozenset(found)


def same_columns(before: PolicyLibrary, after: PolicyLibrary) -> bool:
    """Tell whether a population reads alike for both: the same facts, lists and definitions by name and type."""
    types = [{name: each.type for name, each in library.definitions.items()} for library in (before, after)]
    return (
        list(before.facts) == list(after.facts)
        and before.facts.records.keys() == after.facts.records.keys()
        and before.lists.keys() == after.lists.keys()
        and types[0] == types[1]
    )


def _essence(measure: Measure) -> tuple[object, ...]:
    """Return what decides verdict and amount; the value of a parameter is part of the expressions that name it."""
    return (
        measure.region,
        measure.in_force,
        measure.subject,
        measure.per,
        tuple((each.test, each.soft) for each in measure.when),
        measure.amount,
        measure.amount_is,
        measure.rounding,
        tuple((each.amount, each.level, each.yearly, each.by, each.whose) for each in measure.caps),
    )


def _exclusions(library: PolicyLibrary) -> set[_Exclusion]:
    return {
        (
            each.level if each.level != "record" else f"record {measure.per}",
            each.whose,
            frozenset((measure.id, each.measure)),
        )
        for measure in library.measures
        for each in measure.not_with
    }


def _changed_definitions(before: PolicyLibrary, after: PolicyLibrary) -> set[str]:
    names = before.definitions.keys() | after.definitions.keys()
    changed = {
        name
        for name in names
        if _definition_essence(before.definitions.get(name))
        != _definition_essence(after.definitions.get(name))
    }
    while True:
        using = {
            name
            for name in names - changed
            for library in (before, after)
            if name in library.definitions
            and any(each in changed for each in _defined_in(_tests(library.definitions[name])))
        }
        if not using:
            return changed
        changed |= using


def _definition_essence(definition: Definition | None) -> tuple[object, ...]:
    if definition is None:
        return ()
    cases = tuple((each.value, each.test) for each in definition.cases)
    return (definition.subject, definition.per, definition.type, definition.test, cases)


def _tests(definition: Definition) -> Iterator[Typed]:
    if definition.test is not None:
        yield definition.test
    yield from (each.test for each in definition.cases if each.test is not None)


def _definitions_of(measure: Measure) -> Iterator[str]:
    expressions = [each.test for each in measure.when]
    if measure.amount is not None:
        expressions.append(measure.amount)
    for cap in measure.caps:
        expressions.append(cap.amount)
        if cap.by is not None:
            expressions.append(cap.by)
    return _defined_in(expressions)


def _defined_in(expressions: Iterable[Typed]) -> Iterator[str]:
    return (each.name for node in expressions for each in walk(node) if isinstance(each, Defined))
