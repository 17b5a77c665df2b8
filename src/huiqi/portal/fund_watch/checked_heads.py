"""Whether a chain of monthly heads holds, and whether the events of the site say the same digests.

Plain Python: an auditor checks an export with it, without the site or its database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from huiqi.findings import Finding
from huiqi.portal.acts.chain import BEGINNING, canonical
from huiqi.portal.acts.checking import ChainEvent
from huiqi.portal.acts.exported import NotAnEvent, json_object
from huiqi.portal.fund_watch.heads import FREEZE, Line, head_digest

MOST_BYTES_OF_A_HEAD = 64 << 20
_MEND = (
    "keep the database as it is, compare it with an earlier export or backup, and find who had access to it"
)
_KINDS = (str, int, int, str, str, int, int, int, int)


@dataclass(frozen=True, slots=True)
class ReadHead:
    """A monthly head as it was found: its line in a file (0 in a database), and what stands in it."""

    line: int
    day: str
    last: int
    previous: str
    digest: str
    lines: list[Line]


class HeadsCheck:
    """Takes heads in their order, and yields one finding for each break.

    Events are heard before (`hear`, or `heard` around a stream of them); without any, heads are checked by themselves alone.
    """

    def __init__(self, file: str = "") -> None:
        self.count = 0
        self.digest = BEGINNING
        self._file = file
        self._events: dict[str, str] = {}
        self._heard = False

    def hear(self, content: Mapping[str, Any]) -> None:
        """Take an event into account."""
        self._heard = True
        if content["act"] == FREEZE:
            self._events[content["subject"]] = str(content["body"].get("digest", ""))

    def heard(self, events: Iterable[ChainEvent | Finding]) -> Iterator[ChainEvent | Finding]:
        """Pass events on, taking each into account."""
        for each in events:
            if isinstance(each, ChainEvent):
                self.hear(each.content)
            yield each

    def findings(self, heads: Iterable[ReadHead | Finding]) -> Iterator[Finding]:
        """Yield what is wrong."""
        day = ""
        for head in heads:
            if isinstance(head, Finding):
                yield head
                continue
            self.count += 1
            if head.day <= day:
                yield self._wrong(
                    head, "fund-head-order", f"the head of {head.day} stands after that of {day}"
                )
            if head.previous != self.digest:
                before = f"the head of {day}" if day else "the beginning"
                yield self._wrong(
                    head, "fund-head-unlinked", f"the head of {head.day} does not follow {before}"
                )
            if head_digest(head.previous, head.day, head.last, head.lines) != head.digest:
                yield self._wrong(
                    head, "fund-head-changed", f"the head of {head.day} was changed after it was frozen"
                )
            if self._heard and self._events.pop(head.day, None) != head.digest:
                yield self._wrong(
                    head, "fund-head-without-event", f"no event of the chain says the head of {head.day}"
                )
            day, self.digest = head.day, head.digest
        for lost in sorted(self._events):
            what = f"the head of {lost} is missing"
            yield Finding(
                self._file, 0, "", "fund-head-missing", what, "an event of the chain says it", _MEND
            )

    def _wrong(self, head: ReadHead, code: str, what: str) -> Finding:
        return Finding(self._file, head.line, "", code, what, "", _MEND)


def fund_head_line(head: ReadHead) -> bytes:
    """Return a head as one line of an export."""
    about = {"day": head.day, "last": head.last, "previous": head.previous, "digest": head.digest}
    return canonical({**about, "lines": head.lines}) + b"\n"


def read_fund_heads(path: Path, file: IO[bytes]) -> Iterator[ReadHead | Finding]:
    """Yield the heads of an export; a line that holds none is a finding."""
    number = 0
    while line := file.readline(MOST_BYTES_OF_A_HEAD):
        number += 1
        try:
            yield _head(number, json_object(line))
        except NotAnEvent as error:
            what = "this line is no monthly head of funds"
            yield Finding(str(path), number, "", "fund-head-unreadable", what, str(error), _MEND)


def _head(number: int, read: dict[str, Any]) -> ReadHead:
    wanted = {"day": str, "last": int, "previous": str, "digest": str, "lines": list}
    if read.keys() != wanted.keys() or any(type(read[key]) is not kind for key, kind in wanted.items()):
        raise NotAnEvent("it has not the keys of a head")
    for line in read["lines"]:
        if type(line) is not list or tuple(map(type, line)) != _KINDS:
            raise NotAnEvent("one of its lines is no account")
    try:
        canonical(read)
    except (ValueError, RecursionError):
        raise NotAnEvent("it holds what is no text") from None
    return ReadHead(number, *(read[key] for key in wanted))
