"""The daily jobs: watch the funds, and freeze the month that is over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.fund_watch.heads import FREEZE
from huiqi.portal.fund_watch.stored_heads import due
from huiqi.portal.fund_watch.watching import watch
from huiqi.portal.jobs.registry import Working, job


@job("watch-funds", zh="资金监控", en="Watch the funds", daily=True)
def watch_funds(working: Working) -> Mapping[str, Any]:
    """Let the rules of monitoring look at the ledger of today."""
    return watch(working.now, working.today, working.report)


@job("freeze-funds", zh="冻结资金月末余额", en="Freeze the month's end of funds", daily=True)
def freeze_funds(working: Working) -> Mapping[str, Any]:
    """Freeze each month that is over."""
    frozen = []
    for day in due(working.today):
        perform(
            FREEZE,
            site_actor("freeze-funds"),
            None,
            {"day": day},
            now=working.now,
            today=working.today,
            key=f"{FREEZE}:{day.isoformat()}",
        )
        frozen.append(day.isoformat())
    return {"frozen": frozen}
