"""The outline as JSON: the shape of DESIGN section 6, with offsets beside everything found."""

from __future__ import annotations

import datetime
from collections import Counter
from fractions import Fraction
from typing import Any

from huiqi.documents.agencies import AgencyMention
from huiqi.documents.deadlines import Deadline
from huiqi.documents.model import Clause
from huiqi.documents.outline.model import Outline, OutlinedClause
from huiqi.documents.quantities import Mismatch, Quantity
from huiqi.documents.sentences import ClassedSentence


def as_json(outline: Outline) -> dict[str, Any]:
    """Return the outline as plain values; days are ISO 8601, figures exact text."""
    document = outline.document
    front = document.front
    return {
        "title": document.title,
        "number": document.number,
        "issuer": front.issuer,
        "issuers": list(front.issuers),
        "date": _day(document.date),
        "text_date": _day(front.text_date),
        "printed_on": _day(front.printed_on),
        "published_on": _day(front.published_on),
        "addressees": list(front.addressees),
        "copies": list(front.copies),
        "cited": [
            {"title": each.title, "number": each.number, "printed": each.printed} for each in front.cited
        ],
        "place": {"level": outline.place.level, "region": outline.place.region},
        "digest": document.digest,
        "letter": _clause(outline.letter) if outline.letter else None,
        "plans": [
            {
                "title": plan.plan.title,
                "short_name": plan.plan.short_name,
                "issuer": plan.plan.issuer,
                "attachment": plan.plan.attachment,
                "clauses": [_clause(each) for each in plan.clauses],
            }
            for plan in outline.plans
        ],
        "coverage": coverage(outline),
        "mended": [
            {
                "kind": each.kind,
                "start": each.start,
                "end": each.end,
                "printed": each.printed,
                "became": each.became,
            }
            for each in document.mended
        ],
    }


def coverage(outline: Outline) -> dict[str, Any]:
    """Return how many sentences there are by class; every sentence has exactly one."""
    kinds = Counter(each.kind for clause in outline.clauses() for each in clause.sentences)
    return {"sentences": kinds.total(), "by_class": dict(sorted(kinds.items()))}


def exact(value: Fraction) -> str:
    """Return a figure as text that loses nothing: 0.35, 1200000, or 1/3 where no decimal ends."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    if not places:
        return str(value.numerator)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _clause(outlined: OutlinedClause) -> dict[str, Any]:
    clause = outlined.clause
    return {
        "path": clause.path,
        "printed": clause.printed,
        "heading": clause.heading,
        "text": clause.text,
        "class": outlined.kind,
        "start": clause.start,
        "end": clause.end,
        "agencies": [_agency(each) for each in outlined.agencies],
        "agencies_at": outlined.agencies_at,
        "and_others": outlined.and_others,
        "implied_agencies": [
            {"printed": each.printed, "agency": each.agency, "role": each.role} for each in outlined.implied
        ],
        "deadlines": [_deadline(each) for each in outlined.deadlines],
        "quantities": [_quantity(each) for each in outlined.quantities],
        "flags": [_flag(each) for each in outlined.flags],
        "sentences": [_sentence(each, clause) for each in outlined.sentences],
    }


def _agency(mention: AgencyMention) -> dict[str, Any]:
    return {
        "printed": mention.printed,
        "agency": mention.agency,
        "role": mention.role,
        "start": mention.start,
        "end": mention.end,
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {
        "printed": deadline.printed,
        "date": _day(deadline.date),
        "rhythm": deadline.rhythm,
        "rhythm_day": deadline.rhythm_day,
        "begins": _day(deadline.begins),
        "kind": deadline.kind,
        "flag": deadline.flag,
        "event": deadline.event,
        "explanation": deadline.explanation,
        "start": deadline.start,
        "end": deadline.end,
    }


def _quantity(quantity: Quantity) -> dict[str, Any]:
    return {
        "printed": quantity.printed,
        "value": exact(quantity.value),
        "value_to": None if quantity.value_to is None else exact(quantity.value_to),
        "unit": quantity.unit,
        "direction": quantity.direction,
        "change": quantity.change,
        "base": None if quantity.base is None else exact(quantity.base),
        "per": list(quantity.per),
        "of": quantity.of,
        "until": _day(quantity.until),
        "start": quantity.start,
        "end": quantity.end,
    }


def _flag(mismatch: Mismatch) -> dict[str, Any]:
    return {
        "kind": mismatch.kind,
        "printed": mismatch.printed,
        "announced": exact(mismatch.announced),
        "found": exact(mismatch.found),
        "certain": mismatch.certain,
        "explanation": mismatch.explanation,
        "start": mismatch.start,
        "end": mismatch.end,
    }


def _sentence(sentence: ClassedSentence, clause: Clause) -> dict[str, Any]:
    start, end = clause.source_span(sentence.start, sentence.end)
    return {
        "class": sentence.kind,
        "start": sentence.start,
        "end": sentence.end,
        "source_start": start,
        "source_end": end,
        "why": sentence.why,
    }


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None
