"""A prefecture's leading group and a county of it, with a library of their own."""

import pytest
from django.conf import settings
from offices import HONGHE, MENGZI, appoint
from texts import Reader


@pytest.fixture(autouse=True)
def this_moment(monkeypatch, tmp_path):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
    monkeypatch.setattr(settings, "DATA", tmp_path)
    # The shipped examples and the user's own texts stay out, but where a test names them.
    monkeypatch.setenv("HUIQI_DOCUMENTS", str(tmp_path / "no-documents"))
    monkeypatch.setattr("huiqi.portal.documents.folders.shipped_examples", lambda: tmp_path / "no-examples")


@pytest.fixture
def appointed(db):
    """Makes officers: appointed("clerk", "county_officer", region)."""

    def made(name, role, region=HONGHE):
        return appoint(name, role, region, Reader)

    return made


@pytest.fixture
def group(appointed) -> Reader:
    """The leading group of a prefecture."""
    return appointed("group", "leading_group")


@pytest.fixture
def county(appointed) -> Reader:
    """An officer of a county of it."""
    return appointed("county", "county_officer", MENGZI)
