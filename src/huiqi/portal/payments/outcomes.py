"""What became of payments, told to the domains that ordered them, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """`state` is paid, rejected, voided or recovered; `amount` in fen (of a recovery, what was recovered by it).

    `day` is the bank's day of a payment or rejection, the day of the act else.
    """

    key: str
    state: str
    amount: int
    reason: str
    day: date


Listener = Callable[[Sequence[Outcome], datetime, date, int | None], None]
"""`listener(outcomes, at, day, event)`: what it raises takes the payment back too."""
_LISTENERS: dict[str, Listener] = {}


def on_outcome(domain: str, listener: Listener) -> None:
    """Let a domain hear of its own payments: those whose key begins with its name and a colon."""
    _LISTENERS[domain] = listener


def tell(outcomes: Sequence[Outcome], *, at: datetime, day: date, event: int | None = None) -> None:
    """Tell each domain what became of its orders; to be called inside the transaction that settles them."""
    by_domain: dict[str, list[Outcome]] = {}
    for each in outcomes:
        by_domain.setdefault(each.key.partition(":")[0], []).append(each)
    for domain, told in by_domain.items():
        if domain in _LISTENERS:
            _LISTENERS[domain](told, at, day, event)
