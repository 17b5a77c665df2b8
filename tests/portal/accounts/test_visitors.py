"""Visitors of one address ask so often in a minute, in whatever process; who is signed in is not counted."""

import datetime

import pytest
from django.conf import settings as site_settings
from django.test import Client
from offices import NOW
from own_sites import new_site
from races import BEGIN, WAIT, race

from huiqi.portal.accounts.credentials import VisitorUse
from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.visitors import forget_visitors

pytestmark = pytest.mark.django_db
ASKING = """
from django.conf import settings
from django.test import Client

settings.VISITOR_REQUESTS_A_MINUTE = 10
client = Client(SERVER_NAME="localhost")
print(json.dumps([client.get("/sign-in/", REMOTE_ADDR="192.0.2.1").status_code for _ in range(10)]))
"""


@pytest.fixture(autouse=True)
def three_a_minute(settings, monkeypatch):
    settings.VISITOR_REQUESTS_A_MINUTE = 3
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:20+08:00")


def asked(path="/answers/", address="192.0.2.1", client=None, **more):
    return (client or Client()).get(path, REMOTE_ADDR=address, **more)


@pytest.mark.parametrize("path", ["/answers/", "/answers/result/", "/sign-in/", "/sign-up/"])
def test_the_fourth_request_of_an_address_in_a_minute_waits_for_the_next_one(path, monkeypatch):
    assert [asked(path).status_code for _ in range(3)].count(429) == 0
    refused = asked(path)
    assert (refused.status_code, refused["Retry-After"]) == (429, "40")
    text = refused.content.decode()
    assert "每分钟最多3次" in text
    assert "40秒后" in text
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:01:00+08:00")
    assert asked(path).status_code != 429


def test_it_is_said_in_english_too():
    for _ in range(3):
        asked()
    assert "3 times a minute" in asked(headers={"accept-language": "en"}, client=english()).content.decode()


def english():
    client = Client()
    client.cookies[site_settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def test_another_address_is_not_kept_waiting():
    for _ in range(4):
        asked()
    assert asked(address="192.0.2.2").status_code == 200


def test_who_is_signed_in_is_not_counted():
    user = User.objects.create_user("clerk", password="a long password", name="张经办")
    client = Client()
    client.force_login(user)
    assert {asked(client=client).status_code for _ in range(6)} == {200}
    assert not VisitorUse.objects.exists()


def test_pages_that_are_not_public_send_to_sign_in_and_are_not_counted():
    assert {asked("/firms/").status_code for _ in range(6)} == {302}


def test_the_library_of_policies_is_not_counted():
    assert {asked("/policies/").status_code for _ in range(6)} == {200}
    assert not VisitorUse.objects.exists()


def test_nought_sets_no_limit(settings):
    settings.VISITOR_REQUESTS_A_MINUTE = 0
    assert {asked().status_code for _ in range(6)} == {200}


def test_programs_without_a_token_are_counted_with_the_pages():
    for _ in range(3):
        asked()
    refused = asked("/api/measures")
    assert (refused.status_code, refused["Retry-After"]) == (429, "40")
    assert refused.json()["findings"][0]["code"] == "too-many-requests"


def test_no_address_can_be_read_from_the_table():
    asked()
    row = VisitorUse.objects.get()
    assert len(row.digest) == 64
    assert "192.0.2.1" not in str(vars(row))


def test_what_no_longer_counts_is_deleted():
    asked()
    assert forget_visitors(NOW, datetime.timedelta(days=1)) == 0
    assert forget_visitors(NOW + datetime.timedelta(days=2), datetime.timedelta(days=1)) == 1


def test_of_two_workers_at_once_both_count(tmp_path):
    site = new_site(tmp_path)
    told = race(site, BEGIN + WAIT + ASKING)
    assert sorted(status for both in told for status in both) == [200] * 10 + [429] * 10
    assert site.sql("SELECT used FROM accounts_visitoruse") == [(10,)]
