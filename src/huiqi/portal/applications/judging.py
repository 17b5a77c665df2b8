"""What an application comes to: its answers put into the register's facts, judged as delivery judges a line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from huiqi.portal.applications.models import Application
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.judging import Judged, MeasureJudge
from huiqi.portal.firms.claims import Claim, counting, with_claim
from huiqi.portal.firms.columns import COLUMNS, settle
from huiqi.portal.firms.models import FactChange, Firm
from huiqi.portal.firms.outside import outside_claims
from huiqi.portal.keys import encryption_keys
from huiqi.rules.facts import SUBJECT, RecordKind
from huiqi.rules.measure import Measure
from huiqi.rules.reasons import LISTS
from huiqi.screening.interview import known_by
from huiqi.screening.open_facts import RECORDS, Place

SOURCE = "office"
"""Whose word an answer is once the office has granted what rests on it."""


def judged(application: Application, firm: Firm, today: date) -> Judged:
    """Judge the firm as it stands, on the day the application was first handed in (today for a draft)."""
    as_of = application.as_of or today
    judge = MeasureJudge(library(), application.measure, as_of, encryption_keys(settings.DATA))
    outside = outside_claims([firm], as_of).get(firm.pk, {})
    return judge.judged(firm, outside) if pays(application.measure) else judge.by_conditions(firm, outside)


def pays(measure: str) -> bool:
    """Whether money goes to the firm by a delivery where the measure is granted, with an amount or up to a limit."""
    return any(
        each.kind == "pay" and each.amount_is in ("paid", "limit") for each in library().by_id[measure]
    )


def answered(application: Application, firm: Firm, today: date) -> dict[str, list[Claim]]:
    """Put the answers into the firm, not saved; return what was said before of each fact and list that changes.

    What the register knows by now is left as it is: an answer says only what no source has said.
    """
    before: dict[str, list[Claim]] = {}
    rows: dict[str, list[dict[str, Any]]] = {}
    for record, name, period, index, text in latest(application):
        place = Place(record, name, period, index)
        if is_known(firm, place):
            continue
        if record in (SUBJECT, LISTS):
            key = _key(place)
            before[key] = list(firm.facts.get(key, ()))
            firm.facts[key] = with_claim(before[key], _settled(today, value=text))
            continue
        list_name = _kind(place).list_name
        known = rows.setdefault(list_name, _rows(firm, place))
        if record == RECORDS:
            known.extend({} for _ in range(int(text) - len(known)))
        elif index < len(known):
            known[index][name] = text
    for list_name, filled in rows.items():
        before[list_name] = list(firm.records.get(list_name, ()))
        firm.records[list_name] = with_claim(before[list_name], _settled(today, rows=filled))
    return before


def latest(application: Application) -> list[list[Any]]:
    """Return what was said of each place: the office's finding where there is one, else the firm's answer."""
    said = {Place(*each[:4]): each for each in (*application.answers, *application.findings)}
    return list(said.values())


def is_known(firm: Firm, place: Place) -> bool:
    """Tell whether a source of the register says something of a place, so that it is put right there and nowhere else."""
    if place.record in (SUBJECT, LISTS):
        return bool(firm.facts.get(_key(place)))
    rows = _rows(firm, place)
    if place.record == RECORDS:
        return bool(firm.records.get(_kind(place).list_name))
    return place.index < len(rows) and rows[place.index].get(place.name) not in (None, "")


def take_up(application: Application, firm: Firm, today: date, now: datetime) -> list[str]:
    """Write the answers into the register, each with its change; return the names of the facts and lists."""
    before = answered(application, firm, today)
    if not before:
        return []
    settle(firm, library(), today)
    firm.updated_at = now
    firm.version += 1
    firm.save(update_fields=["facts", "records", "updated_at", "version", *COLUMNS])
    for name, said in before.items():
        after = firm.facts.get(name) or firm.records.get(name)
        FactChange.objects.create(
            firm=firm, fact=name, source=SOURCE, dated=today, before=said or None, after=after, at=now
        )
    return sorted(before)


def failed_conditions(found: Judged) -> list[dict[str, str]]:
    """Return the conditions that failed, in the rule's own words, each with its clause."""
    return [_condition(found.measure, place) for place in found.details.get("failed", ())]


def missing_facts(found: Judged) -> Sequence[str]:
    """Return the names of the facts that nobody knows and the verdict needs."""
    return tuple(found.details.get("missing", ()))


def _condition(measure: Measure, place: int) -> dict[str, str]:
    condition = measure.when[place]
    return {
        "condition": condition.words or condition.title or f"{place + 1}",
        "clause": measure.sources[condition.source - 1].clause,
    }


def _key(place: Place) -> str:
    return f"{place.name}@{place.period}" if place.period else place.name


def _kind(place: Place) -> RecordKind:
    return library().facts.records[place.name if place.record == RECORDS else place.record]


def _rows(firm: Firm, place: Place) -> list[dict[str, Any]]:
    claims: Iterable[Claim] = firm.records.get(_kind(place).list_name, ())
    counts = counting(claims, known_by(place, library().facts))
    said: Sequence[Mapping[str, Any]] = counts["rows"] if counts is not None else ()
    return [dict(each) for each in said]


def _settled(today: date, **said: Any) -> Claim:
    return {"source": SOURCE, "date": today.isoformat(), "settled": True, **said}
