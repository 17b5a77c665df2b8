"""Deadlines that wait for a year's calendar: they get their day once it is there, and not before."""

import datetime

import pytest
from offices import MENGZI, NOW

from huiqi.portal.clock.models import MET, Deadline, PausedSpan
from huiqi.portal.jobs.models import DONE
from huiqi.portal.jobs.running import ask, run_due

pytestmark = pytest.mark.django_db
YEAR = 2099


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path


def waits(number, rule="contest-answer", **more):
    begins = datetime.date(YEAR, 3, 2)
    return Deadline.objects.create(
        **{
            "rule": rule,
            "subject_kind": "firms.contest",
            "subject": str(number),
            "region": MENGZI,
            "begins": begins,
            "due": None,
            "waits_for_calendar": True,
            **more,
        }
    )


def load_calendar(settings, *holidays):
    """The office loads a year's calendar, with these days off."""
    rows = [f"{YEAR}-{day},holiday,假日,国办发明电〔{YEAR - 1}〕1号" for day in ("01-01", *holidays)]
    (settings.DATA / "working_days.csv").write_text(
        "\n".join(["date,kind,name,notice", *rows]) + "\n", encoding="utf-8"
    )


def reckoned(key="first"):
    job = ask("deadlines-reckon", f"deadlines-reckon:{key}", {}, by="schedule", now=NOW)
    run_due(lambda: NOW)
    job.refresh_from_db()
    assert job.state == DONE, job.error
    return job.result


def days():
    rows = Deadline.objects.for_site("test").order_by("pk")
    return [(each.due, each.waits_for_calendar) for each in rows]


def test_a_deadline_waits_until_the_calendar_of_its_year_is_loaded(settings):
    waits(1)
    assert reckoned() == {"reckoned": 0, "waiting": 1}
    assert days() == [(None, True)]
    load_calendar(settings)
    assert reckoned("second") == {"reckoned": 1, "waiting": 0}
    assert days() == [(datetime.date(YEAR, 3, 9), False)]


def test_days_off_of_that_calendar_are_not_counted(settings):
    waits(1)
    load_calendar(settings, "03-04", "03-05")
    reckoned()
    assert days() == [(datetime.date(YEAR, 3, 11), False)]


def test_a_day_that_was_told_is_not_moved_and_what_ended_is_not_asked(settings):
    told, ended = datetime.date(YEAR, 3, 20), waits(2, state=MET, ended=datetime.date(YEAR, 3, 3))
    standing = waits(1, due=told, waits_for_calendar=False)
    load_calendar(settings)
    assert reckoned() == {"reckoned": 0, "waiting": 0}
    for each in (standing, ended):
        each.refresh_from_db()
    assert (standing.due, ended.due, ended.waits_for_calendar) == (told, None, True)


def test_one_that_is_held_up_gets_no_day_but_waits_for_no_calendar(settings):
    held_up = waits(1)
    PausedSpan.objects.create(deadline=held_up, begins=datetime.date(YEAR, 3, 3), reason="等企业补充材料")
    load_calendar(settings)
    assert reckoned() == {"reckoned": 1, "waiting": 0}
    assert days() == [(None, False)]


def test_one_whose_rule_is_gone_holds_up_no_other(settings):
    waits(1, "rule-of-an-earlier-version")
    waits(2)
    load_calendar(settings)
    assert reckoned() == {"reckoned": 1, "waiting": 1}
    assert days() == [(None, True), (datetime.date(YEAR, 3, 9), False)]
