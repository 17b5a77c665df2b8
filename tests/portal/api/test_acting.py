"""Acts by programs: once for a key, not on what changed, refused in findings with the right status."""

import pytest
from api_callers import caller, code_of_answer
from django.urls import reverse
from offices import NOW

from huiqi.portal.acts.models import Event
from huiqi.portal.firms.models import Binding, Contest

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(restaurant, gejiu_officer):
    return Binding.objects.create(user=gejiu_officer.user, firm=restaurant, state="asked", asked_at=NOW)


def test_an_act_is_done_as_its_owner_and_the_event_names_the_token(officer, officers_program, asked):
    answer = officers_program.post(f"acts/binding.confirm/{asked.pk}", {"note": "已核"})
    assert answer.status_code == 200
    told = answer.json()
    assert (told["state"], told["version"], told["repeated"]) == ("bound", 1, False)
    event = Event.objects.get(sequence=told["event"])
    assert (event.actor, event.via) == (f"user:{officer.user.pk}", "api")
    assert event.acting_as == "county_officer@532503-office"
    assert event.body["token"] == 1 or isinstance(event.body["token"], int)


def test_the_same_key_is_answered_again_and_does_nothing_anew(officers_program, asked):
    first = officers_program.post(f"acts/binding.confirm/{asked.pk}")
    events = Event.objects.count()
    again = officers_program.post(f"acts/binding.confirm/{asked.pk}")
    assert again.json() == {**first.json(), "repeated": True}
    assert Event.objects.count() == events


def test_the_same_key_for_something_else_is_refused(officers_program, asked):
    officers_program.post(f"acts/binding.confirm/{asked.pk}")
    other = officers_program.post(f"acts/binding.confirm/{asked.pk}", {"note": "another"})
    assert code_of_answer(other) == (409, "request-key-taken")


def test_one_key_of_two_tokens_means_two_requests(officer, asked):
    one, other = caller(officer, name="one"), caller(officer, name="other")
    assert one.post(f"acts/binding.confirm/{asked.pk}").status_code == 200
    assert code_of_answer(other.post(f"acts/binding.confirm/{asked.pk}")) == (409, "not-in-this-state")


@pytest.mark.parametrize("key", [None, "", "x" * 49, "mit leer", "一"])
def test_without_a_usable_key_nothing_is_done(officers_program, asked, key):
    headers = {} if key is None else {"idempotency-key": key}
    answer = officers_program.post(f"acts/binding.confirm/{asked.pk}", key=None, **headers)
    assert code_of_answer(answer) == (400, "bad-value")
    assert answer.json()["findings"][0]["cell"] == "Idempotency-Key"
    asked.refresh_from_db()
    assert asked.state == "asked"


@pytest.mark.parametrize("version", ['"0"', "0"])
def test_who_looked_at_an_older_version_is_told_what_changed(officers_program, restaurant, version):
    made = officers_program_asks(officers_program, restaurant)
    assert made["version"] == 1
    answer = officers_program.post(
        f"acts/contest.uphold/{made['subject']}", {"answer": "属实"}, key="k2", **{"if-match": version}
    )
    assert code_of_answer(answer) == (412, "changed-meanwhile")
    assert "对事实提出异议" in answer.json()["findings"][0]["why"]
    seen = officers_program.post(
        f"acts/contest.uphold/{made['subject']}", {"answer": "属实"}, key="k3", **{"if-match": '"1"'}
    )
    assert seen.status_code == 200


def officers_program_asks(_program, restaurant):
    """A contest of the firm's member, who is another person."""
    from api_callers import caller as call
    from django.test import Client
    from offices import Office

    from huiqi.portal.accounts.models import User

    user = User.objects.create_user("member", password="a long password", name="member")
    Binding.objects.create(user=user, firm=restaurant, state="bound", asked_at=NOW)
    program = call(Office(user, Client()), f"firm:{restaurant.pk}")
    body = {"firm": restaurant.pk, "fact": "employees", "says": "15", "reason": "新招三人"}
    return program.post("acts/fact.contest", body).json()


