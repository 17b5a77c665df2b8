"""Jobs that failed, on the home of those who run the site."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiqi.portal.jobs.models import FAILED
from huiqi.portal.jobs.queries import jobs_of
from huiqi.portal.jobs.registry import kinds
from huiqi.portal.look.home import HomeLine, HomePart, home_part
from huiqi.portal.look.visits import Visit

_SHOWN = 4


@home_part("jobs", opens="operations", order=50, group="wrong")
def failed(request: Visit) -> HomePart | None:
    """Jobs that came to no end."""
    rows = jobs_of(request.actor).filter(state=FAILED).order_by("-id")
    found = list(rows.only("kind", "ended_at", "asked_at")[:_SHOWN])
    if not found:
        return None
    english = (get_language() or "").startswith("en")
    listing = f"{reverse('operations')}?state=failed"
    lines = []
    for each in found:
        kind = kinds().get(each.kind)
        title = each.kind if kind is None else kind.en if english else kind.zh
        lines.append(HomeLine(title, listing, f"{each.ended_at or each.asked_at:%Y-%m-%d %H:%M}", "wrong"))
    return HomePart(_("后台任务失败"), tuple(lines), rows.count(), listing, "wrong")
