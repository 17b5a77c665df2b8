"""The moment that a table is of: today as the accounts stand, the end of a day, or a frozen head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.fund_watch.models import FundHead
from huiqi.portal.fund_watch.queries import accounts_watched, head_lines_seen, heads_seen
from huiqi.portal.fund_watch.sums import Sums, sums_at, transfers_until
from huiqi.portal.funds.models import Account


@dataclass(frozen=True, slots=True)
class Moment:
    """A day (its end), and the head that it is read from, if it is."""

    day: date
    today: bool
    head: FundHead | None = None

    @property
    def last(self) -> int | None:
        """The number of the last transfer that counts, None for all."""
        return self.head.last if self.head is not None else None

    def transfers(self) -> ScopedQuerySet:
        """Return the transfers that count by then."""
        return transfers_until(self.day, self.last)


def moment_of(head: str, day: str, today: date) -> Moment:
    """Return the moment that an address asks for: a head by its day, else a day up to today, else today."""
    asked = _day(head)
    if asked is not None and (found := heads_seen().filter(day=asked).first()) is not None:
        return Moment(found.day, False, found)
    other = _day(day)
    if other is not None and other < today:
        return Moment(other, False)
    return Moment(today, True)


def accounts_at(actor: Actor, moment: Moment, **lookups: object) -> list[Account]:
    """Return the accounts of the actor's area with the sums that they had by then; they are not to be saved."""
    if moment.head is not None:
        about = {f"account__{name}": value for name, value in lookups.items()}
        return [_with(each.account, each) for each in head_lines_seen(actor, moment.head).filter(**about)]
    accounts = list(accounts_watched(actor).filter(**lookups))
    if moment.today:
        return accounts
    sums = sums_at(moment.day, **lookups)
    return [_with(each, sums[each.pk]) for each in accounts if each.pk in sums]


def _with(account: Account, sums: object) -> Account:
    for name in Sums.__slots__:
        setattr(account, name, getattr(sums, name))
    return account


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
