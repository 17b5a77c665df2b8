"""Deadlines: what is due in one's area, each with its way day by day, and all of them as a calendar."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from huiqi.portal.clock.models import OPEN
from huiqi.portal.clock.queries import WHEN, by_urgency, deadlines_of, filters_of, subject_address
from huiqi.portal.clock.rules import deadline_rules
from huiqi.portal.clock.running import calendar
from huiqi.portal.clock.told import reckoned_by, rule_title, told, way, weekday
from huiqi.portal.look.icalendar import CalendarEntry, calendar_file
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name

_MOST_IN_A_CALENDAR = 1000
_REMIND = 1


@page("deadlines", "deadlines/", zh="期限", en="Deadlines", menu="register")
def deadlines(request: Visit) -> HttpResponse:
    """List the deadlines of one's area, what is due first at the top."""
    filters = filters_of(request.GET.dict())
    rows = by_urgency(filters.on(deadlines_of(request.actor), request.today))
    shown = paged(rows.prefetch_related("pauses"), request.GET.get("page"))
    by = calendar()
    english = (get_language() or "").startswith("en")
    context = {
        "rows": shown,
        "deadlines": [told(each, request.today, by) for each in shown],
        "places": {each.region: full_name(each.region) for each in shown if each.region},
        "filters": filters,
        "when": [(name, titles[english]) for name, titles in WHEN.items()],
        "rules": [(name, rule_title(rule)) for name, rule in deadline_rules().items()],
    }
    return render(request, "clock/deadlines.html", context, status=400 if filters.unread else 200)


@page("deadline", "deadlines/<int:number>/", zh="期限", en="Deadline", opens="deadlines")
def deadline(request: Visit, number: int) -> HttpResponse:
    """Show a deadline with its way there, day by day, and who set it."""
    shown = get_object_or_404(deadlines_of(request.actor), pk=number)
    rule = deadline_rules().get(shown.rule)
    steps, missing = way(shown, request.today)
    context = {
        "told": told(shown, request.today, calendar()),
        "deadline": shown,
        "rule": rule,
        "reckoned_by": reckoned_by(rule) if rule is not None else "",
        "steps": steps,
        "missing": missing,
        "pauses": list(shown.pauses.order_by("begins")),
        "weekday": weekday(shown.due) if shown.due is not None else "",
        "address": subject_address(shown),
        "place": full_name(shown.region) if shown.region else "",
    }
    return render(request, "clock/deadline.html", context)


@page(
    "deadlines-calendar",
    "deadlines/calendar.ics",
    zh="期限日历",
    en="Deadlines as a calendar",
    opens="deadlines",
)
def deadlines_calendar(request: Visit) -> HttpResponse:
    """Give the open deadlines that the list shows as a calendar file: what and when, nothing of a firm."""
    filters = filters_of(request.GET.dict())
    rows = filters.on(deadlines_of(request.actor), request.today).filter(state=OPEN).exclude(due=None)
    site = request.build_absolute_uri("/").rstrip("/")
    entries = []
    for each in by_urgency(rows)[:_MOST_IN_A_CALENDAR]:
        said = told(each, request.today)
        about = f"{said.set_by} {site}/deadlines/{each.pk}/"
        entries.append(CalendarEntry(f"deadline-{each.pk}", each.due, said.title, about, _REMIND))
    text = calendar_file(entries, request.now)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="huiqi-deadlines.ics"'
    return answer
