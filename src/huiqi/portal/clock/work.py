"""Every day: deadlines that wait for a year's calendar get their day once it is published or loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from huiqi.portal.clock.models import OPEN, Deadline
from huiqi.portal.clock.rules import deadline_rules
from huiqi.portal.clock.running import reckon
from huiqi.portal.jobs.registry import Working, job


@job(
    "deadlines-reckon", zh="补算等待日历的期限", en="Reckon deadlines that waited for a calendar", daily=True
)
def reckon_waiting(working: Working) -> Mapping[str, Any]:
    """Reckon each that waits; one whose year is still not published goes on waiting. Twice is as once.

    No act: nobody decides anything here. The day follows from the rule, the pauses and the calendar alone, and the
    deadline's page shows it day by day. Days that somebody was told already are never moved here.
    """
    waiting = Deadline.objects.for_site("each that waits for a calendar").filter(
        state=OPEN, waits_for_calendar=True
    )
    numbers = list(waiting.order_by("pk").values_list("pk", flat=True))
    reckoned = 0
    for done, number in enumerate(numbers):
        working.report(done, len(numbers))
        with transaction.atomic():
            deadline = waiting.select_for_update().filter(pk=number).first()
            # A rule that the office has taken out of its own file names no day any more; what it began stays open.
            if deadline is not None and deadline.rule in deadline_rules():
                reckon(deadline)
                reckoned += not deadline.waits_for_calendar
    return {"reckoned": reckoned, "waiting": len(numbers) - reckoned}
