"""A county's register with a firm, its member, officers, and tokens of each."""

import datetime

import pytest
from api_callers import caller
from django.test import Client
from offices import GEJIU, HONGHE, MENGZI, NOW, Office, appoint, code_of

from huiqi.portal.accounts.models import User
from huiqi.portal.firms.models import Binding, Firm, Roster


@pytest.fixture(autouse=True)
def this_moment(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture
def appointed(db):
    """Makes officers: appointed("clerk", "county_officer", region)."""
    return appoint


@pytest.fixture
def officer(appointed):
    return appointed("officer", "county_officer")


@pytest.fixture
def gejiu_officer(appointed):
    return appointed("gejiu", "county_officer", GEJIU)


@pytest.fixture
def auditor(appointed):
    return appointed("auditor", "auditor", HONGHE)


@pytest.fixture
def restaurant(db):
    return Firm.objects.create(
        credit_code=code_of(1),
        name="蒙自过桥米线店",
        region=MENGZI,
        industry="H62",
        subject="enterprise",
        facts={
            "employees": [
                {"value": "12", "source": "statistics", "date": "2022-06-30"},
                {"value": "15", "source": "firm", "date": "2022-07-01"},
            ]
        },
        updated_at=NOW,
    )


@pytest.fixture
def owner(db, restaurant):
    user = User.objects.create_user("owner", password="a long password", name="店主")
    Binding.objects.create(user=user, firm=restaurant, state="bound", asked_at=NOW)
    client = Client()
    client.force_login(user)
    return Office(user, client)


@pytest.fixture
def officers_program(officer):
    return caller(officer)


@pytest.fixture
def owners_program(owner, restaurant):
    return caller(owner, f"firm:{restaurant.pk}")


@pytest.fixture
def roster(officer):
    """A roster of Mengzi that waits for its confirmation."""
    return Roster.objects.create(
        region=MENGZI,
        agency=f"{MENGZI}-office",
        source="statistics",
        dated=datetime.date(2022, 6, 30),
        file_name="名册.csv",
        digest="0" * 64,
        state="previewed",
        counts={"new": 1, "changed": 0, "unchanged": 0},
        findings=[{"code": "x", "what": "y"}],
        handed_in_by=officer.user,
        handed_in_at=NOW,
    )
