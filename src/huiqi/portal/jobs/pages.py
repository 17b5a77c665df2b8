"""The operations page: what runs, what waits, what failed and why. Nothing of the offices' business is changed here."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.queries import site_region
from huiqi.portal.acts.told import who_in_words
from huiqi.portal.jobs.models import RUNNING, STATES, WAITING
from huiqi.portal.jobs.queries import counts_by_state, jobs_of
from huiqi.portal.jobs.registry import kinds
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit

_MOST_CHARACTERS = 120


@page("operations", "operations/", zh="后台任务", en="Operations", menu="system")
def operations(request: Visit) -> HttpResponse:
    """The jobs, newest first; by state, kind and purpose where asked."""
    english = (get_language() or "").startswith("en")
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    purpose = request.GET.get("purpose", "").strip().replace("\0", "")[:_MOST_CHARACTERS]
    state, kind = state if state in STATES else "", kind if kind in kinds() else ""
    rows = jobs_of(request.actor)
    if kind:
        rows = rows.filter(kind=kind)
    if purpose:
        rows = rows.filter(purpose__contains=purpose)
    counts, every = counts_by_state(rows)
    shown = paged((rows.filter(state=state) if state else rows).order_by("-id"), request.GET.get("page"))
    whole = site_region()
    names = names_of(by for each in shown for by in (each.asked_by, each.changed_by))
    for each in shown:
        # The whole site's belong to one region: it is asked for once, not for each of them.
        each.region = each.region or whole
        each.asker, each.changer = (
            names.get(by) or who_in_words(by) for by in (each.asked_by, each.changed_by)
        )
        each.state_title = STATES[each.state][english]
        each.reason = each.error.strip().splitlines()[-1] if each.error.strip() else ""
    context = {
        "jobs": shown,
        "states": [(name, titles[english], counts[name]) for name, titles in STATES.items()],
        "all": every,
        "state": state,
        "kinds": sorted((each.en if english else each.zh, name) for name, each in kinds().items()),
        "kind": kind,
        "purpose": purpose,
        "moves": any(each.state in {WAITING, RUNNING} for each in shown),
    }
    return render(request, "jobs/operations.html", context)


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names of those of them who hold an office; others are known by number."""
    numbers = {each[5:] for each in actors if each.startswith("user:") and each[5:].isdecimal()}
    officers = User.objects.filter(pk__in=numbers).exclude(agency=None)
    return {
        f"user:{number}": name or user_name
        for number, name, user_name in officers.values_list("pk", "name", "username")
    }
