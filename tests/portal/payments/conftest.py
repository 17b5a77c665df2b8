import pytest
from django.conf import settings
from paying_office import Treasury

from huiqi.portal.payments.outcomes import on_outcome


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture
def treasury(db, own_folder):
    return Treasury()


@pytest.fixture
def heard():
    """What the ordering domain was told."""
    told = []
    on_outcome("test", lambda outcomes, at, day, event: told.extend(outcomes))
    yield told
    on_outcome("test", lambda outcomes, at, day, event: None)
