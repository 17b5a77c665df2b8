"""The jobs of rosters: checked, taken, taken back. Each may be run again after a crash at any point."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.files import work_folder
from huiqi.portal.firms.models import Roster
from huiqi.portal.firms.preview import POPULATION, preview
from huiqi.portal.firms.taking import take
from huiqi.portal.firms.undoing import undo
from huiqi.portal.jobs.registry import Working, job


@job("roster-preview", zh="检查名册", en="Check a roster")
def preview_roster(working: Working) -> Mapping[str, Any] | None:
    """Read the file, compare it with the register and leave the counts and findings with the roster."""
    roster = _roster(working)
    if roster.state != "handed_in":
        return None
    made = preview(roster, library(), working.now, working.report)
    _do(working, "roster.preview", roster, {"counts": made.counts, "findings": made.findings})
    return made.counts


@job("roster-take", zh="名册入库", en="Take a roster")
def take_roster(working: Working) -> Mapping[str, Any] | None:
    """Write the firms of a roster that an officer confirmed."""
    roster = _roster(working)
    if roster.state != "taking":
        return None
    counts = take(roster, library(), working.now, working.report)
    _do(working, "roster.finish", roster, {"counts": counts})
    # The file stays as evidence; the rows as read have done their work.
    shutil.rmtree(work_folder(roster.digest, roster.pk) / POPULATION, ignore_errors=True)
    return counts


@job("roster-undo", zh="撤销名册", en="Undo a roster")
def undo_roster(working: Working) -> Mapping[str, Any] | None:
    """Take back what a roster changed."""
    roster = _roster(working)
    if roster.state != "undoing":
        return None
    counts = undo(roster, library(), working.now, working.report)
    _do(working, "roster.finish_undo", roster, {"counts": counts})
    return counts


def _roster(working: Working) -> Roster:
    found: Roster = Roster.objects.for_site("a job's own roster").get(pk=working.arguments["roster"])
    return found


def _do(working: Working, act: str, roster: Roster, values: Mapping[str, Any]) -> None:
    perform(
        act,
        site_actor(f"roster-{act.partition('.')[2]}"),
        roster.pk,
        values,
        now=working.now,
        today=working.today,
        key=f"{act}:{roster.pk}",
    )
