"""A deadline in words: what it is, who set it, how far off it is, and its way there day by day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.clock.models import MET, OPEN, Deadline
from huiqi.portal.clock.reckoning import Reckoned, Rhythm
from huiqi.portal.clock.rules import DeadlineRule, deadline_rules
from huiqi.portal.clock.running import explained, reckoned_otherwise
from huiqi.portal.look.home import Tone
from huiqi.reference.working_days import Calendar, CalendarNotPublished

_WEEKDAYS = (
    ("星期一", "Monday"),
    ("星期二", "Tuesday"),
    ("星期三", "Wednesday"),
    ("星期四", "Thursday"),
    ("星期五", "Friday"),
    ("星期六", "Saturday"),
    ("星期日", "Sunday"),
)
_PERIODS = {
    "month": ("每月", "each month"),
    "quarter": ("每季度末月", "the last month of each quarter"),
    "half_year": ("每半年末月", "the last month of each half-year"),
}
_SHIFTS = {
    "before": (
        "遇节假日提前到前一个工作日",
        "before it, where it is no working day, on the last working day",
    ),
    "after": ("遇节假日顺延到下一个工作日", "where it is no working day, on the next one"),
    "stays": ("遇节假日不变", "whether it is a working day or not"),
}


@dataclass(frozen=True, slots=True)
class ToldStep:
    """One day on the way: its weekday, the count so far (None: it does not count), and why not."""

    day: datetime.date
    weekday: str
    counted: int | None
    why: str
    today: bool


@dataclass(frozen=True, slots=True)
class ToldDeadline:
    """A deadline in words."""

    deadline: Deadline
    title: str
    set_by: str
    left: str
    tone: Tone
    otherwise: str = ""
    """That rule and calendar of today come to another day, and which; empty where they come to the same."""


def told(deadline: Deadline, today: datetime.date, by: Calendar | None = None) -> ToldDeadline:
    """Return a deadline in the language of the visit; with a calendar, also whether it is reckoned otherwise by now."""
    rule = deadline_rules().get(deadline.rule)
    title = rule_title(rule) if rule is not None else deadline.rule
    left, tone = _left(deadline, today)
    otherwise = _otherwise(deadline, by) if by is not None else ""
    return ToldDeadline(deadline, title, set_by(rule), left, tone, otherwise)


def _otherwise(deadline: Deadline, by: Calendar) -> str:
    made = reckoned_otherwise(deadline, by)
    if made is None:
        return ""
    if made.due is None:
        return _("按现行规则，这项期限正在暂停，没有到期日")
    return _("按现行规则和工作日历推算为%(day)s") % {"day": made.due.isoformat()}


def rule_title(rule: DeadlineRule) -> str:
    """Return what a rule is called in the language of the visit."""
    return rule.en if _english() else rule.zh


def set_by(rule: DeadlineRule | None) -> str:
    """Return who set a deadline: the clause of a document, or the office itself."""
    if rule is None or rule.set_by == "office":
        return _("本单位自定")
    document = library().documents.get(rule.document)
    title = document.title if document is not None else rule.document
    return _("文件规定：《%(title)s》%(clause)s") % {"title": title, "clause": rule.clause}


def reckoned_by(rule: DeadlineRule) -> str:
    """Return how a rule reckons, as a sentence."""
    if rule.working_days is not None:
        return _("从次日起算%(days)s个工作日，节假日不计，调休上班日计入。") % {"days": rule.working_days}
    assert rule.rhythm is not None
    return _rhythm(rule.rhythm)


def way(deadline: Deadline, today: datetime.date) -> tuple[list[ToldStep], str]:
    """Return the days on the way to a deadline, and what keeps it from being reckoned ("" where nothing does)."""
    try:
        made = explained(deadline)
    except CalendarNotPublished as missing:
        return [], _("%(year)s年的节假日安排尚未载入，暂不能算出到期日。") % {"year": missing.year}
    except KeyError:
        return [], _("本版本没有这项期限的算法。")
    return list(_steps(made, today)), ""


def _steps(made: Reckoned, today: datetime.date) -> Iterator[ToldStep]:
    for step in made.steps:
        yield ToldStep(step.day, weekday(step.day), step.counted, step.why, step.day == today)


def weekday(day: datetime.date) -> str:
    """Return the day of the week in the language of the visit."""
    return _WEEKDAYS[day.isoweekday() - 1][_english()]


def _left(deadline: Deadline, today: datetime.date) -> tuple[str, Tone]:
    if deadline.state != OPEN:
        late = deadline.due is not None and deadline.ended is not None and deadline.ended > deadline.due
        if deadline.state == MET:
            return (_("逾期办结"), "late") if late else (_("按期办结"), "good")
        return _("不再需要"), ""
    if deadline.due is None:
        return (_("等节假日安排"), "wrong") if deadline.waits_for_calendar else (_("暂停中"), "")
    days = (deadline.due - today).days
    if days < 0:
        return ngettext("逾期%(days)s天", "逾期%(days)s天", -days) % {"days": -days}, "late"
    if days == 0:
        return _("今天到期"), "soon"
    said = ngettext("还有%(days)s天", "还有%(days)s天", days) % {"days": days}
    return said, "soon" if days <= 7 else ""


def _rhythm(rhythm: Rhythm) -> str:
    shift = _SHIFTS[rhythm.shift][_english()]
    if rhythm.period == "week":
        return _("每周%(weekday)s，%(shift)s。") % {
            "weekday": _WEEKDAYS[rhythm.day - 1][1] if _english() else _WEEKDAYS[rhythm.day - 1][0][2:],
            "shift": shift,
        }
    if rhythm.period == "year":
        if rhythm.day:
            return _("每年%(month)s月%(day)s日，%(shift)s。") % {
                "month": rhythm.month,
                "day": rhythm.day,
                "shift": shift,
            }
        return _("每年%(month)s月的最后一天，%(shift)s。") % {"month": rhythm.month, "shift": shift}
    period = _PERIODS[rhythm.period][_english()]
    if rhythm.day:
        return _("%(period)s%(day)s日，%(shift)s。") % {"period": period, "day": rhythm.day, "shift": shift}
    return _("%(period)s的最后一天，%(shift)s。") % {"period": period, "shift": shift}


def _english() -> bool:
    return (get_language() or "").startswith("en")
