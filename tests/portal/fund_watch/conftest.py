import pytest
from django.conf import settings
from watched_funds import WatchedFunds


@pytest.fixture
def watched(db, tmp_path, monkeypatch):
    """Money of a province on its way to firms, watched day by day."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
    return WatchedFunds()
