"""A firm's person signs up, learns nothing of other accounts, and is led to the firm."""

import pytest
from django.test import Client
from django.urls import reverse
from offices import GEJIU, MENGZI

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.models import Event

pytestmark = pytest.mark.django_db
GIVEN = {
    "name": "周老板",
    "begins": "zhou",
    "region": MENGZI,
    "password": "three short words",
    "again": "three short words",
    "agrees": "on",
    "key": "first",
}


@pytest.fixture(autouse=True)
def served(agency):
    agency(MENGZI)
    agency(GEJIU)


def sign_up(client=None, **more):
    return (client or Client()).post(reverse("sign-up"), {**GIVEN, **more})


def test_who_signs_up_is_signed_in_and_told_their_user_name(client):
    assert sign_up(client).url == "/welcome/"
    user = User.objects.get()
    assert user.username.startswith("zhou-") and user.username[5:].isdecimal()
    assert (user.region, user.state, user.agency) == (MENGZI, "active", None)
    assert user.username in client.get("/welcome/").content.decode()
    event = Event.objects.get()
    assert (event.act, event.actor, event.region, event.body) == (
        "user.sign_up",
        "visitor",
        MENGZI,
        {"consent": "2026-1"},
    )


def test_a_name_that_is_taken_is_answered_like_one_that_is_free():
    User.objects.create_user("zhou", password="x", name="x")
    first, second = sign_up(key="a"), sign_up(key="b")
    assert first.url == second.url == "/welcome/"
    names = set(User.objects.exclude(username="zhou").values_list("username", flat=True))
    assert len(names) == 2


def test_a_request_sent_twice_makes_one_account_and_signs_nobody_else_in():
    sign_up()
    assert sign_up().url == "/welcome/"
    stranger = Client()
    assert sign_up(stranger, password="not the same one", again="not the same one").url == "/sign-in/"
    assert stranger.get("/profile/").status_code == 302
    assert User.objects.count() == 1
    assert User.objects.get().check_password(GIVEN["password"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "short", "again": "short"}, "密码太短，至少10位"),
        ({"password": "1234567890", "again": "1234567890"}, "数字"),
        ({"password": "password123", "again": "password123"}, "常见"),
        ({"again": "something else"}, "不一致"),
        ({"agrees": ""}, "请先阅读并同意"),
        ({"region": "110101"}, "选"),
        ({"begins": "张"}, "小写字母"),
        ({"begins": "zhou; DROP TABLE"}, "小写字母"),
        ({"name": "\0"}, "空字符"),
        ({"name": "x" * 10_000}, "60"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(wrong, said):
    answer = sign_up(**wrong)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not User.objects.exists()


def test_one_address_makes_five_accounts_an_hour(later):
    assert [sign_up(key=f"k{n}").status_code for n in range(6)] == [302] * 5 + [429]
    assert sign_up(Client(REMOTE_ADDR="192.0.2.9"), key="other").status_code == 302
    later(minutes=60)
    assert sign_up(key="k9").status_code == 302


def test_all_addresses_together_make_three_hundred(monkeypatch):
    from huiqi.portal.accounts import sign_up_pages
    from huiqi.portal.accounts.limits import Limit

    monkeypatch.setattr(sign_up_pages, "SIGN_UPS", Limit("sign-ups", 2, 60))
    told = [sign_up(Client(REMOTE_ADDR=f"192.0.2.{n}"), key=f"k{n}").status_code for n in range(4)]
    assert told == [302, 302, 429, 429]


def test_without_any_agency_nobody_signs_up(client):
    from huiqi.portal.accounts.models import Agency

    Agency.objects.all().delete()
    assert "暂不能注册" in client.get(reverse("sign-up")).content.decode()


@pytest.mark.parametrize("page", ["sign-up", "sign-in", "privacy"])
def test_the_doors_stand_in_both_languages(client, page):
    assert client.get(reverse(page)).status_code == 200
    client.post(reverse("language"), {"language": "en"})
    shown = client.get(reverse(page)).content.decode()
    main = shown[shown.index("<main") : shown.index("</main>")]
    for name in ("全部", "注册", "登录"):
        assert name not in main
