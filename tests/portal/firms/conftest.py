"""A county's register and its officers."""

import datetime

import pytest
from django.test import Client
from offices import GEJIU, MENGZI, Office

from huiqi.portal.accounts.models import Agency, Appointment, User


@pytest.fixture(autouse=True)
def this_moment(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture
def appointed(db):
    """Makes officers: appointed("clerk", "county_officer", region)."""

    def made(name, role, region=MENGZI):
        user = User.objects.create_user(name, password="a long password", name=name)
        agency, _ = Agency.objects.get_or_create(
            code=f"{region}-office", defaults={"name": f"{region} office", "region": region}
        )
        Appointment.objects.create(user=user, agency=agency, role=role, begins=datetime.date(2022, 1, 1))
        client = Client()
        client.force_login(user)
        return Office(user, client)

    return made


@pytest.fixture
def mengzi(appointed) -> Office:
    return appointed("mengzi", "county_officer")


@pytest.fixture
def gejiu(appointed) -> Office:
    return appointed("gejiu", "county_officer", GEJIU)
