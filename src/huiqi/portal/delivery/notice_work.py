"""The daily job of notices: a list whose days are over and whose objections are answered is ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotNow
from huiqi.portal.delivery.models import Run
from huiqi.portal.jobs.registry import Working, job


@job("delivery-end-notices", zh="结束期满的公示", en="End notices whose days are over", daily=True)
def work(working: Working) -> Mapping[str, Any]:
    """End them; one with an open objection waits for its answer, and is looked at again tomorrow."""
    rows = Run.objects.for_site("a daily job looks at all").filter(state="noticed")
    ended = waiting = 0
    for run in rows.filter(notice_until__lt=working.today).order_by("pk"):
        actor = site_actor("run-end-notice")
        key = f"run.end_notice:{run.pk}:{run.round}"
        try:
            perform("run.end_notice", actor, run.pk, {}, now=working.now, today=working.today, key=key)
            ended += 1
        except NotNow:
            waiting += 1
    return {"ended": ended, "waiting": waiting}