def test_one_person_does_not_do_both_halves_by_page_and_by_token(restaurant, appointed):
    both = appointed("both", "county_officer")
    Binding.objects.create(user=both.user, firm=restaurant, state="bound", asked_at=NOW)
    contest = {"firm": restaurant.pk, "fact": "employees", "says": "15", "reason": "新招三人"}
    address = reverse("act", kwargs={"name": "fact.contest", "subject": "-"})
    assert both.client.post(address, {**contest, "key": "k"}).status_code == 302
    made = Contest.objects.for_site("test").get()
    answer = caller(both).post(f"acts/contest.uphold/{made.pk}", {"answer": "属实"})
    assert code_of_answer(answer) == (403, "incompatible-role")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "not-json"),
        ("[" * 100_000, 400, "not-json"),
        ('{"note": "a", "note": "b"}', 400, "not-json"),
        ('{"note": NaN}', 400, "not-json"),
        (b"\xff\xfe", 400, "not-json"),
        ('{"note": "\\u0000"}', 422, "bad-value"),
        ('{"note": "\\ud800"}', 422, "bad-value"),
        ('{"note": 5}', 422, "bad-value"),
        ('{"other": "a"}', 422, "bad-value"),
        ("[]", 422, "bad-value"),
        ('{"note": "' + "x" * 300 + '"}', 422, "bad-value"),
        ('{"note": "' + "x" * (1 << 20) + '"}', 413, "body-too-large"),
    ],
)
def test_hostile_bodies_are_refused_in_findings(officers_program, asked, body, status, code):
    answer = officers_program.client.post(
        f"/api/acts/binding.confirm/{asked.pk}",
        body,
        content_type="application/json",
        headers={**officers_program.headers, "idempotency-key": "k"},
    )
    assert code_of_answer(answer) == (status, code)
    asked.refresh_from_db()
    assert asked.state == "asked"


@pytest.mark.parametrize("subject", ["999999", "0", "-1", "abc", "9" * 40, "%00", "1%27", "１e9"])
def test_subjects_that_are_none_are_not_found(officers_program, subject):
    assert code_of_answer(officers_program.post(f"acts/binding.confirm/{subject}")) == (404, "not-found")


def test_a_roster_is_sent_checked_and_taken_by_a_program(officer, restaurant, appointed):
    from offices import roster_of, run_jobs

    program = caller(officer)
    sent = program.client.post(
        "/api/rosters/files?name=roster.csv",
        roster_of("#1,蒙自过桥米线店,532503,18"),
        content_type="application/octet-stream",
        headers=program.headers,
    )
    assert sent.status_code == 200, sent.content
    values = {"source": "statistics", "dated": "2022-07-31", **sent.json()}
    handed = program.post("acts/roster.hand_in", values, key="h")
    assert handed.status_code == 200, handed.content
    run_jobs()
    number = handed.json()["subject"]
    assert program.get(f"rosters/{number}").json()["state"] == "previewed"
    assert program.post(f"acts/roster.take/{number}", key="t").status_code == 200
    run_jobs()
    facts = {each["fact"]: each for each in program.get(f"firms/{restaurant.pk}").json()["facts"]}
    assert [each["value"] for each in facts["employees"]["claims"] if each["counts"]] == ["18"]
    other = caller(appointed("second", "county_officer"))
    again = other.post("acts/roster.hand_in", values, key="h")
    assert code_of_answer(again) == (422, "no-upload")


def test_a_file_that_lies_about_its_kind_is_refused(officers_program):
    answer = officers_program.client.post(
        "/api/rosters/files?name=roster.xlsx",
        b"MZ not a table",
        content_type="application/octet-stream",
        headers=officers_program.headers,
    )
    assert answer.status_code == 422
