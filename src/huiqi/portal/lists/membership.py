"""Who is on a list on a day, what a firm is on, and what that says to rules.

An entry that was admitted counts from its first to its last day, whatever was decided later than that; a kind that
`stays` counts from the first day on. What stands in the rows is what replaying the events gives: see `replay.py`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.accounts.models import prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.claims import LIST_SOURCE, Claim
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.outside import Teller
from huiqi.portal.lists.kinds import COUNTY, ListKind, kinds
from huiqi.portal.lists.models import COUNTED_STATES, Entry, KeptList

_NOBODY = 0
"""The key of no firm."""


@dataclass(frozen=True, slots=True)
class Membership:
    """That a firm is on a list, itself or through its county: since when, until when, by which entry."""

    kind: ListKind
    entry: Entry

    @property
    def through_county(self) -> bool:
        """Whether the county is on the list, not the firm itself."""
        return self.kind.of == COUNTY


def on_day(rows: ScopedQuerySet, kind: ListKind, day: datetime.date) -> ScopedQuerySet:
    """Narrow entries of one kind to those that are on the list on a day."""
    rows = rows.filter(state__in=COUNTED_STATES, begins__lte=day)
    return rows if kind.stays else rows.filter(Q(until=None) | Q(until__gte=day))


def members_on(kind: str, day: datetime.date) -> frozenset[int | str]:
    """Return who is on the lists of a kind on a day: firms' keys, or counties' codes."""
    rows = Entry.objects.for_site("membership is asked for by rules").filter(kept__kind=kind)
    pairs = on_day(rows, kinds()[kind], day).values_list("firm", "county")
    return frozenset(firm if firm is not None else county for firm, county in pairs)


def memberships(firm: Firm, day: datetime.date) -> list[Membership]:
    """Return the lists that a firm, or its county, is on on a day, in the order of the kinds."""
    known = kinds()
    rows = Entry.objects.for_site("a firm's own memberships").filter(
        Q(firm=firm.pk) | Q(county=firm.region), state__in=COUNTED_STATES, begins__lte=day
    )
    found = [
        Membership(known[entry.kept.kind], entry)
        for entry in rows.select_related("kept", "firm").order_by("begins", "pk")
        if entry.kept.kind in known and _counts(known[entry.kept.kind], entry.until, day)
    ]
    order = {name: place for place, name in enumerate(known)}
    return sorted(found, key=lambda each: order[each.kind.id])


def claims_of(regions: Mapping[int, str], day: datetime.date) -> dict[int, dict[str, list[Claim]]]:
    """Return what lists say of firms (by key, with their regions) on a day: yes for members; no where a list is complete.

    Two queries, however many firms. A membership is dated by its first day, an absence by the day of completeness.
    """
    known = {name: kind for name, kind in kinds().items() if kind.says}
    rows = Entry.objects.for_site("membership is a fact for rules").filter(
        Q(firm__in=list(regions)) | Q(county__in=set(regions.values())),
        state__in=COUNTED_STATES,
        begins__lte=day,
    )
    by_firm: dict[int, dict[str, datetime.date]] = {}
    by_county: dict[str, dict[str, datetime.date]] = {}
    for firm, county, name, begins, until in rows.values_list(
        "firm", "county", "kept__kind", "begins", "until"
    ).order_by("begins"):
        if name in known and _counts(known[name], until, day):
            found = by_county.setdefault(county, {}) if firm is None else by_firm.setdefault(firm, {})
            found.setdefault(name, begins)
    complete = [
        (prefix(region), name, since)
        for region, name, since in KeptList.objects.for_site("whether a list is complete is a fact for rules")
        .filter(complete_from__lte=day, kind__in=known)
        .values_list("region", "kind", "complete_from")
    ]
    told: dict[int, dict[str, list[Claim]]] = {}
    for number, region in regions.items():
        member_of = by_county.get(region, {}) | by_firm.get(number, {})
        for name, begins in member_of.items():
            _tell(told, number, known[name], "yes", begins)
        for area, name, since in complete:
            if region.startswith(area) and name not in member_of:
                _tell(told, number, known[name], "no", since)
    return told


def claims_of_county(county: str, day: datetime.date) -> Mapping[str, list[Claim]]:
    """Return what the lists of counties say of whoever is in one. What lists of firms say is for each firm alone."""
    told = claims_of({_NOBODY: county}, day).get(_NOBODY, {})
    names = {kind.says for kind in kinds().values() if kind.of == COUNTY and kind.says}
    return {name: said for name, said in told.items() if name in names}


def _tell(
    told: dict[int, dict[str, list[Claim]]], firm: int, kind: ListKind, value: str, since: datetime.date
) -> None:
    claim = {"value": value, "source": f"{LIST_SOURCE}{kind.id}", "date": since.isoformat()}
    told.setdefault(firm, {}).setdefault(kind.says, []).append(claim)


def _counts(kind: ListKind, until: datetime.date | None, day: datetime.date) -> bool:
    return kind.stays or until is None or until >= day


def _names() -> frozenset[str]:
    return frozenset(kind.says for kind in kinds().values() if kind.says)


def _title(source: str) -> str:
    kind = kinds().get(source.removeprefix(LIST_SOURCE)) if source.startswith(LIST_SOURCE) else None
    return _("名单：%(list)s") % {"list": kind.title} if kind is not None else ""


def says_of(kind: ListKind, house: PolicyLibrary | None = None) -> str:
    """Return the label of what membership says to rules, in Chinese; empty where no rule reads it."""
    house = house or library()
    if kind.says_list:
        return house.lists[kind.says_list].title
    return house.facts.subject[kind.says_fact].label if kind.says_fact else ""


LISTS_TELL = Teller(_names, claims_of, _title, claims_of_county)
