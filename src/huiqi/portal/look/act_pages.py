"""One page for every act: what is asked, what was wrong, what somebody else changed; the act itself decides."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiqi.portal.accounts.proof import asked_again, owes_proof, to_proof
from huiqi.portal.acts.performing import Done, perform, scope_of
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import ActKind, acts
from huiqi.portal.look.asking import form_of, given_values, tell_refusal
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit


@page(
    "act",
    "act/<str:name>/<str:subject>/",
    zh="办理",
    en="Act",
    opens="home",
    methods=("GET", "POST"),
)
def act_page(request: Visit, name: str, subject: str) -> HttpResponse:
    """Ask for what the act takes (GET) and do it (POST); `-` stands for the subject of acts that create."""
    kind = acts().get(name)
    if kind is None or not request.actor.allowed(name):
        raise Http404
    chosen = None if subject == "-" else subject
    return answer_act(request, kind, chosen, about=_about(request, kind, chosen))


def answer_act(
    request: Visit,
    kind: ActKind,
    subject: str | None,
    *,
    fixed: Mapping[str, Any] | None = None,
    about: str = "",
) -> HttpResponse:
    """Answer a visit to an act's page: the form, the refusal beside its fields, or on to where it came from.

    `fixed` are values that the page gives and does not ask for; `about` says what the act is done to. Some acts
    ask again who is there before they are shown or done (`accounts.proof`).
    """
    if kind.name in asked_again() and owes_proof(request):
        return to_proof(request)
    form_class = form_of(kind.takes, request.actor, without=fixed or ())
    if request.method != "POST":
        form = form_class(initial=request.GET.dict())
        hidden = {"key": uuid.uuid4().hex, "seen": request.GET.get("seen", "")}
        return _show(request, kind, form, hidden, about=about)
    form = form_class(request.POST)
    hidden = {"key": request.POST.get("key", ""), "seen": request.POST.get("seen", "")}
    try:
        values = {**given_values(kind.takes, form), **(fixed or {})}
        done = _done(request, kind, subject, values, hidden)
    except NotYours:
        raise Http404 from None
    except Refused as refused:
        tell_refusal(form, refused)
        return _show(request, kind, form, hidden, status=refused.status, about=about)
    messages.success(request, _("已办理：%(act)s") % {"act": title_of(kind)})
    return redirect(_next(request, done))


def _about(request: Visit, kind: ActKind, subject: str | None) -> str:
    """What the act would be done to, in the words of its model (`told`), for whom may do it there; "" for others."""
    if subject is None or not hasattr(kind.model, "told"):
        return ""
    try:
        found: Any = kind.model._base_manager.filter(pk=subject).first()
    except (ValueError, OverflowError):
        return ""
    if found is None:
        return ""
    place = scope_of(found)
    reached = any(each.reaches(place) for each in request.actor.allowed(kind.name))
    return str(found.told()) if reached else ""


def title_of(kind: ActKind) -> str:
    """The act's title in the language of the visit."""
    return kind.en if (get_language() or "").startswith("en") else kind.zh


def _done(
    request: Visit, kind: ActKind, subject: str | None, values: dict[str, Any], hidden: dict[str, str]
) -> Done:
    seen = int(hidden["seen"]) if hidden["seen"].isdecimal() and len(hidden["seen"]) < 10 else None
    return perform(
        kind.name,
        request.actor,
        subject,
        values,
        now=request.now,
        today=request.today,
        key=hidden["key"],
        seen=seen,
    )


def _show(
    request: Visit, kind: ActKind, form: Any, hidden: dict[str, str], status: int = 200, about: str = ""
) -> HttpResponse:
    context = {
        "kind": kind,
        "title": title_of(kind),
        "about": about,
        "form": form,
        "hidden": hidden,
        "next": _back(request),
    }
    return render(request, "look/act.html", context, status=status)


def _back(request: Visit) -> str:
    given = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()})
    return given if safe and given.startswith("/") else ""


def _next(request: Visit, done: Done) -> str:
    address = getattr(done.subject, "address", None)
    return _back(request) or (address() if callable(address) else "/")
