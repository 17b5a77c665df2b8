"""Do the examples notice every mutant of their rule?"""

from __future__ import annotations

from collections.abc import Sequence

from huiqi.policies.check.examples import Trial
from huiqi.policies.check.mutants import mutants
from huiqi.policies.check.outcomes import Answers
from huiqi.policies.check.report import Notes, Score
from huiqi.policies.check.rule_parts import Rule
from huiqi.rules.measure import Measure


def check_mutants(rule: Rule, trials: Sequence[Trial], answers: Answers, notes: Notes) -> Score:
    """Return how many mutants the examples notice; note each that they do not, and each wrongly excused."""
    excused = {each.mutant: each.reason for each in rule.equivalent_mutants}
    noticed = equivalent = total = 0
    unnoticed: list[str] = []
    order = list(trials)
    made = list(mutants(rule))  # kept until the end: answers remember what they compiled by identity
    for mutant in made:
        total += 1
        seen = _notices(mutant.rule, order, answers)
        noticed += seen
        if mutant.id in excused:
            equivalent += not seen
            del excused[mutant.id]
            if seen:
                what = f"the mutant {mutant.id} is listed as equivalent, but an example notices it"
                notes.error(
                    rule.at, "equivalent_mutants", "equivalent-noticed", what, "", "take it off the list"
                )
        elif not seen:
            unnoticed.append(mutant.id)
            what = f"no example notices the mutant: {mutant.id}"
            mend = "add an example whose outcome depends on it, or list it with a reason as equivalent"
            notes.error(mutant.at, "examples", "mutant-unnoticed", what, "", mend)
    for name in excused:
        what = f"there is no mutant {name}"
        mend = "copy the id from the message of `huiqi check --mutation`"
        notes.error(rule.at, "equivalent_mutants", "equivalent-unknown", what, "", mend)
    region = rule.region if isinstance(rule, Measure) else ""
    return Score(rule.at.file, rule.id, region, total, noticed, equivalent, tuple(unnoticed))


def _notices(rule: Rule, order: list[Trial], answers: Answers) -> bool:
    for place, trial in enumerate(order):
        if not trial.expected.agrees(answers.answer(rule, trial.situation)):
            # Neighbouring mutants are mostly noticed by the same example: ask it first next time.
            order.insert(0, order.pop(place))
            return True
    return False
