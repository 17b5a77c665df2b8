"""Signing in: the same words for all that is wrong, locks by name and address, sessions that end."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from offices import MENGZI

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.sessions import Session, SessionStore, digest_of_key

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def sign_in(client, name, password=PASSWORD, **more):
    return client.post(reverse("sign-in"), {"username": name, "password": password, **more})


def is_in(client):
    return client.get("/profile/").status_code == 200


def text_of(answer):
    text = answer.content.decode()
    return text[text.index("<main") :].replace(answer.wsgi_request.POST.get("username", "?"), "NAME")


def test_an_unknown_name_a_wrong_password_and_a_closed_account_are_told_alike(client, officer):
    officer("reviewer", "open")
    closed = officer("reviewer", "closed").user
    User.objects.filter(pk=closed.pk).update(is_active=False, state="closed")
    told = {
        _without_token(text_of(sign_in(Client(), name, password)))
        for name, password in (("open", "wrong"), ("nobody", PASSWORD), ("closed", PASSWORD))
    }
    assert len(told) == 1


def _without_token(text):
    import re

    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", text)


def test_many_names_from_one_address_are_locked_too(client, officer):
    officer("reviewer", "wang")
    for number in range(60):
        assert sign_in(client, f"guess{number}", "wrong").status_code == 403
    assert sign_in(client, "wang").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="192.0.2.9"), "wang").status_code == 302


def test_the_key_in_the_database_opens_no_session(officer):
    wang = officer("reviewer", "wang")
    assert is_in(wang.client)
    kept = Session.objects.get(user=wang.user)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept.session_key
    assert not is_in(thief)
    assert digest_of_key(wang.client.cookies[settings.SESSION_COOKIE_NAME].value) == kept.session_key


def test_the_key_changes_when_somebody_signs_in(client, officer):
    officer("reviewer", "wang")
    store = SessionStore()
    store["planted"] = "yes"
    store.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    sign_in(client, "wang")
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != store.session_key
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = store.session_key
    assert not is_in(attacker)


def test_an_officers_unused_session_ends_and_a_members_does_not(officer, member, later):
    wang = officer("reviewer", "wang")
    assert is_in(wang.client) and is_in(member.client)
    later(minutes=29)
    assert is_in(wang.client)
    later(minutes=60)
    assert not is_in(wang.client)
    assert is_in(member.client)
    assert "登录已到时限" in wang.client.get("/sign-in/").content.decode()


def test_every_session_ends_after_eight_hours_however_used(member, later):
    for hours in range(8):
        later(hours=hours)
        assert is_in(member.client)
    later(hours=8)
    assert not is_in(member.client)


def test_people_see_their_sessions_and_end_the_others(officer):
    wang = officer("reviewer", "wang")
    phone = Client(headers={"user-agent": "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/99"})
    sign_in(phone, "wang")
    shown = wang.client.get("/profile/").content.decode()
    assert "Chrome · Android" in shown
    stranger = officer("reviewer", "li")
    wang.client.post(reverse("sessions-end"), {"which": Session.objects.get(user=stranger.user).session_key})
    assert is_in(stranger.client)
    wang.client.post(reverse("sessions-end"), {"which": "all"})
    assert not is_in(phone)
    assert is_in(wang.client)


def test_a_changed_password_ends_all_other_sessions(officer):
    wang = officer("reviewer", "wang")
    phone = Client()
    sign_in(phone, "wang")
    given = {"old": PASSWORD, "password": "another long one", "again": "another long one", "key": "k"}
    assert wang.client.post(reverse("password"), {**given, "old": "wrong"}).status_code == 403
    assert wang.client.post(reverse("password"), {**given, "again": "otherwise so"}).status_code == 422
    assert (
        wang.client.post(reverse("password"), {**given, "password": "123", "again": "123"}).status_code == 422
    )
    assert wang.client.post(reverse("password"), given).status_code == 302
    assert is_in(wang.client)
    assert not is_in(phone)
    assert sign_in(Client(), "wang").status_code == 403
    assert sign_in(Client(), "wang", "another long one").status_code == 302


def test_old_passwords_cannot_be_guessed_from_a_session_left_open(officer):
    wang = officer("reviewer", "wang")
    given = {"old": "guess", "password": "another long one", "again": "another long one", "key": "k"}
    for _ in range(5):
        assert wang.client.post(reverse("password"), given).status_code == 403
    assert wang.client.post(reverse("password"), {**given, "old": PASSWORD}).status_code == 429


def test_dangerous_acts_ask_again_who_is_there(mengzi, officer, later):
    clerk = officer("", "clerk").user
    page = reverse("person-appoint", kwargs={"number": clerk.pk})
    assert mengzi.client.get(page).status_code == 200
    later(minutes=20)
    asked = mengzi.client.get(page)
    assert asked.url.startswith(reverse("confirm"))
    assert mengzi.client.post(page, {"role": "reviewer"}).url.startswith(reverse("confirm"))
    assert mengzi.client.post(asked.url, {"password": "wrong", "next": page}).status_code == 403
    assert mengzi.client.post(asked.url, {"password": PASSWORD, "next": page}).url == page
    assert mengzi.client.get(page).status_code == 200


@pytest.mark.parametrize("hostile", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_proving_oneself_leads_nowhere_else(mengzi, hostile):
    answer = mengzi.client.post(reverse("confirm"), {"password": PASSWORD, "next": hostile})
    assert answer.url == "/"


@pytest.mark.parametrize(
    "given",
    [
        {"username": "\0", "password": "x"},
        {"username": "x" * 10_000, "password": "y" * 10_000},
        {"username": "wang", "password": "😀" * 40},
        {},
    ],
)
def test_hostile_sign_ins_are_refused_and_nothing_more(client, officer, given):
    officer("reviewer", "wang", MENGZI)
    assert client.post(reverse("sign-in"), given).status_code == 403
