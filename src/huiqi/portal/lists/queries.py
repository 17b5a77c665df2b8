"""Lists and entries as an actor may see them: within their area, and only of kinds that their role may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Prefetch, Q

from huiqi.portal.accounts.models import prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor, Capacity
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.queries import MOST_CHARACTERS
from huiqi.portal.lists.kinds import ListKind, kinds
from huiqi.portal.lists.models import COUNTED_STATES, Batch, Candidate, Entry, KeptList
from huiqi.reference import regions
from huiqi.reference.bigrams import phrases
from huiqi.reference.regions import UnknownRegion

PAGE = "lists"


def seeing(actor: Actor, kind: ListKind, page: str = PAGE) -> Actor:
    """Return the actor with those capacities alone that may see a kind."""
    return replace(actor, capacities=tuple(each for each in actor.capacities if _sees(each, kind, page)))


def _sees(capacity: Capacity, kind: ListKind, page: str) -> bool:
    if page not in capacity.pages:
        return False
    # A firm's member has no role at an agency: it sees its own entries where the kind says so.
    return kind.firms_see if capacity.firms is not None else capacity.role in kind.seen_by


def lists_of(actor: Actor) -> ScopedQuerySet:
    """Return the lists kept for an area that the actor's area lies in, or that lies in the actor's area."""
    wanted = Q(pk__in=[])
    for kind in kinds().values():
        areas = {area for each in seeing(actor, kind).capacities for area in each.areas}
        if areas:
            wanted |= Q(kind=kind.id) & _touching(areas)
    return KeptList.objects.for_site("a county sees the lists of its prefecture").filter(wanted)


def _touching(areas: Iterable[str]) -> Q:
    wanted = Q(pk__in=[])
    for area in areas:
        wanted |= Q(region__gte=area.ljust(6, "0"), region__lte=area.ljust(6, "9"))
        if area:
            wanted |= Q(region__in=[each.code for each in regions.chain(area.ljust(6, "0"))])
    return wanted


def entries_of(actor: Actor, kept: KeptList) -> ScopedQuerySet:
    """Return the entries of a list that the actor sees: those of their area."""
    kind = kinds()[kept.kind]
    return Entry.objects.visible_to(seeing(actor, kind), PAGE).filter(kept=kept)


def with_firms(rows: ScopedQuerySet) -> ScopedQuerySet:
    """Let entries bring what a list shows of their firms, by a query of its own: a page far down passes no firm that it does not show."""
    shown = Firm.objects.for_site("whoever sees an entry sees whom it is about")
    return rows.prefetch_related(Prefetch("firm", shown.only("credit_code", "name", "region")))


def visible_entries(actor: Actor, page: str = PAGE) -> ScopedQuerySet:
    """Return the entries of every list that the actor sees."""
    rows = Entry.objects.visible_to(actor, page).none()
    by_actor: dict[Actor, list[str]] = {}
    for kind in kinds().values():
        by_actor.setdefault(seeing(actor, kind, page), []).append(kind.id)
    for narrowed, names in by_actor.items():
        rows = rows | Entry.objects.visible_to(narrowed, page).filter(kept__kind__in=names)
    return rows


def candidates_of(actor: Actor, kept: KeptList) -> ScopedQuerySet:
    """Return the candidates of a list within the actor's area."""
    narrowed = seeing(actor, kinds()[kept.kind])
    return Candidate.objects.visible_to(narrowed, PAGE).filter(kept=kept).select_related("firm")


def batches_of(actor: Actor) -> ScopedQuerySet:
    """Return the batches of the actor's area, of the kinds that they may see."""
    rows = Batch.objects.visible_to(actor, PAGE)
    return rows.filter(kept__in=lists_of(actor)).select_related("kept")


@dataclass(frozen=True, slots=True)
class EntryFilters:
    """What a list's entries are narrowed to, as the address says."""

    text: str = ""
    region: str = ""
    doubtful: bool = False
    unread: tuple[str, ...] = ()

    def on(self, rows: ScopedQuerySet) -> ScopedQuerySet:
        """Narrow the rows."""
        if self.text:
            named = Q()
            for terms in phrases(self.text):
                named &= Q(words__has_phrase=" ".join(terms))
            wanted = Q(county__in=_counties_named(self.text))
            rows = rows.filter(wanted | named if named else wanted)
        if self.region:
            within = prefix(self.region)
            rows = rows.filter(region__gte=within.ljust(6, "0"), region__lte=within.ljust(6, "9"))
        return rows.exclude(doubt__isnull=True) if self.doubtful else rows

    def as_json(self) -> dict[str, str]:
        """Return what is asked, for an event."""
        asked = {"text": self.text, "region": self.region, "doubtful": "yes" if self.doubtful else ""}
        return {name: value for name, value in asked.items() if value}


def entry_filters(given: Mapping[str, str]) -> EntryFilters:
    """Return the filters of an address's query; what is unknown is left out and named in `unread`."""
    unread: list[str] = []
    place = given.get("region", "").strip()
    try:
        place = regions.region(place[:12]).code if place else ""
    except UnknownRegion:
        unread.append("region")
        place = ""
    text = given.get("q", "").replace("\0", "").strip()[:MOST_CHARACTERS]
    return EntryFilters(text, place, given.get("doubtful") == "1", tuple(unread))


def _counties_named(text: str) -> list[str]:
    return [each.code for each in regions.find(text)] if len(text) >= 2 else []


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of a list: how many are on it on a day, how many proposals wait, how many members are up for decision."""

    members: int = 0
    waiting: int = 0
    doubtful: int = 0


def numbers_by_list(actor: Actor, day: date) -> dict[int, Numbers]:
    """Return the numbers of each list, of the entries that the actor sees; one query."""
    begun = Q(state__in=COUNTED_STATES, begins__lte=day)
    rows = visible_entries(actor).values("kept", "kept__kind").order_by()
    counted = rows.annotate(
        ever=Count("pk", filter=begun),
        now=Count("pk", filter=begun & (Q(until=None) | Q(until__gte=day))),
        waiting=Count("pk", filter=Q(state__in=["proposed", "reviewed"])),
        doubtful=Count("pk", filter=Q(state="member", doubt__isnull=False)),
    )
    known = kinds()
    return {
        each["kept"]: Numbers(
            each["ever"] if known[each["kept__kind"]].stays else each["now"],
            each["waiting"],
            each["doubtful"],
        )
        for each in counted
    }


def open_lists(actor: Actor) -> list[tuple[str, str]]:
    """Return the lists that an entry can be proposed for, for a form."""
    known = kinds()
    rows = lists_of(actor).order_by("region", "kind")
    return [(str(each.pk), f"{known[each.kind].title}（{regions.full_name(each.region)}）") for each in rows]


def kinds_to_open(actor: Actor) -> list[tuple[str, str]]:
    """Return the kinds that the actor's office may keep a list of, for a form."""
    levels = {
        regions.region(area.ljust(6, "0")).level
        for each in actor.allowed("list.open")
        for area in each.areas
        if area
    }
    return [(name, kind.title) for name, kind in kinds().items() if levels & set(kind.kept_at)]
