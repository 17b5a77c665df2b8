"""One measure against one subject: its verdict, its amount and the reasons for both."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from huiqi.reference.money import half_up
from huiqi.rules.evaluate import Evaluator, Reading
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import Cap, Condition, Measure
from huiqi.rules.reasons import Decider, MissingFact, deciders, missing_facts
from huiqi.rules.situation import Record, Situation
from huiqi.rules.typed import Defined, FactOf, Named, Over, Typed, children
from huiqi.rules.verdicts import BEST_FIRST, ELIGIBLE, INELIGIBLE, LIKELY, NOT_IN_FORCE, UNDETERMINED

_Group = tuple[object, object]
_NOTHING: frozenset[MissingFact] = frozenset()
_RANK = {verdict: place for place, verdict in enumerate(BEST_FIRST)}


@dataclass(slots=True)
class ConditionResult:
    """How one line of `when` came out; `index` is the record's place, None where it concerns the subject alone."""

    condition: Condition
    result: bool | None
    index: int | None
    deciders: tuple[Decider, ...]
    missing: frozenset[MissingFact]


_Shared = tuple[ConditionResult | None, ...]
"""The results of a measure's conditions that read no record; None where a condition does."""


@dataclass(slots=True)
class Claim:
    """The measure judged on one record (`index`), or on the subject (`index` None). `amount` is fen."""

    index: int | None
    row: Record
    verdict: str
    results: tuple[ConditionResult, ...]
    amount: int | None = None
    needs: frozenset[MissingFact] = frozenset()

    @property
    def open(self) -> tuple[ConditionResult, ...]:
        """The declared and discretionary conditions that are still open."""
        return tuple(each for each in self.results if each.result is None and each.condition.soft)


@dataclass(slots=True)
class Judgement:
    """The measure for the subject. `amount` (fen) counts what is eligible, or what is likely where nothing is
    eligible; `amount_if_declared` counts both; None where a fact is lacking (`needs`) or the verdict gives none."""

    measure: Measure
    verdict: str
    claims: tuple[Claim, ...] = ()
    amount: int | None = None
    amount_if_declared: int | None = None
    needs: frozenset[MissingFact] = frozenset()
    missing: frozenset[MissingFact] = frozenset()
    subject_fails: bool = False

    @property
    def results(self) -> Iterator[ConditionResult]:
        """Each condition once, or once a record where it reads the record."""
        shared: set[int] = set()
        for claim in self.claims:
            for each in claim.results:
                if each.index is None:
                    if id(each.condition) in shared:
                        continue
                    shared.add(id(each.condition))
                yield each


@dataclass(frozen=True, slots=True)
class _Plan:
    """A measure with its conditions compiled, and whether each reads the record."""

    measure: Measure
    conditions: tuple[tuple[Condition, Reading, bool], ...]
    amount: Reading | None


