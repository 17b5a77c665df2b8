"""A run is drawn: who is entitled by the screening, judged by what is known now, compared with the run before."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, connection, transaction

from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing, Input, Nothing, act
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery import outliers
from huiqi.portal.delivery.comparing import Earlier, leave_out_ended, run_before
from huiqi.portal.delivery.digests import digest_of
from huiqi.portal.delivery.inputs import Drawing, Failed
from huiqi.portal.delivery.making import Maker
from huiqi.portal.delivery.models import APPLICATION, LeftOut, Line, Run
from huiqi.portal.delivery.reads import reads_of, variants_of
from huiqi.portal.delivery.rules import WAY_OF, every, frozen
from huiqi.portal.delivery.screened import covers, newest_screening, screened
from huiqi.portal.delivery.seen import seen_now
from huiqi.portal.delivery.steps import enter
from huiqi.portal.delivery.writing import write
from huiqi.portal.jobs.running import ask
from huiqi.portal.screenings.models import Screening
from huiqi.reference.regions import UnknownRegion
from huiqi.reference.regions import region as region_of
from huiqi.rules.measure import Measure

DRAW_JOB = "delivery-draw"
_COUNTED = ("begun", "same", "more", "less")


class After(Input):
    """Where a piece begins: how many firms were looked at before it."""

    done: int


def piece_size() -> int:
    """Return how many firms one transaction takes: others wait for it on SQLite, which has one writer."""
    return 1_000 if connection.vendor == "sqlite" else 5_000


@act("run.draw", Run, zh="测算", en="Draw a run", takes=Drawing, creates=True)
def draw(doing: Doing, given: Drawing) -> Run:
    """Begin a run of a measure that is delivered without application or by third parties; a job draws its lines."""
    region = _region(doing, given.region)
    screening = _screening(given, region)
    measure = _variant(given.measure, region, screening.as_of)
    way = WAY_OF[measure.delivery]
    if way == APPLICATION:
        raise Refused(
            "这项措施由企业申请",
            why="核准的申请自动汇集，不从筛查结果测算",
            mend="请在申请中办理",
            code="by-application",
            cell="measure",
        )
    run = Run(
        measure=given.measure,
        variant=measure.region,
        rule_digest=measure.digest,
        region=region,
        agency=doing.capacity.agency,
        as_of=screening.as_of,
        period=period_of(measure, given.period, screening.as_of),
        way=way,
        screening=screening,
        rules=frozen(measure),
        facts=list(reads_of(library(), library().by_id[measure.id]).names),
        **seen_now(),
        note=given.note,
        began_at=doing.now,
    )
    run.before = run_before(run)
    total = len(screened(run))
    run.figures = {"of": total, "done": 0, "lines": 0, "fen": 0, "left_out": 0, "judged": 0, "differ": 0}
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        raise Refused(
            "这项措施在这个地区正在测算或待核对",
            mend="请先核对或取消那一次",
            code="run-being-drawn",
        ) from None
    doing.say(
        measure=run.measure,
        rule=run.rule_digest,
        as_of=run.as_of.isoformat(),
        period=run.period,
        screening=screening.pk,
        entitled=total,
        before=run.before_id,
    )
    ask(DRAW_JOB, f"{DRAW_JOB}:{run.pk}", {"run": run.pk}, by=doing.actor.id, now=doing.now, region=region)
    return run


@act("run.draw_lines", Run, zh="生成兑现明细", en="Draw lines", takes=After, bulk=True)
def draw_lines(doing: Doing, run: Run, given: After) -> None:
    """Make the lines of the next firms that the screening found entitled."""
    figures = dict(run.figures)
    if given.done != figures["done"]:
        raise Refused("这一段已经测算", code="piece-done")
    rows = list(screened(run).rows(given.done, given.done + piece_size()))
    piece = Maker(run).piece(rows, Earlier(run.before, [each.pk for each in rows]))
    write(piece.lines)
    LeftOut.objects.bulk_create(piece.left_out, batch_size=500)
    fen = sum(each.amount for each in piece.lines)
    figures["done"] += len(rows)
    figures["lines"] += len(piece.lines)
    figures["fen"] += fen
    figures["left_out"] += len(piece.left_out)
    figures["judged"] += piece.judged
    figures["differ"] += piece.differ
    for name in _COUNTED if run.before_id else ():
        figures[name] = figures.get(name, 0) + sum(each.change == name for each in piece.lines)
    run.figures = figures
    doing.say(done=figures["done"], lines=len(piece.lines), fen=fen, left_out=len(piece.left_out))


@act("run.drawn", Run, zh="完成测算", en="Drawn")
def drawn(doing: Doing, run: Run, _given: Nothing) -> None:
    """End the drawing: who received last time and does not now, what stands out, the digest of all lines."""
    figures = dict(run.figures)
    if figures["done"] != figures["of"]:
        raise Refused("还没有测算完", code="not-all-drawn")
    figures["ended"] = leave_out_ended(run)
    run.digest, lines, fen = digest_of(run, drawn=True)
    if (lines, fen) != (figures["lines"], figures["fen"]):
        raise Refused("明细与合计不一致", why=f"{lines}/{figures['lines']}", code="lines-do-not-add-up")
    figures["marked"] = outliers.mark(run, run.digest)
    run.figures = figures
    doing.say(figures=figures, digest=run.digest)
    enter(doing, run, "drawn")


@act("run.fail", Run, zh="测算失败", en="The drawing failed", takes=Failed)
def fail(doing: Doing, run: Run, given: Failed) -> None:
    """Give a run up that cannot be drawn; nothing was claimed."""
    run.reason, run.ended_at = given.error[:500], doing.now
    Line.objects.for_site("a run that failed has no lines").filter(run=run).delete()
    LeftOut.objects.for_site("a run that failed has no lines").filter(run=run).delete()
    doing.say(error=given.error[:500])


def _region(doing: Doing, code: str) -> str:
    try:
        region = region_of(code).code
    except UnknownRegion as unknown:
        raise Refused("没有这个地区", why=unknown.hint, code="unknown-region", cell="region") from None
    if not any(each.reaches(Run(region=region).scope()) for each in doing.actor.allowed(doing.act)):
        # Before anything is said of the region's screenings.
        raise NotYours
    return region


def _screening(given: Drawing, region: str) -> Screening:
    if given.measure not in library().by_id:
        raise Refused(
            "没有这项措施", why=given.measure, mend="请从列表中选择", code="unknown-measure", cell="measure"
        )
    if given.screening is None:
        found = newest_screening(given.measure, region)
    else:
        rows = Screening.objects.for_site("whether it covers the actor's region is asked in the next line")
        found = rows.filter(pk=given.screening).first()
        if found is not None and not covers(found, given.measure, region):
            found = None
    if found is None:
        raise Refused(
            "没有可用的筛查结果",
            why="要有覆盖这个地区和这项措施、已完成的筛查",
            mend="请先在“筛查”中运行一次",
            code="no-screening",
            cell="screening",
        )
    return found


def _variant(name: str, region: str, as_of: datetime.date) -> Measure:
    holding = variants_of(library(), name, region, as_of)
    if not holding:
        raise Refused(
            "这项措施当日不在这个地区执行",
            why=as_of.isoformat(),
            mend="请核对措施的执行期和地区",
            code="measure-not-in-force",
            cell="measure",
        )
    return holding[0]


def period_of(measure: Measure, said: str, as_of: datetime.date) -> str:
    """Return the period of a run in the form of how often its measure is had; that of the day where none is given."""
    often = every(measure)
    made = {
        "once": "",
        "year": f"{as_of.year}",
        "quarter": f"{as_of.year}Q{(as_of.month + 2) // 3}",
        "month": f"{as_of:%Y-%m}",
    }[often]
    if not said or (often == "once" and said == made):
        return made
    form = "once" if not said else "quarter" if "Q" in said else "month" if "-" in said else "year"
    if form != often:
        raise Refused(
            "所属期的写法与这项措施不符",
            why=said,
            mend=f"请写成{made}这样" if made else "这项措施一次性享受，不填所属期",
            code="wrong-period",
            cell="period",
        )
    return said
