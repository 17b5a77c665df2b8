"""Codes: sealed, asked for, used once, limited; recovery codes; roles that require them; what an administrator can do."""

import datetime
import re

import pyotp
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from offices import NOW

from huiqi.portal.accounts import second_factor
from huiqi.portal.accounts.credentials import RecoveryCode, SecondFactor
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotByYou

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"
PAGE = "/profile/second-factor/"


def code_at(secret, moment=NOW):
    return pyotp.TOTP(secret).at(moment)


def set_up(office):
    """Set a second factor up through its pages; the secret and the recovery codes."""
    office.client.post(reverse("second-factor-begin"))
    shown = office.client.get(PAGE)
    secret = shown.context["secret"].replace(" ", "")
    answer = office.client.post(PAGE, {"do": "confirm", "code": code_at(secret), "key": "k"})
    assert answer.status_code == 200, answer.content.decode()
    return secret, answer.context["codes"]


def begin(client, name="wang"):
    return client.post(reverse("sign-in"), {"username": name, "password": PASSWORD, "next": "/tokens/"})


@pytest.fixture
def wang(officer):
    return officer("reviewer", "wang")


def test_the_picture_is_an_image_of_the_page_itself(wang):
    wang.client.post(reverse("second-factor-begin"))
    answer = wang.client.get(PAGE)
    shown = answer.content.decode()
    assert re.search(r'<img class="picture" src="data:image/svg\+xml', shown)
    assert "<script>" not in shown and "style=" not in shown[shown.index("<main") :]
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_password_alone_no_longer_signs_in(wang, later):
    secret, _codes = set_up(wang)
    client = Client()
    assert begin(client).url == "/sign-in/code/"
    assert client.get("/tokens/").status_code == 302
    later(minutes=1)
    answer = client.post("/sign-in/code/", {"code": code_at(secret, NOW + datetime.timedelta(minutes=1))})
    assert answer.url == "/tokens/"
    assert client.get("/tokens/").status_code == 200


def test_a_code_is_taken_once(wang, later):
    secret, _codes = set_up(wang)
    later(minutes=1)
    code = code_at(secret, NOW + datetime.timedelta(minutes=1))
    first, second = Client(), Client()
    begin(first)
    begin(second)
    assert first.post("/sign-in/code/", {"code": code}).status_code == 302
    assert second.post("/sign-in/code/", {"code": code}).status_code == 403


def test_an_earlier_code_is_worth_nothing_after_a_later_one(wang):
    secret, _codes = set_up(wang)
    moment = NOW + datetime.timedelta(minutes=2)
    assert second_factor.take(wang.user, code_at(secret, moment), moment)
    assert not second_factor.take(wang.user, code_at(secret, moment - datetime.timedelta(seconds=30)), moment)


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_phones_clock_may_be_half_a_minute_off(wang, seconds, taken):
    secret, _codes = set_up(wang)
    moment = NOW + datetime.timedelta(minutes=10)
    code = code_at(secret, moment + datetime.timedelta(seconds=seconds))
    assert second_factor.take(wang.user, code, moment) is taken


def test_five_wrong_codes_lock_and_the_sixth_right_one_does_not_help(wang, later):
    secret, _codes = set_up(wang)
    client = Client()
    begin(client)
    for _ in range(5):
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 403
    later(minutes=2)
    right = code_at(secret, NOW + datetime.timedelta(minutes=2))
    assert client.post("/sign-in/code/", {"code": right}).status_code == 429


def test_who_waits_too_long_with_the_code_begins_again(wang, later):
    secret, _codes = set_up(wang)
    client = Client()
    begin(client)
    later(minutes=6)
    right = code_at(secret, NOW + datetime.timedelta(minutes=6))
    assert client.post("/sign-in/code/", {"code": right}).url == "/sign-in/"


def test_a_recovery_code_stands_in_once_and_only_for_its_owner(wang, officer):
    _secret, codes = set_up(wang)
    other = officer("reviewer", "li")
    set_up(other)
    assert len(codes) == 10
    assert not second_factor.take(other.user, codes[0], NOW)
    client = Client()
    begin(client)
    assert client.post("/sign-in/code/", {"code": codes[0].lower()}).status_code == 302
    assert not second_factor.take(wang.user, codes[0], NOW)
    assert second_factor.left(wang.user) == 9


