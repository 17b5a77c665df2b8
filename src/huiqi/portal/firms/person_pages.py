"""Bindings and contests: what waits for the office, and what a user asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from huiqi.portal.acts.transitions import tables
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.clock.models import OPEN, Deadline
from huiqi.portal.firms.queries import bindings_of, contests_of
from huiqi.portal.firms.told import Teller
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit


@page("bindings", "bindings/", zh="企业绑定", en="Bindings", menu="register")
def bindings(request: Visit) -> HttpResponse:
    """List bindings: a user's own, and those of the office's area."""
    context = _listed(request, bindings_of(request.actor), "firms.binding")
    context["own"] = not any(each.agency for each in request.actor.capacities if "bindings" in each.pages)
    context["members"] = {each.pk for each in context["rows"] if f"user:{each.user_id}" == request.actor.id}
    return render(request, "firms/bindings.html", context)


@page("contests", "contests/", zh="信息异议", en="Contests", menu="register")
def contests(request: Visit) -> HttpResponse:
    """List contested facts: what stands, what the firm says, until when it is to be answered."""
    context = _listed(request, contests_of(request.actor), "firms.contest")
    house = shelf()
    teller = Teller(house.library, house.words)
    for each in context["rows"]:
        each.label = teller.label(each.fact)
        each.stood = teller.value(each.fact, (each.stands or {}).get("value", ""))
        each.said = teller.value(each.fact, each.says)
    return render(request, "firms/contests.html", context)


def _listed(request: Visit, rows: Any, kind: str) -> dict[str, Any]:
    """Return a page of rows by state, what is open first, each with its state in words and its deadline."""
    english = (get_language() or "").startswith("en")
    states = {name: title[english] for name, title in tables()[kind].states.items()}
    state = request.GET.get("state", "")
    if state in states:
        rows = rows.filter(state=state)
    shown = paged(rows.order_by("-id"), request.GET.get("page"))
    open_ones = Deadline.objects.for_site("the deadlines of rows that the actor sees").filter(
        subject_kind=kind, subject__in=[str(each.pk) for each in shown], state=OPEN
    )
    due = {each.subject: each.due for each in open_ones}
    for each in shown:
        each.state_title = states[each.state]
        each.due = due.get(str(each.pk))
        each.is_late = each.due is not None and each.due < request.today
    return {"rows": shown, "states": states, "state": state}
