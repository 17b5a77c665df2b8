"""Whole days as a calendar file (iCalendar, RFC 5545), each with a reminder before."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LINE = 75
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One day: `mark` tells entries apart for ever, `remind` is how many days before one is reminded."""

    mark: str
    day: datetime.date
    title: str
    about: str
    remind: int


def calendar_file(entries: Iterable[CalendarEntry], now: datetime.datetime) -> str:
    """Return the file, its lines folded at 75 bytes and never within a character."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Huiqi//Huiqi//ZH", "CALSCALE:GREGORIAN"]
    for each in entries:
        lines.extend(_entry(each, now))
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _entry(entry: CalendarEntry, now: datetime.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.mark}@huiqi"
    yield f"DTSTAMP:{now.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{entry.day + _DAY:%Y%m%d}"
    yield f"SUMMARY:{_escaped(entry.title)}"
    yield f"DESCRIPTION:{_escaped(entry.about)}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_escaped(entry.title)}"
    yield f"TRIGGER:-P{entry.remind}D"
    yield "END:VALARM"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 bytes, never cut within a character; the later ones begin with a space."""
    piece, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > _LINE:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + width
    yield piece
