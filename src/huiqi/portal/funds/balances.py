"""What each level has of a programme, from its accounts alone: nothing is summed that a reader with SQL could not.

Money of a programme that came into an area is free there, held for payments, or paid out: so what came in is the sum of
the three, whichever way it came. What a government passed down is what its area has less what it has itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from huiqi.portal.funds.models import Account
from huiqi.portal.funds.programmes import superiors
from huiqi.reference.money import half_up
from huiqi.reference.regions import region as region_of

_DEPTHS = {"nation": 0, "province": 0, "prefecture": 1, "county": 2}


@dataclass(slots=True)
class Figures:
    """Fen: budget given out, free, held for payments, paid (recoveries taken off), advanced and not settled."""

    appropriated: int = 0
    free: int = 0
    pending: int = 0
    paid: int = 0
    advanced: int = 0

    @property
    def funds(self) -> int:
        """What came in."""
        return self.free + self.pending + self.paid

    @property
    def rate(self) -> str:
        """What was paid of what came in, in per cent with one decimal; empty where nothing came."""
        return percent(self.paid, self.funds)

    def add(self, account: Account) -> None:
        """Count an account."""
        net = account.credits_posted - account.debits_posted
        if account.kind == "budget":
            self.appropriated -= net
        elif account.kind == "available":
            self.free += account.free
            self.pending += account.debits_pending
        elif account.kind == "paid":
            self.paid += net
        elif account.kind == "advanced":
            self.advanced += net


@dataclass(slots=True)
class Level:
    """A government: its own figures, those of its area (its own and all below), and its accounts by kind."""

    region: str
    own: Figures = field(default_factory=Figures)
    area: Figures = field(default_factory=Figures)
    accounts: dict[str, Account] = field(default_factory=dict)
    step: int = 0
    """How far below the highest that is shown."""

    @property
    def name(self) -> str:
        """What it is called."""
        return region_of(self.region).name

    @property
    def depth(self) -> int:
        """How far below the province it is: 0, 1, 2."""
        return _DEPTHS[region_of(self.region).level]

    @property
    def passed_down(self) -> int:
        """What lies with lower levels, or was paid there."""
        return self.area.funds - self.own.funds


def levels(accounts: Iterable[Account]) -> list[Level]:
    """Return the governments that have accounts, each above those below it. The accounts are of one year and mark."""
    found: dict[str, Level] = {}
    rows = list(accounts)
    for each in rows:
        level = found.setdefault(each.region, Level(each.region))
        level.accounts[each.kind] = each
    for each in rows:
        found[each.region].own.add(each)
        for code in superiors(each.region):
            if code in found:
                found[code].area.add(each)
    ordered = [found[code] for code in sorted(found)]
    highest = min((each.depth for each in ordered), default=0)
    for level in ordered:
        level.step = level.depth - highest
    return ordered


def by_programme(accounts: Iterable[Account]) -> Mapping[int, Figures]:
    """Return the figures of each programme over these accounts."""
    found: dict[int, Figures] = {}
    for each in accounts:
        found.setdefault(each.programme_id, Figures()).add(each)
    return found


def percent(part: int, whole: int) -> str:
    """Return a share in per cent with one decimal, half up; empty for a share of nothing."""
    if whole <= 0:
        return ""
    tenths = half_up(Fraction(1000 * part, whole))
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}%"
