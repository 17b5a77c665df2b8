"""The figures of the office's board: by measure, who is entitled, who received, who was missed; by run, its step and its days.

All figures are of what the actor sees: a county reads its own firms' alone, of a run of its prefecture too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Cast

from huiqi.portal.accounts.models import prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.transitions import tables
from huiqi.portal.clock.models import OPEN, Deadline
from huiqi.portal.delivery.inputs import gives_an_amount
from huiqi.portal.delivery.missed import REACHED, for_year, missed_of, newest_results, year_of
from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.delivery.queries import LINES, runs_of
from huiqi.portal.delivery.shown import measure_title, place
from huiqi.portal.delivery.step_days import days_used, deadlines_of
from huiqi.portal.funds.programmes import superiors
from huiqi.portal.screenings.models import CountyResult, MeasureResult
from huiqi.reference.regions import UnknownRegion
from huiqi.reference.regions import region as region_of

NOT_OWED = ("drawn", "dropped", "taken_elsewhere")
_UNFIXED = ("drawing", "drawn", "checking", "cancelling", "cancelled")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a board is narrowed to; empty is any. `county` is a code of a region that there is."""

    measure: str = ""
    county: str = ""
    state: str = ""
    overdue: bool = False


def narrowing_of(given: Mapping[str, str]) -> Narrowing:
    """Return what an address asks for; what cannot be read narrows nothing."""
    state = given.get("state", "").strip()
    county = given.get("county", "").strip()[:20]
    try:
        county = region_of(county).code if county else ""
    except UnknownRegion:
        county = ""
    return Narrowing(
        given.get("measure", "").replace("\0", "").strip()[:60],
        county,
        state if state in tables()["delivery.run"].states else "",
        given.get("overdue", "") == "1",
    )


def narrowed(actor: Actor, asked: Narrowing, today: date) -> ScopedQuerySet:
    """Return the runs that the actor sees and that fit."""
    rows = runs_of(actor)
    if asked.measure:
        rows = rows.filter(measure=asked.measure)
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.county:
        above = Q(region__in=list(superiors(asked.county)))
        rows = rows.filter(above | Q(region__startswith=prefix(asked.county)))
    if asked.overdue:
        late = Deadline.objects.for_site("of runs that are seen").filter(
            subject_kind="delivery.run", subject=Cast(OuterRef("pk"), CharField()), state=OPEN, due__lt=today
        )
        rows = rows.filter(Exists(late))
    return rows


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure: its runs, who is entitled by the newest screening (None without one), who received, who was missed.

    `lines` and `reached` count firms; money is fen, `entitled_fen` what the screening is certain of.
    """

    measure: str
    title: str
    runs: int
    late: int
    entitled: int | None
    entitled_fen: int | None
    lines: int
    reached: int
    paid: int
    missed: int | None
    missed_fen: int | None


def measures_of(actor: Actor, asked: Narrowing, today: date) -> list[tuple[str, int]]:
    """Return the measures that fit, with how many runs: those with runs, and those that firms are entitled to."""
    runs = narrowed(actor, asked, today).exclude(state="cancelled").order_by()
    counted = dict(runs.values("measure").annotate(runs=Count("pk")).values_list("measure", "runs"))
    if not asked.state and not asked.overdue:
        rows = _entitled(newest_results(actor, _within(asked)), asked).filter(eligible__gt=0)
        for measure in rows.values_list("measure", flat=True).distinct():
            if gives_an_amount(measure):
                counted.setdefault(measure, 0)
    return sorted(counted.items(), key=lambda each: (not each[1], each[0]))


def by_measure(
    actor: Actor, asked: Narrowing, measures: Sequence[tuple[str, int]], today: date
) -> list[MeasureRow]:
    """Return the rows of some measures: as many questions to the database whatever their number."""
    names = [name for name, _runs in measures]
    results = newest_results(actor, _within(asked))
    found = _entitled(results, asked).filter(measure__in=names).values("measure")
    entitled = {
        each["measure"]: each for each in found.annotate(firms=Sum("eligible"), fen=Sum("certain_fen"))
    }
    lines = Line.objects.visible_to(actor, LINES).filter(
        for_year(year_of(results)), run__measure__in=names, county__startswith=_within(asked)
    )
    lines = lines.exclude(run__state__in=_UNFIXED).exclude(state__in=NOT_OWED).order_by()
    sums = {
        each["run__measure"]: each
        for each in lines.values("run__measure").annotate(
            firms=Count("firm", distinct=True),
            reached=Count("firm", distinct=True, filter=Q(state__in=REACHED)),
            paid=Sum("amount", filter=Q(state__in=REACHED)),
        )
    }
    late = narrowed(actor, Narrowing(asked.measure, asked.county, asked.state, True), today).order_by()
    overdue = dict(late.values("measure").annotate(runs=Count("pk")).values_list("measure", "runs"))
    missed = missed_of(actor, results, names, _within(asked))
    rows = []
    for name, runs in measures:
        owed, sum_of = entitled.get(name), sums.get(name, {})
        there = bool(results)
        rows.append(
            MeasureRow(
                name,
                measure_title(name),
                runs,
                overdue.get(name, 0),
                (owed["firms"] if owed else 0) if there else None,
                (owed["fen"] if owed else 0) if there else None,
                sum_of.get("firms", 0),
                sum_of.get("reached", 0),
                sum_of.get("paid") or 0,
                len(missed[name]) if there else None,
                missed[name].fen if there else None,
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with its days and what it came to for the firms that the actor sees; money in fen."""

    run: Run
    title: str
    place: str
    used: int | None
    due: date | None
    late: bool
    lines: int
    reached: int
    paid: int


def by_run(actor: Actor, asked: Narrowing, runs: Sequence[Run], today: date) -> list[RunRow]:
    """Return the rows of some runs."""
    numbers = [each.pk for each in runs]
    rows = deadlines_of(Run.objects.for_site("runs that are seen").filter(pk__in=numbers)).filter(state=OPEN)
    deadlines = {int(each.subject): each for each in rows}
    of_lines = Line.objects.visible_to(actor, LINES).filter(
        run__in=numbers, county__startswith=_within(asked)
    )
    sums = {
        each["run"]: each
        for each in of_lines.order_by()
        .values("run")
        .annotate(
            owed=Count("pk", filter=~Q(state__in=("dropped", "taken_elsewhere"))),
            reached=Count("pk", filter=Q(state__in=REACHED)),
            paid=Sum("amount", filter=Q(state__in=REACHED)),
        )
    }
    return [_row(each, deadlines.get(each.pk), sums.get(each.pk, {}), today) for each in runs]


def _row(run: Run, deadline: Deadline | None, sums: Mapping[str, int], today: date) -> RunRow:
    due = deadline.due if deadline is not None else None
    return RunRow(
        run,
        measure_title(run.measure, run.variant),
        place(run.region),
        days_used(deadline, today) if deadline is not None else None,
        due,
        due is not None and today > due,
        sums.get("owed", 0),
        sums.get("reached", 0),
        sums.get("paid") or 0,
    )


def _within(asked: Narrowing) -> str:
    return prefix(asked.county) if asked.county else ""


def _entitled(results: Sequence[CountyResult], asked: Narrowing) -> ScopedQuerySet:
    rows = MeasureResult.objects.for_site("of counties that are seen").filter(county__in=results).order_by()
    return rows.filter(measure=asked.measure) if asked.measure else rows
