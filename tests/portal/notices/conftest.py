"""A county's officers and a firm with its owner, who can be told by e-mail and SMS."""

import pytest
from django.test import Client
from offices import MENGZI, NOW, TODAY, Office, appoint, code_of

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import User
from huiqi.portal.acts.registry import Doing
from huiqi.portal.clock.running import begin_deadline
from huiqi.portal.firms.models import Binding, Firm
from huiqi.portal.firms.notices import tell_binding_asked
from huiqi.portal.notices.models import Reach
from huiqi.portal.secrets.fields import put


@pytest.fixture(autouse=True)
def this_moment(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture
def appointed(db):
    """Makes officers: appointed("clerk", "county_officer", region)."""

    def made(name, role, region=MENGZI):
        return appoint(name, role, region, email=f"{name}@office.example")

    return made


@pytest.fixture
def officer(appointed):
    return appointed("officer", "county_officer")


@pytest.fixture
def administrator(appointed):
    return appointed("chief", "administrator")


@pytest.fixture
def restaurant(db):
    return Firm.objects.create(
        credit_code=code_of(1),
        name="蒙自过桥米线店",
        region=MENGZI,
        facts={"employees": [{"value": "12", "source": "statistics", "date": "2022-06-30"}]},
        updated_at=NOW,
    )


@pytest.fixture
def stranger(db):
    user = User.objects.create_user(
        "owner", email="owner@shop.example", password="a long password", name="店主"
    )
    client = Client()
    client.force_login(user)
    return Office(user, client)


@pytest.fixture
def owner(stranger, restaurant):
    """A user who is bound to the restaurant."""
    Binding.objects.create(user=stranger.user, firm=restaurant, state="bound", asked_at=NOW)
    return stranger


@pytest.fixture
def asked(stranger, restaurant, officer):
    """A binding that waits for the officer, told and with its deadline, as the act leaves it."""
    binding = Binding.objects.create(user=stranger.user, firm=restaurant, asked_at=NOW)
    actor = actor_of(stranger.user, TODAY)
    doing = Doing("binding.ask", actor, actor.capacities[0], NOW, TODAY)
    tell_binding_asked(doing, binding, begin_deadline(doing, "binding-check", binding).due)
    return binding


@pytest.fixture
def by_phone(stranger):
    """The owner's phone is known."""
    reach = Reach.objects.create(user=stranger.user)
    put(reach, "phone", "13887654321")
    reach.save()
    return reach


@pytest.fixture
def doing(officer):
    return Doing("test", officer.actor, officer.actor.capacities[0], NOW, TODAY)
