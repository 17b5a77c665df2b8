"""The site behind a command: Django set up, the database reached and at this version."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from huiqi.findings import BadInput, Finding


def open_site(*, migrated: bool = True) -> None:
    """Set Django up on the site of HUIQI_DATA and DATABASE_URL.

    Raises BadInput where the database cannot be reached, or (unless `migrated` is False) is of another version.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiqi.portal.settings")
    import django
    from django.conf import settings

    from huiqi.portal.upkeep.schema import state_of_database

    django.setup()
    if not migrated:
        return
    state = state_of_database()
    if state.away:
        mend = "check DATABASE_URL and HUIQI_DATA, and that the database runs"
        raise _database("database-away", "the database cannot be used", state.away, mend)
    if state.missing:
        what = (
            f"there is no site in {settings.DATA} yet"
            if state.is_new
            else "the database is of an earlier version"
        )
        mend = "start `huiqi serve` once, or run `python -m django migrate`"
        raise _database("database-not-migrated", what, f"{len(state.missing)} changes are not applied", mend)


def to_terminal(what: str) -> Callable[[int, int], None] | None:
    """Return how progress is shown on standard error, None where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        sys.stderr.write(f"\r{what} {done:,}/{total:,}" + ("\n" if done >= total else ""))
        sys.stderr.flush()

    return show


def _database(code: str, what: str, why: str, mend: str) -> BadInput:
    return BadInput([Finding("", 0, "", code, what, why, mend)])
