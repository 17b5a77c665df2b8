"""A firm's entitlement to one measure by the register of now: amounts by record, with the facts and the way to each.

The screening found who is entitled by the column engine; here each of them is judged once more by the other engine, one firm
at a time, so that no line rests on one computation alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.conf import settings

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.models import Line
from huiqi.portal.delivery.reads import COLUMNS, Reads, reads_of
from huiqi.portal.delivery.records import person_digest, record_keys
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.claims import counting
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.outside import Claims, outside_claims
from huiqi.portal.keys import encryption_keys
from huiqi.portal.screenings.choice import narrowed, with_rivals
from huiqi.reference.money import half_up
from huiqi.rules.judge import Claim, Judgement
from huiqi.rules.measure import Cap, Measure
from huiqi.rules.situation import Situation
from huiqi.rules.types import Kind
from huiqi.rules.verdicts import ELIGIBLE
from huiqi.screening.assess import RECEIPTS, assess, judge_one
from huiqi.screening.interview import known_by
from huiqi.screening.open_facts import RECORDS, Place, read_by
from huiqi.screening.results import fact_name

_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Owed:
    """What a firm is owed for one record ("" for the firm itself), in fen, with what it rests on."""

    record: str
    amount: int
    facts: list[dict[str, str]]
    derivation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """How a firm came out: what it is owed, or the verdict with what it turned on."""

    verdict: str
    measure: Measure
    owed: tuple[Owed, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)


class MeasureJudge:
    """Judges firms against one measure on one day; `keys` tell records and persons apart."""

    def __init__(
        self, library: PolicyLibrary, measure: str, as_of: datetime.date, keys: Mapping[str, str]
    ) -> None:
        names = with_rivals(library, [measure])
        self.library = narrowed(library, [measure])
        self._known = frozenset(library.by_id)
        self.measure, self.as_of, self.keys = measure, as_of, keys
        self.has_rivals = len(names) > 1
        self.own = reads_of(library, library.by_id[measure])
        self.reads: Reads = reads_of(library, tuple(each for name in names for each in library.by_id[name]))

    def by_conditions(self, firm: Firm, outside: Claims) -> Judged:
        """Return how the firm comes out by the conditions alone: for a measure that gives no amount."""
        situation = case_of(self._narrow(firm), self.library, self.as_of, outside=outside).situation
        judgement = judge_one(self.library, self.measure, situation)
        details = {} if judgement.verdict == ELIGIBLE else self._why_not(judgement)
        return Judged(judgement.verdict, judgement.measure, details=details)

    def judged(self, firm: Firm, outside: Claims) -> Judged:
        """Return what the firm is owed by what is known of it now; `outside` is what lists say of it."""
        narrow = self._narrow(firm)
        situation = case_of(narrow, self.library, self.as_of, outside=outside).situation
        judgement = judge_one(self.library, self.measure, situation)
        if judgement.verdict != ELIGIBLE:
            return Judged(judgement.verdict, judgement.measure, details=self._why_not(judgement))
        claims = tuple(each for each in judgement.claims if each.verdict == ELIGIBLE)
        if self.has_rivals or situation.records.get(RECEIPTS):
            claims, lost = self._left(situation, judgement)
            if not claims:
                return Judged("excluded", judgement.measure, details={"by": lost})
        amounts = self.library.judge.capped(judgement.measure, situation, claims)
        if amounts is None:
            needs = sorted({fact_name(each, self.library) for each in judgement.needs})
            return Judged("undetermined", judgement.measure, details={"missing": needs[:_MOST_NAMED]})
        received = _received(judgement.measure, situation)
        owed = list(self._owed(narrow, outside, situation, judgement.measure, claims, amounts, received))
        return Judged(ELIGIBLE, judgement.measure, tuple(owed))

    def as_screened(self, firm: Firm, outside: Claims, variant: str, amount: int) -> Owed | None:
        """Return what the screening found (fen) with its facts and derivation; None where that takes a judgement.

        A record's amount, a cap that depends on the firm, and what was received or excluded are told by the judgement only.
        """
        measure = self._plain_variants.get(variant)
        if measure is None or self._may_have_received(firm):
            return None
        claim = Claim(None, {}, ELIGIBLE, (), amount)
        derivation: dict[str, Any] = {"variant": variant}
        if caps := [
            {**each, "holder": each["holder"] or firm.credit_code} for each in self._plain_caps[variant]
        ]:
            derivation["caps"] = caps
        if excludes := [*self._excludes(firm, measure, claim, "")]:
            derivation["excludes"] = excludes
        return Owed("", amount, self._facts(firm, outside), derivation)

    def _may_have_received(self, firm: Firm) -> bool:
        """Whether some source says that the firm received this measure, one tied to it, or what cannot be told."""
        said = (claim for name in self._receipts for claim in firm.records.get(name, ()))
        return any(
            row.get("measure") not in self._unrelated for claim in said for row in claim.get("rows", ())
        )

    @cached_property
    def _unrelated(self) -> frozenset[str]:
        """Measures whose receipt changes nothing here: neither this one nor tied to it by an exclusion."""
        tied = {self.measure, *(each.id for each in self.library.measures)}
        tied |= {each.measure for measure in self.library.measures for each in measure.not_with}
        return self._known - tied

    @cached_property
    def _plain_variants(self) -> dict[str, Measure]:
        """Variants for the firm itself whose caps are the same for everybody."""
        definitions = self.library.definitions
        variants = self.library.by_id[self.measure]
        regions = [each.region for each in variants]
        return {
            each.region: each
            for each in variants
            if not each.per
            and regions.count(each.region) == 1
            and not any(
                cap.by is not None or cap.level == "person" or any(read_by(cap.amount, definitions))
                for cap in each.caps
            )
        }

    @cached_property
    def _plain_caps(self) -> dict[str, list[dict[str, Any]]]:
        nobody = Firm(credit_code="", region="530000")
        situation = case_of(nobody, self.library, self.as_of, outside={}).situation
        claim = Claim(None, {}, ELIGIBLE, (), 0)
        return {
            name: [*self._caps(nobody, situation, each, claim)] for name, each in self._plain_variants.items()
        }

    @cached_property
    def _receipts(self) -> tuple[str, ...]:
        kind = self.library.facts.records.get(RECEIPTS)
        return (kind.list_name,) if kind is not None else ()

    def _narrow(self, firm: Firm) -> Firm:
        """Return the firm with only what the measure reads, not to be saved."""
        facts = {key: said for key, said in firm.facts.items() if key.partition("@")[0] in self._wanted}
        records = {name: firm.records[name] for name in self.reads.records if name in firm.records}
        return Firm(
            pk=firm.pk,
            credit_code=firm.credit_code,
            subject=firm.subject,
            name=firm.name,
            region=firm.region,
            industry=firm.industry,
            facts=facts,
            records=records,
        )

    @cached_property
    def _wanted(self) -> frozenset[str]:
        return self.reads.facts | self.reads.lists

    def _left(self, situation: Situation, judgement: Judgement) -> tuple[tuple[Claim, ...], list[str]]:
        """Return the claims that stay where other measures exclude some, and which measures those are."""
        assessment = assess(self.library, situation)
        for measure, claims, _amount in assessment.bundle.chosen:
            if measure.id == self.measure:
                kept = {each.index for each in claims}
                own = [each for each in judgement.claims if each.verdict == ELIGIBLE and each.index in kept]
                return tuple(own), []
        return (), sorted({each.by for each in assessment.excluded if each.id == self.measure})

    def _owed(
        self,
        firm: Firm,
        outside: Claims,
        situation: Situation,
        measure: Measure,
        claims: Sequence[Claim],
        amounts: Sequence[int],
        received: int,
    ) -> Iterator[Owed]:
        records = [""] * len(claims)
        if measure.per:
            rows = situation.records[measure.per]
            of_rows = record_keys(rows, self.library.facts.records[measure.per], self.keys)
            records = [of_rows[each.index] for each in claims if each.index is not None]
        shared = self._facts(firm, outside)
        had = received
        for claim, amount, record in zip(claims, amounts, records, strict=True):
            cut = min(had, amount)
            had -= cut
            if amount - cut <= 0:
                continue
            derivation: dict[str, Any] = {"variant": measure.region, "before_caps": claim.amount}
            if cut:
                derivation["received_before"] = cut
            if caps := [*self._caps(firm, situation, measure, claim)]:
                derivation["caps"] = caps
            if excludes := [*self._excludes(firm, measure, claim, record)]:
                derivation["excludes"] = excludes
            own = [*shared, *self._facts_of_record(firm, measure, claim)]
            yield Owed(record, amount - cut, own, derivation)

    def _caps(
        self, firm: Firm, situation: Situation, measure: Measure, claim: Claim
    ) -> Iterator[dict[str, Any]]:
        """Yield the caps that hold beyond one record: whose, for which span, how much."""
        evaluator = self.library.evaluator
        for place, cap in enumerate(measure.caps):
            if cap.level == "record":
                continue
            situation.record = claim.row
            try:
                limit = evaluator.reading(cap.amount)(situation)
                by = evaluator.reading(cap.by)(situation) if cap.by is not None else situation.as_of
            finally:
                situation.record = {}
            assert limit is not None  # the amount would not be known
            yield {
                "cap": f"{measure.id}#{place}",
                "level": cap.level,
                "holder": self._holder(firm, cap, claim),
                "span": str(by.year) if cap.yearly else "",
                "limit": max(0, half_up(Fraction(limit))),
            }

    def _holder(self, firm: Firm, cap: Cap, claim: Claim) -> str:
        if cap.level == "programme":
            return "programme"
        if cap.level == "person" and cap.whose:
            return person_digest(firm.credit_code, claim.row.get(cap.whose), self.keys)
        return firm.credit_code

    def _excludes(self, firm: Firm, measure: Measure, claim: Claim, record: str) -> Iterator[dict[str, str]]:
        """Yield the exclusions that the claim falls under: with which measure, and for whom or which record."""
        pairs: dict[str, tuple[str, str]] = {
            each.measure: (each.level, each.whose) for each in measure.not_with
        }
        for other in self.library.measures:
            for each in other.not_with:
                if each.measure == measure.id:
                    pairs.setdefault(other.id, (each.level, each.whose))
        for rival, (level, whose) in sorted(pairs.items()):
            subject = ""
            if level == "record":
                subject = record
            elif level == "person":
                subject = person_digest(firm.credit_code, claim.row.get(whose), self.keys)
            yield {"group": "|".join(sorted((measure.id, rival))), "subject": subject, "with": rival}

    def _facts(self, firm: Firm, outside: Claims) -> list[dict[str, str]]:
        """Return the facts of the firm itself that the rule reads, each with its source and date."""
        made = []
        names = self.own.shown
        said_by_name = {**firm.facts, **outside} if outside else firm.facts
        for key in sorted(each for each in said_by_name if each.partition("@")[0] in names):
            name = key.partition("@")[0]
            fact = self.library.facts.subject.get(name)
            claims = [*firm.facts.get(key, ()), *outside.get(key, ())]
            counts = counting(claims, fact.known_by if fact is not None else "")
            if counts is not None and counts.get("value") not in (None, ""):
                made.append(_said(key, counts["value"], counts))
        for name in COLUMNS:
            if name in names and name not in firm.facts and (value := getattr(firm, name)):
                made.append({"fact": name, "value": value, "source": "register", "date": ""})
        return made

    def _facts_of_record(self, firm: Firm, measure: Measure, claim: Claim) -> list[dict[str, str]]:
        if claim.index is None:
            return []
        kind = self.library.facts.records[measure.per]
        source = known_by(Place(RECORDS, kind.name), self.library.facts)
        counts = counting(firm.records[kind.list_name], source)
        assert counts is not None  # the record was read from it
        row = counts["rows"][claim.index]
        return [
            _said(f"{kind.name}.{name}", value, counts)
            for name, value in sorted(row.items())
            if name in kind.facts and kind.facts[name].type.kind is not Kind.TEXT and value not in (None, "")
        ]

    def _why_not(self, judgement: Judgement) -> dict[str, Any]:
        """Return the conditions that failed, by their place in the rule, and the facts that are missing."""
        places = {id(each): place for place, each in enumerate(judgement.measure.when)}
        failed = sorted({places[id(each.condition)] for each in judgement.results if each.result is False})
        missing = sorted({fact_name(each, self.library) for each in judgement.missing})
        details: dict[str, Any] = {"verdict": judgement.verdict}
        if failed:
            details["failed"] = failed[:_MOST_NAMED]
        if missing:
            details["missing"] = missing[:_MOST_NAMED]
        return details


def judged_now(line: Line) -> Judged:
    """Judge the firm of a line once more by what the register and the lists say now, as of the run's day."""
    run = line.run
    found = MeasureJudge(library(), run.measure, run.as_of, encryption_keys(settings.DATA))
    outside = outside_claims([line.firm], run.as_of).get(line.firm_id, {})
    return found.judged(line.firm, outside)


def _said(name: str, value: Any, claim: Mapping[str, Any]) -> dict[str, str]:
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return {
        "fact": name,
        "value": text,
        "source": str(claim.get("source", "")),
        "date": str(claim.get("date", "")),
    }


def _received(measure: Measure, situation: Situation) -> int:
    """Return what the register says was received of the measure already (fen), of the year where it is had by year."""
    yearly = any(cap.yearly for cap in measure.caps)
    total = 0
    for row in situation.records.get(RECEIPTS, ()):
        amount, on = row.get("received_amount"), row.get("received_on")
        if row.get("measure") != measure.id or not isinstance(amount, int) or isinstance(amount, bool):
            continue
        if not yearly or getattr(on, "year", situation.as_of.year) == situation.as_of.year:
            total += amount
    return total
