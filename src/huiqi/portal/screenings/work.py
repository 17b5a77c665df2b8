"""The job of a run. It may be killed and run again at any point: each step goes on where it was left."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction

from huiqi.findings import BadInput
from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotNow
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.jobs.registry import Working, job
from huiqi.portal.screenings.charts import draw_whole
from huiqi.portal.screenings.choice import narrowed
from huiqi.portal.screenings.figures import write_figures
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import Screening
from huiqi.portal.screenings.progress import Progress, Stopped
from huiqi.portal.screenings.reading import Plan, plan_of, register_state
from huiqi.portal.screenings.steps import Course, go_through
from huiqi.portal.screenings.store import firms_by_county, write_measures

_MOST_ERROR = 4_000
_RULES = "rules.json"
_MOST_BEFORE = 100


@job("screening", zh="筛查", en="Screen the register")
def screen_register(working: Working) -> Mapping[str, Any] | None:
    """Take a run from where it stands to its end, or to where somebody stops it."""
    run = _run(working.arguments["run"])
    folder = RunFolder(run.pk)
    if run.state == "finished":
        # The worker before died after the last act: what comes after it is left to do.
        _tidy(run, folder)
    if run.state != "running":
        return None
    with folder.held():
        try:
            return _go(working, run, folder)
        except Stopped:
            return None
        except BadInput as refused:
            # Who stopped it meanwhile has the last word.
            with suppress(NotNow):
                _do(working, "screening.fail", run, {"error": str(refused)[:_MOST_ERROR]})
            return None


def _go(working: Working, run: Screening, folder: RunFolder) -> Mapping[str, Any] | None:
    rules = narrowed(library(), run.measures)
    digests = {f"{each.id}@{each.region}": each.digest for each in rules.measures}
    if folder.read(_RULES) != digests:
        # Parts of two sets of rules make no run: what an attempt by other rules left is of no use.
        folder.begin_anew()
        folder.write(_RULES, digests)
    plan = plan_of(run, folder, working.now)
    progress = Progress(folder, working.report, lambda: _run(run.pk).state == "running")
    go_through(Course(run, folder, plan, rules, progress))
    progress.begin("store")
    counts = _finish(working, run, folder, plan, progress)
    if counts is not None:
        _tidy(run, folder)
    return counts


def _tidy(run: Screening, folder: RunFolder) -> None:
    folder.tidy()
    draw_whole(run, library())


def _finish(
    working: Working, run: Screening, folder: RunFolder, plan: Plan, progress: Progress
) -> Mapping[str, int] | None:
    before = _before(run)
    earlier = RunFolder(before.pk) if before is not None else None
    differences = write_measures(folder, earlier, progress)
    manifest = json.loads((folder.results / "manifest.json").read_text("utf-8"))
    digest = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    counts = {"firms": manifest["counts"]["subjects"], "planned": plan.firms, "counties": len(plan.counties)}
    values = {
        "read_from": datetime.fromisoformat(plan.read_from),
        "numbers": {
            **{f"{name}_before": getattr(plan, name) for name in ("event", "change")},
            **{f"{name}_after": number for name, number in register_state().items()},
        },
        "manifest": manifest,
        "digest": digest,
        "counts": counts,
        "before": before.pk if before is not None else None,
    }
    try:
        with transaction.atomic():
            write_figures(run, folder, differences, _changed_firms(folder, earlier))
            _do(working, "screening.finish", run, values)
    except NotNow:
        # Stopped at the last moment: it can be gone on with, and nothing was shown.
        return None
    return counts


def _changed_firms(folder: RunFolder, before: RunFolder | None) -> dict[str, tuple[int, int]]:
    """Return by county the firms that the run has and the one before had not, and the other way round."""
    if before is None:
        return {}
    now, then = firms_by_county(folder.firms), firms_by_county(before.firms)
    nobody = np.zeros(0, dtype=np.int64)
    found = {}
    for county in now.keys() | then.keys():
        here, there = now.get(county, nobody), then.get(county, nobody)
        found[county] = (len(np.setdiff1d(here, there)), len(np.setdiff1d(there, here)))
    return found


def _before(run: Screening) -> Screening | None:
    """Return the finished run that this one is compared with: the newest of the same region and measures.

    A run whose files are lost (a database restored without its folder) can be compared with no more.
    """
    rows = Screening.objects.for_site("a run is compared with the one before it")
    same = rows.filter(region=run.region, state="finished", measures=run.measures).exclude(pk=run.pk)
    newest = same.defer("manifest").order_by("-ended_at", "-pk")
    return next((each for each in newest[:_MOST_BEFORE] if RunFolder(each.pk).firms.is_file()), None)


def _run(number: int) -> Screening:
    found: Screening = Screening.objects.for_site("a job's own run").get(pk=number)
    return found


def _do(working: Working, act: str, run: Screening, values: Mapping[str, Any]) -> None:
    # The version is part of the key: a run that failed and was gone on with may end anew.
    key = f"{act}:{run.pk}:{run.version}"
    perform(act, site_actor("screening"), run.pk, values, now=working.now, today=working.today, key=key)
