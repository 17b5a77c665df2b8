"""A prefecture and two of its counties, with people who look after them."""

import datetime

import pytest
from django.test import Client
from offices import GEJIU, HONGHE, MENGZI, NOW, Office

from huiqi.portal.accounts import oidc
from huiqi.portal.accounts.models import Agency, Appointment, User

PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def this_moment(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture(autouse=True)
def no_provider():
    yield
    oidc.forget_provider()


@pytest.fixture
def later(monkeypatch):
    """Moves the clock: later(minutes=31)."""

    def moved(**span):
        monkeypatch.setenv("HUIQI_NOW", (NOW + datetime.timedelta(**span)).isoformat())

    return moved


@pytest.fixture
def agency(db):
    """Makes agencies: agency(MENGZI), agency(MENGZI, "财政局")."""

    def made(region, name="工业和信息化局"):
        code = f"{region}-{len(name)}"
        return Agency.objects.get_or_create(
            code=code, defaults={"name": f"{region}{name}", "region": region}
        )[0]

    return made


@pytest.fixture
def officer(agency):
    """Makes officers who are signed in: officer("reviewer", "wang", MENGZI)."""

    def made(role, name="", region=MENGZI, password=PASSWORD):
        place = agency(region)
        user = User.objects.create_user(
            name or role, password=password, name=name or role, agency=place, region=region
        )
        if role:
            Appointment.objects.create(user=user, agency=place, role=role, begins=datetime.date(2022, 1, 1))
        client = Client()
        client.force_login(user)
        return Office(user, client)

    return made


@pytest.fixture
def mengzi(officer) -> Office:
    """Mengzi's administrator."""
    return officer("administrator", "mengzi")


@pytest.fixture
def gejiu(officer) -> Office:
    return officer("administrator", "gejiu", GEJIU)


@pytest.fixture
def honghe(officer) -> Office:
    return officer("administrator", "honghe", HONGHE)


@pytest.fixture
def member(agency) -> Office:
    """A firm's member of Mengzi."""
    agency(MENGZI)
    user = User.objects.create_user("member-1234", password=PASSWORD, name="周老板", region=MENGZI)
    client = Client()
    client.force_login(user)
    return Office(user, client)
