import pytest
from delivering_office import Delivery
from django.conf import settings


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")


@pytest.fixture
def office(db, own_folder):
    return Delivery()
