"""A province's single sign-on: who is linked comes in, all else is refused, and nothing breaks when it is away."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from offices import MENGZI, NOW
from oidc_provider import CLIENT, SECRET, Provider

from huiqi.findings import BadInput
from huiqi.portal.accounts import oidc
from huiqi.portal.accounts.credentials import OutsideName
from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.oidc_settings import is_safe, oidc_settings
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import Refused

pytestmark = pytest.mark.django_db
BACK = "/sign-in/outside/back/"
MOMENT = int(NOW.timestamp())


@pytest.fixture
def provider(settings, tmp_path):
    made = Provider(NOW)
    (tmp_path / "secret").write_text(SECRET + "\n")
    settings.OIDC = {
        "issuer": made.issuer,
        "client": CLIENT,
        "secret_file": str(tmp_path / "secret"),
        "title": "云南省统一身份认证",
    }
    yield made
    made.close()


@pytest.fixture
def wang(officer, provider):
    """An officer who is linked with the province's subject 5301-77."""
    made = officer("reviewer", "wang")
    OutsideName.objects.create(user=made.user, digest=oidc.digests_of_name("5301-77")[0], linked_at=NOW)
    return made


def leave(client, start="/sign-in/outside/?next=/tokens/"):
    answer = client.get(start)
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def visit(client, provider, subject="5301-77", start="/sign-in/outside/?next=/tokens/"):
    return client.get(BACK + provider.authorize(leave(client, start), subject))


def is_in(client):
    return client.get("/profile/").status_code == 200


def test_who_is_linked_comes_in_and_goes_on(client, provider, wang):
    assert "云南省统一身份认证" in client.get("/sign-in/").content.decode()
    assert visit(client, provider).url == "/tokens/"
    assert is_in(client)
    assert client.get("/profile/").wsgi_request.user == wang.user


def test_the_question_is_new_each_time_and_holds_no_secret(client, provider):
    first, second = (parse_qs(urlsplit(leave(client)).query) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name][0]) >= 43
    assert SECRET not in str(first)


def test_who_is_not_linked_is_told_their_identifier_and_no_account_is_made(client, provider, wang):
    before = User.objects.count()
    answer = visit(client, provider, "5301-99")
    assert answer.status_code == 403
    assert "5301-99" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == before


def test_an_e_mail_address_links_nobody(client, provider, officer):
    li = officer("reviewer", "li")
    User.objects.filter(pk=li.user.pk).update(email="li@office.example")
    assert visit(client, provider, "5301-99").status_code == 403
    assert not is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": ["another", "third"]},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"exp": MOMENT - 61},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": MOMENT + 3600},
        {"iat": None},
        {"nbf": MOMENT + 3600},
        {"sub": ""},
        {"sub": None},
        {"sub": 530177},
        {"sub": "x" * 300},
        {"sub": "5301-77\ud800"},
    ],
)
def test_a_token_that_says_something_else_is_refused(client, provider, wang, claims):
    provider.claims = claims
    answer = visit(client, provider)
    assert answer.status_code == 403
    assert "没有完成" in answer.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("sign", ["none", "another key", "public key as a secret"])
def test_a_token_that_the_provider_did_not_sign_is_refused(client, provider, wang, sign):
    provider.sign = sign
    assert visit(client, provider).status_code == 403
    assert not is_in(client)


def test_a_wrong_state_a_missing_one_and_an_error_are_refused(client, provider, wang):
    query = provider.authorize(leave(client), "5301-77")
    code = query.split("&")[0]
    for wrong in (f"{code}&state=another", code, "?error=access_denied", ""):
        leave(client)
        assert client.get(BACK + wrong).status_code == 403
        assert not is_in(client)


def test_the_same_answer_is_taken_once(client, provider, wang):
    query = provider.authorize(leave(client), "5301-77")
    assert client.get(BACK + query).status_code == 302
    assert client.get(BACK + query).status_code == 403


def test_another_browser_cannot_use_the_answer(client, provider, wang):
    query = provider.authorize(leave(client), "5301-77")
    stranger = Client()
    leave(stranger)
    assert stranger.get(BACK + query).status_code == 403
    assert not is_in(stranger)


def test_a_code_of_another_visit_does_not_fit_this_ones_verifier(client, provider, wang):
    stolen = provider.authorize(leave(Client()), "5301-77").split("&")[0]
    mine = parse_qs(urlsplit(leave(client)).query)["state"][0]
    assert client.get(f"{BACK}{stolen}&state={mine}").status_code == 403
    assert not is_in(client)


def test_who_stays_away_too_long_begins_again(client, provider, wang, later):
    query = provider.authorize(leave(client), "5301-77")
    later(minutes=11)
    assert "重新开始" in client.get(BACK + query).content.decode()


@pytest.mark.parametrize("broken", ["500", "no JSON", "endless", "redirect", "issuer", "plain http"])
def test_a_provider_that_answers_wrongly_gives_a_sentence(client, provider, broken):
    provider.broken = broken
    answer = client.get("/sign-in/outside/")
    assert answer.status_code == 503
    assert "暂时没有应答" in answer.content.decode()


