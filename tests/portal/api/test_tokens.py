"""A token acts for its owner in one capacity, never in more, and no longer than that capacity lasts."""

import datetime

import pytest
from api_callers import caller, make_token

from huiqi.portal.accounts.models import Appointment, Substitution
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.api.models import Token, TokenUse

pytestmark = pytest.mark.django_db


def test_only_the_digest_of_a_secret_is_kept(officer):
    token = make_token(officer)
    row = Token.objects.for_site("test").get()
    assert token.secret.startswith("huiqi_") and len(token.secret) > 40
    assert token.secret not in str(vars(row)) and row.secret == ""
    assert token.secret not in str(Event.objects.get().body)


def test_asking_again_with_the_same_key_shows_no_secret(officer):
    assert make_token(officer).secret
    assert make_token(officer).secret == ""
    assert Token.objects.for_site("test").count() == 1


def test_a_token_sees_what_its_capacity_sees(officer, restaurant, gejiu_officer):
    mine, other = caller(officer), caller(gejiu_officer)
    assert [each["name"] for each in mine.get("firms").json()["rows"]] == ["蒙自过桥米线店"]
    assert other.get("firms").json()["rows"] == []
    assert mine.get(f"firms/{restaurant.pk}").status_code == 200
    assert other.get(f"firms/{restaurant.pk}").status_code == 404


def test_what_is_not_ones_own_is_not_found_in_the_words_of_what_does_not_exist(gejiu_officer, restaurant):
    program = caller(gejiu_officer)
    hidden, absent = program.get(f"firms/{restaurant.pk}"), program.get("firms/999999")
    assert hidden.json() == absent.json() == program.get("no/such/address").json()


def test_a_token_may_less_than_its_owner(officer, restaurant):
    narrow = caller(officer, pages=["rosters"], acts=[])
    assert narrow.get("rosters").status_code == 200
    assert narrow.get("firms").status_code == 404
    assert narrow.post("acts/binding.confirm/1").status_code == 404


@pytest.mark.parametrize(
    ("given", "cell"),
    [
        ({"acts": ["appointment.give"]}, "acts"),
        ({"acts": ["token.create"]}, "acts"),
        ({"pages": ["people"]}, "pages"),
        ({"acts": [], "pages": []}, "pages"),
        ({"expires": "2024-01-01"}, "expires"),
        ({"expires": "2022-07-31"}, "expires"),
        ({"stands_for": "firm:1"}, "stands_for"),
        ({"stands_for": "appointment:999"}, "stands_for"),
        ({"stands_for": "everybody"}, "stands_for"),
    ],
)
def test_a_token_is_refused_what_its_owner_has_not(officer, given, cell):
    with pytest.raises(Refused) as refused:
        make_token(officer, **{"pages": ["home"], **given})
    assert refused.value.findings[0].cell == cell
    assert not Token.objects.for_site("test").exists()


def test_a_token_cannot_stand_for_anothers_appointment(officer, gejiu_officer):
    theirs = Appointment.objects.get(user=gejiu_officer.user)
    with pytest.raises(Refused):
        make_token(officer, stands_for=f"appointment:{theirs.pk}", pages=["home"], acts=[])


def test_a_substitute_makes_no_token_for_whom_they_stand_in(officer, gejiu_officer):
    theirs = Appointment.objects.get(user=gejiu_officer.user)
    Substitution.objects.create(
        appointment=theirs,
        substitute=officer.user,
        begins=datetime.date(2022, 7, 1),
        ends=datetime.date(2022, 9, 1),
        reason="休假",
    )
    with pytest.raises(Refused):
        make_token(officer, stands_for=f"appointment:{theirs.pk}", pages=["home"], acts=[])


def test_a_token_ends_with_the_appointment_it_stands_for(officer):
    program = caller(officer)
    assert program.get("firms").status_code == 200
    Appointment.objects.update(ends=datetime.date(2022, 8, 1))
    assert program.get("firms").status_code == 401


def test_a_token_of_a_closed_account_is_no_longer_taken(officer):
    program = caller(officer)
    officer.user.is_active = False
    officer.user.save()
    assert program.get("firms").status_code == 401


def test_a_token_ends_after_its_last_day(officer, monkeypatch):
    program = caller(officer, expires="2022-08-02")
    monkeypatch.setenv("HUIQI_NOW", "2022-08-02T23:59:00+08:00")
    assert program.get("firms").status_code == 200
    monkeypatch.setenv("HUIQI_NOW", "2022-08-03T00:00:00+08:00")
    assert program.get("firms").status_code == 401


def test_a_revoked_token_is_no_longer_taken_and_only_its_owner_revokes(officer, gejiu_officer):
    token = make_token(officer)
    with pytest.raises(NotYours):
        gejiu_officer.do("token.revoke", token.pk)
    officer.do("token.revoke", token.pk)
    from api_callers import Caller
    from django.test import Client

    assert Caller(token.secret, Client()).get("firms").status_code == 401


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer nonsense", "Basic YTpi", "Bearer " + "x" * 9000, "Bearer \u4e00"],
)
def test_without_a_token_nothing_is_told(client, restaurant, header):
    answer = client.get("/api/firms", headers={"authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["findings"][0]["code"] == "no-token"


def test_a_session_opens_nothing(officer, restaurant):
    assert officer.client.get("/api/firms").status_code == 401


def test_a_token_is_used_so_often_a_minute_and_no_more(officer, settings, monkeypatch):
    settings.API_REQUESTS_A_MINUTE = 3
    program = caller(officer)
    assert [program.get("firms").status_code for _ in range(5)] == [200, 200, 200, 429, 429]
    refused = program.get("firms")
    assert refused["Retry-After"] == "60"
    assert refused.json()["findings"][0]["code"] == "too-many-requests"
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:01:00+08:00")
    assert program.get("firms").status_code == 200
    assert TokenUse.objects.get().used == 1


def test_nobody_has_more_tokens_than_they_can_keep_in_mind(officer):
    for number in range(20):
        make_token(officer, name=f"token {number}")
    with pytest.raises(Refused, match="too-many-tokens"):
        make_token(officer, name="one more")
