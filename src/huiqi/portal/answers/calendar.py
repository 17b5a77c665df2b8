"""A subject's deadlines as a calendar file: whole days, each with a reminder two weeks before."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from huiqi.portal.answers.result import Deadline
from huiqi.portal.look.icalendar import CalendarEntry, calendar_file
from huiqi.reference.money import format_yuan_grouped

_REMIND = 14


def calendar_text(deadlines: Iterable[Deadline], now: datetime.datetime, site: str) -> str:
    """Return the file. `site` is the address of the site without a closing slash; no fact of a subject is in it."""
    return calendar_file((_entry(each, site) for each in deadlines), now)


def _entry(deadline: Deadline, site: str) -> CalendarEntry:
    measure, last = deadline.card.measure, deadline.last_day
    title = _("申请截止：%(title)s") % {"title": deadline.card.title}
    about = [_("确定可享") if deadline.certain else _("可能可享")]
    if deadline.amount is not None:
        about.append(f"{format_yuan_grouped(deadline.amount)}{_('元')}")
    about += [_("具体受理时间以经办部门为准。"), f"{site}{deadline.card.address()}"]
    mark = f"{measure.region}-{measure.id}-{last:%Y%m%d}"
    return CalendarEntry(mark, last, title, " ".join(about), _REMIND)
