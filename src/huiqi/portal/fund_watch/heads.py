"""Monthly heads: each account's sums at a month's end, under a digest that covers the head before. Plain functions.

The digest is SM3 over the canonical JSON of `[previous, {"day", "last", "lines"}]`; a line is the programme's code, year,
direct-fund mark (0 or 1), region, kind, and the four sums of the account in fen, posted and pending debits first, then credits.
Accounts on which nothing had been moved are left out; lines are in their own order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from huiqi.portal.acts.chain import BEGINNING, canonical, sm3

FREEZE = "fund.freeze"
"""The act whose events carry the digests."""
Line = list[Any]

__all__ = ["BEGINNING", "FREEZE", "Line", "ends_of_months", "head_digest"]


def head_digest(previous: str, day: str, last: int, lines: Iterable[Line]) -> str:
    """Return the digest of a head; `day` is ISO."""
    content: Mapping[str, Any] = {"day": day, "last": last, "lines": list(lines)}
    return sm3(canonical([previous, content]))


def ends_of_months(after: date, before: date) -> Iterator[date]:
    """Yield the last days of months that lie after one day and before another."""
    day = after
    while True:
        first_of_next = (day.replace(day=1) + timedelta(32)).replace(day=1)
        end = first_of_next - timedelta(1)
        if end <= after:
            day = first_of_next
            continue
        if end >= before:
            return
        yield end
        day = first_of_next
