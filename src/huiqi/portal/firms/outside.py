"""Claims about firms that stand outside their rows: a domain that knows facts of firms (its lists) says them here.

They take part as claims of any source do; a source `list:<id>` is trusted before all others.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from huiqi.portal.firms.claims import Claim
from huiqi.portal.firms.models import Firm

Claims = Mapping[str, list[Claim]]
"""By fact or list of policies/lists: what is claimed of it."""


@dataclass(frozen=True, slots=True)
class Teller:
    """A domain that tells facts: which it may tell, and what it tells of firms (by key, with their regions) on a day.

    `of_county` is what it tells of whoever is in a county, whose name nobody knows.
    """

    names: Callable[[], frozenset[str]]
    claims: Callable[[Mapping[int, str], datetime.date], Mapping[int, Claims]]
    title: Callable[[str], str]
    """A source of its own in the language of the visit; empty for any other source."""
    of_county: Callable[[str, datetime.date], Claims] = lambda county, day: {}


_TELLERS: list[Teller] = []


def told_by(teller: Teller) -> None:
    """Let a domain tell facts of firms; called once when the site begins."""
    _TELLERS.append(teller)


def outside_claims(
    firms: Iterable[Firm], day: datetime.date, only: Collection[str] | None = None
) -> dict[int, dict[str, list[Claim]]]:
    """Return what is told of some firms on a day, by their keys; `only` names the facts that are wanted."""
    regions = {firm.pk: firm.region for firm in firms if firm.pk is not None}
    found: dict[int, dict[str, list[Claim]]] = {}
    for teller in _TELLERS:
        if not regions or (only is not None and teller.names().isdisjoint(only)):
            continue
        for number, claims in teller.claims(regions, day).items():
            for name, said in claims.items():
                found.setdefault(number, {}).setdefault(name, []).extend(said)
    return found


def county_claims(region: str, day: datetime.date) -> dict[str, list[Claim]]:
    """Return what is told on a day of whoever is in a county; nothing of a region that is larger than that."""
    found: dict[str, list[Claim]] = {}
    if len(region) != 6 or region.endswith("00"):
        return found
    for teller in _TELLERS:
        for name, said in teller.of_county(region, day).items():
            found.setdefault(name, []).extend(said)
    return found


def outside_title(source: str) -> str:
    """Return the name of a source that tells from outside, empty where it is none."""
    return next((title for each in _TELLERS if (title := each.title(source))), "")
