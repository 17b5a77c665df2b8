"""Bindings, firms to be listed, and contests: what waits for the office, and what a user asked for."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from huiqi.portal.acts.transitions import tables
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.clock.models import OPEN, Deadline
from huiqi.portal.firms.listings import CONNECTIONS
from huiqi.portal.firms.models import Firm
from huiqi.portal.firms.queries import bindings_of, contests_of, firms_of, listings_of
from huiqi.portal.firms.told import Teller
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name

_MOST_CHARACTERS = 60


@page("bindings", "bindings/", zh="企业绑定", en="Bindings", menu="register")
def bindings(request: Visit) -> HttpResponse:
    """List bindings: a user's own, and those of the office's area."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:_MOST_CHARACTERS]
    rows = bindings_of(request.actor)
    if text:
        rows = rows.filter(Q(firm__name__icontains=text) | Q(firm__credit_code__istartswith=text))
    context = _listed(request, rows, "firms.binding")
    context |= {"q": text, "own": _is_outsider(request)}
    context["members"] = {each.pk for each in context["rows"] if f"user:{each.user_id}" == request.actor.id}
    context["may_see_contact"] = request.actor.may_see("contact")
    for each in context["rows"]:
        each.connection_title = _connection(each.connection)
    return render(request, "firms/bindings.html", context)


@page("listings", "bindings/unlisted/", zh="企业登记申请", en="Firms to be listed", opens="bindings")
def listings(request: Visit) -> HttpResponse:
    """List firms that ask to be entered in the register; the office sees what the register says of their codes."""
    context = _listed(request, listings_of(request.actor), "firms.listing")
    context["own"] = _is_outsider(request)
    known = {}
    if not context["own"]:
        codes = {each.credit_code for each in context["rows"]}
        firms = Firm.objects.for_site("an officer who is to enter a firm must know that it stands elsewhere")
        known = {each.credit_code: each for each in firms.filter(credit_code__in=codes, listed=True)}
    seen = firms_of(request.actor, "firm").filter(credit_code__in=list(known)).values_list("pk", flat=True)
    reached = set(seen)
    for each in context["rows"]:
        each.connection_title = _connection(each.connection)
        each.place = full_name(each.region)
        each.known = known.get(each.credit_code)
        each.reached = each.known is not None and each.known.pk in reached
        each.known_place = full_name(each.known.region) if each.known is not None else ""
        each.mine = f"user:{each.user_id}" == request.actor.id
    return render(request, "firms/listings.html", context)


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


def _is_outsider(request: Visit) -> bool:
    """Whether the visitor sees bindings as a firm's person only, for no office."""
    return not any(each.agency for each in request.actor.capacities if "bindings" in each.pages)


def _connection(name: str) -> str:
    titles = CONNECTIONS.get(name)
    return titles[(get_language() or "").startswith("en")] if titles is not None else ""


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
