"""A prefecture and a county of it, with officers, and firms' members."""

import pytest
from offices import HONGHE, MENGZI, Office, appoint


@pytest.fixture
def moment(monkeypatch):
    """Sets the site's clock: moment("2022-08-01T10:00")."""

    def at(when):
        monkeypatch.setenv("HUIQI_NOW", f"{when}:00+08:00")

    at("2022-08-01T10:00")
    return at


@pytest.fixture
def appointed(db, moment):
    """Makes officers: appointed("clerk", "county_officer", region)."""

    def made(name, role=None, region=MENGZI):
        return appoint(name, role, region)

    return made


@pytest.fixture
def mengzi(appointed) -> Office:
    return appointed("mengzi", "county_officer")


@pytest.fixture
def colleague(appointed) -> Office:
    return appointed("colleague", "county_officer")


@pytest.fixture
def honghe(appointed) -> Office:
    return appointed("honghe", "leading_group", HONGHE)
