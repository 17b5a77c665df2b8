"""The chain as it stands in the database, in order, without holding more than some thousand events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from django.db.models import Subquery

from huiqi.findings import Finding
from huiqi.portal.acts.chain import BEGINNING
from huiqi.portal.acts.checking import MEND, ChainCheck, ChainEvent, PublishedPoint
from huiqi.portal.acts.models import Event, Head, PublishedHead

_AT_ONCE = 2_000

Progress = Callable[[int, int], None]
"""Called with the events done and their total."""


def head() -> PublishedPoint:
    """Return the head as it is now."""
    now = Head.objects.get(pk=1)
    return PublishedPoint(now.sequence, now.digest, "")


def published_points() -> list[PublishedPoint]:
    """Return all published heads, the oldest first."""
    found = PublishedHead.objects.order_by("day").iterator(chunk_size=_AT_ONCE)
    return [PublishedPoint(each.sequence, each.digest, each.day.isoformat()) for each in found]


def events(first: int, last: int, progress: Progress | None = None) -> Iterator[ChainEvent]:
    """Yield the events from one number up to another, both included."""
    done = first - 1
    while done < last:
        rows = list(
            Event.objects.filter(sequence__gt=done, sequence__lte=last).order_by("sequence")[:_AT_ONCE]
        )
        for each in rows:
            yield ChainEvent(0, each.content())
        if not rows:
            return
        done = rows[-1].sequence
        if progress is not None:
            progress(done - first + 1, last - first + 1)


class StoredCheck:
    """Checks the chain in the database: all of it, or its newest `most` events; `also` are heads kept elsewhere.

    The head is read first: what is added while the check runs is left to the next one.
    """

    def __init__(self, most: int | None = None, also: Sequence[PublishedPoint] = ()) -> None:
        # The published heads first: one published a moment later may name an event behind this head.
        self._points = [*published_points(), *also]
        self._head = head()
        first = 1 if most is None else max(1, self._head.sequence - most + 1)
        previous = Event.objects.filter(sequence=first - 1).values_list("digest", flat=True).first()
        self._first = first
        self.check = ChainCheck(
            [*self._points, self._head], first=first, previous=BEGINNING if first == 1 else previous or ""
        )

    @property
    def heads(self) -> int:
        """How many published heads the chain is compared with."""
        return len(self._points)

    def findings(self, progress: Progress | None = None) -> Iterator[Finding]:
        """Yield one finding for each break."""
        yield from self.check.findings(events(self._first, self._head.sequence, progress))
        both = Head.objects.annotate(
            newest=Subquery(Event.objects.order_by("-sequence").values("sequence")[:1])
        )
        now = both.get(pk=1)
        if now.newest is not None and now.newest > now.sequence:
            what = f"event {now.newest} stands behind the head of the chain, event {now.sequence}"
            yield Finding("", 0, "", "chain-event-behind-head", what, "no act wrote it", MEND)
