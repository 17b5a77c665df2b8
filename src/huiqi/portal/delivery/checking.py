"""A drawn run is looked at and fixed: from then on its lines have what they are to have, or say who has it."""

from __future__ import annotations

from django.db import transaction

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.refusals import NotNow, Refused
from huiqi.portal.acts.registry import Doing, Input, Nothing, act
from huiqi.portal.delivery.claims import claim, release
from huiqi.portal.delivery.digests import digest_of
from huiqi.portal.delivery.drawing import piece_size
from huiqi.portal.delivery.inputs import Fixed, Looking, Opinion, Reason
from huiqi.portal.delivery.models import BEFORE_PAYMENT, Line, Run
from huiqi.portal.delivery.outliers import to_look_at
from huiqi.portal.delivery.steps import enter
from huiqi.portal.jobs.running import ask

FIX_JOB, CANCEL_JOB = "delivery-fix", "delivery-cancel"
UNCLAIMED = ("drawing", "drawn")
_CLAIMED_BY = ("run", "record", "period", "amount", "derivation", "state", "firm__credit_code")
"""What of a line tells what it is to have: a million are read."""


class Beyond(Input):
    """Where a piece begins: after the line of this number."""

    after: int


@act("run.look", Run, zh="标记已核看", en="Note what was looked at", takes=Looking)
def look(doing: Doing, run: Run, given: Looking) -> None:
    """Note lines as looked at and found right."""
    rows = Line.objects.for_site("a run's own lines").filter(run=run, pk__in=given.lines, looked_by="")
    seen = rows.update(looked_by=doing.actor.id)
    if not seen:
        raise Refused("没有需要标记的明细", why="已经标记，或不属于这次兑现", mend="请刷新后再选")
    doing.say(lines=given.lines, looked_at=seen)


@act("run.check", Run, zh="核对锁定", en="Check and fix", takes=Opinion)
def check(doing: Doing, run: Run, given: Opinion) -> None:
    """Fix the lines of a run whose sample and outliers were looked at; a job claims what they are to have."""
    waiting = to_look_at(run).count()
    if waiting:
        raise NotNow(f"还有{waiting}条抽样或突出的明细没有核看", mend="请逐条核看并标记，或先剔除有误的")
    if not Line.objects.for_site("a run's own lines").filter(run=run, state="drawn").exists():
        raise Refused("没有可锁定的明细", mend="请取消这次兑现", code="nothing-drawn")
    run.digest, lines, fen = digest_of(run, drawn=True)
    doing.say(lines=lines, fen=fen, digest=run.digest, note=given.note)
    ask(FIX_JOB, f"{FIX_JOB}:{run.pk}", {"run": run.pk}, by=doing.actor.id, now=doing.now, region=run.region)


@act("run.fix_lines", Run, zh="锁定明细", en="Fix lines", takes=Beyond, bulk=True)
def fix_lines(doing: Doing, run: Run, given: Beyond) -> None:
    """Let the next lines take what they are to have; those that cannot say who has it."""
    lines = _next(run, given, ("drawn",))
    for each in lines:
        each.run = run
    _rows(run).filter(pk__in=[each.pk for each in lines]).update(state="listed")
    lost = claim(lines)
    doing.say(after=given.after, lines=len(lines), taken_elsewhere=len(lost))


@act("run.checked", Run, zh="完成锁定", en="Fixed", takes=Fixed)
def checked(doing: Doing, run: Run, given: Fixed) -> None:
    """End the fixing with the digest of the lines that stay."""
    if _rows(run).filter(state="drawn").exists():
        raise Refused("还没有锁定完", code="not-all-fixed")
    run.digest, lines, fen = digest_of(run)
    run.figures = {**run.figures, **given.figures, "listed": lines, "listed_fen": fen}
    doing.say(lines=lines, fen=fen, digest=run.digest, figures=dict(run.figures))
    enter(doing, run, "checked")


@act("run.cancel", Run, zh="取消", en="Cancel", takes=Reason)
def cancel(doing: Doing, run: Run, given: Reason) -> None:
    """Give a run up before anything was paid; what its lines have is let go, by a job where they have it."""
    run.reason = given.reason
    doing.say(reason=given.reason, lines=_rows(run).count())
    enter(doing, run, "cancelled", drop=True)
    if run.state in UNCLAIMED:
        _rows(run).filter(state="drawn").update(state="dropped", reason="本次兑现已取消")
        run.state, run.ended_at = "cancelled", doing.now
        return
    run.state = "cancelling"
    ask(
        CANCEL_JOB,
        f"{CANCEL_JOB}:{run.pk}",
        {"run": run.pk},
        by=doing.actor.id,
        now=doing.now,
        region=run.region,
    )


@act("run.let_go", Run, zh="放开明细", en="Let lines go", takes=Beyond, bulk=True)
def let_go(doing: Doing, run: Run, given: Beyond) -> None:
    """Let the next lines of a cancelled run go."""
    lines = _next(run, given, BEFORE_PAYMENT)
    with transaction.atomic():
        release(lines)
        rows = _rows(run).filter(pk__in=[each.pk for each in lines])
        rows.update(state="dropped", reason="本次兑现已取消")
    doing.say(after=given.after, lines=len(lines))


@act("run.cancelled", Run, zh="完成取消", en="Cancelled")
def cancelled(doing: Doing, run: Run, _given: Nothing) -> None:
    """End the cancelling: no line has anything any more."""
    if _rows(run).filter(state__in=BEFORE_PAYMENT).exists():
        raise Refused("还没有放开完", code="not-all-let-go")
    run.ended_at = doing.now


def next_line(run: Run, states: tuple[str, ...], after: int = 0) -> int | None:
    """Return the first line of a run in these states, of those after a number where there is one; None where there is none."""
    rows = _rows(run).filter(state__in=states).order_by("pk").values_list("pk", flat=True)
    found: int | None = rows.filter(pk__gt=after).first()
    # What came into such a state behind us meanwhile is not passed by.
    return found if found is not None or not after else rows.first()


def _next(run: Run, given: Beyond, states: tuple[str, ...]) -> list[Line]:
    rows = _rows(run).filter(state__in=states, pk__gt=given.after).order_by("pk")
    rows = rows.select_related("firm").only(*_CLAIMED_BY)
    lines = list(rows[: piece_size()])
    if not lines:
        raise Refused("这一段已经办理", code="piece-done")
    return lines


def _rows(run: Run) -> ScopedQuerySet:
    return Line.objects.for_site("a run's own lines").filter(run=run)