class Judge:
    """Judges measures; remembers the conditions of each compiled."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._plans: dict[int, _Plan] = {}
        # The node is kept beside its answer, or another node could come to bear its id.
        self._reads_record: dict[int, tuple[Typed, bool]] = {}

    def judge(self, measure: Measure, s: Situation) -> Judgement:
        """Return the judgement; the region is the caller's to check."""
        if not measure.in_force.holds(s.as_of):
            return Judgement(measure, NOT_IN_FORCE)
        if s.kind not in measure.subject:
            return Judgement(measure, INELIGIBLE, subject_fails=True)
        plan = self._plan(measure)
        shared = tuple(
            None if of_record else self._result(condition, reading, s, None)
            for condition, reading, of_record in plan.conditions
        )
        if not measure.per:
            claims = [self._claim(plan, s, None, {}, shared)]
        else:
            rows = s.records.get(measure.per)
            if rows is None:
                return self._without_records(measure, _known(shared))
            claims = [self._claim(plan, s, index, row, shared) for index, row in enumerate(rows)]
            if not claims:
                results = _known(shared)
                return Judgement(
                    measure, INELIGIBLE, (Claim(None, {}, INELIGIBLE, results),) if results else ()
                )
        return self._judged(measure, s, claims)

    def _plan(self, measure: Measure) -> _Plan:
        found = self._plans.get(id(measure))
        if found is None:
            reading = self.evaluator.reading
            conditions = tuple(
                (each, reading(each.test), self.reads_record(each.test)) for each in measure.when
            )
            amount = reading(measure.amount) if measure.amount is not None else None
            found = self._plans[id(measure)] = _Plan(measure, conditions, amount)
        return found

    def reads_record(self, node: Typed) -> bool:
        """Tell whether a node reads facts of the record in scope."""
        found = self._reads_record.get(id(node))
        if found is None:
            found = self._reads_record[id(node)] = (node, _reads_record(node, self.evaluator))
        return found[1]

    def _result(
        self, condition: Condition, reading: Reading, s: Situation, index: int | None
    ) -> ConditionResult:
        result = reading(s)
        if result is True:
            return ConditionResult(condition, True, index, (), _NOTHING)
        if result is False:
            return ConditionResult(
                condition, False, index, deciders(condition.test, s, self.evaluator), _NOTHING
            )
        return ConditionResult(condition, None, index, (), missing_facts(condition.test, s, self.evaluator))

    def _claim(
        self,
        plan: _Plan,
        s: Situation,
        index: int | None,
        row: Record,
        shared: _Shared,
    ) -> Claim:
        s.record = row
        results = tuple(
            [
                known or self._result(condition, reading, s, index)
                for known, (condition, reading, _) in zip(shared, plan.conditions, strict=True)
            ]
        )
        claim = Claim(index, row, verdict_of(results), results)
        if claim.verdict in (ELIGIBLE, LIKELY) and plan.amount is not None:
            value = plan.amount(s)
            if value is None:
                assert plan.measure.amount is not None
                claim.needs = missing_facts(plan.measure.amount, s, self.evaluator)
            else:
                claim.amount = max(0, half_up(Fraction(value)))
        s.record = {}
        return claim

    def _without_records(self, measure: Measure, results: tuple[ConditionResult, ...]) -> Judgement:
        claim = Claim(None, {}, UNDETERMINED, results)
        if any(each.result is False for each in results):
            claim.verdict = INELIGIBLE
            return Judgement(measure, INELIGIBLE, (claim,))
        missing = {fact for each in results for fact in each.missing} | {MissingFact(SUBJECT, measure.per)}
        return Judgement(measure, UNDETERMINED, (claim,), missing=frozenset(missing))

    def _judged(self, measure: Measure, s: Situation, claims: list[Claim]) -> Judgement:
        verdict = min((claim.verdict for claim in claims), key=_RANK.__getitem__)
        judgement = Judgement(measure, verdict, tuple(claims))
        judgement.missing = frozenset(
            fact
            for claim in claims
            if claim.verdict in (UNDETERMINED, LIKELY)
            for result in claim.results
            for fact in result.missing
        )
        certain = [claim for claim in claims if claim.verdict == ELIGIBLE]
        hoped = [claim for claim in claims if claim.verdict in (ELIGIBLE, LIKELY)]
        judgement.needs = frozenset(fact for claim in hoped for fact in claim.needs)
        if measure.amount is not None and hoped:
            judgement.amount_if_declared = self.total(measure, s, hoped)
            judgement.amount = self.total(measure, s, certain) if certain else judgement.amount_if_declared
            if judgement.amount_if_declared is None:
                judgement.needs |= self._lacking_for_caps(measure, s, hoped)
        return judgement

    def _lacking_for_caps(
        self, measure: Measure, s: Situation, claims: Iterable[Claim]
    ) -> frozenset[MissingFact]:
        """Return the facts without which a cap, or what it is counted by, is not known."""
        found: set[MissingFact] = set()
        for claim in claims:
            s.record = claim.row
            for cap in measure.caps:
                for part in (cap.amount, cap.by):
                    if part is not None:
                        found |= missing_facts(part, s, self.evaluator)
                if cap.whose and claim.row.get(cap.whose) is None:
                    found.add(MissingFact(measure.per, cap.whose))
            s.record = {}
        return frozenset(found)

    def total(self, measure: Measure, s: Situation, claims: Iterable[Claim]) -> int | None:
        """Return the sum of claims under the measure's caps (fen), None where an amount is not known."""
        amounts = self.capped(measure, s, tuple(claims))
        return None if amounts is None else sum(amounts)

    def capped(self, measure: Measure, s: Situation, claims: tuple[Claim, ...]) -> list[int] | None:
        """Return what each claim brings (fen) under the caps; the later claims give way."""
        amounts: list[int] = []
        for claim in claims:
            if claim.amount is None:
                return None
            amounts.append(claim.amount)
        for level in ("record", "person", "firm", "programme"):
            for cap in measure.caps:
                if cap.level == level and not self._apply(cap, s, claims, amounts):
                    return None
        return amounts

    def _apply(self, cap: Cap, s: Situation, claims: tuple[Claim, ...], amounts: list[int]) -> bool:
        groups: list[_Group | None] = []
        limits: list[int] = []
        for place, claim in enumerate(claims):
            s.record = claim.row
            try:
                groups.append(self._group(cap, s, claim, place))
                limit = self.evaluator.reading(cap.amount)(s)
            finally:
                s.record = {}
            if limit is None:
                return False
            limits.append(max(0, half_up(Fraction(limit))))
        apart = _cut(
            amounts, limits, [(("apart", place), 0) if g is None else g for place, g in enumerate(groups)]
        )
        if None in groups and len(groups) > 1:
            # At worst all that do not say whose or when they are share the fullest group.
            sums: dict[_Group, int] = {}
            for group, amount in zip(groups, amounts, strict=True):
                if group is not None:
                    sums[group] = sums.get(group, 0) + amount
            fullest = max(sums, key=lambda group: sums[group], default=("together", 0))
            together = _cut(amounts, limits, [fullest if g is None else g for g in groups])
            if sum(together) != sum(apart):
                return False
        amounts[:] = apart
        return True

    def _group(self, cap: Cap, s: Situation, claim: Claim, place: int) -> _Group | None:
        """Return whose the claim is, and of which year; None where that is not known."""
        who: object = ""
        if cap.level == "record":
            who = place
        elif cap.level == "person" and cap.whose:
            who = claim.row.get(cap.whose)
        year: object = 0
        if cap.yearly:
            by = self.evaluator.reading(cap.by)(s) if cap.by is not None else s.as_of
            year = by.year if isinstance(by, datetime.date) else None
        return None if who is None or year is None else (who, year)


