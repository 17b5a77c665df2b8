"""A county's register and its officers."""

import pytest
from offices import GEJIU, Office, appoint


@pytest.fixture(autouse=True)
def this_moment(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture
def appointed(db):
    """Makes officers: appointed("clerk", "county_officer", region)."""
    return appoint


@pytest.fixture
def mengzi(appointed) -> Office:
    return appointed("mengzi", "county_officer")


@pytest.fixture
def gejiu(appointed) -> Office:
    return appointed("gejiu", "county_officer", GEJIU)
