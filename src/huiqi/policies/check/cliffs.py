"""Where one step more of a fact costs the subject money: one employee more, one fen of revenue more."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from huiqi.policies.check.domains import constant, step_of
from huiqi.policies.check.examples import Trial
from huiqi.policies.check.outcomes import Answers
from huiqi.policies.check.report import Notes
from huiqi.policies.check.rule_parts import Rule, used_parts
from huiqi.policies.check.written import written_value
from huiqi.policies.library import PolicyLibrary
from huiqi.reference.money import format_yuan
from huiqi.rules.evaluate import Evaluator
from huiqi.rules.facts import SUBJECT, Fact
from huiqi.rules.measure import Measure
from huiqi.rules.situation import FactKey, Record, Situation, Value
from huiqi.rules.typed import Compare, Exact, FactOf, Named, exact, walk


def check_cliffs(
    library: PolicyLibrary, rule: Rule, trials: Sequence[Trial], answers: Answers, notes: Notes
) -> None:
    """Note, for each threshold of a number fact, the greatest loss of an example by a step across it."""
    if not isinstance(rule, Measure) or rule.amount is None:
        return
    paid = [each for each in trials if each.expected.amount]
    for fact, key, threshold in sorted(
        set(_thresholds(library, rule)), key=lambda found: (found[0].name, found[2])
    ):
        worst: tuple[int, str] | None = None
        for trial in paid:
            for less in (exact(threshold - step_of(fact)), threshold):
                found = _loss(rule, trial.situation, fact, key, less, answers)
                if found is not None and (worst is None or found[0] > worst[0]):
                    worst = (found[0], f"{found[1]} (example {trial.example.name})")
        if worst is not None:
            why = "one step more costs money"
            notes.tell(rule.amount.at or rule.at, "amount", "cliff", worst[1], why)


def _thresholds(library: PolicyLibrary, measure: Measure) -> Iterator[tuple[Fact, FactKey, Exact]]:
    evaluator = Evaluator(library.definitions)
    for part in used_parts(measure):
        for node in walk(part.node):
            if not isinstance(node, Compare):
                continue
            for one, other in ((node.left, node.right), (node.right, node.left)):
                inner = one.body if isinstance(one, Named) else one
                threshold = constant(other, evaluator)
                if not isinstance(inner, FactOf) or not isinstance(threshold, (int, Fraction)):
                    continue
                fact = library.facts.fact(inner.record, inner.name)
                if fact is not None and isinstance(threshold, (int, Fraction)):
                    yield fact, (inner.name, inner.period) if inner.period else inner.name, threshold


def _loss(
    measure: Measure, s: Situation, fact: Fact, key: FactKey, less: Exact, answers: Answers
) -> tuple[int, str] | None:
    """Return what is lost (fen) between a value and the next, and a sentence; None where nothing is."""
    more = exact(less + step_of(fact))
    if less < 0:
        return None
    before = _amount(measure, s, fact, key, less, answers)
    after = _amount(measure, s, fact, key, more, answers)
    if before is None or after is None or after >= before:
        return None
    unit = fact.unit
    sentence = (
        f"{fact.name} {written_value(less, unit)} brings {format_yuan(before)} yuan, "
        f"{written_value(more, unit)} brings {format_yuan(after)}"
    )
    return before - after, sentence


def _amount(
    measure: Measure, s: Situation, fact: Fact, key: FactKey, value: Value, answers: Answers
) -> int | None:
    changed = _with(s, fact, key, value)
    if changed is None:
        return None
    found = answers.answer(measure, changed)
    if found.verdict in ("eligible", "likely"):
        return found.amount
    return 0 if found.verdict == "ineligible" else None


def _with(s: Situation, fact: Fact, key: FactKey, value: Value) -> Situation | None:
    """Return the situation with another value of a given fact, a record's in the first record."""
    if fact.record == SUBJECT:
        if key not in s.subject:
            return None
        return Situation(s.as_of, s.kind, _changed(s.subject, key, value), s.records, s.lists, s.given)
    rows = s.records.get(fact.record, ())
    if not rows or key not in rows[0]:
        return None
    records: Mapping[str, tuple[Record, ...]] = {
        **s.records,
        fact.record: (_changed(rows[0], key, value), *rows[1:]),
    }
    return Situation(s.as_of, s.kind, s.subject, records, s.lists, s.given)


def _changed(record: Record, key: FactKey, value: Value) -> Record:
    """Return the record with a value; the plain value of a fact by period moves with its latest period."""
    old = record[key]
    changed = {**record, key: value}
    name = key if isinstance(key, str) else key[0]
    for other, other_value in record.items():
        same = other == name or (isinstance(other, tuple) and other[0] == name)
        if same and other_value == old and not isinstance(old, datetime.date):
            changed[other] = value
    return changed
