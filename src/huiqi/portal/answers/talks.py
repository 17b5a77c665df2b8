"""Whose answers a page is about: an anonymous visitor's, or those of a firm of the register."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse

from huiqi.findings import Finding
from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.answers.answering import NotUnderstood, read
from huiqi.portal.answers.told import Told, told_from
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.outside import county_claims
from huiqi.portal.look.visits import Visit
from huiqi.rules.facts import SUBJECT
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import Situation
from huiqi.screening.interview import Interview
from huiqi.screening.open_facts import RECORDS

_KEY = "answers"


@dataclass
class Talk:
    """One visitor's questions and answers. `firm` is None for the anonymous calculator."""

    request: Visit
    told: Told
    base: Situation
    firm: Firm | None = None
    unread: tuple[Finding, ...] = field(default=())

    @cached_property
    def interview(self) -> Interview:
        """What is known by now: the register's facts, then the answers in their order."""
        house = shelf()
        interview = house.interviewer.begin(self.base)
        for step in self.told.steps:
            place = step.place
            if place.record not in (SUBJECT, LISTS, RECORDS):
                rows = interview.situation.records.get(place.record, ())
                if place.index >= len(rows):
                    continue
            if step.text is None:
                interview.decline(place)
                continue
            try:
                interview.answer(place, read(place, step.text, house.library).value)
            except NotUnderstood:
                continue
        return interview

    @property
    def situation(self) -> Situation:
        """What is known by now, for judging."""
        return self.interview.situation

    def keep(self, told: Told) -> None:
        """Keep what was told in the session."""
        self.request.session[_key(self.firm)] = told.as_json()

    def address(self, page: str, **more: object) -> str:
        """The address of one of this talk's pages: ask, change, result, sheet, calendar, forget."""
        if self.firm is None:
            return reverse(f"answers-{page}", kwargs=more)
        return reverse(f"owed-{page}", kwargs={"number": self.firm.pk, **more})

    @property
    def addresses(self) -> dict[str, str]:
        """The addresses of this talk's pages."""
        return {name: self.address(name) for name in ("ask", "result", "sheet", "calendar", "forget")}


def begin(request: Visit, told: Told) -> None:
    """Begin an anonymous talk."""
    request.session[_KEY] = told.as_json()


def anonymous_talk(request: Visit) -> Talk | None:
    """Return the visitor's talk, None where none was begun in this session."""
    told = told_from(request.session.get(_KEY), shelf().library)
    if told is None or not told.region:
        return None
    # What lists say of the county is known of whoever is there.
    somebody = Firm(subject=told.subject, region=told.region)
    lists = county_claims(told.region, told.as_of)
    return Talk(request, told, case_of(somebody, shelf().library, told.as_of, outside=lists).situation)


def firm_talk(request: Visit, number: int, page: str) -> Talk:
    """Return the talk about a firm that the visitor is bound to. Raises NotYours."""
    firm = Firm.objects.visible_to(request.actor, page).filter(pk=number).first()
    if firm is None:
        raise NotYours
    library = shelf().library
    told = told_from(request.session.get(_key(firm)), library)
    if told is None or told.subject != firm.subject:
        told = Told(firm.subject, "", request.today)
    case = case_of(firm, library, told.as_of)
    return Talk(request, told, case.situation, firm, case.unread)


def forget(request: Visit, firm: Firm | None = None) -> None:
    """Forget what was told."""
    request.session.pop(_key(firm), None)


def on_day(told: Told, day: datetime.date) -> Told:
    """Return the same answers for another day."""
    return Told(told.subject, told.region, day, told.steps)


def _key(firm: Firm | None) -> str:
    return _KEY if firm is None else f"{_KEY}:{firm.pk}"
