"""Officers of a prefecture and its counties, firms of the register, and lists to put them on."""

import datetime

import pytest
from django.test import Client
from offices import GEJIU, HONGHE, MENGZI, NOW, TODAY, Office, appoint, code_of

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import User
from huiqi.portal.acts.performing import perform
from huiqi.portal.firms.models import Binding, Firm
from huiqi.portal.lists.models import Entry, KeptList

HARD_HIT = {"hit_by_epidemic": "yes", "zombie": "no", "gravely_dishonest": "no"}


@pytest.fixture(autouse=True)
def this_moment(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture
def appointed(db):
    """Makes officers: appointed("clerk", "county_officer", region)."""
    return appoint


@pytest.fixture
def clerk(appointed) -> Office:
    return appointed("clerk", "county_officer")


@pytest.fixture
def gejiu(appointed) -> Office:
    return appointed("gejiu", "county_officer", GEJIU)


@pytest.fixture
def group(appointed) -> Office:
    return appointed("group", "leading_group", HONGHE)


@pytest.fixture
def reviewer(appointed) -> Office:
    return appointed("reviewer", "reviewer", HONGHE)


@pytest.fixture
def approver(appointed) -> Office:
    return appointed("approver", "approver", HONGHE)


@pytest.fixture
def auditor(appointed) -> Office:
    return appointed("auditor", "auditor", HONGHE)


@pytest.fixture
def firm(db):
    """Makes firms: firm(7, industry="H62", facts={"hit_by_epidemic": "yes"})."""

    def made(number, region=MENGZI, name="", industry="H62", subject="enterprise", facts=None, **more):
        claims = {
            fact: [{"value": value, "source": "office", "date": "2022-06-30"}]
            for fact, value in (facts or {}).items()
        }
        return Firm.objects.create(
            credit_code=code_of(number, region),
            name=name or f"虚构企业{number}",
            region=region,
            industry=industry,
            subject=subject,
            facts=claims,
            updated_at=NOW,
            **more,
        )

    return made


@pytest.fixture
def kept(group):
    """Opens lists of the prefecture: kept("chain-white-list")."""

    def opened(kind, by=group) -> KeptList:
        return by.do("list.open", None, {"kind": kind}, key=f"open:{kind}")

    return opened


@pytest.fixture
def owner(db):
    """A user whom the office has bound to a firm: owner(firm)."""

    def made(firm, name="owner"):
        user = User.objects.create_user(name, password="a long password", name=name)
        Binding.objects.create(user=user, firm=firm, state="bound", asked_at=NOW)
        client = Client()
        client.force_login(user)
        return Office(user, client)

    return made


@pytest.fixture
def on_list(clerk, reviewer, approver):
    """Puts a firm or county on a list by three people: on_list(kept, firm)."""

    def put(kept, subject, begins="2022-06-01", by=clerk, **more) -> Entry:
        entry = proposed(by, kept, subject, begins, **more)
        reviewer.do("list.review", entry.pk)
        return approver.do("list.approve", entry.pk)

    return put


def proposed(by, kept, subject, begins="2022-06-01", **more) -> Entry:
    text = subject if isinstance(subject, str) else subject.credit_code
    values = {"kept": kept.pk, "subject": text, "begins": begins, "reason": "符合条件", **more}
    return by.do("list.propose", None, values, key=f"propose:{kept.pk}:{text}:{begins}")


def on(day, act, office, subject, values=None, key=None):
    """Do an act on another day than that of the tests."""
    day = datetime.date.fromisoformat(day) if isinstance(day, str) else day
    now = datetime.datetime.combine(day, datetime.time(2), datetime.UTC)
    done = perform(
        act,
        actor_of(office.user, day),
        subject,
        values or {},
        now=now,
        today=day,
        key=key or f"{act}:{subject}:{day}",
    )
    return done.subject


__all__ = ["HARD_HIT", "TODAY", "on", "proposed"]
