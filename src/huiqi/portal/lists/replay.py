"""A list made anew from its events: what the rows say must be what the events say, on any day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiqi.portal.acts.models import Event
from huiqi.portal.lists.kinds import ListKind

ACTS_ON_LISTS = frozenset(
    {
        *("list.approve", "list.remove", "list.renew", "list.annul", "list.admit", "list.take", "list.undo"),
    }
)
"""Acts after which somebody is on a list, or is on it no longer."""


@dataclass(frozen=True, slots=True)
class Days:
    """From which day to which day, both included; None: no end."""

    subject: int | str
    begins: date
    until: date | None


def replayed(events: Iterable[Event], kept: int) -> dict[int, Days]:
    """Return, by entry, the days of a list's members as its events tell them, in the order they happened."""
    found: dict[int, Days] = {}
    for event in events:
        body = event.body
        if body.get("list") != kept:
            continue
        if event.act in ("list.admit", "list.take"):
            if body["became"] == "member":
                found |= {row[0]: _days(row[1], row[2], row[3]) for row in body["entries"]}
        elif event.act == "list.undo":
            for number in body["entries"]:
                found.pop(number, None)
        elif event.act == "list.annul":
            found.pop(int(event.subject), None)
        elif event.act in ("list.approve", "list.remove", "list.renew"):
            found[int(event.subject)] = _told(body)
    return found


def on_list(days: Iterable[Days], kind: ListKind, day: date) -> frozenset[int | str]:
    """Return who is on a list of a kind on a day."""
    return frozenset(
        each.subject
        for each in days
        if each.begins <= day and (kind.stays or each.until is None or each.until >= day)
    )


def events_of_list(until: int | None = None) -> Iterable[Event]:
    """Return the events that move members of lists, in their order, up to one by its number."""
    rows = Event.objects.filter(act__in=ACTS_ON_LISTS).order_by("sequence")
    return rows if until is None else rows.filter(sequence__lte=until)


def _told(body: Mapping[str, Any]) -> Days:
    return _days(body["subject"], body["begins"], body["until"])


def _days(subject: int | str, begins: str, until: str | None) -> Days:
    return Days(subject, date.fromisoformat(begins), date.fromisoformat(until) if until else None)
