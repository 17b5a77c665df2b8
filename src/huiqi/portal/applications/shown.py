"""What pages show of applications: titles, steps with the days promised and used, files by what they prove, history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.registry import acts
from huiqi.portal.applications.models import Application, Attachment, Remark
from huiqi.portal.applications.needed import Needed, needed_for
from huiqi.portal.applications.queries import KIND, attachments_of, deadlines_of
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.catalogue.words import FactWords
from huiqi.portal.clock.models import Deadline
from huiqi.portal.clock.rules import deadline_rules
from huiqi.portal.delivery.shown import chosen, measure_title, place
from huiqi.portal.delivery.step_days import days_used, is_late
from huiqi.portal.look.act_pages import title_of
from huiqi.rules.reasons import LISTS
from huiqi.screening.open_facts import RECORDS


@dataclass(frozen=True, slots=True)
class Row:
    """An application with its words."""

    application: Application
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class Step:
    """A deadline of a step: what must be done, by when, how many working days it took."""

    title: str
    deadline: Deadline
    used: int | None
    late: bool
    by_office: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to attach, with the files that were attached to it."""

    needed: Needed
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as the firm answered it, or as the office found it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was said at a step."""

    remark: Remark
    title: str


def row_of(application: Application) -> Row:
    """Return an application as lists show it."""
    title = measure_title(application.measure, application.variant)
    return Row(application, title, place(application.county))


def steps_of(application: Application, today: date) -> list[Step]:
    """Return the deadlines that an application has had."""
    found = []
    for each in deadlines_of(application):
        rule = deadline_rules().get(each.rule)
        title = chosen((rule.zh, rule.en)) if rule is not None else each.rule
        by_office = rule is not None and rule.set_by == "office"
        found.append(Step(title, each, days_used(each, today), is_late(each, today), by_office))
    return found


def slots_of(application: Application, handed_in: bool = False) -> list[Slot]:
    """Return what is to be attached with what was; a file whose slot the table no longer has comes last.

    `handed_in` leaves out what the firm has attached since it last handed in.
    """
    files = list(attachments_of(application))
    if handed_in:
        files = [each for each in files if each.from_round <= application.round]
    needed = needed_for(application.measure)
    found = [Slot(each, tuple(file for file in files if file.slot == each.id)) for each in needed]
    known = {each.id for each in needed}
    gone = sorted({file.slot for file in files if file.slot not in known})
    for name in gone:
        own = tuple(file for file in files if file.slot == name)
        found.append(Slot(Needed(name, name, name, False, "office"), own))
    return found


def lacking(slots: Sequence[Slot]) -> list[str]:
    """Return the titles of what must still be attached."""
    return [each.needed.title for each in slots if each.needed.required and not each.files]


def said_of(said: Sequence[Sequence[Any]]) -> list[Said]:
    """Return answers or findings in words."""
    words, found = FactWords(library()), []
    for record, name, period, index, text in said:
        fact = library().facts.fact(record, name) if record not in (LISTS, RECORDS) else None
        value: object = text
        if text in ("yes", "no") and (fact is None or not fact.type.choices):
            value = text == "yes"
        own = "" if record == RECORDS else record
        found.append(Said(words.label(own, name, period, index), words.shown(fact, value)))
    return found


def told_of(application: Application) -> list[Told]:
    """Return what the office and the firm said, the newest first."""
    rows = Remark.objects.for_site("of an application that is seen")
    found = rows.filter(application=application).order_by("-pk")[:50]
    return [Told(each, title_of(acts()[each.act]) if each.act in acts() else each.act) for each in found]


def history_of(application: Application, names: bool) -> list[tuple[Event, str, str]]:
    """Return what was done, with who did it where `names`."""
    events = list(
        Event.objects.filter(subject_kind=KIND, subject=str(application.pk)).order_by("sequence")[:100]
    )
    numbers = {int(each.actor[5:]) for each in events if each.actor[:5] == "user:"} if names else set()
    people = dict(User.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return [
        (
            each,
            title_of(acts()[each.act]) if each.act in acts() else each.act,
            people.get(int(each.actor[5:]), "") if each.actor[:5] == "user:" else _("系统"),
        )
        for each in events
    ]


def mend_lines(application: Application) -> list[str]:
    """Return what must be mended, line by line."""
    return [each if isinstance(each, str) else str(each.get("text", "")) for each in application.mend]


def failed_lines(application: Application) -> list[tuple[str, str]]:
    """Return the conditions for which it was refused, each with its clause."""
    return [
        (str(each.get("condition", each.get("text", ""))), str(each.get("clause", "")))
        for each in application.failed
    ]
