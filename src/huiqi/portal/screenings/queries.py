"""Runs and their figures as an actor may see them: of each run the counties that the actor's areas reach, no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Min, Q, Sum

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.accounts.models import prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.models import Event
from huiqi.portal.firms.models import CONFIRMED, FactChange
from huiqi.portal.screenings.choice import narrowed
from huiqi.portal.screenings.models import CountyResult, FactGap, MeasureResult, Screening, SliceResult
from huiqi.reference.regions import is_within

PAGE = "screenings"
MEASURES = "measures"
FIRMS = "entitled"
"""The name under which roles see lists of firms, not only figures."""
_SUMS = (
    *("eligible", "likely", "undetermined", "ineligible", "certain_fen", "likely_fen"),
    *("unknown_amounts", "begun", "ended"),
)
_MOST_CHANGES = 20_000
_OF_LISTS = tuple(
    f"list.{each}" for each in ("approve", "take", "undo", "renew", "remove", "keep", "complete", "lapse")
)
"""The acts by which what a list says of firms changes."""
_MOST_GAPS = 20
_OVERVIEW = ("firms", "owed_firms", "certain_fen", "deferred_fen", "likely_fen", "new_firms", "gone_firms")


def runs_of(actor: Actor) -> ScopedQuerySet:
    """Return the runs that the actor sees: those of the own area, and finished ones that take in some of it."""
    own = Screening.objects.visible_to(actor, PAGE).values("pk")
    parts = CountyResult.objects.visible_to(actor, PAGE).values("run")
    rows = Screening.objects.for_site("narrowed to what the actor sees in the next line")
    return rows.filter(Q(pk__in=own) | Q(pk__in=parts)).select_related("started_by")


def counties_of(actor: Actor, run: Screening, page: str = PAGE) -> ScopedQuerySet:
    """Return a run's results in the counties that the actor's areas reach."""
    return CountyResult.objects.visible_to(actor, page).filter(run=run).order_by("county")


def latest_of(actor: Actor, page: str = MEASURES) -> ScopedQuerySet:
    """Return the newest result of each county that the actor's areas reach."""
    return CountyResult.objects.visible_to(actor, page).filter(latest=True).select_related("run")


