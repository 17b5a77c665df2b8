"""What had been posted on each account, and what was held, by the end of a day: summed from the transfers alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.funds.models import RESOLVING, Transfer

POSTED = ("posted", "post")
_FIGURES = {
    "posted": Sum("amount", filter=Q(stage__in=POSTED)),
    "held": Sum("amount", filter=Q(stage="pending")),
    "resolved": Sum("resolves__amount", filter=Q(stage__in=RESOLVING)),
}


@dataclass(slots=True)
class Sums:
    """The four sums of an account, in fen, named as on the account."""

    debits_posted: int = 0
    debits_pending: int = 0
    credits_posted: int = 0
    credits_pending: int = 0

    @property
    def free(self) -> int:
        """Fen that might still leave an account limited by its credits."""
        return self.credits_posted - self.debits_posted - self.debits_pending

    @property
    def net(self) -> int:
        """Fen that came more than went."""
        return self.credits_posted - self.debits_posted


def transfers_until(day: date, last: int | None = None) -> ScopedQuerySet:
    """Return the transfers that count for a day up to `day`, and have a number up to `last`."""
    rows = Transfer.objects.for_site("sums of the ledger by account").filter(day__lte=day)
    return rows if last is None else rows.filter(pk__lte=last)


def sums_at(day: date, last: int | None = None, **of_accounts: Any) -> dict[int, Sums]:
    """Return the sums by account at the end of a day.

    Args:
        day: the last day that counts; last: the last transfer that counts, all where it is None.
        of_accounts: lookups that accounts must match (`programme=…`, `year=…`, `region__in=…`).
    """
    found: dict[int, Sums] = {}
    for side in ("debit", "credit"):
        narrowed = {f"{side}__{name}": value for name, value in of_accounts.items()}
        rows = transfers_until(day, last).filter(**narrowed).order_by().values(side).annotate(**_FIGURES)
        for each in rows:
            sums = found.setdefault(each[side], Sums())
            setattr(sums, f"{side}s_posted", each["posted"] or 0)
            setattr(sums, f"{side}s_pending", (each["held"] or 0) - (each["resolved"] or 0))
    return found
