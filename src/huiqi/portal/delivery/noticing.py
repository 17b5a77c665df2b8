"""Public notice (公示): a checked list is shown for the working days of the run's own rules, and ended once nothing is open."""

from __future__ import annotations

from datetime import date, timedelta

from huiqi.portal.acts.refusals import NotNow, Refused
from huiqi.portal.acts.registry import Doing, Nothing, act
from huiqi.portal.clock.reckoning import after_working_days
from huiqi.portal.clock.running import calendar
from huiqi.portal.delivery.inputs import Noticing
from huiqi.portal.delivery.lines import of_run
from huiqi.portal.delivery.models import THIRD_PARTY, Objection, Run
from huiqi.portal.delivery.steps import enter
from huiqi.portal.delivery.telling import tell_run
from huiqi.reference.working_days import CalendarNotPublished

MOST_AHEAD = timedelta(days=30)
"""A notice that begins later than this is a mistake in the year."""


@act("run.notice", Run, zh="公示", en="Give public notice", takes=Noticing)
def notice(doing: Doing, run: Run, given: Noticing) -> None:
    """Show the list for the working days of the run's rules. The first day is not counted."""
    if run.way == THIRD_PARTY:
        raise NotNow("由第三方落实的名单不公示", mend="请将名单送第三方")
    if not of_run(run).filter(state="listed").exists():
        raise Refused("名单中没有可公示的企业", mend="请取消这次兑现，或核对后重新测算", code="nobody-listed")
    begins = given.begins or doing.today
    if not doing.today <= begins <= doing.today + MOST_AHEAD:
        raise Refused(
            "公示起始日应在今天至30天内", mend="请核对日期", code="notice-begins-wrong", cell="begins"
        )
    run.notice_from, run.notice_until = begins, last_day(begins, int(run.rules["notice"]["working_days"]))
    doing.say(begins=begins.isoformat(), until=run.notice_until.isoformat(), digest=run.digest)
    enter(doing, run, "noticed")
    tell_run(doing, run, "delivery-listed", ["listed", "contested"])


@act("run.end_notice", Run, zh="结束公示", en="End the notice")
def end_notice(doing: Doing, run: Run, _given: Nothing) -> None:
    """End a notice whose last day is over and whose objections are answered."""
    assert run.notice_until is not None  # the state says so
    if doing.today <= run.notice_until:
        raise NotNow("公示期未满", mend=f"公示至{run.notice_until.isoformat()}（含），期满后再办理")
    waiting = open_objections(run)
    if waiting:
        raise NotNow(f"还有{waiting}件公示异议没有答复", mend="请先答复全部异议")
    doing.say(until=run.notice_until.isoformat())
    enter(doing, run, "ended_notice")


def last_day(begins: date, working_days: int) -> date:
    """Return the last day of a notice. Raises Refused where the calendar of a year is not published."""
    try:
        until = after_working_days(begins, working_days, calendar()).due
    except CalendarNotPublished as missing:
        raise Refused(
            "公示期满日不能推算",
            why=str(missing),
            mend="节假日安排公布后由系统管理员载入",
            code="calendar-missing",
        ) from None
    assert until is not None  # nothing pauses a notice
    return until


def open_objections(run: Run) -> int:
    """Return how many objections of a run wait for an answer."""
    return Objection.objects.for_site("a run's own objections").filter(run=run, state="open").count()
