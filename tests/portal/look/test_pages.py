"""Signing in, the language, what opens for whom, and the page of an act."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse

from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.registry import acts
from huiqi.portal.look.registry import PUBLIC, pages

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


@pytest.fixture
def honghe() -> Agency:
    return Agency.objects.create(code="532500-finance", name="红河哈尼族彝族自治州财政局", region="532500")


@pytest.fixture
def clerk() -> User:
    return User.objects.create_user("clerk", password=PASSWORD, name="张经办")


@pytest.fixture
def administrator(honghe) -> Client:
    user = User.objects.create_user("admin", password=PASSWORD, name="管理员")
    Appointment.objects.create(
        user=user, agency=honghe, role="administrator", begins=datetime.date(2022, 1, 1)
    )
    client = Client()
    client.force_login(user)
    return client


def sign_in(client, name, password, **more):
    return client.post(reverse("sign-in"), {"username": name, "password": password, **more})


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(client, clerk):
    sent = client.get("/bindings/")
    assert sent.url == "/sign-in/?next=%2Fbindings%2F"
    assert sign_in(client, "clerk", PASSWORD, next="/bindings/").url == "/bindings/"
    assert "张经办" in client.get("/").content.decode()


@pytest.mark.parametrize("hostile", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_nowhere_else(client, clerk, hostile):
    assert sign_in(client, "clerk", PASSWORD, next=hostile).url == "/"


@pytest.mark.parametrize("name", ["clerk", "nobody"])
def test_five_failures_lock_a_name_known_or_not(client, clerk, name):
    for _ in range(5):
        assert sign_in(client, name, "wrong").status_code == 403
    locked = sign_in(client, name, PASSWORD)
    assert locked.status_code == 429
    assert "15分钟" in locked.content.decode()


def test_the_language_is_switched_and_kept(client, clerk):
    client.force_login(clerk)
    client.post(reverse("language"), {"language": "en", "next": "/"})
    clerk.refresh_from_db()
    assert clerk.language == "en"
    assert 'lang="en"' in client.get("/").content.decode()


def test_a_browser_that_wishes_english_gets_chinese_until_somebody_switches(client):
    shown = client.get(reverse("sign-in"), headers={"accept-language": "en-US,en"}).content.decode()
    assert 'lang="zh-hans"' in shown
    client.post(reverse("language"), {"language": "en"})
    assert 'lang="en"' in client.get(reverse("sign-in")).content.decode()


def test_a_role_that_does_not_hold_an_act_finds_no_page_for_it(client, clerk):
    client.force_login(clerk)
    assert client.get(reverse("act", kwargs={"name": "appointment.give", "subject": "-"})).status_code == 404
    assert client.get(reverse("act", kwargs={"name": "no.such", "subject": "1"})).status_code == 404


def test_the_page_of_an_act_does_it_once(administrator, clerk, honghe):
    address = reverse("act", kwargs={"name": "appointment.give", "subject": "-"})
    shown = administrator.get(address)
    assert shown.status_code == 200
    given = {
        "user": clerk.pk,
        "role": "reviewer",
        "agency": honghe.code,
        "begins": "2022-08-01",
        "key": shown.context["hidden"]["key"],
    }
    assert administrator.post(address, given).status_code == 302
    assert administrator.post(address, given).status_code == 302
    assert Event.objects.count() == 1


def test_what_is_wrong_stands_beside_its_field(administrator, clerk, honghe):
    address = reverse("act", kwargs={"name": "appointment.give", "subject": "-"})
    answer = administrator.post(
        address,
        {
            "user": clerk.pk,
            "role": "county_officer",
            "agency": honghe.code,
            "begins": "2022-08-01",
            "key": "k",
        },
    )
    assert answer.status_code == 422
    assert "不设在这一级单位" in answer.content.decode()
    assert not Event.objects.exists()


def test_every_page_has_both_titles_and_every_role_names_acts_and_pages_that_exist():
    assert all(each.zh and each.en for each in pages().values())
    opened = {name for role in roles().values() for name in role.pages}
    held = {name for role in roles().values() for name in role.acts}
    assert {each.opens for each in pages().values()} - {PUBLIC} <= opened
    assert acts().keys() <= held


def test_pages_are_strict_about_what_they_load(client):
    policy = client.get(reverse("sign-in")).headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "img-src 'self' data:" in policy


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/policies/", "/answers/"])
def test_pages_answer_head_as_they_answer_get_without_the_body(client, path):
    asked, told = client.get(path), client.head(path)
    assert (told.status_code, told["Content-Type"]) == (asked.status_code, asked["Content-Type"])
    assert (told.content, bool(asked.content)) == (b"", True)


def test_what_is_only_done_is_not_asked_for_by_head(client):
    answer = client.head("/sign-out/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_the_foot_of_every_page_leads_to_the_published_heads(client, administrator):
    for asking in (client.get("/sign-in/"), administrator.get("/"), client.get("/nowhere/")):
        assert f'href="{reverse("published-heads")}"' in asking.content.decode().partition("<footer")[2]
