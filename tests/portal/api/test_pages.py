"""The page of the API, and one's tokens on the site."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from offices import NOW

from huiqi.portal.accounts.models import Appointment
from huiqi.portal.accounts.sessions import PROVED
from huiqi.portal.api.models import Token

pytestmark = pytest.mark.django_db


def test_the_page_of_the_api_names_every_operation_and_loads_nothing_from_elsewhere(client):
    answer = client.get("/api/")
    shown = answer.content.decode()
    assert answer.status_code == 200
    for path in client.get("/api/openapi.json").json()["paths"]:
        assert f"<code>{path}</code>" in shown
    assert "https://" not in shown and "unsafe" not in answer["Content-Security-Policy"]
    assert "统一社会信用代码" in shown


def test_the_page_of_the_api_is_english_when_asked(client):
    client.post(reverse("language"), {"language": "en"})
    shown = client.get("/api/").content.decode()
    assert "the request&#x27;s own key" in shown and "请求自己的编号" not in shown


@pytest.fixture(autouse=True)
def has_proved(request):
    """The officers have just proved who they are."""
    for name in {"officer", "gejiu_officer"} & set(request.fixturenames):
        prove(request.getfixturevalue(name).client)


def prove(client):
    session = client.session
    session[PROVED] = NOW.isoformat()
    session.save()


def made_on_the_site(officer, **given):
    appointment = Appointment.objects.get(user=officer.user)
    address = reverse("token-new")
    stands_for = f"appointment:{appointment.pk}"
    shown = officer.client.get(address, {"stands_for": stands_for})
    values = {
        "key": shown.context["key"],
        "stands_for": stands_for,
        "name": "数据交换",
        "expires": "2022-12-31",
        "pages": ["firms"],
        "acts": ["binding.confirm"],
    }
    return officer.client.post(address, {**values, **given}), values


def test_a_token_is_made_on_the_site_and_its_secret_shown_once(officer, restaurant):
    answer, values = made_on_the_site(officer)
    secret = answer.context["secret"]
    assert secret in answer.content.decode() and "no-store" in answer["Cache-Control"]
    again = officer.client.post(reverse("token-new"), values)
    assert secret not in again.content.decode() and "只在新建时显示一次" in again.content.decode()
    assert secret not in officer.client.get(reverse("tokens")).content.decode()
    told = Client().get("/api/firms", headers={"authorization": f"Bearer {secret}"})
    assert [each["number"] for each in told.json()["rows"]] == [restaurant.pk]


def test_what_is_wrong_is_said_and_what_was_written_stays(officer):
    answer, _ = made_on_the_site(officer, expires="2030-01-01")
    shown = answer.content.decode()
    assert answer.status_code == 422 and "一年以内" in shown and 'value="数据交换"' in shown
    assert not Token.objects.for_site("test").exists()


def test_one_sees_ones_own_tokens_only_and_revokes_them(officer, gejiu_officer):
    made_on_the_site(officer)
    token = Token.objects.for_site("test").get()
    assert "数据交换" not in gejiu_officer.client.get(reverse("tokens")).content.decode()
    address = reverse("act", kwargs={"name": "token.revoke", "subject": token.pk})
    assert gejiu_officer.client.post(address, {"key": "k"}).status_code == 404
    assert officer.client.post(address, {"key": "k"}).status_code == 302
    assert "已吊销" in officer.client.get(reverse("tokens")).content.decode()


@pytest.mark.parametrize("wanted", ["appointment:999999", "firm:1", "x" * 9999, "\0", "person"])
def test_hostile_choices_fall_back_to_what_there_is(officer, wanted):
    assert officer.client.get(reverse("token-new"), {"stands_for": wanted}).status_code == 200
    refused = officer.client.post(reverse("token-new"), {"stands_for": wanted, "key": "k", "name": "\0"})
    assert refused.status_code == 422


@pytest.mark.parametrize("count", [3, 19])
def test_the_list_costs_the_same_however_long(officer, count, django_assert_max_num_queries):
    for number in range(count):
        made_on_the_site(officer, name=f"t{number}")
    with django_assert_max_num_queries(16):
        assert officer.client.get(reverse("tokens")).status_code == 200


def test_who_did_not_prove_lately_who_they_are_is_asked_first(officer):
    session = officer.client.session
    session[PROVED] = (NOW - datetime.timedelta(minutes=16)).isoformat()
    session.save()
    sent = officer.client.post(reverse("token-new"), {"stands_for": "person", "key": "k"})
    assert sent.status_code == 302 and sent.url.startswith(reverse("confirm"))
    assert not Token.objects.for_site("test").exists()
