"""Requests counted by the minute in the database, so that all processes of a site count together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F


def seconds_to_wait(rows: Any, most: int, now: datetime, **also: object) -> int | None:
    """Count one request in the one row of `rows`: 0, or the seconds until the next minute where it was too many.

    None where there is no row. Rows have `minute` and `used`; `also` is written with the first request of a minute.
    """
    minute, second = divmod(int(now.timestamp()), 60)
    within = rows.filter(minute=minute, used__lt=most)
    if within.update(used=F("used") + 1):
        return 0
    if rows.exclude(minute=minute).update(minute=minute, used=1, **also):
        return 0
    # Another process may have begun the minute between the two.
    if within.update(used=F("used") + 1):
        return 0
    return 60 - second if rows.exists() else None
