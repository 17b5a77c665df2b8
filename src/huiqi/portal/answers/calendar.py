"""Deadlines as a calendar file (iCalendar, RFC 5545): whole days, each with a reminder two weeks before."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from huiqi.portal.answers.result import Deadline
from huiqi.reference.money import format_yuan_grouped

_LINE = 75
_DAY = datetime.timedelta(days=1)


def calendar_text(deadlines: Iterable[Deadline], now: datetime.datetime, site: str) -> str:
    """Return the file. `site` is the address of the site without a closing slash; no fact of a subject is in it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Huiqi//Huiqi//ZH", "CALSCALE:GREGORIAN"]
    for each in deadlines:
        lines.extend(_event(each, now, site))
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(deadline: Deadline, now: datetime.datetime, site: str) -> Iterator[str]:
    measure, last = deadline.card.measure, deadline.last_day
    title = _("申请截止：%(title)s") % {"title": deadline.card.title}
    about = [_("确定可享") if deadline.certain else _("可能可享")]
    if deadline.amount is not None:
        about.append(f"{format_yuan_grouped(deadline.amount)}{_('元')}")
    about += [_("具体受理时间以经办部门为准。"), f"{site}{deadline.card.address()}"]
    yield "BEGIN:VEVENT"
    yield f"UID:{measure.region}-{measure.id}-{last:%Y%m%d}@huiqi"
    yield f"DTSTAMP:{now.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{last:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{last + _DAY:%Y%m%d}"
    yield f"SUMMARY:{_escaped(title)}"
    yield f"DESCRIPTION:{_escaped(' '.join(about))}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_escaped(title)}"
    yield "TRIGGER:-P14D"
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
