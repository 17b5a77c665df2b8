"""A world of people and rows for tests of the whole site; see permitted_world."""

import pytest
from django.conf import settings
from django.db import transaction
from permitted_world import whole_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """One world for all tests of a module: each takes back what it changed."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
        folder = tmp_path_factory.mktemp("data")
        patch.setattr(settings, "DATA", folder)
        patch.setattr(settings, "API_REQUESTS_A_MINUTE", 10**9)
        patch.setattr(settings, "VISITOR_REQUESTS_A_MINUTE", 0)
        patch.setenv("HUIQI_DOCUMENTS", str(folder / "no-documents"))
        patch.setattr("huiqi.portal.documents.folders.shipped_examples", lambda: folder / "no-examples")
        yield whole_world()
        transaction.set_rollback(True)
