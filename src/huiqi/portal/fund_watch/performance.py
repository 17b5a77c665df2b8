"""How a programme performs: what was paid to how many, how long it took, what a firm costs; down to the single payment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.clock.running import calendar
from huiqi.portal.fund_watch.queries import WATCH, accounts_watched
from huiqi.portal.funds.models import Programme
from huiqi.portal.payments.models import Payment
from huiqi.reference.money import half_up
from huiqi.reference.working_days import CalendarNotPublished

SETTLED = ("paid", "recovered")


@dataclass(slots=True)
class Paid:
    """Payments together: fen (recoveries taken off), payments, payees, and working days from the order to the account.

    `days` is the sum over the `timed` payments; None where a year's calendar is not loaded.
    """

    fen: int = 0
    payments: int = 0
    payees: int = 0
    timed: int = 0
    days: int | None = 0

    @property
    def mean_days(self) -> str:
        """Working days on the average, one decimal; empty where it is not known."""
        if not self.timed or self.days is None:
            return ""
        tenths = half_up(Fraction(10 * self.days, self.timed))
        return f"{tenths // 10}.{tenths % 10}"

    @property
    def each_payee(self) -> int | None:
        """Fen that a payee cost on the average, half up."""
        return half_up(Fraction(self.fen, self.payees)) if self.payees else None


def payments_watched(actor: Actor) -> ScopedQuerySet:
    """Return the payments of the actor's area."""
    return Payment.objects.visible_to(actor, WATCH)


def settled(actor: Actor, programmes: Iterable[int], year: int) -> ScopedQuerySet:
    """Return what was paid out of these programmes in the actor's area."""
    rows = payments_watched(actor).filter(batch__programme__in=list(programmes), batch__year=year)
    return rows.filter(state__in=SETTLED)


def paid_by(rows: ScopedQuerySet, key: str) -> dict[Any, Paid]:
    """Return what was paid, by a column of the payments; three questions whatever the number of payments."""
    sums = {
        "fen": Sum(F("amount") - F("recovered")),
        "count": Count("pk"),
        "firms": Count("firm", distinct=True),
        # Who is in no register is told apart by the account.
        "others": Count("account_digest", distinct=True, filter=Q(firm=None)),
    }
    found: dict[Any, Paid] = {}
    for each in rows.order_by().values(key).annotate(**sums):
        found[each[key]] = Paid(each["fen"], each["count"], each["firms"] + each["others"])
    between = _working_days()
    spans = rows.annotate(ordered=TruncDate("batch__opened_at")).order_by()
    for each in spans.values(key, "ordered", "settled_on").annotate(count=Count("pk")):
        paid = found[each[key]]
        paid.timed += each["count"]
        lain = between(each["ordered"], max(each["settled_on"], each["ordered"]))
        paid.days = None if lain is None or paid.days is None else paid.days + each["count"] * lain
    return found


def ledger_paid(actor: Actor, year: int) -> dict[int, int]:
    """Return what the ledger says was paid in the actor's area, by programme, in fen."""
    rows = accounts_watched(actor).filter(year=year, kind="paid").select_related(None).order_by()
    sums = rows.values("programme").annotate(fen=Sum(F("credits_posted") - F("debits_posted")))
    return {each["programme"]: each["fen"] for each in sums}


def years_of(programme: Programme, actor: Actor) -> list[int]:
    """Return the years that a programme has accounts of, the newest first."""
    rows = accounts_watched(actor).filter(programme=programme).select_related(None).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def _working_days() -> Callable[[date, date], int | None]:
    own = calendar()
    known: dict[tuple[date, date], int | None] = {}

    def between(begin: date, end: date) -> int | None:
        if (begin, end) not in known:
            try:
                known[begin, end] = own.working_days_between(begin, end)
            except CalendarNotPublished:
                known[begin, end] = None
        return known[begin, end]

    return between
