from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import transaction

from huiqi.portal.demonstration.setting_up import set_up

FIRMS = 130
"""Few, and enough for the whole story in each of its counties."""
TOO_FEW = 12


@contextmanager
def demonstration(firms, blocker, folder):
    """A demonstration of so many firms, in a database that is rolled back then; what was said, in both languages."""
    said = []
    with pytest.MonkeyPatch.context() as patch, blocker.unblock(), transaction.atomic():
        patch.setenv("HUIQI_NOW", "2022-08-01T10:00:00+08:00")
        patch.setenv("HUIQI_DOCUMENTS", str(folder / "no-documents"))
        patch.setattr(settings, "DATA", folder)
        people = set_up(firms, lambda *words: said.append(words))
        yield said, people
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker, tmp_path_factory):
    """The whole story, told once for all tests of a module: they only read."""
    with demonstration(FIRMS, django_db_blocker, tmp_path_factory.mktemp("story")) as made:
        yield made


@pytest.fixture(scope="module")
def too_small(django_db_setup, django_db_blocker, tmp_path_factory):
    """A demonstration of too few firms for the story."""
    with demonstration(TOO_FEW, django_db_blocker, tmp_path_factory.mktemp("too-small")) as made:
        yield made
