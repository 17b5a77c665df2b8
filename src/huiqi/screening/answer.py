"""An assessment as JSON (DESIGN section 6) with full reasons: clause, words, fact, source and distance."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from huiqi.policies.library import PolicyLibrary
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import full_name
from huiqi.rules.facts import SUBJECT, SUBJECTS
from huiqi.rules.judge import Claim, ConditionResult
from huiqi.rules.measure import Condition, Measure
from huiqi.rules.reasons import LISTS, Decider, MissingFact
from huiqi.rules.render import Renderer, industry_name, plain
from huiqi.rules.situation import FactKey, Record, Situation, Value
from huiqi.rules.typed import FactOf, InChoices, InIndustries, InRegions, Listed, Over, Typed, children
from huiqi.rules.units import Unit
from huiqi.screening.assess import Assessed, Assessment

_RESULTS = {True: "pass", False: "fail", None: "unknown"}


@dataclass(frozen=True, slots=True)
class _Read:
    """A fact that a condition reads, or membership of a list."""

    record: str
    name: str
    period: str
    key: FactKey
    unit: Unit | None
    of_subject: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """What is the same of a condition for every firm; the condition is kept, or another could come to bear its id."""

    condition: Condition
    text: str
    document: str
    clause: str
    words: str
    decided_by: str
    facts: tuple[_Read, ...]


class Answerer:
    """Turns assessments into JSON; keeps the Chinese of each condition once it is rendered."""

    def __init__(self, library: PolicyLibrary) -> None:
        self.library = library
        self._renderers: dict[int, Renderer] = {}
        self._texts: dict[int, str] = {}
        self._said: dict[int, _Said] = {}
        self._decider_texts: dict[tuple[int, bool], tuple[Typed, str]] = {}
        self._sources: dict[int, list[dict[str, str]]] = {}

    def answer(self, assessment: Assessment) -> dict[str, Any]:
        """Return the whole answer."""
        situation = assessment.situation
        return {
            "as_of": situation.as_of.isoformat(),
            "subject": situation.kind,
            "name": situation.subject.get("name"),
            "region": situation.region,
            "measures": [self.measure(each, situation) for each in assessment.measures],
            "total_certain": format_yuan(assessment.total_certain),
            "total_if_declared": format_yuan(assessment.total_if_declared),
            "total_deferred": format_yuan(assessment.total_deferred),
            "excluded": [
                {"id": each.id, "by": each.by, "level": each.level, "index": each.index, "why": each.why}
                for each in assessment.excluded
            ],
            "bundle": [
                {"id": measure.id, "amount": _yuan(amount)}
                for measure, _, amount in assessment.bundle.chosen
                if measure.amount is not None
            ],
            "bundle_exact": assessment.bundle.exact,
        }

    def measure(self, assessed: Assessed, situation: Situation) -> dict[str, Any]:
        """Return one measure with its reasons."""
        judgement, measure = assessed.judgement, assessed.measure
        results = list(judgement.results)
        failed = [self._decider(each, decider, measure) for each in results for decider in each.deciders]
        if judgement.subject_fails:
            failed.append(_wrong_subject(measure, situation))
        return {
            "id": measure.id,
            "title": measure.title,
            "english": measure.english,
            "kind": measure.kind,
            "region": measure.region,
            "verdict": judgement.verdict,
            "for_other_subjects": judgement.subject_fails,
            "amount": _yuan(judgement.amount),
            "amount_if_declared": _yuan(judgement.amount_if_declared),
            "amount_is": measure.amount_is,
            "information": measure.information or None,
            "remains": _yuan(assessed.remains),
            "needs": self._missing(judgement.needs),
            "per_record": [_claim(each, measure) for each in judgement.claims if each.index is not None],
            "missing": self._missing(judgement.missing),
            "open": [self.text(each.condition, measure) for each in _open(judgement.claims)],
            "failed": failed,
            "reasons": [self._reason(each, measure, situation) for each in results],
            "delivery": measure.delivery,
            "sources": self._measure_sources(measure),
        }

    def text(self, condition: Condition, measure: Measure) -> str:
        """Return the Chinese of a condition."""
        text = self._texts.get(id(condition))
        if text is None:
            text = condition.title or self._renderer(measure).text(condition.test)
            self._texts[id(condition)] = text
        return text

    def _renderer(self, measure: Measure) -> Renderer:
        renderer = self._renderers.get(id(measure))
        if renderer is None:
            renderer = self._renderers[id(measure)] = self.library.renderer(measure)
        return renderer

    def _reason(self, result: ConditionResult, measure: Measure, situation: Situation) -> dict[str, Any]:
        said = self._said.get(id(result.condition))
        if said is None:
            said = self._said[id(result.condition)] = self._say(result.condition, measure)
        index = result.index
        row = _row(measure.per, index, situation)
        reason: dict[str, Any] = {
            "condition": said.text,
            "result": _RESULTS[result.result],
            "document": said.document,
            "clause": said.clause,
            "words": said.words,
            "facts": [
                self._fact_used(each, situation, row, index or 0)
                for each in said.facts
                if each.of_subject or row is not None
            ],
        }
        if said.decided_by:
            reason["decided_by"] = said.decided_by
        if index is not None:
            reason["record"], reason["index"] = measure.per, index
        return reason

    def _say(self, condition: Condition, measure: Measure) -> _Said:
        source = measure.sources[condition.source - 1]
        soft = "declaration" if condition.declared else "discretion"
        return _Said(
            condition,
            self.text(condition, measure),
            source.document,
            source.clause,
            condition.words or source.words,
            soft if condition.soft else "",
            tuple(_read(each) for each in dict.fromkeys(_facts_outside_lists(condition.test))),
        )

    def _fact_used(self, read: _Read, situation: Situation, row: Record | None, index: int) -> dict[str, Any]:
        record, name = read.record, read.name
        if record == LISTS:
            listed: dict[str, Any] = {"record": LISTS, "name": name, "value": situation.lists.get(name)}
            return {**listed, **_origin(situation, LISTS, 0, name)}
        value = situation.subject.get(read.key) if row is None or read.of_subject else row.get(read.key)
        plain = value is None or value is True or value is False or isinstance(value, str)
        shown = value if plain else json_value(value, read.unit)
        entry: dict[str, Any] = {"record": record, "name": name, "value": shown}
        if read.period:
            entry["period"] = read.period
        if situation.origins:
            entry |= _origin(situation, record, 0 if read.of_subject else index, name)
        return entry

    def _decider(self, result: ConditionResult, decider: Decider, measure: Measure) -> dict[str, Any]:
        renderer = self._renderer(measure)
        entry: dict[str, Any] = {
            "condition": self._decider_text(decider, renderer),
            "value": json_value(decider.value, decider.unit),
            "threshold": json_value(decider.threshold, decider.unit),
            "distance": json_value(decider.distance, decider.unit),
            "value_text": _value_text(decider, renderer),
        }
        if result.index is not None:
            entry["record"], entry["index"] = measure.per, result.index
        return entry

    def _decider_text(self, decider: Decider, renderer: Renderer) -> str:
        key = (id(decider.node), decider.wanted)
        found = self._decider_texts.get(key)
        if found is None:
            text = renderer.text(decider.node) if decider.wanted else renderer.denial(decider.node)
            # The node is kept beside its text, or another could come to bear its id.
            found = self._decider_texts[key] = (decider.node, text)
        return found[1]

    def _missing(self, missing: Iterable[MissingFact]) -> list[dict[str, str]]:
        entries: list[dict[str, str]] = []
        for each in sorted(missing) if missing else ():
            record = self.library.facts.records.get(each.name) if each.record == SUBJECT else None
            entry = {"record": each.record, "name": record.list_name if record else each.name}
            if each.period:
                entry["period"] = each.period
            entries.append(entry)
        return entries

    def _measure_sources(self, measure: Measure) -> list[dict[str, str]]:
        sources = self._sources.get(id(measure))
        if sources is None:
            sources = [
                {"document": each.document, "clause": each.clause, "words": each.words}
                for each in measure.sources
            ]
            self._sources[id(measure)] = sources
        return sources


def _claim(claim: Claim, measure: Measure) -> dict[str, Any]:
    return {
        "record": measure.per,
        "index": claim.index,
        "verdict": claim.verdict,
        "amount": _yuan(claim.amount),
    }


def _read(node: FactOf | Listed) -> _Read:
    if isinstance(node, Listed):
        return _Read(LISTS, node.list_id, "", node.list_id, None, True)
    key: FactKey = (node.name, node.period) if node.period else node.name
    return _Read(node.record, node.name, node.period, key, node.type.unit, node.record == SUBJECT)


def _origin(situation: Situation, record: str, index: int, name: str) -> dict[str, Any]:
    """Where a value comes from, as the case says; nothing where it does not say."""
    origin = situation.origins.get((record, index, name))
    return {} if origin is None else {"source": origin.source or None, "date": origin.date or None}


def _row(record: str, index: int | None, situation: Situation) -> Record | None:
    """Return the record that a condition was judged on, if it was judged on one that is there."""
    if index is None:
        return None
    rows = situation.records.get(record, ())
    return rows[index] if index < len(rows) else None


def _facts_outside_lists(node: Typed) -> Iterator[FactOf | Listed]:
    """Yield the facts read of the subject and of the record in scope; a list's own records are many."""
    if isinstance(node, (FactOf, Listed)):
        yield node
    elif not isinstance(node, Over):
        for child in children(node):
            yield from _facts_outside_lists(child)