def _known(shared: _Shared) -> tuple[ConditionResult, ...]:
    return tuple(each for each in shared if each is not None)


def verdict_of(results: Iterable[ConditionResult]) -> str:
    """Return the verdict of conditions: any no, all yes, only soft ones open, or others open."""
    verdict = ELIGIBLE
    for each in results:
        if each.result is False:
            return INELIGIBLE
        if each.result is None:
            if not each.condition.soft:
                verdict = UNDETERMINED
            elif verdict == ELIGIBLE:
                verdict = LIKELY
    return verdict


def _cut(amounts: Sequence[int], limits: Sequence[int], groups: Sequence[_Group]) -> list[int]:
    """Return the amounts (fen) cut so that no group has more than its limit; the later ones give way."""
    left: dict[_Group, int] = {}
    cut: list[int] = []
    for amount, limit, group in zip(amounts, limits, groups, strict=True):
        had = left.setdefault(group, limit)
        cut.append(min(amount, had))
        left[group] = had - cut[-1]
    return cut


def _reads_record(node: Typed, evaluator: Evaluator) -> bool:
    if isinstance(node, FactOf):
        return node.record != SUBJECT
    if isinstance(node, Over):
        return False
    if isinstance(node, Named):
        return _reads_record(node.body, evaluator)
    if isinstance(node, Defined):
        return bool(evaluator.definitions[node.name].per)
    return any(_reads_record(child, evaluator) for child in children(node))
