"""When something is due: working days with pauses, and rhythms of the calendar; plain functions, no hidden clock.

The day something begins is not counted (民法典第二百零一条); a period that ends on a day that is no working day
ends as its rule says.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from huiqi.reference.working_days import Calendar

_DAY = timedelta(days=1)
Shift = Literal["before", "after", "stays"]
Period = Literal["week", "month", "quarter", "half_year", "year"]
_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
MOST_DAYS = 3700
"""Days after which a reckoning is given up: pauses without an end."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A span of days that do not count, both ends included; an open one has no end yet."""

    begins: date
    ends: date | None
    reason: str

    def holds(self, day: date) -> bool:
        """Whether the day falls into it."""
        return self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Step:
    """One day on the way to a deadline: the count so far, and why a day does not count."""

    day: date
    counted: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A deadline with its way there; `due` is None while a pause without an end holds it up."""

    due: date | None
    steps: tuple[Step, ...]


def after_working_days(
    begins: date, count: int, calendar: Calendar, pauses: Iterable[Pause] = ()
) -> Reckoned:
    """Return the day `count` working days after `begins`, days within pauses left out.

    Raises CalendarNotPublished where it would need a year that is not loaded; ValueError for a count below 1.
    """
    if count < 1:
        raise ValueError("a deadline lies at least one working day ahead")
    held = tuple(pauses)
    steps: list[Step] = []
    counted, day = 0, begins
    while counted < count:
        day += _DAY
        pause = next((each for each in held if each.holds(day)), None)
        if pause is not None:
            steps.append(Step(day, None, f"暂停：{pause.reason}"))
            if pause.ends is None or len(steps) > MOST_DAYS:
                return Reckoned(None, tuple(steps))
            continue
        about = calendar.day(day)
        if about.working:
            counted += 1
            steps.append(Step(day, counted, f"{about.name}调休上班" if about.kind == "make_up" else ""))
        else:
            steps.append(Step(day, None, about.name or "周末"))
    return Reckoned(day, tuple(steps))


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A rhythm: each week by a weekday (1 Monday … 7 Sunday), each month or longer period by a day of its last month.

    `day` 0 is the last day of the period; `month` moves a yearly one to another month; `shift` says what
    happens when the day is no working day.
    """

    period: Period
    day: int
    shift: Shift
    month: int = 12

    def next(self, on_or_after: date, calendar: Calendar) -> date:
        """Return the first due day on or after a day, shifted as the rhythm says. Raises CalendarNotPublished."""
        # A shifted day may lie before the day asked for: begin one period earlier.
        start = on_or_after - timedelta(days=370 if self.period == "year" else 190)
        for nominal in self._nominal(start):
            shifted = (
                _shifted(nominal, self.shift, calendar) if nominal >= on_or_after - 40 * _DAY else nominal
            )
            if shifted >= on_or_after:
                return shifted
        raise AssertionError("a rhythm never ends")

    def _nominal(self, start: date) -> Iterable[date]:
        if self.period == "week":
            day = start + timedelta(days=(self.day - start.isoweekday()) % 7)
            while True:
                yield day
                day += 7 * _DAY
        length = _MONTHS[self.period]
        year, month = start.year, 1
        while True:
            last = self.month if self.period == "year" else month + length - 1
            days = months.monthrange(year, last)[1]
            yield date(year, last, days if self.day == 0 else min(self.day, days))
            month += length
            if month > 12:
                year, month = year + 1, 1


def _shifted(day: date, shift: Shift, calendar: Calendar) -> date:
    if shift == "stays":
        return day
    step = -_DAY if shift == "before" else _DAY
    while not calendar.is_working_day(day):
        day += step
    return day
