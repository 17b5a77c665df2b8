"""Do a rule's dates and conditions leave room: its period in force, its conditions on one fact together."""

from __future__ import annotations

from huiqi.policies.check.citations import document_day
from huiqi.policies.check.domains import asked_of_one, holding, values
from huiqi.policies.check.report import Notes
from huiqi.policies.check.rule_parts import Rule
from huiqi.policies.check.written import written
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.evaluate import Evaluator
from huiqi.rules.measure import Definition, Measure
from huiqi.rules.typed import And, FactOf, Named, Typed


def check_dates(library: PolicyLibrary, rule: Rule, notes: Notes) -> None:
    """Note a period that ends before its document, and conditions that no value of a fact meets."""
    if isinstance(rule, Measure):
        _check_period(library, rule, notes)
        tests = [part for condition in rule.when for part in _conjuncts(condition.test)]
        _check_possible(library, rule, tests, notes)
    elif rule.test is not None:
        _check_possible(library, rule, list(_conjuncts(rule.test)), notes)


def _check_period(library: PolicyLibrary, measure: Measure, notes: Notes) -> None:
    documents = [
        library.documents[each.document] for each in measure.sources if each.document in library.documents
    ]
    first_days = [day for day in map(document_day, documents) if day is not None]
    if not first_days or len(first_days) < len(documents):
        return
    issued = min(first_days)
    period = measure.in_force
    if period.to <= issued:
        what = f"{measure.id} ends on {period.to}, before its document of {issued}"
        notes.error(
            measure.at, "in_force", "ends-before-document", what, "", "check in_force and the document's date"
        )
    elif period.first < issued:
        what = f"{measure.id} holds from {period.first}, before its document of {issued}"
        notes.tell(measure.at, "in_force", "begins-before-document", what, "it reaches back")


def _conjuncts(test: Typed) -> list[Typed]:
    inner = test.body if isinstance(test, Named) else test
    if isinstance(inner, And):
        return [each for part in inner.of for each in _conjuncts(part)]
    return [test]


def _check_possible(
    library: PolicyLibrary, rule: Measure | Definition, tests: list[Typed], notes: Notes
) -> None:
    evaluator = Evaluator(library.definitions)
    by_fact: dict[FactOf | None, list[tuple[Typed, frozenset[object]]]] = {}
    period = rule.in_force if isinstance(rule, Measure) else None
    for test in tests:
        asked = asked_of_one(test, evaluator)
        if asked is not None:
            by_fact.setdefault(asked.fact, []).append((test, asked.thresholds))
    for fact, found in by_fact.items():
        together = And(type=found[0][0].type, of=tuple(test for test, _ in found))
        asked = asked_of_one(together, evaluator)
        if asked is None:
            continue
        looked_at = values(asked, library.facts, period)
        if looked_at and not any(holding(together, asked, looked_at, evaluator)):
            name = fact.name if fact is not None else "as_of"
            at = next((test.at for test, _ in found if test.at is not None), rule.at)
            what = f"no value of {name} meets {' and '.join(written(test) for test, _ in found)}"
            why = "nobody could ever be eligible" if isinstance(rule, Measure) else "it could never be yes"
            notes.error(
                at, "when", "impossible-conditions", what, why, "check the numbers, dates and comparisons"
            )
