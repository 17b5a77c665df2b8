"""Statutory working days: Monday to Friday, less the holidays of the yearly notice, plus its make-up days.

The notices of the General Office of the State Council for 2021 to 2026 are in `data/working_days.csv`, each
day with its notice's number. The notice for a year comes in the November before; a year that is not loaded
refuses to compute. An office loads it as a table of its own: see `Calendar.with_table`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, cast

DayKind = Literal["holiday", "make_up", "weekday", "weekend"]

_COLUMNS = ("date", "kind", "name", "notice")
_DATA = Path(__file__).parent / "data" / "working_days.csv"
_DAY = timedelta(days=1)


class CalendarNotPublished(LookupError):
    """A day of a year whose notice is not loaded; nothing is guessed for it."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            f"the working-day calendar of {year} is not loaded (日历未公布); the State Council's notice "
            f"for it comes in November {year - 1}: write its days to a table "
            "(date,kind,name,notice) and load it"
        )


class CalendarTableError(ValueError):
    """A line of a calendar table that cannot be taken: where, what and how to mend it."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day: what it is, and for a holiday or make-up day its name and the notice that sets it."""

    date: date
    kind: DayKind
    name: str = ""
    notice: str = ""

    @property
    def working(self) -> bool:
        """Whether offices work on it."""
        return self.kind in {"weekday", "make_up"}


class Calendar:
    """The working days of the years whose notice is loaded. Immutable; `with_table` gives a wider one.

    A year is loaded when its New Year's Day stands in a table as a holiday: each notice begins with it.
    """

    def __init__(self, days: Mapping[date, CalendarDay]) -> None:
        self._days = dict(days)
        self.years = frozenset(
            day.year
            for day, entry in days.items()
            if (day.month, day.day) == (1, 1) and entry.kind == "holiday"
        )

    def with_table(self, lines: Iterable[str], source: str = "table") -> Calendar:
        """Return this calendar with the days of a table: a CSV with the header date,kind,name,notice.

        `kind` is holiday or make_up; where a day stands in both, the table wins, since a later notice amends.
        `source` names the table in errors.

        Raises:
            CalendarTableError: a line is wrong, or a holiday and a make-up day contradict the weekday.
        """
        return Calendar({**self._days, **{day.date: day for day in _parsed(lines, source)}})

    def with_file(self, path: Path) -> Calendar:
        """Return this calendar with the days of a CSV file; see `with_table`."""
        return self.with_table(path.read_text(encoding="utf-8-sig").splitlines(), str(path))

    def day(self, day: date) -> CalendarDay:
        """Return what a day is and which notice says so. Raises CalendarNotPublished."""
        if day.year not in self.years:
            raise CalendarNotPublished(day.year)
        return self._days.get(day) or CalendarDay(day, "weekend" if day.weekday() >= 5 else "weekday")

    def is_working_day(self, day: date) -> bool:
        """Tell whether offices work on a day. Raises CalendarNotPublished."""
        return self.day(day).working

    def on_or_after(self, day: date) -> date:
        """Return the day itself if it is a working day, else the next one: where a period may end."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def next_working_day(self, day: date) -> date:
        """Return the first working day after a day."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the working day `count` working days after a day, which itself is not counted.

        (民法典第二百零一条: 开始的当日不计入.) A negative count goes back; 0 gives `on_or_after(day)`.
        """
        if count == 0:
            return self.on_or_after(day)
        step = _DAY if count > 0 else -_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start` up to and including `end`; else the negative."""
        if end < start:
            return -self.working_days_between(end, start)
        days = (start + offset * _DAY for offset in range(1, (end - start).days + 1))
        return sum(map(self.is_working_day, days))

    def span(self, start: date, end: date) -> Iterator[CalendarDay]:
        """Yield each day after `start` up to and including `end`, to explain a deadline day by day."""
        for offset in range(1, (end - start).days + 1):
            yield self.day(start + offset * _DAY)


@cache
def published() -> Calendar:
    """Return the calendar of the years that come with the product (2021 to 2026)."""
    return Calendar({}).with_file(_DATA)


def is_working_day(day: date) -> bool:
    """Tell whether offices work on a day, by the published calendar. Raises CalendarNotPublished."""
    return published().is_working_day(day)


def add_working_days(day: date, count: int) -> date:
    """Return the working day `count` working days after a day, by the published calendar."""
    return published().add_working_days(day, count)


def next_working_day(day: date) -> date:
    """Return the first working day after a day, by the published calendar."""
    return published().next_working_day(day)


def working_days_between(start: date, end: date) -> int:
    """Return how many working days lie after `start` up to and including `end`, by the published calendar."""
    return published().working_days_between(start, end)


def _parsed(lines: Iterable[str], source: str) -> Iterator[CalendarDay]:
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != _COLUMNS:
        raise CalendarTableError(f"{source}:1: the header is {reader.fieldnames}; write {','.join(_COLUMNS)}")
    seen: set[date] = set()
    for number, line in enumerate(reader, start=2):
        day = _line(line, f"{source}:{number}")
        if day.date in seen:
            raise CalendarTableError(f"{source}:{number}: {day.date} stands twice; keep one line for it")
        seen.add(day.date)
        yield day


def _line(line: Mapping[str, str | None], where: str) -> CalendarDay:
    try:
        day = date.fromisoformat((line["date"] or "").strip())
    except ValueError:
        raise CalendarTableError(f"{where}: {line['date']!r} is no date; write it as 2027-01-01") from None
    kind, name, notice = ((line[column] or "").strip() for column in _COLUMNS[1:])
    if kind not in {"holiday", "make_up"}:
        raise CalendarTableError(f"{where}: the kind {kind!r} is unknown; write holiday or make_up")
    if kind == "make_up" and day.weekday() < 5:
        raise CalendarTableError(f"{where}: {day} is a weekday, so it needs no make-up; check the date")
    if not notice:
        raise CalendarTableError(
            f"{where}: the notice's number is missing; write it, such as 国办发明电〔2025〕7号"
        )
    return CalendarDay(day, cast(DayKind, kind), name, notice)
