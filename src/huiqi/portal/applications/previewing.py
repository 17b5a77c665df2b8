"""What an application comes to by what is known now: the register's facts, the firm's answers, the office's findings over them.

It shows; what is decided is decided by the acts, which judge anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from huiqi.portal.answers.answering import NotUnderstood, read
from huiqi.portal.answers.asking import Asking, asking_again
from huiqi.portal.answers.reasons import Reason, reasons_of
from huiqi.portal.applications.models import Application
from huiqi.portal.catalogue.shelf import Shelf, shelf
from huiqi.portal.delivery.shown import variant_of
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Firm
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import Measure
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import Situation
from huiqi.rules.verdicts import ELIGIBLE, LIKELY, VERDICTS
from huiqi.screening.assess import Assessed, assess, judge_one
from huiqi.screening.interview import Interview
from huiqi.screening.open_facts import RECORDS, Place

ON_APPLICATION = ("on_application", "at_own_wish", "by_approval", "by_filing", "by_selection")
_LIKELY_FIRST = {ELIGIBLE: 0, LIKELY: 1}


@dataclass(frozen=True, slots=True)
class Preview:
    """A verdict in words with its reasons; `amount` is fen. `missing` are facts that nobody has told yet."""

    verdict: str
    words: str
    amount: int | None
    amount_words: str
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MayApply:
    """A measure that a firm may apply for, with what is known of it today. Money is fen."""

    measure: Measure
    title: str
    verdict: str
    words: str
    amount: int | None
    information: str


@dataclass(frozen=True, slots=True)
class AskedFact:
    """A fact that the form asks: its question, and what was answered before."""

    asking: Asking
    place: Place
    text: str
    wrong: str = ""
    meant: tuple[tuple[str, str], ...] = ()


def interview_of(application: Application, today: date, findings: bool = True) -> Interview:
    """Return what is known of an application: the register, the answers in their order, the findings over them."""
    house = shelf()
    situation = case_of(application.firm, house.library, application.as_of or today).situation
    interview = house.interviewer.begin(situation)
    said = [*application.answers, *(application.findings if findings else ())]
    for *place, text in said:
        _answer(interview, Place(*place), text, house)
    return interview


def _answer(interview: Interview, place: Place, text: str, house: Shelf) -> None:
    rows = interview.situation.records.get(place.record, ())
    if place.record not in (SUBJECT, LISTS, RECORDS) and place.index >= len(rows or ()):
        return
    try:
        interview.answer(place, read(place, text, house.library).value)
    except NotUnderstood:
        return


def preview_of(application: Application, today: date) -> Preview:
    """Return what the application comes to."""
    return _preview(application.measure, interview_of(application, today).situation)


def _preview(measure: str, situation: Situation) -> Preview:
    house = shelf()
    judgement = judge_one(house.library, measure, situation)
    said = house.answerer.measure(Assessed(judgement, judgement.amount), situation)
    label = house.words.label
    missing = [label(each["record"], each["name"], each.get("period", "")) for each in said["missing"]]
    amount = judgement.amount if judgement.verdict in _LIKELY_FIRST else None
    return Preview(
        judgement.verdict,
        _(VERDICTS.get(judgement.verdict, judgement.verdict)),
        amount,
        "",
        reasons_of(said, house),
        tuple(dict.fromkeys(missing)),
        tuple(said["open"]),
    )


def asked_facts(application: Application, today: date) -> list[AskedFact]:
    """Return the facts that the form asks: what was answered, then what the rule still lacks and the firm may settle."""
    house = shelf()
    found = []
    for *place, text in application.answers:
        where = Place(*place)
        found.append(AskedFact(asking_again(where, house), where, text))
    interview = interview_of(application, today, findings=False)
    for each in missing_places(application, interview):
        if not any(each == known.place for known in found):
            found.append(AskedFact(asking_again(each, house), each, ""))
    return found


def missing_places(application: Application, interview: Interview) -> list[Place]:
    """Return what the rule still lacks and this firm may settle, in a fixed order."""
    measure = variant_of(application.measure, application.variant)
    if measure is None:
        return []
    open_facts = shelf().interviewer.open_facts
    found = open_facts.missing(open_facts.outline(measure), interview.situation)
    return [each for each in sorted(found) if interview.askable(each)]


def may_apply_for(firm: Firm, today: date) -> list[MayApply]:
    """Return the measures that a firm may apply for today, the surest first; those that it fails are left out."""
    house = shelf()
    situation = case_of(firm, house.library, today).situation
    found = []
    for each in assess(house.library, situation).measures:
        judgement = each.judgement
        if each.measure.delivery not in ON_APPLICATION or judgement.subject_fails:
            continue
        if judgement.verdict not in VERDICTS or judgement.verdict == "ineligible":
            continue
        card = house.cards.of(each.measure)
        amount = judgement.amount if judgement.verdict in _LIKELY_FIRST else None
        found.append(
            MayApply(
                each.measure,
                card.title,
                judgement.verdict,
                _(VERDICTS[judgement.verdict]),
                amount,
                card.page.information or "",
            )
        )
    return sorted(
        found, key=lambda each: (_LIKELY_FIRST.get(each.verdict, 2), -(each.amount or 0), each.measure.id)
    )


def first_look(firm: Firm, measure: str, today: date) -> Preview:
    """Return what a measure comes to for a firm before it applies."""
    return _preview(measure, case_of(firm, shelf().library, today).situation)
