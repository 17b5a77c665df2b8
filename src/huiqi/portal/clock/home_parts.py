"""What is due, and whether a calendar is missing, on the home."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.clock.models import OPEN
from huiqi.portal.clock.queries import SOON, by_urgency, deadlines_of
from huiqi.portal.clock.told import told
from huiqi.portal.look.home import HomeLine, HomePart, home_part
from huiqi.portal.look.visits import Visit

_SHOWN = 6


@home_part("deadlines", opens="deadlines", order=10)
def due(request: Visit) -> HomePart | None:
    """The deadlines of the area that are overdue or near, overdue first."""
    rows = deadlines_of(request.actor).filter(state=OPEN, due__lte=request.today + SOON)
    counts = rows.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due__lt=request.today)))
    if not counts["all"]:
        return None
    lines = []
    for each in by_urgency(rows)[:_SHOWN]:
        said = told(each, request.today)
        address = reverse("deadline", kwargs={"number": each.pk})
        lines.append(HomeLine(said.title, address, f"{said.left} · {each.due} · {said.set_by}", said.tone))
    title = _("七天内到期和已逾期")
    tone = "late" if counts["late"] else "soon"
    return HomePart(title, tuple(lines), counts["all"], reverse("deadlines"), tone)


@home_part("calendar", opens="deadlines", order=70, group="wrong")
def calendar(request: Visit) -> HomePart | None:
    """Deadlines that wait for a year's holidays to be published and loaded."""
    waiting = deadlines_of(request.actor).filter(state=OPEN, waits_for_calendar=True).count()
    if not waiting:
        return None
    said = _("有期限要等国务院办公厅的节假日通知载入后才能算出到期日")
    line = HomeLine(said, f"{reverse('deadlines')}?when=undated")
    return HomePart(
        _("节假日安排尚未载入"), (line,), waiting, f"{reverse('deadlines')}?when=undated", "wrong"
    )