def test_neither_secret_nor_recovery_codes_stand_in_the_database(wang):
    secret, codes = set_up(wang)
    with connection.cursor() as cursor:
        for table in ("accounts_secondfactor", "accounts_recoverycode", "acts_event", "accounts_session"):
            cursor.execute(f"SELECT * FROM {table}")
            kept = str(cursor.fetchall())
            assert secret not in kept
            assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    assert SecondFactor.objects.get().secret.count(".") == 2


def test_new_codes_end_the_old_ones_and_giving_up_needs_a_code(wang, later):
    secret, codes = set_up(wang)
    later(minutes=1)
    answer = wang.client.post(PAGE, {"do": "renew", "code": codes[0], "key": "r"})
    assert len(answer.context["codes"]) == 10
    assert not second_factor.take(wang.user, codes[1], NOW)
    assert wang.client.post(PAGE, {"do": "remove", "code": "123456", "key": "x"}).status_code == 403
    right = code_at(secret, NOW + datetime.timedelta(minutes=1))
    assert wang.client.post(PAGE, {"do": "remove", "code": right, "key": "x"}).url == "/profile/"
    assert not RecoveryCode.objects.exists()
    assert [each.act for each in Event.objects.order_by("sequence")] == [
        "factor.confirm",
        "factor.renew_codes",
        "factor.remove",
    ]


def test_a_secret_in_use_is_neither_shown_nor_replaced(wang):
    secret, _codes = set_up(wang)
    wang.client.post(reverse("second-factor-begin"))
    assert secret not in wang.client.get(PAGE).content.decode().replace(" ", "")
    assert second_factor.secret_of(SecondFactor.objects.get()) == secret


@pytest.mark.parametrize("name", ["factor.confirm", "factor.remove", "password.change", "user.accept"])
def test_no_page_of_acts_gives_what_a_proof_gives(wang, name):
    set_up(wang)
    address = reverse("act", kwargs={"name": name, "subject": str(wang.user.pk)})
    assert wang.client.post(address, {"key": "k"}).status_code == 404


def test_roles_that_require_it_lead_there_and_nowhere_else(officer, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    approver, reviewer = officer("approver", "zhao"), officer("reviewer", "wang")
    assert approver.client.get("/").url == PAGE
    assert approver.client.get("/firms/").url == PAGE
    assert reviewer.client.get("/").status_code == 200
    secret, _codes = set_up(approver)
    assert approver.client.get("/").status_code == 200
    right = code_at(secret, NOW + datetime.timedelta(minutes=1))
    assert approver.client.post(PAGE, {"do": "remove", "code": right, "key": "x"}).status_code == 422
    assert second_factor.has_second_factor(approver.user)


def test_an_administrator_resets_it_with_an_event_but_does_not_also_renew_the_password(wang, mengzi, honghe):
    set_up(wang)
    mengzi.do("user.reset_factor", wang.user.pk, {"reason": "手机遗失，已当面核实"})
    assert not SecondFactor.objects.exists()
    assert wang.client.get("/profile/").status_code == 302
    assert Event.objects.get(act="user.reset_factor").body == {"reason": "手机遗失，已当面核实"}
    with pytest.raises(NotByYou):
        mengzi.do("user.renew_link", wang.user.pk, {"reason": "忘记密码"})
    honghe.do("user.renew_link", wang.user.pk, {"reason": "忘记密码"})


def test_proving_oneself_again_takes_the_code_too(wang, later):
    secret, _codes = set_up(wang)
    later(minutes=20)
    moment = NOW + datetime.timedelta(minutes=20)
    given = {"password": PASSWORD, "next": "/tokens/"}
    assert wang.client.post(reverse("confirm"), given).status_code == 403
    answer = wang.client.post(reverse("confirm"), {**given, "code": code_at(secret, moment)})
    assert answer.url == "/tokens/"


@pytest.mark.parametrize(
    "code", ["", "\0", "١٢٣٤٥٦", "1" * 10_000, "é" * 12, "AAAA-BBBB-CCCC", "' OR 1=1 --"]
)
def test_hostile_codes_are_wrong_codes(wang, code):
    set_up(wang)
    client = Client()
    begin(client)
    assert client.post("/sign-in/code/", {"code": code}).status_code == 403
