"""A bound firm sees what it is owed by what the register knows; nobody else sees it."""

import datetime

import pytest
from django.test import Client

from huiqi.portal.accounts.models import User
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.models import Binding, Firm
from huiqi.reference.credit_codes import make_credit_code
from huiqi.screening.assess import assess

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2022, 8, 1, 2, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _day(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


def claim(value, source="register", date="2022-06-30"):
    return [{"value": value, "source": source, "date": date}]


@pytest.fixture
def firm() -> Firm:
    rows = [{"landlord": "state_enterprise", "monthly_rent": "4200", "months_leased": "12"}]
    return Firm.objects.create(
        credit_code=make_credit_code("532503", "MA6K0001"),
        subject="self_employed",
        name="蒙自虚构米线店",
        region="532503",
        industry="H62",
        facts={"revenue@2021": claim("718600", "tax"), "risk-county-2022": claim("no", "office")},
        records={"leases": [{"source": "landlord", "date": "2022-01-05", "rows": rows}]},
        updated_at=NOW,
    )


def member(name, *firms, state="bound"):
    user = User.objects.create_user(name, password="a long password", name=name)
    for firm in firms:
        Binding.objects.create(user=user, firm=firm, state=state, asked_at=NOW)
    client = Client()
    client.force_login(user)
    return client


def test_the_register_answers_first_and_the_amounts_are_those_of_assess(firm):
    client = member("owner", firm)
    assert client.get("/owed/").url == f"/owed/{firm.pk}/"
    result = client.get(f"/owed/{firm.pk}/").context["result"]
    direct = assess(library(), case_of(firm, library(), datetime.date(2022, 8, 1)).situation)
    assert result.assessment.total_certain == direct.total_certain
    amounts = {each.measure.id: each.amount for each in result.certain}
    assert amounts["rent-waiver"] == 1_260_000


def test_each_fact_is_shown_with_its_source_and_date(firm):
    text = member("owner", firm).get(f"/owed/{firm.pk}/").content.decode()
    assert "出租方：国有企业（出租方，2022-01-05）" in text


def test_what_is_said_stays_in_the_session_and_the_register_as_it_was(firm):
    client = member("owner", firm)
    before = Firm.objects.for_site("test").get()
    asked = client.get(f"/owed/{firm.pk}/ask/").context["asking"]
    assert not asked.token.startswith(("subject|industry", "records|lease"))
    client.post(f"/owed/{firm.pk}/ask/", {"place": asked.token, "move": "skip"})
    assert client.get(f"/owed/{firm.pk}/").context["answered"]
    after = Firm.objects.for_site("test").get()
    assert (after.facts, after.records, after.version) == (before.facts, before.records, before.version)
    client.post(f"/owed/{firm.pk}/forget/")
    assert not client.get(f"/owed/{firm.pk}/").context["answered"]


PAGES = ("", "ask/", "sheet/", "calendar.ics")


@pytest.mark.parametrize("page", PAGES)
def test_only_a_bound_member_sees_the_pages(firm, page):
    address = f"/owed/{firm.pk}/{page}"
    other = Firm.objects.create(
        credit_code=make_credit_code("532503", "MA6K0002"), name="另一家", region="532503", updated_at=NOW
    )
    assert member("owner", firm).get(address).status_code == 200
    assert member("neighbour", other).get(address).status_code == 404
    assert member("asker", firm, state="asked").get(address).status_code == 404
    assert member("nobody").get(address).status_code == 404
    assert Client().get(address).url.startswith("/sign-in/")


def test_a_member_of_several_firms_chooses(firm):
    other = Firm.objects.create(
        credit_code=make_credit_code("532503", "MA6K0002"), name="另一家", region="532503", updated_at=NOW
    )
    text = member("owner", firm, other).get("/owed/").content.decode()
    assert f"/owed/{firm.pk}/" in text
    assert f"/owed/{other.pk}/" in text


def test_the_number_of_queries_is_fixed(firm, django_assert_num_queries):
    client = member("owner", firm)
    client.get(f"/owed/{firm.pk}/")
    # Session, user, appointments, substitutions, bindings, firm, its lists, lists that are complete; on pages the
    # count of unread notices.
    for page in PAGES:
        with django_assert_num_queries(8 if page == "calendar.ics" else 9):
            client.get(f"/owed/{firm.pk}/{page}")
