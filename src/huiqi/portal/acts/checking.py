"""Whether a chain of events holds, and whether it is the one whose heads were published.

Plain Python: an auditor checks an export with it, without the site or its database. Memory does not grow with
the chain; the published heads, one a day, are held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huiqi.findings import Finding
from huiqi.portal.acts.chain import BEGINNING, event_digest

MEND = (
    "keep the database as it is, compare it with an earlier export or backup, and find who had access to it"
)


@dataclass(frozen=True, slots=True, order=True)
class PublishedPoint:
    """The chain's head as it was published for a day (YYYY-MM-DD), or `day` is "" for the head at this moment or at an export."""

    sequence: int
    digest: str
    day: str

    @property
    def said(self) -> str:
        """How a sentence names it."""
        return f"the head published for {self.day}" if self.day else "the chain's head"


@dataclass(frozen=True, slots=True)
class ChainEvent:
    """One event as it was found: its line in a file (0 in a database), and the keys of an export."""

    line: int
    content: Mapping[str, Any]


class ChainCheck:
    """Takes events in their order and yields one finding for each break.

    `previous` and `first` say where the chain is taken up: its beginning, unless only the newest events are checked.
    After `findings` was gone through, `events` is how many there were, `sequence` and `digest` are the last one's.
    """

    def __init__(
        self,
        points: Sequence[PublishedPoint] = (),
        *,
        file: str = "",
        previous: str = BEGINNING,
        first: int = 1,
    ) -> None:
        self.events = 0
        self.sequence, self.digest = first - 1, previous
        self._file = file
        self._first = first
        self._points = sorted(each for each in points if each.sequence >= first - 1)
        self._held: PublishedPoint | None = None
        self._rewritten = False

    def findings(self, events: Iterable[ChainEvent | Finding]) -> Iterator[Finding]:
        """Yield what is wrong; a finding among the events is a line that cannot be read, and is passed on."""
        waiting = iter(self._points)
        point = next(waiting, None)
        for event in events:
            if isinstance(event, Finding):
                yield event
                continue
            while point is not None and point.sequence < event.content["sequence"]:
                # A head that names an event in a gap: the gap is reported.
                if point.sequence <= self.sequence:
                    yield from self._compared(point)
                point = next(waiting, None)
            yield from self._linked(event)
        while point is not None:
            yield from self._compared(point)
            if point.sequence > self.sequence:
                return
            point = next(waiting, None)

    def _linked(self, event: ChainEvent) -> Iterator[Finding]:
        content = event.content
        sequence = content["sequence"]
        expected = self.sequence + 1
        self.events += 1
        if sequence < expected:
            yield self._finding(
                event, "chain-event-twice", f"event {sequence} stands again, after {self.sequence}"
            )
            return
        if sequence > expected:
            lost = (
                f"event {expected} is"
                if sequence == expected + 1
                else f"events {expected} to {sequence - 1} are"
            )
            yield self._finding(event, "chain-event-missing", f"{lost} missing")
        elif content["previous"] != self.digest:
            yield self._finding(
                event, "chain-event-unlinked", f"event {sequence} does not follow event {self.sequence}"
            )
        if event_digest(content["previous"], content) != content["digest"]:
            yield self._finding(
                event, "chain-event-changed", f"event {sequence} was changed after it was written"
            )
        self.sequence, self.digest = sequence, content["digest"]

    def _compared(self, point: PublishedPoint) -> Iterator[Finding]:
        """Compare the last event with a published head that names it, or that lies beyond the chain's end."""
        if point.sequence > self.sequence:
            what = f"the chain ends with event {self.sequence}, {point.said} is event {point.sequence}"
            yield Finding(self._file, 0, "", "chain-cut-off", what, "events at its end are missing", MEND)
            return
        if point.sequence < self.sequence or self._rewritten:
            # Its event is among those reported as missing, or the chain was reported as rewritten before.
            return
        if point.digest == self.digest:
            self._held = point
            return
        self._rewritten = True
        after = f"event {self._held.sequence}" if self._held else "its beginning"
        what = f"event {point.sequence} is not the one of {point.said}"
        yield Finding(
            self._file, 0, "", "chain-rewritten", what, f"the chain was rewritten after {after}", MEND
        )

    def _finding(self, event: ChainEvent, code: str, what: str) -> Finding:
        return Finding(self._file, event.line, "", code, what, "", MEND)
