"""What the rules of monitoring look at, read once for all of them: accounts, and what came and went by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property

from django.db.models import Sum

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.clock.running import calendar
from huiqi.portal.fund_watch import needs
from huiqi.portal.fund_watch.ageing import Layer
from huiqi.portal.fund_watch.sums import POSTED
from huiqi.portal.funds.models import Account, Programme, Transfer
from huiqi.reference.regions import region as region_of

_MOST_BEHIND = 20


class Books:
    """The ledger of the whole site as it stands on a day."""

    def __init__(self, today: date) -> None:
        self.today = today
        own = calendar()
        self.working_days = cache(own.working_days_between)

    @cached_property
    def accounts(self) -> list[Account]:
        """All accounts with their programmes."""
        rows = Account.objects.for_site("monitoring looks at all accounts")
        return list(rows.select_related("programme").order_by("pk"))

    def of_kind(self, kind: str) -> list[Account]:
        """The accounts of a kind."""
        return [each for each in self.accounts if each.kind == kind]

    @cached_property
    def came(self) -> dict[int, list[Layer]]:
        """What came to each account of money or advances, by day."""
        return self._by_day("credit")

    @cached_property
    def went(self) -> dict[int, list[Layer]]:
        """What left each account of money or advances, by day."""
        return self._by_day("debit")

    def lain(self, day: date) -> int:
        """Return the working days since a day. Raises CalendarNotPublished."""
        return int(self.working_days(day, self.today))

    def behind(self, account: Account, layers: Iterable[Layer]) -> list[int]:
        """Return the numbers of the transfers that brought these layers to an account, the oldest first."""
        days = [each.day for each in layers]
        rows = self._transfers().filter(credit=account, day__gte=min(days), day__lte=max(days))
        return list(rows.order_by("day", "pk").values_list("pk", flat=True)[:_MOST_BEHIND])

    def ordered(self, programme: Programme, year: int) -> dict[str, int]:
        """Return what was ordered to be paid and waits for money, by region, beyond what is free there."""
        free: dict[str, int] = defaultdict(int)
        for each in self.of_kind("available"):
            if (each.programme_id, each.year) == (programme.pk, year):
                free[each.region] += each.free
        wanted = needs.ordered(programme, year, self.today)
        return {region: fen - free[region] for region, fen in wanted.items() if fen > free[region]}

    def _by_day(self, side: str) -> dict[int, list[Layer]]:
        rows = self._transfers().filter(**{f"{side}__kind__in": ["available", "advanced"]})
        found: dict[int, list[Layer]] = defaultdict(list)
        sums = rows.order_by(side, "day").values(side, "day").annotate(fen=Sum("amount"))
        for each in sums:
            found[each[side]].append(Layer(each["day"], each["fen"]))
        return found

    def _transfers(self) -> ScopedQuerySet:
        rows: ScopedQuerySet = Transfer.objects.for_site("monitoring looks at all transfers")
        return rows.filter(stage__in=POSTED)


def level_of(region: str) -> str:
    """Return the level of a government."""
    return region_of(region).level
