"""An officer is invited by a link: shown once, kept as a digest, used once, for some days."""

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from offices import GEJIU, MENGZI

from huiqi.portal.accounts.credentials import EntryLink
from huiqi.portal.accounts.models import User
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import NotYours, Refused

pytestmark = pytest.mark.django_db
NEW = {"password": "three short words", "again": "three short words", "key": "k"}


def invite(office, agency, name="lijing", **more):
    given = {"name": "李经办", "user_name": name, "agency": agency.code, "key": f"invite-{name}", **more}
    return office.client.post(reverse("person-invite"), given)


def link_in(answer):
    return answer.context["link"].removeprefix("http://testserver")


def test_the_link_opens_the_account_once(mengzi, agency):
    shown = invite(mengzi, agency(MENGZI))
    link = link_in(shown)
    assert "no-store" in shown.headers["Cache-Control"]
    client = Client()
    assert "李经办" in client.get(link).content.decode()
    assert client.get(link).status_code == 200
    assert client.post(link, NEW).url == "/"
    assert client.get("/profile/").status_code == 200
    user = User.objects.get(username="lijing")
    assert (user.state, user.is_active, user.region) == ("active", True, MENGZI)
    assert Client().post(link, {**NEW, "key": "again"}).status_code == 404
    accepted = Event.objects.get(act="user.accept")
    assert (accepted.actor, accepted.acting_as) == (f"user:{user.pk}", "proven")


def test_who_is_invited_cannot_sign_in_before(mengzi, agency):
    invite(mengzi, agency(MENGZI))
    assert Client().post(reverse("sign-in"), {"username": "lijing", "password": ""}).status_code == 403
    assert not User.objects.get(username="lijing").has_usable_password()


def test_the_secret_of_a_link_stands_nowhere(mengzi, agency):
    secret = link_in(invite(mengzi, agency(MENGZI))).split("/")[2]
    with connection.cursor() as cursor:
        for table in ("accounts_entrylink", "acts_event", "acts_answeredrequest", "accounts_session"):
            cursor.execute(f"SELECT * FROM {table}")
            assert secret not in str(cursor.fetchall())


def test_a_request_sent_twice_invites_once_and_shows_the_link_once(mengzi, agency):
    first, again = invite(mengzi, agency(MENGZI)), invite(mengzi, agency(MENGZI))
    assert first.context["link"] and not again.context["link"]
    assert User.objects.filter(username="lijing").count() == 1


def test_a_link_ends_after_its_days_and_when_a_new_one_is_made(mengzi, agency, later):
    link = link_in(invite(mengzi, agency(MENGZI)))
    later(days=7, minutes=1)
    assert Client().get(link).status_code == 404
    user = User.objects.get(username="lijing")
    page = reverse("person-link", kwargs={"number": user.pk})
    later(minutes=5)
    new = link_in(mengzi.client.post(page, {"reason": "没有收到", "key": "n"}))
    assert Client().get(link).status_code == 404
    assert Client().get(new).status_code == 200


def test_a_renewed_link_sets_a_new_password_and_ends_the_sessions(mengzi, officer):
    wang = officer("reviewer", "wang")
    page = reverse("person-link", kwargs={"number": wang.user.pk})
    link = link_in(mengzi.client.post(page, {"reason": "忘记密码，已当面核实", "key": "n"}))
    assert wang.client.get("/profile/").status_code == 200
    assert Client().post(link, NEW).url == "/"
    assert wang.client.get("/profile/").status_code == 302
    wang.user.refresh_from_db()
    assert wang.user.check_password(NEW["password"])


def test_a_closed_accounts_link_opens_nothing(mengzi, agency):
    link = link_in(invite(mengzi, agency(MENGZI)))
    mengzi.do("user.close", User.objects.get(username="lijing").pk, {"reason": "不再需要"})
    assert Client().get(link).status_code == 404
    assert not EntryLink.objects.exists()


def test_links_cannot_be_tried_without_end(client):
    told = [client.get(f"/entry/guess{n}/").status_code for n in range(22)]
    assert told == [404] * 20 + [429] * 2


@pytest.mark.parametrize("secret", ["x" * 5000, "%00", "%F0%9F%98%80", "..%2F.."])
def test_hostile_links_are_no_links(client, secret):
    assert client.get(f"/entry/{secret}/").status_code == 404


def test_the_link_goes_by_e_mail_where_the_site_sends_any(mengzi, agency, settings):
    settings.EMAIL_HOST = "mail.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "site@office.example"
    shown = invite(mengzi, agency(MENGZI), email="li@office.example")
    assert shown.context["sent"]
    assert mail.outbox[0].to == ["li@office.example"]
    assert shown.context["link"] in mail.outbox[0].body


def test_mail_that_does_not_go_is_said_and_the_link_still_shown(mengzi, agency, settings):
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = 9
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "site@office.example"
    shown = invite(mengzi, agency(MENGZI), email="li@office.example")
    assert shown.context["link"] and not shown.context["sent"]
    assert "没有发出电子邮件" in shown.content.decode()


def test_nobody_invites_to_an_agency_of_another_region(mengzi, agency):
    with pytest.raises(NotYours):
        mengzi.do("user.invite", None, {"name": "x", "user_name": "xyz", "agency": agency(GEJIU).code})
    assert not User.objects.filter(username="xyz").exists()


@pytest.mark.parametrize(
    ("wrong", "cell"),
    [
        ({"user_name": "MENGZI"}, "user_name"),
        ({"user_name": "1abc"}, "user_name"),
        ({"user_name": "a" * 31}, "user_name"),
        ({"user_name": "a\0b"}, ""),
        ({"email": "no address"}, "email"),
        ({"agency": "nowhere"}, "agency"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_with_an_invitation_is_said(mengzi, agency, wrong, cell):
    given = {"name": "李", "user_name": "lijing", "agency": agency(MENGZI).code, **wrong}
    with pytest.raises(Refused) as refused:
        mengzi.do("user.invite", None, given)
    assert refused.value.findings[0].cell == cell


def test_a_form_of_the_link_is_taken_as_browsers_send_it(mengzi, agency):
    # Without a referrer a browser says `Origin: null`, and the form would be refused as forged.
    link = link_in(invite(mengzi, agency(MENGZI)))
    browser = Client(enforce_csrf_checks=True)
    shown = browser.get(link)
    assert shown.headers["Referrer-Policy"] == "same-origin"
    token = shown.context["csrf_token"]
    forged = browser.post(link, {**NEW, "csrfmiddlewaretoken": str(token)}, headers={"origin": "null"})
    assert forged.status_code == 403
    assert "没有提交" in forged.content.decode()
    given = {**NEW, "csrfmiddlewaretoken": str(token)}
    assert browser.post(link, given, headers={"origin": "http://testserver"}).status_code == 302