def overviews(actor: Actor, runs: Iterable[Screening]) -> dict[int, dict[str, int]]:
    """Return for each run the sums over the counties that the actor sees."""
    rows = CountyResult.objects.visible_to(actor, PAGE).filter(run__in=list(runs))
    sums = rows.order_by().values("run").annotate(**{name: Sum(name) for name in _OVERVIEW})
    return {each["run"]: each for each in sums}


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the push list: rows (a firm and a measure), firms, fen."""

    name: str
    rows: int
    firms: int
    fen: int


@dataclass
class Figures:
    """What some results of counties come to together. Money is fen."""

    counties: list[CountyResult]
    _ids: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self._ids = [each.pk for each in self.counties]

    def sum(self, name: str) -> int:
        """Return the sum of a column over the counties."""
        return sum(getattr(each, name) or 0 for each in self.counties)

    @property
    def has_missed(self) -> bool:
        """Whether the register says what firms received."""
        return any(each.missed_rows is not None for each in self.counties)

    @property
    def groups(self) -> list[Group]:
        """The groups of the push list."""
        names = dict.fromkeys(name for each in self.counties for name in each.groups)
        return [
            Group(
                name,
                *(
                    sum(each.groups.get(name, {}).get(what, 0) for each in self.counties)
                    for what in ("rows", "firms", "fen")
                ),
            )
            for name in names
        ]

    @cached_property
    def measures(self) -> dict[str, dict[str, int]]:
        """The sums by measure."""
        rows = self._rows(MeasureResult).order_by().values("measure")
        return {each["measure"]: each for each in rows.annotate(**{name: Sum(name) for name in _SUMS})}

    def slices(self, by: str) -> list[dict[str, Any]]:
        """Return the sums by size class or section of industry."""
        rows = self._rows(SliceResult).filter(by=by).order_by("key").values("key")
        names = ("firms", "eligible", "certain_fen", "deferred_fen")
        return list(rows.annotate(**{f"{name}_sum": Sum(name) for name in names}))

    @cached_property
    def gaps(self) -> list[dict[str, Any]]:
        """The facts that keep most open, with the measures that wait for each, most first."""
        rows = self._rows(FactGap)
        sums = (
            rows.order_by()
            .values("fact")
            .annotate(open=Sum("openings"), lacking=Sum("firms"), only=Sum("alone"))
        )
        top = list(sums.order_by("-open", "fact")[:_MOST_GAPS])
        waiting: dict[str, dict[str, int]] = {}
        for fact, measures in rows.filter(fact__in=[each["fact"] for each in top]).values_list(
            "fact", "measures"
        ):
            of_fact = waiting.setdefault(fact, {})
            for measure, count in measures.items():
                of_fact[measure] = of_fact.get(measure, 0) + count
        for each in top:
            of_fact = waiting[each["fact"]]
            each["measures"] = sorted(of_fact.items(), key=lambda pair: (-pair[1], pair[0]))
        return top

    def _rows(self, model: Any) -> ScopedQuerySet:
        rows: ScopedQuerySet = model.objects.for_site("the rows of results that the actor was found to see")
        return rows.filter(county__in=self._ids)


@dataclass(frozen=True, slots=True)
class Staleness:
    """What changed since a run read the register: files of rules, firms (and whether more than counted), lists."""

    rules: int
    firms: int
    more: bool
    lists: int

    def __bool__(self) -> bool:
        return bool(self.rules or self.firms or self.lists)


def staleness(actor: Actor, run: Screening, library: PolicyLibrary, page: str = PAGE) -> Staleness:
    """Return what changed since a run, of what the actor sees. What a source only said again is no change."""
    change = run.register.get("change_before", 0)
    changes = FactChange.objects.visible_to(actor, page).filter(pk__gt=change).exclude(fact=CONFIRMED)
    within = prefix(run.region)
    changes = changes.filter(
        firm__region__gte=within.ljust(6, "0"), firm__region__lte=within.ljust(6, "9")
    ).order_by("pk")
    found = list(changes.values_list("firm_id", flat=True)[: _MOST_CHANGES + 1])
    lists = _changed_lists(actor, run, page)
    return Staleness(_changed_rules(run, library), len(set(found)), len(found) > _MOST_CHANGES, lists)


def _changed_lists(actor: Actor, run: Screening, page: str) -> int:
    """Return how often a list that tells facts of firms here was changed since: here, or by an office above."""
    areas = [area for each in actor.capacities if page in each.pages for area in each.areas]
    events = Event.objects.filter(sequence__gt=run.register.get("event_before", 0), act__in=_OF_LISTS)
    within = prefix(run.region)
    return sum(
        count
        for region, count in events.order_by().values_list("region").annotate(count=Count("sequence"))
        if _meet(prefix(region), within) and any(_meet(prefix(region), area) for area in areas)
    )


def _meet(one: str, other: str) -> bool:
    """Whether one area lies within the other, both as prefixes of codes."""
    return one.startswith(other) or other.startswith(one)


def _changed_rules(run: Screening, library: PolicyLibrary) -> int:
    then: dict[str, str] = run.manifest.get("rules", {})
    now = {f"{each.id}@{each.region}": each.digest for each in narrowed(library, run.measures).measures}
    return sum(
        then.get(key) != now.get(key) and _concerns(key.rpartition("@")[2], run.region)
        for key in then.keys() | now.keys()
    )


def _concerns(area: str, region: str) -> bool:
    """Whether a text of an area can hold in a region, or in a part of it."""
    return is_within(region, area) is not False or is_within(area, region) is True


def counted(rows: ScopedQuerySet) -> dict[str, Any]:
    """Return how many results of counties there are, of how many runs, and the earliest day."""
    return rows.aggregate(counties=Count("pk"), runs=Count("run", distinct=True), first=Min("run__as_of"))
