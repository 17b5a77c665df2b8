"""Deadlines on their pages: what is due, why on that day, who set it, and as a calendar."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from offices import GEJIU, MENGZI

from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.clock.models import MET, Deadline, PausedSpan
from huiqi.portal.clock.running import reckon

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def this_moment(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-09-28T10:00:00+08:00")


@pytest.fixture
def officer(db) -> Client:
    user = User.objects.create_user("clerk", password="a long password", name="张经办")
    agency = Agency.objects.create(code="mengzi-office", name="蒙自市工业商务和信息化局", region=MENGZI)
    begins = datetime.date(2022, 1, 1)
    Appointment.objects.create(user=user, agency=agency, role="county_officer", begins=begins)
    client = Client()
    client.force_login(user)
    return client


def deadline(
    rule="contest-answer", due=(2022, 10, 10), begins=(2022, 9, 27), region=MENGZI, **more
) -> Deadline:
    return Deadline.objects.create(
        rule=rule,
        subject_kind="firms.contest",
        subject=str(Deadline.objects.for_site("test").count() + 1),
        region=region,
        begins=datetime.date(*begins),
        due=datetime.date(*due) if due else None,
        **more,
    )


def page(client, name, query="", status=200, **where) -> str:
    answer = client.get(reverse(name, kwargs=where) + query)
    assert answer.status_code == status
    return answer.content.decode()


def test_what_is_due_first_stands_first_and_says_how_late_it_is(officer):
    deadline(due=(2022, 10, 10))
    deadline("binding-check", due=(2022, 9, 20))
    deadline("list-review", due=None, waits_for_calendar=True)
    shown = page(officer, "deadlines")
    assert "逾期8天" in shown
    assert "还有12天" in shown
    assert "等节假日安排" in shown
    assert shown.index("逾期8天") < shown.index("还有12天") < shown.index("等节假日安排")


def test_a_deadline_counts_its_days_one_by_one(officer):
    shown = page(officer, "deadline", number=deadline().pk)
    for said in ("国庆节", "调休上班", "星期六", "本单位自定", "从次日起算5个工作日"):
        assert said in shown, said
    assert shown.index("2022-09-28") < shown.index("2022-10-08")
    assert "今天" in shown


def test_pauses_are_shown_with_their_reason(officer):
    made = deadline(due=None)
    begins = datetime.date(2022, 9, 29)
    PausedSpan.objects.create(deadline=made, begins=begins, reason="等企业补充材料")
    shown = page(officer, "deadline", number=made.pk)
    assert "暂停：等企业补充材料" in shown
    assert "至今" in shown


def test_a_rhythm_says_the_clauses_document_and_what_happens_on_days_off(officer):
    made = deadline("technology-monthly-county", due=(2022, 10, 18))
    shown = page(officer, "deadline", number=made.pk)
    assert "每月18日，遇节假日提前到前一个工作日" in shown
    assert "文件规定：《红河州" in shown


def test_a_year_that_is_not_loaded_is_said_not_guessed(officer):
    made = deadline(begins=(2099, 12, 30), due=None, waits_for_calendar=True)
    assert "年的节假日安排尚未载入" in page(officer, "deadline", number=made.pk)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?when=late", {"binding-check"}),
        ("?when=later", {"contest-answer"}),
        ("?when=ended", {"list-review"}),
        ("?set_by=clause", set()),
        ("?rule=contest-answer", {"contest-answer"}),
    ],
)
def test_the_list_is_narrowed(officer, query, found):
    made = {
        "contest-answer": deadline(),
        "binding-check": deadline("binding-check", due=(2022, 9, 20)),
        "list-review": deadline("list-review", state=MET, ended=datetime.date(2022, 9, 1)),
    }
    shown = page(officer, "deadlines", query)
    assert {name for name, each in made.items() if f'"/deadlines/{each.pk}/"' in shown} == found


def test_the_calendar_holds_what_the_list_shows(officer):
    made = deadline()
    deadline("binding-check", due=(2022, 9, 20))
    text = page(officer, "deadlines-calendar", "?rule=contest-answer")
    assert text.count("BEGIN:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20221010" in text
    assert f"UID:deadline-{made.pk}@huiqi" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_other_places_deadlines_are_not_found(officer):
    far = deadline(region=GEJIU)
    assert f"/deadlines/{far.pk}/" not in page(officer, "deadlines")
    page(officer, "deadline", number=far.pk, status=404)
    assert "VEVENT" not in page(officer, "deadlines-calendar")


@pytest.mark.parametrize("query", ["?when=%00", "?rule=" + "x" * 9000, "?set_by=nobody"])
def test_hostile_queries_are_answered(officer, query):
    page(officer, "deadlines", query, status=400)
    assert officer.get(reverse("deadlines") + "?page=-9").status_code == 200


@pytest.mark.parametrize("rows", [3, 30])
def test_a_list_costs_the_same_however_long_it_is(officer, rows, django_assert_max_num_queries):
    for _ in range(rows):
        deadline()
    with django_assert_max_num_queries(13):
        page(officer, "deadlines")


def test_english_is_whole(officer):
    officer.post(reverse("language"), {"language": "en"})
    made = deadline("technology-monthly-county", due=(2022, 10, 18))
    shown = page(officer, "deadline", number=made.pk)
    assert "Day 18 of each month" in shown
    assert "days left" in shown


def test_a_day_that_the_rule_reckons_otherwise_by_now_is_warned_of_and_not_changed(
    officer, settings, tmp_path
):
    settings.DATA = tmp_path
    same = deadline(begins=(2022, 9, 27))
    reckon(same)
    assert same.due == datetime.date(2022, 10, 9)
    other = deadline(begins=(2022, 9, 27), due=(2022, 10, 10))
    ended = deadline(begins=(2022, 9, 27), due=(2022, 10, 8), state=MET, ended=datetime.date(2022, 9, 28))
    shown = {
        each.deadline.pk: each.otherwise for each in officer.get(reverse("deadlines")).context["deadlines"]
    }
    assert shown == {same.pk: "", other.pk: "按现行规则和工作日历推算为2022-10-09"}
    page = officer.get(reverse("deadline", kwargs={"number": other.pk})).content.decode()
    assert "推算为2022-10-09，与登记的到期日不同" in page
    for quiet in (same, ended):
        page = officer.get(reverse("deadline", kwargs={"number": quiet.pk})).content.decode()
        assert "与登记的到期日不同" not in page
    other.refresh_from_db()
    assert other.due == datetime.date(2022, 10, 10)