def test_a_provider_that_is_down_gives_a_sentence_before_and_after(client, provider, wang):
    query = provider.authorize(leave(client), "5301-77")
    provider.close()
    answer = client.get(BACK + query)
    assert answer.status_code == 503
    oidc.forget_provider()
    assert client.get("/sign-in/outside/").status_code == 503
    assert client.post("/sign-in/", {"username": "wang", "password": "a long password"}).status_code == 302


def test_keys_that_the_provider_changed_are_fetched_anew(client, provider, wang, monkeypatch):
    assert visit(Client(), provider).status_code == 302
    provider.key = provider.other
    monkeypatch.setattr(oidc, "_LEEWAY_OF_KEYS", 0)
    assert visit(client, provider).status_code == 302


def test_an_administrator_links_a_user_and_only_a_digest_is_kept(client, provider, mengzi, officer):
    li = officer("reviewer", "li")
    page = reverse("person-outside", kwargs={"number": li.user.pk})
    assert mengzi.client.get(page).status_code == 200
    assert mengzi.client.post(page, {"subject": "5301-88", "key": "k"}).status_code == 302
    assert visit(client, provider, "5301-88").url == "/tokens/"
    assert "5301-88" not in str(list(OutsideName.objects.values())) + str(list(Event.objects.values()))
    with pytest.raises(Refused, match="已关联另一账号"):
        mengzi.do(
            "user.link_outside",
            officer("reviewer", "zhao").user.pk,
            {"digest": oidc.digests_of_name("5301-88")[0]},
        )
    mengzi.do("user.unlink_outside", li.user.pk, {"reason": "调离"})
    assert visit(Client(), provider, "5301-88").status_code == 403


def test_an_invited_users_first_visit_links_them(client, provider, mengzi, agency):
    given = {"name": "李经办", "user_name": "lijing", "agency": agency(MENGZI).code, "key": "i"}
    shown = mengzi.client.post(reverse("person-invite"), given)
    link = shown.context["link"].removeprefix("http://testserver")
    assert "云南省统一身份认证" in client.get(link).content.decode()
    assert visit(client, provider, "5301-88", start=f"{link}outside/").url == "/"
    assert is_in(client)
    assert Client().get(link).status_code == 404
    assert visit(Client(), provider, "5301-88").url == "/tokens/"
    assert [each.act for each in Event.objects.order_by("sequence")][1:] == [
        "user.accept",
        "user.link_outside",
    ]


def test_an_invitation_is_not_used_up_by_somebody_linked_elsewhere(client, provider, wang, mengzi, agency):
    given = {"name": "李经办", "user_name": "lijing", "agency": agency(MENGZI).code, "key": "i"}
    shown = mengzi.client.post(reverse("person-invite"), given)
    link = shown.context["link"].removeprefix("http://testserver")
    assert visit(client, provider, "5301-77", start=f"{link}outside/").status_code == 409
    assert not is_in(client)
    assert User.objects.get(username="lijing").state == "invited"
    assert client.get(link).status_code == 200


def test_a_closed_account_does_not_come_in(client, provider, wang):
    User.objects.filter(pk=wang.user.pk).update(is_active=False, state="closed")
    assert visit(client, provider).status_code == 403


def test_proving_oneself_again_takes_a_fresh_sign_in_of_the_same_person(provider, wang, later):
    later(minutes=20)
    provider.now = NOW.replace(minute=20)
    start = "/sign-in/outside/?again=1&next=/tokens/"
    provider.claims = {"auth_time": MOMENT}
    assert visit(wang.client, provider, start=start).status_code == 403
    provider.claims = {}
    assert visit(wang.client, provider, start=start).url == "/tokens/"
    assert visit(wang.client, provider, "5301-99", start=start).status_code == 403


def test_signing_out_shows_the_way_out_there(client, provider, wang):
    visit(client, provider)
    answer = client.post(reverse("sign-out"))
    assert f"{provider.issuer}/end?client_id=huiqi" in answer.content.decode()
    assert not is_in(client)


def test_without_a_provider_there_is_no_button_and_no_way_in(client):
    assert "outside" not in client.get("/sign-in/").content.decode()
    assert client.get("/sign-in/outside/").url == "/sign-in/"
    assert client.get(f"{BACK}?code=x&state=y").status_code == 403


def test_settings_that_are_wrong_are_said_at_the_start(tmp_path):
    file = tmp_path / "secret"
    file.write_text("x")
    right = {
        "HUIQI_OIDC_ISSUER": "https://sso.example",
        "HUIQI_OIDC_CLIENT": "huiqi",
        "HUIQI_OIDC_SECRET_FILE": str(file),
    }
    assert oidc_settings({}) == {}
    assert oidc_settings(right)["issuer"] == "https://sso.example"
    for wrong in (
        {"HUIQI_OIDC_ISSUER": "http://sso.example"},
        {"HUIQI_OIDC_CLIENT": ""},
        {"HUIQI_OIDC_SECRET_FILE": str(tmp_path / "none")},
    ):
        with pytest.raises(BadInput):
            oidc_settings({**right, **wrong})


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://sso.example/token", True),
        ("http://sso.example/token", False),
        ("http://127.0.0.1/token", False),
        ("https://user@sso.example/", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_only_https_is_asked_beyond_this_machine(address, safe):
    assert is_safe(address, "https://sso.example") is safe
