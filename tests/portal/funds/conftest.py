import pytest
from django.conf import settings
from fund_office import FundOffice
from ledgers import Ledger


@pytest.fixture
def ledger(db):
    return Ledger()


@pytest.fixture
def funds(db, tmp_path, monkeypatch):
    """Finance people of all levels, and the province's programme."""
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
    return FundOffice()
