"""Runs and lines as an actor may see them: officers within their area, firms their own."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, Sum

from huiqi.portal.accounts.models import prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.delivery.models import (
    LeftOut,
    Line,
    NotReceived,
    Objection,
    Run,
    SampleItem,
)

RUNS = "deliveries"
"""The page of runs: figures, by those whose area the run touches."""
LINES = "delivery-lines"
"""The page of lines: firms and amounts."""
OWN = "own-deliveries"
"""The page on which a firm follows what is under way for it."""


def runs_of(actor: Actor) -> ScopedQuerySet:
    """Return the runs that the actor sees: those within the own area, and those of a region that takes it in."""
    within = Run.objects.visible_to(actor, RUNS).values("pk")
    above = Q(pk__in=[])
    for each in actor.capacities:
        if RUNS in each.pages and each.firms is None and each.person is None:
            for area in each.areas:
                above |= Q(region__in=[area[:size].ljust(6, "0") for size in (2, 4) if size < len(area)])
    rows = Run.objects.for_site("narrowed to what the actor sees in this line")
    return rows.filter(Q(pk__in=within) | (above & ~Q(state__in=["drawing", "cancelled"])))


def lines_of(actor: Actor, run: Run, page: str = LINES) -> ScopedQuerySet:
    """Return the lines of a run in the actor's area, the largest first."""
    rows = Line.objects.visible_to(actor, page).filter(run=run)
    return rows.select_related("firm").order_by("-amount", "pk")


def line_of(actor: Actor, number: int, page: str = LINES) -> Line | None:
    """Return a line by its number, None where the actor does not see it."""
    found: Line | None = (
        Line.objects.visible_to(actor, page).filter(pk=number).select_related("firm", "run").first()
    )
    return found


def own_lines_of(actor: Actor) -> ScopedQuerySet:
    """Return the lines of one's own firms, of runs that were checked: what is only drawn is shown to nobody outside.

    A run that was cancelled before it was checked has no figure `listed`: it stays a draft for ever.
    """
    never_checked = Q(run__state__in=["cancelling", "cancelled"], run__figures__listed__isnull=True)
    rows = Line.objects.visible_to(actor, OWN).select_related("run", "firm")
    return rows.exclude(Q(run__state__in=["drawing", "drawn", "checking"]) | never_checked)


def left_out_of(actor: Actor, run: Run, page: str = LINES) -> ScopedQuerySet:
    """Return who received last time or was entitled by the screening and has no line, the largest first."""
    rows = LeftOut.objects.visible_to(actor, page).filter(run=run)
    return rows.select_related("firm").order_by("-amount", "pk")


def not_reached_of(actor: Actor, run: Run, page: str = LINES) -> ScopedQuerySet:
    """Return the lines that should have been received and were not: no account, rejected, not granted, reopened."""
    rows = lines_of(actor, run, page)
    return rows.filter(
        Q(state__in=["rejected", "not_granted", "reopened", "contested"])
        | Q(account_missing=True, state__in=["listed", "approved"])
    )


def objections_of(actor: Actor, page: str = LINES) -> ScopedQuerySet:
    """Return the objections that the actor sees (a firm its own, with page=OWN), open ones first."""
    rows = Objection.objects.visible_to(actor, page)
    return rows.select_related("firm", "run", "line").order_by("-state", "-pk")


def cases_of(actor: Actor, page: str = LINES) -> ScopedQuerySet:
    """Return the cases of money that did not come, open ones first."""
    rows = NotReceived.objects.visible_to(actor, page)
    return rows.select_related("line__firm", "line__run", "assignee").order_by("-state", "-pk")


def sample_items_of(actor: Actor, run: Run, page: str = LINES) -> ScopedQuerySet:
    """Return the lines that are to be asked whether the money came."""
    rows = SampleItem.objects.visible_to(actor, page).filter(sample__run=run)
    return rows.select_related("line__firm").order_by("-state", "pk")


def figures_of(actor: Actor, run: Run, page: str = LINES) -> dict[str, dict[str, int]]:
    """Return lines and fen by state, of those that the actor sees."""
    rows = Line.objects.visible_to(actor, page).filter(run=run).order_by()
    counted = rows.values("state").annotate(lines=Count("pk"), fen=Sum("amount"))
    return {each["state"]: {"lines": each["lines"], "fen": each["fen"]} for each in counted}


def by_county(actor: Actor, run: Run, page: str = LINES) -> list[dict[str, object]]:
    """Return lines, firms and fen by county, of lines that hold or held money in this run."""
    rows = Line.objects.visible_to(actor, page).filter(run=run).order_by()
    live = rows.exclude(state__in=["dropped", "taken_elsewhere"])
    sums = live.values("county").annotate(
        lines=Count("pk"), firms=Count("firm", distinct=True), fen=Sum("amount")
    )
    return list(sums.order_by("county"))


def in_notice(day: date, region: str = "") -> ScopedQuerySet:
    """Return the runs that are in public notice on a day, for everybody; of a region where one is named.

    A notice may be decided before its first day, and wait after its last one for answers to objections.
    """
    rows = Run.objects.for_site("a public notice is for everybody")
    rows = rows.filter(state="noticed", notice_from__lte=day, notice_until__gte=day)
    return rows.filter(region__startswith=prefix(region)) if region else rows
