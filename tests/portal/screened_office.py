"""Firms that stand in the register, and screenings of them, in the shortest words."""

import datetime
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from offices import HONGHE, MENGZI, NOW, Office, code_of, run_jobs

from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.firms.models import Firm
from huiqi.portal.screenings.models import Screening


def claim(value, source="tax", date="2022-06-30", **more):
    return {"value": value, "source": source, "date": date, "roster": 1, **more}


def registered(number, region=MENGZI, name="", subject="enterprise", facts=None, records=None, **more):
    """A firm that stands in the register; facts are plain values, or claims where a test needs them."""
    said = {
        fact: value if isinstance(value, list) else [claim(value)] for fact, value in (facts or {}).items()
    }
    lists = {
        kind: rows
        if rows and "rows" in rows[0]
        else [{"source": "landlord", "date": "2022-06-30", "rows": rows}]
        for kind, rows in (records or {}).items()
    }
    return Firm.objects.create(
        credit_code=code_of(number, region),
        subject=subject,
        name=name or f"虚构企业{number}",
        region=region,
        updated_at=NOW,
        facts=said,
        records=lists,
        **{"industry": "H62", "size": "micro", **more},
    )


def renter(number, region=MENGZI, rent="1000", landlord="government", facts=None, **more):
    """A restaurant of one's own that rents a state-owned room: of a year's rent three months are waived."""
    lease = {"landlord": landlord, "monthly_rent": rent, "months_leased": "12"}
    known = {"risk-county-2022": False, **(facts or {})}
    return registered(
        number, region, subject="self_employed", facts=known, records={"leases": [lease]}, **more
    )


def start(office, region=HONGHE, as_of="2022-08-01", measures="", key=""):
    """Start a screening by the act."""
    values = {"region": region, "as_of": as_of, "measures": measures}
    return office.do("screening.start", None, values, key=key or uuid.uuid4().hex)


def screened(office, region=HONGHE, **more) -> Screening:
    """Start a screening, and let its job run."""
    run = start(office, region, **more)
    run_jobs()
    run.refresh_from_db()
    assert run.state == "finished", run.error
    return run


def page(office, called, query=None, /, **values):
    return office.client.get(reverse(called, kwargs=values), query or {})


@dataclass(frozen=True)
class Made:
    """A database and a data folder as they were once made: set up again for each test, which takes no screening."""

    database: str
    folder: Path

    def set_up(self, folder: Path) -> Screening:
        """Put both in place; return the last run."""
        connection.creation.deserialize_db_from_string(self.database)
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Screening.objects.for_site("test").order_by("-pk").first()


def made_once(build: Callable[[], object], folder: Path, blocker) -> Made:
    """Let `build` fill a database that is rolled back then, and a folder."""
    with blocker.unblock(), override_settings(DATA=folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
        with transaction.atomic():
            build()
            database = connection.creation.serialize_db_to_string()
            transaction.set_rollback(True)
    return Made(database, folder)


def officer(name, role, region=MENGZI) -> Office:
    """An officer of a region's office; one who is there already is that one."""
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(name, password="a long password", name=name)
        agency, _ = Agency.objects.get_or_create(
            code=f"{region}-office", defaults={"name": f"{region} office", "region": region}
        )
        Appointment.objects.create(user=user, agency=agency, role=role, begins=datetime.date(2022, 1, 1))
    client = Client()
    client.force_login(user)
    return Office(user, client)
