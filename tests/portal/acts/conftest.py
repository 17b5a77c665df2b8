"""An auditor, and officers whose acts they look at."""

import pytest
from offices import MENGZI, appoint


@pytest.fixture
def this_moment(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture
def appointed(db, this_moment):
    """Makes officers: appointed("clerk", "county_officer", region)."""

    def made(name, role, region=MENGZI):
        return appoint(name, role, region, name=f"姓名{name}")

    return made
