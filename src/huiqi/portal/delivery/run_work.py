"""The jobs that draw, fix and cancel runs. Each goes on where it was cut off: every piece is an act with a key of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiqi.findings import BadInput
from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.delivery.checking import CANCEL_JOB, FIX_JOB, next_line
from huiqi.portal.delivery.drawing import DRAW_JOB, piece_size
from huiqi.portal.delivery.models import BEFORE_PAYMENT, Line, Run
from huiqi.portal.jobs.registry import Working, job


@job(DRAW_JOB, zh="测算兑现明细", en="Draw a run")
def draw(working: Working) -> Mapping[str, Any] | None:
    """Draw the lines of a run, piece by piece."""
    run = _run(working)
    try:
        while run.state == "drawing":
            done, total = run.figures["done"], run.figures["of"]
            working.report(done, total)
            if done >= total:
                _do(working, "run.drawn", run, {}, "")
            else:
                _do(working, "run.draw_lines", run, {"done": done}, f":{done}")
            run = _run(working)
    except BadInput as refused:
        if _run(working).state == "drawing":
            _do(working, "run.fail", run, {"error": str(refused)[:4000]}, "")
        return None
    return {"state": run.state, "lines": run.figures.get("lines", 0)}


@job(FIX_JOB, zh="锁定兑现明细", en="Fix a run")
def fix(working: Working) -> Mapping[str, Any] | None:
    """Fix the lines of a run, piece by piece."""
    run = _run(working)
    following: int | None = 0
    rows = Line.objects.for_site("a job's own run").filter(run=run)
    total = rows.count()
    done = total - rows.filter(state="drawn").count()
    while run.state == "checking":
        # From where the last piece began: to seek from the first line each time takes longer with each piece.
        following = next_line(run, ("drawn",), following or 0)
        working.report(done, total)
        if following is None:
            _do(working, "run.checked", run, {"figures": _elsewhere(run), "digest": run.digest}, "")
        else:
            _do(working, "run.fix_lines", run, {"after": following - 1}, f":{following}")
            done = min(done + piece_size(), total)
        run = _run(working)
    return {"state": run.state}


@job(CANCEL_JOB, zh="取消兑现", en="Cancel a run")
def cancel(working: Working) -> Mapping[str, Any] | None:
    """Let the lines of a cancelled run go, piece by piece."""
    run = _run(working)
    following: int | None = 0
    while run.state == "cancelling":
        following = next_line(run, BEFORE_PAYMENT, following or 0)
        if following is None:
            _do(working, "run.cancelled", run, {}, "")
        else:
            _do(working, "run.let_go", run, {"after": following - 1}, f":{following}")
        run = _run(working)
    return {"state": run.state}


def _elsewhere(run: Run) -> dict[str, int]:
    rows = Line.objects.for_site("a job's own run").filter(run=run, state="taken_elsewhere")
    return {"taken_elsewhere": rows.count()}


def _run(working: Working) -> Run:
    found: Run = (
        Run.objects.for_site("a job's own run")
        .select_related("screening", "before")
        .get(pk=working.arguments["run"])
    )
    return found


def _do(working: Working, act: str, run: Run, values: Mapping[str, Any], more: str) -> None:
    actor = site_actor(act.replace(".", "-").replace("_", "-"))
    # The version tells apart what is done again after a run was returned or a piece was let go.
    key = f"{act}:{run.pk}:{run.version}{more}"
    perform(act, actor, run.pk, values, now=working.now, today=working.today, key=key)
