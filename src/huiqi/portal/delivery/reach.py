"""Whom the runs paid out of a programme were to reach, and whom they reached: for the performance of funds."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse

from huiqi.portal.delivery.models import Line
from huiqi.portal.fund_watch.figures import Reach
from huiqi.portal.funds.models import Programme

_UNFIXED = ("drawing", "drawn", "checking", "cancelling", "cancelled")
_NOT_OWED = ("drawn", "dropped", "taken_elsewhere")


def reach(programme: Programme, year: int, area: str) -> Reach | None:
    """Return the firms of an area that runs of a year owe money of a programme, and those who have it; None without runs."""
    rows = Line.objects.for_site("figures of a programme that is seen").exclude(run__state__in=_UNFIXED)
    rows = rows.filter(run__measure__in=programme.measures, run__as_of__year=year, county__startswith=area)
    counted = rows.exclude(state__in=_NOT_OWED).aggregate(
        entitled=Count("firm", distinct=True),
        reached=Count("firm", distinct=True, filter=Q(state__in=["paid", "granted"])),
    )
    if not counted["entitled"]:
        return None
    return Reach(counted["entitled"], counted["reached"], address=reverse("delivery-board"))
