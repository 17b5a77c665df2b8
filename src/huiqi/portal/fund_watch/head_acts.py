"""The act that freezes the ledger at a month's end, by the site's own job."""

from __future__ import annotations

from datetime import date

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.fund_watch.heads import FREEZE, head_digest
from huiqi.portal.fund_watch.models import FundHead, FundHeadLine
from huiqi.portal.fund_watch.stored_heads import due, last_transfer, lines_at, newest_digest, wait_for_writers
from huiqi.reference.regions import chain


class Month(Input):
    """The last day of the month."""

    day: date


@act(FREEZE, FundHead, zh="冻结月末余额", en="Freeze a month's end", takes=Month, creates=True)
def freeze(doing: Doing, given: Month) -> FundHead:
    """Freeze the ledger at the end of the next month that is due."""
    wait_for_writers()
    waiting = due(doing.today)
    if not waiting or waiting[0] != given.day:
        raise Refused("这个月末不在待冻结之列", code="not-due")
    last = last_transfer()
    found = lines_at(given.day, last)
    lines = [line for _account, _sums, line in found]
    previous = newest_digest()
    head = FundHead(
        day=given.day,
        region=_highest({account.region for account, _sums, _line in found}),
        last=last,
        count=len(lines),
        previous=previous,
        digest=head_digest(previous, given.day.isoformat(), last, lines),
        at=doing.now,
    )
    # The head itself is saved once, after this: its rows are never changed.
    FundHeadLine.objects.bulk_create(
        [
            FundHeadLine(
                head=head,
                account=account,
                debits_posted=sums.debits_posted,
                debits_pending=sums.debits_pending,
                credits_posted=sums.credits_posted,
                credits_pending=sums.credits_pending,
            )
            for account, sums, _line in found
        ],
        batch_size=1_000,
    )
    doing.say(day=given.day.isoformat(), last=last, count=len(lines), digest=head.digest)
    return head


def _highest(regions: set[str]) -> str:
    """The highest government among those that have accounts."""
    return min(regions, key=lambda each: (len(chain(each)), each)) if regions else ""
