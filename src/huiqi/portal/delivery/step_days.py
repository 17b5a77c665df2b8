"""Working days that steps of runs took against those that are promised, by the level of the government that runs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import CharField
from django.db.models.functions import Cast

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.clock.models import DROPPED, Deadline
from huiqi.portal.clock.rules import deadline_rules
from huiqi.portal.clock.running import calendar
from huiqi.portal.delivery.shown import chosen
from huiqi.portal.delivery.steps import STEPS
from huiqi.reference.money import half_up
from huiqi.reference.regions import UnknownRegion, region
from huiqi.reference.working_days import CalendarNotPublished

LEVELS = {
    "province": ("省级", "Province"),
    "prefecture": ("州市级", "Prefecture"),
    "county": ("县级", "County"),
    "": ("其他", "Other"),
}


@dataclass(frozen=True, slots=True)
class StepDays:
    """One step at one level: working days promised, how many runs came to it, their days; `late` were or are overdue.

    `mean` has one decimal, rounded half up; "" and None where no run's days can be counted.
    """

    level: str
    title: str
    promised: int | None
    runs: int
    mean: str
    longest: int | None
    late: int


def deadlines_of(runs: ScopedQuerySet) -> ScopedQuerySet:
    """Return the deadlines of the steps of runs that are seen."""
    numbers = runs.order_by().annotate(key=Cast("pk", CharField())).values("key")
    rows = Deadline.objects.for_site("of runs that are seen").filter(
        subject_kind="delivery.run", subject__in=numbers, rule__in=STEPS
    )
    return rows.order_by("pk")


def days_used(deadline: Deadline, today: date) -> int | None:
    """Return the working days that a step took, or has taken so far; None where a year's calendar is not published.

    A step that ended on a day before it counts from (a date set back by hand) took none.
    """
    try:
        return max(0, calendar().working_days_between(deadline.begins, deadline.ended or today))
    except CalendarNotPublished:
        return None


def is_late(deadline: Deadline, today: date) -> bool:
    """Whether a step was ended after its day, or is open beyond it."""
    return deadline.due is not None and (deadline.ended or today) > deadline.due


def by_level(deadlines: Iterable[Deadline], today: date) -> list[StepDays]:
    """Return each step that runs came to, level by level from above, in the order of the steps."""
    found: dict[tuple[str, str], list[Deadline]] = {}
    for each in deadlines:
        if each.state != DROPPED:
            found.setdefault((_level(each.region), each.rule), []).append(each)
    return [
        _summed(level, rule, found[level, rule], today)
        for level in LEVELS
        for rule in STEPS
        if (level, rule) in found
    ]


def _summed(level: str, name: str, rows: list[Deadline], today: date) -> StepDays:
    rule = deadline_rules()[name]
    used = [days for each in rows if (days := days_used(each, today)) is not None]
    tenths = half_up(Fraction(10 * sum(used), len(used))) if used else 0
    return StepDays(
        chosen(LEVELS[level]),
        chosen((rule.zh, rule.en)),
        rule.working_days,
        len(rows),
        f"{tenths // 10}.{tenths % 10}" if used else "",
        max(used, default=None),
        sum(is_late(each, today) for each in rows),
    )


def _level(code: str) -> str:
    try:
        level = str(region(code).level)
    except UnknownRegion:
        return ""
    return level if level in LEVELS else ""
