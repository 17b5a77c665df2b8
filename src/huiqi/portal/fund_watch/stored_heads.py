"""Monthly heads in the database: frozen, read, and reckoned anew from the transfers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import connection
from django.db.models import Max, Min

from huiqi.findings import Finding
from huiqi.portal.acts.chain import BEGINNING
from huiqi.portal.acts.models import Event
from huiqi.portal.fund_watch.checked_heads import HeadsCheck, ReadHead
from huiqi.portal.fund_watch.heads import FREEZE, Line, ends_of_months
from huiqi.portal.fund_watch.models import FundHead, FundHeadLine
from huiqi.portal.fund_watch.sums import Sums, sums_at
from huiqi.portal.funds.models import Account, Transfer

_MEND = (
    "keep the database as it is, compare it with an earlier export or backup, and find who had access to it"
)
_ONE_DAY = timedelta(1)


def due(today: date) -> list[date]:
    """Return the ends of months that are over and not frozen yet, the earliest first; none before the first transfer."""
    newest = FundHead.objects.for_site("the newest head").aggregate(day=Max("day"))["day"]
    if newest is None:
        first = Transfer.objects.for_site("where the ledger begins").aggregate(day=Min("day"))["day"]
        if first is None:
            return []
        newest = first.replace(day=1) - _ONE_DAY
    return list(ends_of_months(newest, today))


def wait_for_writers() -> None:
    """Wait until whoever adds transfers at this moment is done: a head must hold all that was there before it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE funds_transfer IN SHARE MODE")


def newest_digest() -> str:
    """Return the digest of the newest head."""
    rows = FundHead.objects.for_site("the newest head").order_by("-day")
    return str(rows.values_list("digest", flat=True).first() or BEGINNING)


def lines_at(day: date, last: int) -> list[tuple[Account, Sums, Line]]:
    """Return the accounts with their sums as a head of this day holds them, in the head's order."""
    sums = sums_at(day, last)
    accounts = Account.objects.for_site("a head holds all accounts").select_related("programme")
    found = [
        (each, sums[each.pk], line_of(each, sums[each.pk])) for each in accounts.filter(pk__in=list(sums))
    ]
    return sorted(found, key=lambda each: each[2])


def line_of(account: Account, sums: Sums | FundHeadLine) -> Line:
    """Return an account's line of a head."""
    return [
        *(account.programme.code, account.year, int(account.direct), account.region, account.kind),
        *(sums.debits_posted, sums.debits_pending, sums.credits_posted, sums.credits_pending),
    ]


def last_transfer() -> int:
    """Return the number of the newest transfer."""
    return int(Transfer.objects.for_site("the newest transfer").aggregate(last=Max("pk"))["last"] or 0)


def read_heads() -> Iterator[ReadHead]:
    """Yield the heads of the database with their lines, the oldest first."""
    for head in FundHead.objects.for_site("all heads are checked").order_by("day"):
        rows = FundHeadLine.objects.for_site("a head's own lines").filter(head=head)
        lines = sorted(line_of(each.account, each) for each in rows.select_related("account__programme"))
        yield ReadHead(0, head.day.isoformat(), head.last, head.previous, head.digest, lines)


def stored_findings() -> Iterator[Finding]:
    """Yield what is wrong with the heads of the database: their chain, their events, their sums against the transfers."""
    check = HeadsCheck()
    for event in Event.objects.filter(act=FREEZE).order_by("sequence").iterator(chunk_size=500):
        check.hear(event.content())
    yield from check.findings(read_heads())
    for head in FundHead.objects.for_site("all heads are checked").order_by("day"):
        rows = FundHeadLine.objects.for_site("a head's own lines").filter(head=head)
        frozen = sorted(line_of(each.account, each) for each in rows.select_related("account__programme"))
        now = [line for _account, _sums, line in lines_at(head.day, head.last)]
        if frozen != now:
            what = f"the head of {head.day} is not what the transfers up to {head.last} add up to"
            yield Finding("", 0, "", "fund-head-not-the-ledger", what, "", _MEND)
