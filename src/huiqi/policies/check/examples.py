"""Do the examples of a rule come out as they state, by arithmetic of their own, and do they show enough?"""

from __future__ import annotations

from dataclasses import dataclass

from huiqi.policies.check.arithmetic import BadArithmetic, fen_of_sides
from huiqi.policies.check.outcomes import UNKNOWN, Answers, Expected, expected_of
from huiqi.policies.check.report import Notes
from huiqi.policies.check.rule_parts import Rule, used_parts
from huiqi.policies.check.situations import Situations, rule_subjects
from huiqi.policies.library import PolicyLibrary
from huiqi.reference.money import MoneyError, format_yuan
from huiqi.rules.examples import Example
from huiqi.rules.measure import Measure
from huiqi.rules.situation import Situation
from huiqi.rules.typed import Defined, FactOf, Listed, Over, walk
from huiqi.rules.verdicts import ELIGIBLE, LIKELY, UNDETERMINED

_CODES = {
    "verdict": "example-verdict",
    "amount": "example-amount",
    "missing": "example-missing",
    "needs": "example-needs",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """An example that can be judged: its situation and what it states."""

    example: Example
    situation: Situation
    expected: Expected


def check_examples(library: PolicyLibrary, rule: Rule, answers: Answers, notes: Notes) -> list[Trial]:
    """Judge every example; return those that come out as stated, for mutation."""
    situations = Situations(library, notes)
    agreeing: list[Trial] = []
    usable: list[Example] = []
    for example in rule.examples.cases:
        expected = _expected(rule, example, answers, notes)
        situation = situations.situation(rule.examples, example, rule_subjects(rule.subject))
        if expected is None or situation is None:
            continue
        usable.append(example)
        found = answers.answer(rule, situation)
        different = expected.differences(found)
        for word, stated, answered in different:
            shown = "value" if word == "verdict" and not isinstance(rule, Measure) else word
            what = f"{example.name}: states {shown} {stated}, the rule answers {answered}"
            mend = "work it out by hand from the text; then mend the example or the rule"
            notes.error(example.at, "examples", _CODES[word], what, "", mend)
        _check_completeness(rule, example, expected, found.needs, notes)
        if not different:
            agreeing.append(Trial(example, situation, expected))
    _check_coverage(rule, usable, notes)
    return agreeing


def _expected(rule: Rule, example: Example, answers: Answers, notes: Notes) -> Expected | None:
    key = "verdict" if isinstance(rule, Measure) else "value"
    if not (example.verdict if isinstance(rule, Measure) else example.value):
        what = f"{example.name}: the example states no {key}"
        notes.error(example.at, "examples", f"example-no-{key}", what, "", f"add `{key}:`")
        return None
    try:
        expected = expected_of(example, answers.names)
    except MoneyError as error:
        notes.error(
            example.at, "examples", "example-amount-form", f"{example.name}: {error}", "", "write 30000.00"
        )
        return None
    _check_because(example, expected, notes)
    return expected


def _check_because(example: Example, expected: Expected, notes: Notes) -> None:
    if not example.because:
        if expected.amount:
            what = f"{example.name}: the amount {format_yuan(expected.amount)} has no `because`"
            mend = "give the arithmetic from the text: because: 10000 * 3 = 30000"
            notes.error(
                example.at, "examples", "example-no-because", what, "an amount is worked out by hand", mend
            )
        return
    try:
        sides = fen_of_sides(example.because)
    except BadArithmetic as error:
        mend = "write numbers, + - * / ( ) min max round, and end with `= amount`"
        what = f"{example.name}: `because` is no arithmetic"
        notes.error(example.at, "examples", "example-because-form", what, str(error), mend)
        return
    wrong = [side for side in sides if side != (expected.amount or 0)]
    if wrong:
        stated = example.amount or "none"
        what = f"{example.name}: `because` makes {format_yuan(wrong[0])}, the amount is {stated}"
        notes.error(example.at, "examples", "example-because", what, "", "work it out again")


def _check_completeness(
    rule: Rule, example: Example, expected: Expected, needs: frozenset[str], notes: Notes
) -> None:
    """What is open must be named, else a lost fact would go unseen."""
    if not isinstance(rule, Measure):
        return
    if expected.verdict == UNDETERMINED and expected.missing is None:
        what = f"{example.name}: undetermined, but it does not say which facts are missing"
        notes.error(
            example.at, "examples", "example-no-missing", what, "", "add `missing: [fact, record.fact]`"
        )
    lacks = expected.verdict in (ELIGIBLE, LIKELY) and rule.amount is not None and expected.amount is None
    if lacks and needs and expected.needs is None:
        what = f"{example.name}: no amount, but it does not say which facts the amount lacks"
        notes.error(example.at, "examples", "example-no-needs", what, "", "add `needs: [fact, record.fact]`")


def _check_coverage(rule: Rule, examples: list[Example], notes: Notes) -> None:
    if not rule.examples.cases:
        mend = "add examples: a plain case, both sides of every boundary, a fact missing"
        notes.error(rule.at, "examples", "no-examples", f"{rule.id} has no examples", "", mend)
        return
    if len(examples) < len(rule.examples.cases):
        return
    if isinstance(rule, Measure):
        verdicts = {each.verdict for each in examples}
        if ELIGIBLE not in verdicts and LIKELY not in verdicts:
            what = f"no example of {rule.id} is eligible"
            notes.error(
                rule.at, "examples", "no-plain-example", what, "", "add a plain case that is eligible"
            )
        elif ELIGIBLE not in verdicts:
            what = f"no example of {rule.id} is eligible, only likely"
            notes.tell(rule.at, "examples", "only-likely-examples", what)
    open_ended = any(
        each.verdict in (UNDETERMINED, LIKELY) or each.needs or each.missing or each.value == UNKNOWN
        for each in examples
    )
    if not open_ended and _reads_facts(rule):
        what = f"no example of {rule.id} has a fact missing"
        notes.error(rule.at, "examples", "no-missing-example", what, "", "add a case with `without: [fact]`")


def _reads_facts(rule: Rule) -> bool:
    return any(
        isinstance(each, (FactOf, Listed, Over, Defined))
        for part in used_parts(rule)
        for each in walk(part.node)
    )
