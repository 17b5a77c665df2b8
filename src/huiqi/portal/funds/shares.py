"""Matching funds: what a superior bears of what lower levels spend, advanced first and settled in batches.

Reckoned from the ledger alone, so that anybody with SQL can do it again:

- `spent`: what was posted to the `paid` accounts of a region and of all below it, up to a day, less what was recovered;
  of the programme itself and of those that name it as `matched_by`, directly or by way of another (a county's its
  prefecture's, that one the province's); of one year and one direct-fund mark.
- `due`: the programme's share of it, half up to the fen, once. It is reckoned on all that was spent since the beginning,
  never on a difference, so that settling in many batches comes to the same fen as settling once.
- `given`: what went to the region by advances and settlements, less what was taken back by final settlements.

`due - given` is what is still to be given. What was given beyond `due` stands as advanced: the pair of accounts
`advances` (of who gives) and `advanced` (of who gets) holds it, beside the money itself, which lies in `available`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Sum

from huiqi.portal.funds.models import Account, Programme, Transfer
from huiqi.portal.funds.programmes import accounts_of, superiors
from huiqi.reference.money import half_up


@dataclass(frozen=True, slots=True)
class Settlement:
    """A region's settlement in fen: `amount` is given now, `back` taken back, `cleared` no longer stands as advanced."""

    spent: int
    due: int
    given: int
    amount: int
    back: int
    cleared: int


def settled(spent: int, share: Fraction, given: int, advanced: int, final: bool) -> Settlement:
    """Settle what was spent against what was given.

    Args:
        spent: fen, since the beginning; share: what the superior bears of it.
        given: fen, net, by advances and settlements until now; advanced: what of it stands as advanced.
        final: what was given beyond the share is taken back; else it stays with the region as advanced.
    """
    due = half_up(share * spent)
    beyond = max(given - due, 0)
    stays = 0 if final else beyond
    return Settlement(
        spent, due, given, max(due - given, 0), beyond if final else 0, cleared=advanced - stays
    )


def settlements(
    programme: Programme,
    year: int,
    direct: bool,
    regions: Collection[str],
    until: date,
    final: bool,
) -> Mapping[str, Settlement]:
    """Return the settlement of each region, as the ledger stands, for what was spent up to a day."""
    spent = spent_in(programme, year, direct, regions, until)
    given = given_to(programme, year, direct, programme.region, regions, ("advance", "settle"))
    advanced = accounts_of(programme, year, direct, [(each, "advanced") for each in regions])
    return {
        each: settled(
            spent[each],
            programme.share,
            given[each],
            _standing(advanced.get((each, "advanced"))),
            final,
        )
        for each in regions
    }


def spent_in(
    programme: Programme, year: int, direct: bool, regions: Collection[str], until: date
) -> Mapping[str, int]:
    """Return the fen that each region and all below it had spent by the end of a day, recoveries taken off."""
    rows = Account.objects.for_site("what lower levels spent is what the share is of")
    paid = dict(
        rows.filter(programme__in=borne_by(programme), year=year, direct=direct, kind="paid").values_list(
            "pk", "region"
        )
    )
    transfers = Transfer.objects.for_site("as above").filter(stage__in=["posted", "post"], day__lte=until)
    total: dict[str, int] = defaultdict(int)
    for side, sign in (("credit", 1), ("debit", -1)):
        sums = transfers.filter(**{f"{side}__in": list(paid)}).order_by().values(side)
        for each in sums.annotate(fen=Sum("amount")):
            for region in superiors(paid[each[side]]):
                total[region] += sign * each["fen"]
    return {each: total[each] for each in regions}


def given_to(
    programme: Programme,
    year: int,
    direct: bool,
    giver: str,
    regions: Collection[str],
    purposes: Collection[str],
) -> Mapping[str, int]:
    """Return the fen that came to each region from one above it for these purposes, less what went back to it."""
    rows = Transfer.objects.for_site("what a superior has given").filter(
        purpose__in=purposes,
        stage="posted",
        debit__programme=programme,
        debit__year=year,
        debit__direct=direct,
        debit__kind="available",
        credit__kind="available",
    )
    total: dict[str, int] = defaultdict(int)
    for side, other, sign in (("credit", "debit", 1), ("debit", "credit", -1)):
        way = {f"{side}__region__in": list(regions), f"{other}__region": giver}
        sums = rows.filter(**way).order_by().values(f"{side}__region")
        for each in sums.annotate(fen=Sum("amount")):
            total[each[f"{side}__region"]] += sign * each["fen"]
    return {each: total[each] for each in regions}


def borne_by(programme: Programme) -> set[int]:
    """Return the programme and all that it bears a share of. Who matches is always a level above: there is no circle."""
    rows = Programme.objects.for_site("what a programme bears a share of")
    found, newest = {programme.pk}, {programme.pk}
    while newest:
        newest = set(rows.filter(matched_by__in=newest).values_list("pk", flat=True))
        found |= newest
    return found


def _standing(advanced: Account | None) -> int:
    return advanced.credits_posted - advanced.debits_posted if advanced is not None else 0
