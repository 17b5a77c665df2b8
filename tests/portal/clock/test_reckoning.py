"""Deadlines day by day: holidays, make-up days, pauses; rhythms with their rule for days off."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.portal.clock.reckoning import Pause, Rhythm, after_working_days
from huiqi.portal.clock.rules import deadline_rules
from huiqi.reference.working_days import CalendarNotPublished, published

CALENDAR = published()


def test_the_first_day_is_not_counted_and_the_national_days_are_explained():
    reckoned = after_working_days(date(2022, 9, 29), 3, CALENDAR)
    # 30 September, then the holiday until the 7th, and the make-up Saturday and Sunday of the 8th and 9th.
    assert reckoned.due == date(2022, 10, 9)
    assert [step.counted for step in reckoned.steps if step.counted] == [1, 2, 3]
    assert {step.why for step in reckoned.steps if step.day == date(2022, 10, 3)} != {""}


def test_a_pause_moves_the_day_and_one_without_end_leaves_it_open():
    pause = Pause(date(2022, 8, 3), date(2022, 8, 9), "企业补充材料")
    assert after_working_days(date(2022, 8, 1), 3, CALENDAR).due == date(2022, 8, 4)
    assert after_working_days(date(2022, 8, 1), 3, CALENDAR, [pause]).due == date(2022, 8, 11)
    assert (
        after_working_days(date(2022, 8, 1), 3, CALENDAR, [Pause(date(2022, 8, 2), None, "等")]).due is None
    )


def test_a_year_without_a_calendar_refuses():
    with pytest.raises(CalendarNotPublished):
        after_working_days(date(max(CALENDAR.years), 12, 30), 10, CALENDAR)


@given(
    begins=st.dates(date(2021, 1, 1), date(2025, 12, 31)),
    count=st.integers(1, 60),
    start=st.integers(1, 60),
    length=st.integers(0, 20),
)
def test_a_pause_never_brings_a_deadline_forward(begins, count, start, length):
    first = begins + timedelta(start)
    pause = Pause(first, first + timedelta(length), "等")
    plain = after_working_days(begins, count, CALENDAR)
    paused = after_working_days(begins, count, CALENDAR, [pause])
    assert plain.due is not None
    assert paused.due is not None
    assert paused.due >= plain.due
    assert not pause.holds(paused.due)
    assert CALENDAR.working_days_between(begins, plain.due) == count


@pytest.mark.parametrize(
    ("rhythm", "asked", "due"),
    [
        # Thursday's close; the Thursday of the National Days moves to the working day before them.
        (Rhythm("week", 4, "before"), date(2022, 8, 1), date(2022, 8, 4)),
        (Rhythm("week", 4, "before"), date(2022, 8, 5), date(2022, 8, 11)),
        (Rhythm("week", 4, "before"), date(2022, 9, 30), date(2022, 9, 30)),
        # The 18th of September 2022 is a Sunday.
        (Rhythm("month", 18, "before"), date(2022, 9, 1), date(2022, 9, 16)),
        (Rhythm("month", 18, "after"), date(2022, 9, 1), date(2022, 9, 19)),
        (Rhythm("month", 18, "stays"), date(2022, 9, 1), date(2022, 9, 18)),
        (Rhythm("month", 18, "before"), date(2022, 9, 17), date(2022, 10, 18)),
        (Rhythm("month", 31, "stays"), date(2022, 2, 1), date(2022, 2, 28)),
        (Rhythm("quarter", 0, "before"), date(2022, 4, 1), date(2022, 6, 30)),
        (Rhythm("half_year", 0, "before"), date(2022, 7, 1), date(2022, 12, 30)),
        (Rhythm("year", 31, "before", month=5), date(2022, 6, 1), date(2023, 5, 31)),
    ],
)
def test_a_rhythm_gives_the_next_day(rhythm, asked, due):
    assert rhythm.next(asked, CALENDAR) == due


@given(
    st.sampled_from(["week", "month", "quarter", "half_year", "year"]),
    st.integers(1, 7),
    st.sampled_from(["before", "after", "stays"]),
    st.dates(date(2022, 1, 1), date(2024, 11, 30)),
)
def test_a_rhythm_never_looks_back_and_never_skips_a_turn(period, day, shift, asked):
    rhythm = Rhythm(period, day, shift)
    first = rhythm.next(asked, CALENDAR)
    assert first >= asked
    assert rhythm.next(first, CALENDAR) == first
    if asked < first:
        assert rhythm.next(asked + timedelta(1), CALENDAR) == first


def test_every_rule_of_the_site_can_be_reckoned():
    for rule in deadline_rules().values():
        if rule.rhythm is not None:
            assert rule.rhythm.next(date(2022, 8, 1), CALENDAR) >= date(2022, 8, 1)
        else:
            assert after_working_days(date(2022, 8, 1), rule.working_days, CALENDAR).due is not None
