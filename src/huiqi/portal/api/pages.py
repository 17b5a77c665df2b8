"""The API's own page, and the tokens of a user."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import Appointment, User
from huiqi.portal.accounts.proof import owes_proof, to_proof
from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import acts
from huiqi.portal.api.act_operations import offered
from huiqi.portal.api.acts import MOST_DAYS
from huiqi.portal.api.capacities import capacity_of
from huiqi.portal.api.described import described
from huiqi.portal.api.models import ACTIVE, Token
from huiqi.portal.api.registry import endpoints
from huiqi.portal.firms.bound import bound_firms
from huiqi.portal.firms.models import Firm
from huiqi.portal.look.act_pages import title_of
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit


@page("api", "api/", zh="数据接口", en="API", opens=PUBLIC)
def api(request: Visit) -> HttpResponse:
    """Every operation of the API with what it takes and gives."""
    reading, acting = described()
    context = {"reading": reading, "acting": acting, "site": request.build_absolute_uri("/").rstrip("/")}
    return render(request, "api/api.html", context)


@page("tokens", "tokens/", zh="接口令牌", en="API tokens")
def tokens(request: Visit) -> HttpResponse:
    """One's own tokens, newest first, and the capacities that a new one can stand for."""
    rows = Token.objects.visible_to(request.actor, "tokens").select_related(
        "appointment__agency", "firm", "use"
    )
    shown = paged(rows.order_by("-id"), request.GET.get("page"))
    english = _english()
    for each in shown:
        each.stands = _stood_for(each, english)
        each.ended = each.state == ACTIVE and each.expires < request.today
        each.active = each.state == ACTIVE and not each.ended
    return render(
        request, "api/tokens.html", {"rows": shown, "choices": _choices(request.user, request, english)}
    )


@page("token-new", "tokens/new/", zh="新建令牌", en="Make a token", opens="tokens", methods=("GET", "POST"))
def token_new(request: Visit) -> HttpResponse:
    """Ask what a token may; show its secret once. Who stays signed in proves again who they are."""
    if owes_proof(request):
        return to_proof(request)
    english = _english()
    choices = _choices(request.user, request, english)
    given = request.POST if request.method == "POST" else request.GET
    wanted = given.get("stands_for", "")
    chosen = wanted if wanted in dict(choices) else choices[0][0]
    context: dict[str, Any] = {
        "stands_for": chosen,
        "stands": dict(choices)[chosen],
        "choices": choices,
        "key": given.get("key") or uuid.uuid4().hex,
        "name": given.get("name", "")[:60],
        "expires": given.get("expires", "")[:10],
        "most_days": MOST_DAYS,
    }
    if request.method != "POST":
        return _ask(request, context, english)
    values = {
        "name": given.get("name", ""),
        "stands_for": wanted,
        "expires": given.get("expires", ""),
        "acts": given.getlist("acts"),
        "pages": given.getlist("pages"),
    }
    try:
        done = perform(
            "token.create",
            request.actor,
            None,
            values,
            now=request.now,
            today=request.today,
            key=given.get("key", ""),
        )
    except Refused as refused:
        return _ask(request, {**context, "refused": refused}, english, status=refused.status)
    answer = render(request, "api/token_made.html", {"token": done.subject, "secret": done.subject.secret})
    patch_cache_control(answer, no_store=True, private=True)
    return answer


def _ask(request: Visit, context: dict[str, Any], english: bool, status: int = 200) -> HttpResponse:
    kind, _colon, number = context["stands_for"].partition(":")
    appointment = (
        Appointment.objects.filter(user=request.user, pk=number).first() if kind == "appointment" else None
    )
    firm = int(number) if kind == "firm" else None
    capacity = capacity_of(request.user, kind, appointment, firm, request.today)
    given = request.POST
    held = capacity.acts if capacity is not None else frozenset()
    seen = capacity.pages if capacity is not None else frozenset()
    first = request.method != "POST"
    context["acts"] = [
        (name, title_of(acts()[name]), name in given.getlist("acts")) for name in offered() if name in held
    ]
    context["pages"] = [
        (name, title, first or name in given.getlist("pages"))
        for name, title in _readable(english)
        if name in seen
    ]
    return render(request, "api/token_new.html", context, status=status)


def _readable(english: bool) -> list[tuple[str, str]]:
    """What endpoints open with, by the titles of the endpoints."""
    found: dict[str, list[str]] = {}
    for each in endpoints().values():
        for opens in each.opens:
            if opens != PUBLIC:
                found.setdefault(opens, []).append(each.en if english else each.zh)
    return [(name, ("; " if english else "；").join(titles)) for name, titles in found.items()]


def _choices(user: User, request: Visit, english: bool) -> list[tuple[str, str]]:
    """What a new token can stand for: own appointments in force, firms one is bound to, oneself."""
    held = {
        (each.role, each.agency) for each in actor_of(user, request.today).capacities if not each.principal
    }
    found = [
        (f"appointment:{each.pk}", _appointed(each, english))
        for each in Appointment.objects.filter(user=user).select_related("agency").order_by("pk")
        if each.holds(request.today) and (each.role, each.agency_id) in held
    ]
    firms = Firm.objects.for_site("the firms that the user is bound to").filter(pk__in=bound_firms(user))
    found += [(f"firm:{each.pk}", each.name) for each in firms.order_by("name")[:100]]
    return [*found, ("person", _("本人（不代表单位和企业）"))]


def _stood_for(token: Token, english: bool) -> str:
    if token.appointment is not None:
        return _appointed(token.appointment, english)
    return token.firm.name if token.firm is not None else _("本人（不代表单位和企业）")


def _appointed(appointment: Appointment, english: bool) -> str:
    role = roles()[appointment.role]
    return f"{appointment.agency.name} {role.en if english else role.zh}"


def _english() -> bool:
    return (get_language() or "").startswith("en")
