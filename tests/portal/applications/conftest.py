import pytest
from django.conf import settings


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
