"""What a rule answers for an example, and whether that is what the example states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huiqi.policies.check.rule_parts import Rule
from huiqi.reference.money import MoneyError, parse_yuan
from huiqi.reference.regions import NATION, is_within
from huiqi.rules.evaluate import Evaluator
from huiqi.rules.examples import Example
from huiqi.rules.facts import SUBJECT, FactDictionary
from huiqi.rules.judge import Judge
from huiqi.rules.measure import Definition, Measure
from huiqi.rules.reasons import LISTS, MissingFact, missing_facts
from huiqi.rules.situation import Situation
from huiqi.rules.typed import Defined
from huiqi.rules.values import NOTHING
from huiqi.rules.verdicts import NOT_HERE, NOT_IN_FORCE, UNDETERMINED

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer: the verdict, or the value of a definition; the amount (fen); the facts missing by name."""

    verdict: str
    amount: int | None = None
    missing: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example states; `missing` and `needs` are None where it says nothing of them."""

    verdict: str
    amount: int | None
    missing: frozenset[str] | None
    needs: frozenset[str] | None

    def differences(self, found: Outcome) -> list[tuple[str, str, str]]:
        """Return each difference: what it concerns, what is stated, what the rule answers."""
        different: list[tuple[str, str, str]] = []
        if not _same_verdict(self.verdict, found.verdict):
            different.append(("verdict", self.verdict, found.verdict))
        elif self.amount != found.amount:
            different.append(("amount", _yuan(self.amount), _yuan(found.amount)))
        for word, stated, answered in (
            ("missing", self.missing, found.missing),
            ("needs", self.needs, found.needs),
        ):
            if stated is not None and not _same_names(stated, answered):
                different.append((word, _listed(stated), _listed(answered)))
        return different

    def agrees(self, found: Outcome) -> bool:
        """Tell whether the answer is the stated one."""
        return (
            (self.verdict == found.verdict or _same_verdict(self.verdict, found.verdict))
            and self.amount == found.amount
            and (self.missing is None or _same_names(self.missing, found.missing))
            and (self.needs is None or _same_names(self.needs, found.needs))
        )


class Names:
    """The names of missing facts as examples write them.

    `revenue`, `revenue[2021]`, `lease.landlord`, `leases` (an absent list), `list.risk-county-2022`.
    """

    def __init__(self, facts: FactDictionary, lists: Mapping[str, object]) -> None:
        self.list_names = {
            kind.name: kind.list_name for kind in facts.records.values() if kind.name != SUBJECT
        }
        self.lists = frozenset(lists)

    def name(self, fact: MissingFact) -> str:
        """Return the name of a fact."""
        if fact.record == LISTS:
            return f"list.{fact.name}"
        period = f"[{fact.period}]" if fact.period else ""
        if fact.record == SUBJECT:
            return self.list_names.get(fact.name, fact.name) + period
        return f"{fact.record}.{fact.name}{period}"

    def names(self, facts: frozenset[MissingFact]) -> frozenset[str]:
        """Return the names of several facts."""
        return frozenset(self.name(each) for each in facts)

    def stated(self, names: tuple[str, ...] | None) -> frozenset[str] | None:
        """Return names as an example states them; a list may be named by its id alone."""
        if names is None:
            return None
        return frozenset(f"list.{each}" if each in self.lists else each for each in names)


def expected_of(example: Example, names: Names) -> Expected:
    """Return what an example states; raise MoneyError where its amount is no amount."""
    text = example.amount.replace("_", "")
    amount = None if text in NOTHING else parse_yuan(text)
    verdict = example.verdict or example.value
    return Expected(verdict, amount, names.stated(example.missing), names.stated(example.needs))


class Answers:
    """Answers of rules of one library. Every change of a rule that is asked must outlive this object."""

    def __init__(self, definitions: Mapping[str, Definition], names: Names) -> None:
        self.definitions = definitions
        self.names = names
        self._evaluator = Evaluator(definitions)
        self._judge = Judge(self._evaluator)

    def answer(self, rule: Rule, situation: Situation) -> Outcome:
        """Return what the rule answers, whatever stands in the library under its name."""
        if isinstance(rule, Measure):
            return self._of_measure(rule, situation)
        return self._of_definition(rule, situation)

    def _of_measure(self, measure: Measure, s: Situation) -> Outcome:
        inside: bool | None = True
        if measure.region != NATION:
            inside = None if s.region is None else is_within(s.region, measure.region)
        if inside is False:
            return Outcome(NOT_HERE)
        judgement = self._judge.judge(measure, s)
        missing, needs = self.names.names(judgement.missing), self.names.names(judgement.needs)
        if inside is None and judgement.verdict != NOT_IN_FORCE:
            return Outcome(UNDETERMINED, None, missing | needs | {"region"})
        return Outcome(judgement.verdict, judgement.amount, missing, needs)

    def _of_definition(self, definition: Definition, s: Situation) -> Outcome:
        s.memo.clear()
        evaluator = Evaluator({**self.definitions, definition.id: definition})
        rows = s.records.get(definition.per, ())
        s.record = rows[0] if rows else {}
        try:
            value = evaluator.definition_reading(definition.id)(s)
            missing: frozenset[MissingFact] = frozenset()
            if value is None or isinstance(value, frozenset):
                missing = missing_facts(Defined(type=definition.type, name=definition.id), s, evaluator)
        finally:
            s.record = {}
            s.memo.clear()
        if value is None:
            shown = UNKNOWN
        elif isinstance(value, bool):
            shown = "yes" if value else "no"
        else:
            shown = " or ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
        return Outcome(shown, None, self.names.names(missing))


def _same_verdict(stated: str, found: str) -> bool:
    """Tell whether two words are one; a class known in part (`micro or small`) may be stated as unknown."""
    if " or " not in found:
        return stated == found
    return stated == UNKNOWN or set(stated.split(" or ")) == set(found.split(" or "))


def _same_names(stated: frozenset[str], found: frozenset[str]) -> bool:
    """Tell whether the same facts are meant; a name without its period stands for every period."""
    if stated == found:
        return True
    whole = {each.partition("[")[0] for each in found}
    return all(each in found or each in whole for each in stated) and all(
        each in stated or each.partition("[")[0] in stated for each in found
    )


def _yuan(fen: int | None) -> str:
    return "none" if fen is None else f"{fen // 100}.{fen % 100:02d}"


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"


__all__ = ["UNKNOWN", "Answers", "Expected", "MoneyError", "Names", "Outcome", "expected_of"]
