"""An auditor finds events, sees each in its chain, takes them out; everybody sees the published heads."""

import datetime
import io
import json

import pytest
from django.db import connection
from django.urls import reverse
from offices import GEJIU, MENGZI, NOW, TODAY
from python_calamine import CalamineWorkbook

from huiqi.portal.accounts.models import Appointment, User
from huiqi.portal.acts.models import Event, EventExport, PublishedHead
from huiqi.portal.acts.performing import perform

HONGHE = "532500"


@pytest.fixture
def auditor(appointed):
    return appointed("auditor", "auditor")


@pytest.fixture
def chief(appointed):
    return appointed("chief", "administrator", HONGHE)


def appoint(chief, number, region, moment=NOW):
    clerk = User.objects.create_user(f"{region}{number}", password="a long password", name="经办")
    values = {"user": clerk.pk, "role": "reviewer", "agency": f"{region}-office", "begins": TODAY}
    key = f"{region}:{number}"
    return perform("appointment.give", chief.actor, None, values, now=moment, today=TODAY, key=key).event


@pytest.fixture
def events(chief, auditor, appointed):
    """Two in Mengzi on two days, one in Gejiu between them."""
    appointed("other", "auditor", GEJIU)
    return [
        appoint(chief, 1, MENGZI),
        appoint(chief, 2, GEJIU),
        appoint(chief, 3, MENGZI, NOW + datetime.timedelta(1)),
    ]


def shown(client, **asked):
    answer = client.get(reverse("events"), asked)
    return answer.status_code, [each.pk for each in answer.context["events"]]


def test_an_auditor_sees_the_events_of_the_own_area_newest_first(auditor, events):
    assert shown(auditor.client) == (200, [3, 1])
    page = auditor.client.get(reverse("events")).content.decode()
    assert "姓名chief" in page
    assert "532500 office 系统管理" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"act": "appointment.give"}, [3, 1]),
        ({"act": "appointment.end"}, []),
        ({"person": "姓名chief"}, [3, 1]),
        ({"person": "姓名nobody"}, []),
        ({"kind": "accounts.appointment"}, [3, 1]),
        ({"kind": "firms.roster"}, []),
        ({"region": MENGZI}, [3, 1]),
        ({"region": GEJIU}, []),
        ({"since": "2022-08-02"}, [3]),
        ({"until": "2022-08-01"}, [1]),
        ({"since": "2022-08-01", "until": "2022-08-02", "person": "chief"}, [3, 1]),
    ],
)
def test_events_are_found_by_act_person_subject_place_and_day(auditor, events, asked, found):
    assert shown(auditor.client, **asked) == (200, found)


def test_events_of_one_subject_are_found(auditor, events):
    assert shown(auditor.client, kind="accounts.appointment", subject=events[0].subject) == (200, [1])
    assert shown(auditor.client, person=events[0].actor) == (200, [3, 1])


@pytest.mark.parametrize("name", ["act", "person", "kind", "subject", "region", "since", "until"])
@pytest.mark.parametrize(
    "value", ["\0", "x" * 10_000, "'; DROP TABLE acts_event; --", "2022-02-30", "9999-12-31"]
)
def test_hostile_queries_are_answered(auditor, events, name, value):
    assert auditor.client.get(reverse("events"), {name: value, "page": value}).status_code in {200, 400}


def test_an_event_is_shown_with_its_neighbours_and_what_it_says(auditor, events):
    page = auditor.client.get(reverse("event", kwargs={"number": 3})).content.decode()
    assert "内容与摘要相符，前后相接。" in page
    assert events[1].digest in page
    assert events[2].digest in page
    assert "复核" in page
    # The event before it lies in another county: its number is told, it is no link.
    assert f'href="{reverse("event", kwargs={"number": 2})}"' not in page
    assert "将在次日公布链尾摘要后固定。" in page
    PublishedHead.objects.create(day=TODAY, sequence=3, digest=events[2].digest)
    assert "已由2022-08-01公布的摘要（第3条）固定。" in (
        auditor.client.get(reverse("event", kwargs={"number": 1})).content.decode()
    )


@pytest.mark.parametrize("number", [2, 4, 10**30])
def test_an_event_elsewhere_is_not_found_like_one_that_is_not(auditor, events, number):
    assert auditor.client.get(f"/events/{number}/").status_code == 404


def test_an_event_that_was_changed_is_shown_as_broken(auditor, events):
    place = "" if connection.vendor == "sqlite" else " ON acts_event"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER acts_event_keeps_rows{place}")
        cursor.execute("UPDATE acts_event SET actor = 'user:0' WHERE sequence = 1")
    page = auditor.client.get(reverse("event", kwargs={"number": 1})).content.decode()
    assert "事件链在这里断裂" in page
    assert "内容与摘要不符" in page


def test_who_is_no_auditor_finds_no_events(chief, events):
    for address in (reverse("events"), reverse("event", kwargs={"number": 1})):
        assert chief.client.get(address).status_code == 404
    assert chief.client.post(reverse("events-export"), {"key": "k"}).status_code == 404


def test_taking_events_out_is_an_event_itself(auditor, events):
    answer = auditor.client.post(f"{reverse('events-export')}?person=姓名chief", {"key": "k"})
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["编号", "1", "3"]
    assert json.loads(rows[1][11])["role"] == "reviewer"
    assert rows[1][13] == events[0].digest
    event = Event.objects.order_by("-sequence").first()
    assert (event.act, event.body["rows"]) == ("events.export", 2)
    assert event.body["asked"] == {"person": f"{events[0].actor}"}
    assert EventExport.objects.for_site("test").get().rows == 2


def test_a_list_of_events_costs_the_same_however_long_it_is(
    auditor, chief, events, django_assert_max_num_queries
):
    for number in range(4, 34):
        appoint(chief, number, MENGZI)
    for address in (reverse("events"), f"{reverse('events')}?person=chief&region={MENGZI}"):
        with django_assert_max_num_queries(20):
            auditor.client.get(address)


def test_everybody_sees_the_published_heads_and_takes_them_away(client, events, tmp_path):
    PublishedHead.objects.create(day=TODAY, sequence=2, digest=events[1].digest)
    page = client.get(reverse("published-heads")).content.decode()
    assert events[1].digest in page
    assert "huiqi audit verify" in page
    taken = b"".join(client.get(reverse("published-heads-file")).streaming_content)
    assert json.loads(taken) == {"day": "2022-08-01", "sequence": 2, "digest": events[1].digest}


def test_before_the_second_day_the_page_says_that_nothing_is_published_yet(client, db):
    assert "还没有公布" in client.get(reverse("published-heads")).content.decode()
    assert b"".join(client.get(reverse("published-heads-file")).streaming_content) == b""


def test_the_words_of_an_event_are_those_of_the_language(auditor, events):
    auditor.client.post(reverse("language"), {"language": "en"})
    page = auditor.client.get(reverse("event", kwargs={"number": 1})).content.decode()
    assert "Reviewer" in page
    assert "the chain holds on both sides" in page
    assert Appointment.objects.count() == 6
