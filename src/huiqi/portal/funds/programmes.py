"""Which programme pays a measure where, and the accounts of a programme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.funds.models import KINDS, Account, Programme
from huiqi.reference.regions import full_name
from huiqi.reference.regions import region as region_of

LIMITS: Mapping[str, str] = {"available": "credits", "advanced": "credits"}
"""Accounts out of which no more goes than came in; the others count only."""


def superiors(region: str) -> Iterator[str]:
    """Yield the code of a government and of those above it, the nearest first."""
    code: str | None = region
    while code is not None:
        yield code
        code = region_of(code).parent


def programme_for(measure: str, region: str, day: date) -> Programme | None:
    """Return the programme that pays a measure in a region on a day: its own government's, else the next one's above.

    None where no programme that is open on that day pays it.
    """
    nearest = {code: step for step, code in enumerate(superiors(region))}
    rows = Programme.objects.for_site("the paying programme is found by its measure, not by who looks")
    open_then = Q(closed_on=None) | Q(closed_on__gt=day)
    found: list[Programme] = [
        each
        for each in rows.filter(open_then, region__in=nearest, opened_at__date__lte=day).order_by("pk")
        if measure in each.measures
    ]
    return min(found, key=lambda each: nearest[each.region], default=None)


def account_of(
    programme: Programme, region: str, year: int, direct: bool, kind: str, create: bool = False
) -> Account:
    """Return a government's account of a kind; `create` opens it where there is none.

    Raises Refused: there is none.
    """
    rows = Account.objects.for_site("a programme's own accounts")
    wanted: dict[str, Any] = {
        "programme": programme,
        "region": region,
        "year": year,
        "direct": direct,
        "kind": kind,
    }
    found: Account | None = rows.filter(**wanted).first()
    if found is None and create:
        found = rows.get_or_create(**wanted, defaults={"limit": LIMITS.get(kind, "")})[0]
    if found is None:
        raise Refused(
            "没有这个资金账户",
            why=f"{full_name(region)}“{programme.title}”{year}年{KINDS[kind][0]}",
            mend="请先下达资金",
            code="no-account",
        )
    return found


def accounts_of(
    programme: Programme, year: int, direct: bool, wanted: Iterable[tuple[str, str]], create: bool = False
) -> dict[tuple[str, str], Account]:
    """Return many accounts by (region, kind) in a few queries; those that there are not are left out, or opened."""
    keys = set(wanted)
    rows = Account.objects.for_site("a programme's own accounts").filter(
        programme=programme, year=year, direct=direct, region__in={region for region, _kind in keys}
    )

    def standing() -> dict[tuple[str, str], Account]:
        return {key: each for each in rows.all() if (key := (each.region, each.kind)) in keys}

    found = standing()
    if create and keys - found.keys():
        new = [
            Account(
                programme=programme,
                year=year,
                direct=direct,
                region=region,
                kind=kind,
                limit=LIMITS.get(kind, ""),
            )
            for region, kind in sorted(keys - found.keys())
        ]
        # Somebody else may open the same account at this moment: then that one stands.
        Account.objects.bulk_create(new, ignore_conflicts=True)
        found = standing()
    return found
