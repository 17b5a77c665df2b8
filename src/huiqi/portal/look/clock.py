"""The one place where the site reads the clock; HUIQI_NOW sets it for demonstrations and tests."""

from __future__ import annotations

import os
from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """Return this moment, with its zone; or the one that HUIQI_NOW (ISO 8601) sets."""
    given = os.environ.get("HUIQI_NOW")
    if not given:
        return timezone.now()
    moment = datetime.fromisoformat(given)
    return moment if moment.tzinfo else timezone.make_aware(moment)


def today() -> date:
    """Return the civil day of the office at this moment."""
    return timezone.localdate(now())
