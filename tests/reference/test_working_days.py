from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference.working_days import (
    Calendar,
    CalendarNotPublished,
    CalendarTableError,
    add_working_days,
    is_working_day,
    next_working_day,
    published,
    working_days_between,
)

FIRST, LAST = date(2021, 1, 1), date(2026, 12, 31)
ALL_DAYS = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]
days = st.dates(date(2021, 3, 1), date(2026, 10, 31))


def test_every_day_agrees_with_chinesecalendar() -> None:
    assert [day for day in ALL_DAYS if is_working_day(day) != chinese_calendar.is_workday(day)] == []


def test_every_day_agrees_with_holidays() -> None:
    other = holidays.country_holidays("CN", years=range(2021, 2027))
    assert [day for day in ALL_DAYS if is_working_day(day) != other.is_working_day(day)] == []


def test_each_year_names_its_notice_and_its_number_of_days() -> None:
    counted = Counter(
        (day.notice, day.kind) for day in map(published().day, ALL_DAYS) if day.kind in {"holiday", "make_up"}
    )
    assert counted == {
        ("国办发明电〔2020〕27号", "holiday"): 31,
        ("国办发明电〔2020〕27号", "make_up"): 7,
        ("国办发明电〔2021〕11号", "holiday"): 31,
        ("国办发明电〔2021〕11号", "make_up"): 7,
        ("国办发明电〔2022〕16号", "holiday"): 27,
        ("国办发明电〔2022〕16号", "make_up"): 7,
        ("国办发明电〔2023〕7号", "holiday"): 28,
        ("国办发明电〔2023〕7号", "make_up"): 8,
        ("国办发明电〔2024〕12号", "holiday"): 28,
        ("国办发明电〔2024〕12号", "make_up"): 5,
        ("国办发明电〔2025〕7号", "holiday"): 33,
        ("国办发明电〔2025〕7号", "make_up"): 6,
    }


def test_a_make_up_sunday_is_worked_and_a_holiday_monday_is_not() -> None:
    assert is_working_day(date(2022, 4, 24))
    assert not is_working_day(date(2022, 5, 2))
    assert published().day(date(2022, 5, 2)).name == "劳动节"
    assert published().day(date(2022, 5, 7)).kind == "make_up"


def test_seven_working_days_after_the_work_plan_was_issued() -> None:
    # Issued on Tuesday 31 May 2022; Friday 3 June is the Dragon Boat holiday.
    assert add_working_days(date(2022, 5, 31), 7) == date(2022, 6, 10)
    assert working_days_between(date(2022, 5, 31), date(2022, 6, 10)) == 7


def test_a_period_that_ends_on_a_holiday_ends_on_the_next_working_day() -> None:
    assert published().on_or_after(date(2022, 10, 1)) == date(2022, 10, 8)
    assert next_working_day(date(2022, 9, 30)) == date(2022, 10, 8)
    assert add_working_days(date(2022, 10, 1), 0) == date(2022, 10, 8)


def test_a_deadline_explains_itself_day_by_day() -> None:
    span = list(published().span(date(2022, 6, 1), date(2022, 6, 6)))
    assert [(day.date.day, day.working, day.name) for day in span] == [
        (2, True, ""),
        (3, False, "端午节"),
        (4, False, "端午节"),
        (5, False, "端午节"),
        (6, True, ""),
    ]


@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2027, 1, 1)])
def test_a_year_without_a_notice_refuses(day: date) -> None:
    with pytest.raises(CalendarNotPublished, match=f"{day.year}.*load") as caught:
        is_working_day(day)
    assert caught.value.year == day.year


def test_counting_into_an_unpublished_year_refuses() -> None:
    with pytest.raises(CalendarNotPublished, match="2027"):
        add_working_days(date(2026, 12, 31), 1)


def test_an_office_loads_a_further_year(tmp_path: Path) -> None:
    table = tmp_path / "2027.csv"
    table.write_text(
        "date,kind,name,notice\n2027-01-01,holiday,元旦,测试〔2026〕1号\n2027-01-09,make_up,元旦,测试〔2026〕1号\n",
        "utf-8",
    )
    wider = published().with_file(table)
    assert wider.years == {*range(2021, 2028)}
    assert not wider.is_working_day(date(2027, 1, 1))
    assert wider.is_working_day(date(2027, 1, 9))
    assert wider.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    with pytest.raises(CalendarNotPublished):
        published().is_working_day(date(2027, 1, 1))


def test_a_later_table_amends_a_day() -> None:
    amended = published().with_table(["date,kind,name,notice", "2022-06-06,holiday,补假,测试〔2022〕1号"])
    assert not amended.is_working_day(date(2022, 6, 6))
    assert published().is_working_day(date(2022, 6, 6))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["day,kind,name,notice"], "header"),
        (["date,kind,name,notice", "1 Jan,holiday,元旦,号"], ":2: '1 Jan' is no date"),
        (["date,kind,name,notice", "2027-01-01,free,元旦,号"], ":2: the kind 'free'"),
        (["date,kind,name,notice", "2027-01-04,make_up,元旦,号"], ":2: 2027-01-04 is a weekday"),
        (["date,kind,name,notice", "2027-01-01,holiday,元旦,"], ":2: the notice"),
        (["date,kind,name,notice", "2027-01-01,holiday,元旦"], ":2: the notice"),
        (["date,kind,name,notice", "2027-01-01,holiday,元旦,号", "2027-01-01,holiday,元旦,号"], ":3:.*twice"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(lines: list[str], message: str) -> None:
    with pytest.raises(CalendarTableError, match=message):
        Calendar({}).with_table(lines, "2027.csv")


@given(days, st.integers(1, 40))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    later = add_working_days(day, count)
    assert is_working_day(later)
    assert working_days_between(day, later) == count
    assert working_days_between(day, later - timedelta(days=1)) == count - 1


@given(days, st.integers(1, 30))
def test_going_back_undoes_going_forth_from_a_working_day(day: date, count: int) -> None:
    start = published().on_or_after(day)
    assert add_working_days(add_working_days(start, count), -count) == start


@given(days, days)
def test_counting_backwards_is_the_negative(one: date, other: date) -> None:
    assert working_days_between(one, other) == -working_days_between(other, one)
