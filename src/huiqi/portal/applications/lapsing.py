"""Every day: applications that were not mended in time end."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotNow
from huiqi.portal.applications.models import Application
from huiqi.portal.jobs.registry import Working, job


@job("applications-lapse", zh="逾期未补正的申请", en="Applications not mended in time", daily=True)
def lapse(working: Working) -> Mapping[str, Any]:
    """End each whose last day has passed."""
    rows = Application.objects.for_site("each whose time has passed")
    late = rows.filter(state="returned", mend_until__lt=working.today).order_by("pk")
    numbers = list(late.values_list("pk", flat=True))
    ended = 0
    for done, number in enumerate(numbers):
        # Heard of while it works: a long day's work is not taken for a dead worker's.
        working.report(done, len(numbers))
        # Handed in at this very moment: it is not late any more.
        with suppress(NotNow):
            perform(
                "application.lapse",
                site_actor("applications-lapse"),
                number,
                {},
                now=working.now,
                today=working.today,
                key=f"application.lapse:{number}:{working.today.isoformat()}",
            )
            ended += 1
    return {"lapsed": ended}
