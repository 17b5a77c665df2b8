"""Acts on screenings: started, stopped, gone on with, discarded; and the site's own, when its job is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from pydantic import Field

from huiqi.portal.accounts.models import Agency, User, prefix
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import NotNow, NotYours, Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.jobs.running import ask
from huiqi.portal.look.asking import Asked
from huiqi.portal.screenings import exports  # noqa: F401  its act registers itself
from huiqi.portal.screenings.choice import digest_of
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import CountyResult, Screening
from huiqi.portal.screenings.reading import firms_of
from huiqi.reference import regions
from huiqi.reference.regions import UnknownRegion

FIRST_DAY = date(2019, 1, 1)
MOST_AHEAD = timedelta(days=366)


def places(actor: Actor) -> Sequence[tuple[str, str]]:
    """Return the regions that an actor may start a screening for: the own areas and what lies directly within."""
    areas = sorted({area for each in actor.allowed("screening.start") for area in each.areas})
    found: dict[str, str] = {}
    for area in areas:
        whole = area.ljust(6, "0")
        for each in (regions.region(whole), *regions.children(whole)):
            found.setdefault(each.code, each.name)
    return list(found.items())


class Starting(Input):
    """What a run is of: the region, the day, the measures (ids apart by commas, empty: all), and why it is made."""

    region: Annotated[str, Field(max_length=6), Asked("地区", "Region", choices=places)]
    as_of: Annotated[
        date,
        Asked(
            "按哪一天的规定",
            "As of",
            "按当天有效的政策，以企业名册现有信息判定",
            "By the measures in force on that day and what the register says now",
        ),
    ]
    measures: Annotated[
        str,
        Field(max_length=8000),
        Asked("政策措施", "Measures", "编号以逗号分隔；不填为全部", "Their ids, by comma; none for all"),
    ] = ""
    note: Annotated[str, Field(max_length=200), Asked("备注", "Note")] = ""


class Finished(Input):
    """What a run came to, and by which rules and which state of the register."""

    read_from: datetime
    numbers: dict[str, int]
    manifest: dict[str, Any]
    digest: str
    counts: dict[str, int]
    before: int | None = None


class Failed(Input):
    """Why a run cannot be finished."""

    error: Annotated[str, Field(max_length=4000)]


@act("screening.start", Screening, zh="开始筛查", en="Start a screening", takes=Starting, creates=True)
def start(doing: Doing, given: Starting) -> Screening:
    """Start a run; of the same region, day and measures one is under way at most."""
    measures = _measures(given.measures)
    region = _region(given.region)
    if not any(region.startswith(area) for each in doing.actor.allowed(doing.act) for area in each.areas):
        raise NotYours
    if not FIRST_DAY <= given.as_of <= doing.today + MOST_AHEAD:
        raise Refused(
            "这个日期不能筛查",
            why=f"可选{FIRST_DAY}至{doing.today + MOST_AHEAD}",
            mend="请改选日期",
            cell="as_of",
            code="day-out-of-range",
        )
    run = Screening(
        region=region,
        agency=_office(doing),
        as_of=given.as_of,
        measures=list(measures),
        choice=digest_of(region, given.as_of, measures),
        note=given.note,
        started_by=User.objects.get(pk=int(doing.actor.id.removeprefix("user:"))),
        started_at=doing.now,
    )
    if not firms_of(run).exists():
        raise Refused(
            "企业名册中还没有这个地区的企业", mend="请先报送名册", cell="region", code="no-firms-to-screen"
        )
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError:
        raise _running_already(run.choice) from None
    _ask(doing, run)
    doing.say(region=region, as_of=given.as_of.isoformat(), measures=list(measures), choice=run.choice)
    return run


@act("screening.stop", Screening, zh="中断筛查", en="Stop the screening")
def stop(doing: Doing, run: Screening, given: Input) -> None:
    """Stop a run; what is done stays, and it can be gone on with."""
    doing.say(choice=run.choice)


@act("screening.resume", Screening, zh="继续筛查", en="Go on with the screening")
def resume(doing: Doing, run: Screening, given: Input) -> None:
    """Go on with a run that was stopped or failed."""
    others = Screening.objects.for_site("of a choice one run is under way at most")
    if others.filter(choice=run.choice, state="running").exists():
        raise _running_already(run.choice)
    run.error, run.ended_at = "", None
    _ask(doing, run)
    doing.say(choice=run.choice)


@act("screening.discard", Screening, zh="作废筛查", en="Discard the screening")
def discard(doing: Doing, run: Screening, given: Input) -> None:
    """Give an unfinished run up; its files are deleted."""
    number = run.pk
    run.ended_at = doing.now
    transaction.on_commit(lambda: RunFolder(number).discard())
    doing.say(choice=run.choice)


@act("screening.finish", Screening, zh="筛查完成", en="The screening is finished", takes=Finished)
def finish(doing: Doing, run: Screening, given: Finished) -> None:
    """Say what a run came to, and let the pages of measures show it where it is the newest."""
    run.read_from, run.register, run.manifest = given.read_from, given.numbers, given.manifest
    run.counts, run.before_id, run.ended_at, run.error = given.counts, given.before, doing.now, ""
    if not run.measures and run.as_of <= doing.today:
        _show_as_latest(run)
    doing.say(digest=given.digest, counts=given.counts, register=given.numbers, before=given.before)


@act("screening.fail", Screening, zh="筛查未能完成", en="The screening failed", takes=Failed)
def fail(doing: Doing, run: Screening, given: Failed) -> None:
    """Say why a run could not be finished."""
    run.error, run.ended_at = given.error, doing.now
    doing.say(choice=run.choice)


def _show_as_latest(run: Screening) -> None:
    """Mark a run's counties as the latest, but where a later day was screened already."""
    results = CountyResult.objects.for_site("which result of a county is the latest")
    within = prefix(run.region)
    standing = results.filter(
        latest=True, county__gte=within.ljust(6, "0"), county__lte=within.ljust(6, "9")
    ).select_related("run")
    kept = {each.county for each in standing if (each.run.as_of, each.run_id) > (run.as_of, run.pk)}
    standing.exclude(county__in=kept).update(latest=False)
    results.filter(run=run).exclude(county__in=kept).update(latest=True)


def _running_already(choice: str) -> NotNow:
    rows = Screening.objects.for_site("of a choice one run is under way at most")
    under_way = rows.filter(choice=choice, state="running").first()
    number = under_way.pk if under_way is not None else ""
    return NotNow(
        f"同样的筛查正在进行（第{number}号）", mend="请打开那次筛查查看进度", code="screening-running"
    )


def _measures(given: str) -> tuple[str, ...]:
    names = sorted({each.strip() for each in given.split(",") if each.strip()})
    unknown = [each for each in names if each not in library().by_id]
    if unknown:
        named = "、".join(each[:40] for each in unknown[:5])
        raise Refused(
            f"没有这些政策措施：{named}", mend="请从列表中选择", cell="measures", code="unknown-measure"
        )
    return tuple(names)


def _region(given: str) -> str:
    try:
        return regions.region(given).code
    except UnknownRegion:
        raise Refused("没有这个地区", mend="请从列表中选择", cell="region", code="unknown-region") from None


def _office(doing: Doing) -> str:
    return Agency.objects.get(pk=doing.capacity.agency).pk


def _ask(doing: Doing, run: Screening) -> None:
    ask(
        "screening",
        f"screening:{run.pk}",
        {"run": run.pk},
        by=doing.actor.id,
        now=doing.now,
        region=run.region,
    )
