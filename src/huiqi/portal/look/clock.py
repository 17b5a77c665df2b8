"""The one place where the site reads the clock; HUIQI_NOW sets it for demonstrations and tests.

A moment (2022-08-01T10:00:00+08:00) stands still. A day (2022-08-01) goes on: it is the day on which the process began,
and the time runs as ever, so that what waits for some minutes is waited for. `huiqi serve` takes it for a
demonstration only.
"""

from __future__ import annotations

import os
from datetime import date, datetime, timedelta
from functools import cache

from django.utils import timezone

_LENGTH_OF_A_DAY = len("2022-08-01")


def now() -> datetime:
    """Return this moment, with its zone; or the one that HUIQI_NOW (ISO 8601) sets."""
    given = os.environ.get("HUIQI_NOW")
    if not given:
        return timezone.now()
    if len(given) == _LENGTH_OF_A_DAY:
        return timezone.now() + _moved(given)
    moment = datetime.fromisoformat(given)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def today() -> date:
    """Return the civil day of the office at this moment."""
    return timezone.localdate(now())


@cache
def _moved(given: str) -> timedelta:
    """How far the clock is moved: by whole days, and once for a process, so that midnight comes as ever."""
    return date.fromisoformat(given) - timezone.localdate()
