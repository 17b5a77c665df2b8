"""Deadlines begin, pause, go on and end inside the acts of their domains: part of the act's transaction."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models

from huiqi.portal.acts.performing import scope_of
from huiqi.portal.acts.registry import Doing
from huiqi.portal.clock.models import DROPPED, MET, OPEN, Deadline, PausedSpan
from huiqi.portal.clock.reckoning import Pause, Reckoned, after_working_days
from huiqi.portal.clock.rules import deadline_rules
from huiqi.reference.working_days import Calendar, CalendarNotPublished, published


def calendar() -> Calendar:
    """Return the working days of the published years, and of those that the office has loaded itself."""
    own = settings.DATA / "working_days.csv"
    return published().with_file(own) if own.exists() else published()


def begin_deadline(doing: Doing, rule: str, subject: models.Model, address: str = "") -> Deadline:
    """Begin a deadline of the subject today. A deadline is known to be open once, whoever begins it again."""
    scope = scope_of(subject)
    begun, _new = Deadline.objects.for_site("the act holds its subject").get_or_create(
        rule=rule,
        subject_kind=subject._meta.label_lower,
        subject=str(subject.pk),
        state=OPEN,
        defaults={
            "region": scope.region or "",
            "agency": scope.agency or "",
            "begins": doing.today,
            "address": address,
        },
    )
    reckon(begun)
    return begun


def meet_deadlines(doing: Doing, subject: models.Model, *rules: str, drop: bool = False) -> None:
    """End the subject's open deadlines of these rules (all where none is named): met, or dropped with its reason."""
    rows = _open(subject)
    if rules:
        rows = rows.filter(rule__in=rules)
    rows.update(state=DROPPED if drop else MET, ended=doing.today)


def pause_deadlines(doing: Doing, subject: models.Model, reason: str) -> None:
    """Hold up the subject's open deadlines from tomorrow on."""
    for deadline in _open(subject):
        PausedSpan.objects.get_or_create(
            deadline=deadline, ends=None, defaults={"begins": doing.today + timedelta(1), "reason": reason}
        )
        reckon(deadline)


def resume_deadlines(doing: Doing, subject: models.Model) -> None:
    """Let the subject's deadlines run again: today is the last day that did not count."""
    for deadline in _open(subject):
        PausedSpan.objects.filter(deadline=deadline, ends=None).update(ends=doing.today)
        reckon(deadline)


def reckon(deadline: Deadline) -> None:
    """Reckon a deadline anew and save it; a year that is not published leaves it without a day, never a guess."""
    try:
        deadline.due, deadline.waits_for_calendar = _due(deadline), False
    except CalendarNotPublished:
        deadline.due, deadline.waits_for_calendar = None, True
    deadline.save(update_fields=["due", "waits_for_calendar"])


def explained(deadline: Deadline) -> Reckoned:
    """Return the way to a deadline day by day. Raises CalendarNotPublished."""
    rule = deadline_rules()[deadline.rule]
    if rule.working_days is None:
        return Reckoned(_due(deadline), ())
    return after_working_days(deadline.begins, rule.working_days, calendar(), _pauses(deadline))


def reckoned_otherwise(deadline: Deadline, by: Calendar) -> Reckoned | None:
    """Return what rule and calendar of today come to, where that is another day than the one that stands; else None.

    An open deadline keeps its day when the office changes a rule or a calendar: it was told that day. Nothing is
    changed here, and what ended is not asked.
    """
    if deadline.state != OPEN or deadline.waits_for_calendar or deadline.rule not in deadline_rules():
        return None
    try:
        due = _due(deadline, by)
    except CalendarNotPublished:
        return None
    return None if due == deadline.due else Reckoned(due, ())


def _due(deadline: Deadline, by: Calendar | None = None) -> date | None:
    rule, days = deadline_rules()[deadline.rule], by or calendar()
    if rule.working_days is not None:
        return after_working_days(deadline.begins, rule.working_days, days, _pauses(deadline)).due
    assert rule.rhythm is not None
    return rule.rhythm.next(deadline.begins + timedelta(1), days)


def _pauses(deadline: Deadline) -> tuple[Pause, ...]:
    # Sorted here: a list of deadlines brings the pauses of all of them at once.
    rows = sorted(deadline.pauses.all(), key=lambda each: each.begins)
    return tuple(Pause(each.begins, each.ends, each.reason) for each in rows)


def _open(subject: models.Model) -> models.QuerySet[Deadline]:
    return Deadline.objects.for_site("the act holds its subject").filter(
        subject_kind=subject._meta.label_lower, subject=str(subject.pk), state=OPEN
    )
