"""Officers of a prefecture and of two of its counties, and a data folder of each test's own."""

import pytest
from offices import GEJIU, HONGHE, Office
from screened_office import officer


@pytest.fixture(autouse=True)
def this_moment(monkeypatch):
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def appointed(db, request):
    """Makes officers: appointed("clerk", "county_officer", region)."""
    if "run" in request.fixturenames:
        # What was made before brings its officers.
        request.getfixturevalue("run")
    return officer


@pytest.fixture
def mengzi(appointed) -> Office:
    return appointed("mengzi", "county_officer")


@pytest.fixture
def gejiu(appointed) -> Office:
    return appointed("gejiu", "county_officer", GEJIU)


@pytest.fixture
def honghe(appointed) -> Office:
    return appointed("honghe", "leading_group", HONGHE)