def json_value(value: Value | None, unit: Unit | None) -> Any:
    """Return a value for JSON: yuan as text with two decimals, other numbers as whole numbers or exact text."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, Fraction)):
        if unit is not None and unit.power("yuan") == 1:
            return format_yuan(value) if isinstance(value, int) else plain(value / 100)
        return value if isinstance(value, int) else plain(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return " or ".join(sorted(value))


def _value_text(decider: Decider, renderer: Renderer) -> str | None:
    """Return the value in Chinese: a choice by its label, an industry or region by its name, a number with its unit."""
    value, node = decider.value, decider.node
    if value is None:
        return None
    if isinstance(node, InChoices):
        labels = dict(node.of.type.choices)
        values = sorted(value) if isinstance(value, frozenset) else [str(value)]
        return "或".join(labels.get(each, each) for each in values)
    if isinstance(node, InIndustries):
        return industry_name(str(value))
    if isinstance(node, InRegions):
        return full_name(str(value))
    return renderer.value(value, decider.unit)


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else format_yuan(fen)


def _open(claims: Iterable[Claim]) -> list[ConditionResult]:
    found: dict[int, ConditionResult] = {}
    for claim in claims:
        if claim.verdict == "likely":
            for each in claim.open:
                found.setdefault(id(each.condition), each)
    return list(found.values())


def _wrong_subject(measure: Measure, situation: Situation) -> dict[str, Any]:
    return {
        "condition": "适用主体",
        "value_text": SUBJECTS[situation.kind],
        "value": SUBJECTS[situation.kind],
        "threshold": "或".join(SUBJECTS[each] for each in measure.subject),
        "distance": None,
    }
