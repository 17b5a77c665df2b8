"""People (人员): who has an account in the administrator's area, and what each may do."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language

from huiqi.portal.accounts.invitations import LINKS, show_link
from huiqi.portal.accounts.models import Appointment, Substitution, User
from huiqi.portal.accounts.oidc import digests_of_name
from huiqi.portal.accounts.people_acts import Inviting
from huiqi.portal.accounts.proof import owes_proof, to_proof
from huiqi.portal.accounts.queries import (
    appointments_of,
    found,
    in_force,
    in_region,
    not_over,
    people_of,
    regions_served,
)
from huiqi.portal.accounts.roles import appointable, roles
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import acts
from huiqi.portal.acts.transitions import tables
from huiqi.portal.look.act_pages import answer_act, title_of
from huiqi.portal.look.asking import form_of, given_values, tell_refusal
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import UnknownRegion, full_name, region

_MOST_EVENTS = 40
_KIND = "accounts.user"


@page("people", "people/", zh="人员", en="People", menu="system")
def people(request: Visit) -> HttpResponse:
    """List the users of the area, by name, state, role and region."""
    asked = request.GET
    states = _states()
    rows = found(people_of(request.actor), asked.get("q", ""))
    state, role, place = asked.get("state", ""), asked.get("role", ""), asked.get("region", "")
    if state in states:
        rows = rows.filter(state=state)
    if role in appointable():
        holders = Appointment.objects.filter(in_force(request.today), role=role).values("user")
        rows = rows.filter(pk__in=holders)
    try:
        rows = in_region(rows, region(place[:12]).code) if place else rows
    except UnknownRegion:
        place = ""
    shown = paged(rows.order_by("name", "pk").select_related("agency"), asked.get("page"))
    _tell(shown, request)
    context = {
        "rows": shown,
        "q": asked.get("q", "")[:60],
        "states": states,
        "state": state,
        "roles": list(appointable().values()),
        "role": role,
        "region": place,
        "regions": regions_served(),
    }
    return render(request, "accounts/people.html", context)


@page("person", "people/<int:number>/", zh="人员", en="Person", opens="people")
def person(request: Visit, number: int) -> HttpResponse:
    """One user: the account, what they hold, who stands in, what was done to the account."""
    shown = _person(request, number)
    held = list(
        appointments_of(request.actor)
        .filter(user=shown)
        .select_related("agency")
        .prefetch_related("substitutions__substitute")
        .order_by("-begins", "-pk")[:100]
    )
    for each in held:
        each.role_title = roles()[each.role].title
        each.over = each.ends is not None and each.ends <= request.today
        each.substitutes = [one for one in each.substitutions.all() if one.ends > request.today]
    visible = appointments_of(request.actor).values("pk")
    stood_in = list(
        Substitution.objects.filter(not_over(request.today), substitute=shown, appointment__in=visible)
        .select_related("appointment__agency", "appointment__user")
        .order_by("begins", "pk")
    )
    for each in stood_in:
        each.role_title = roles()[each.appointment.role].title
    events = list(Event.objects.filter(_about(shown, held)).order_by("-sequence")[:_MOST_EVENTS])
    _name(events)
    context = {
        "of": shown,
        "place": full_name(shown.region) if shown.region else "",
        "state_title": _states()[shown.state],
        "held": held,
        "stood_in": stood_in,
        "factor": hasattr(shown, "second_factor") and shown.second_factor.confirmed_at is not None,
        "outside": hasattr(shown, "outside_name"),
        "has_oidc": bool(settings.OIDC),
        "own": f"user:{shown.pk}" == request.actor.id,
        "mine": any(each.reaches(shown.scope()) for each in request.actor.allowed("user.close")),
        "events": events,
    }
    return render(request, "accounts/person.html", context)


@page(
    "person-invite",
    "people/invite/",
    zh="邀请用户",
    en="Invite a user",
    opens="people",
    methods=("GET", "POST"),
)
def invite(request: Visit) -> HttpResponse:
    """Ask whom to invite, and show their link once."""
    return _with_link(request, "user.invite", Inviting, None)


@page(
    "person-link",
    "people/<int:number>/link/",
    zh="重新生成登录链接",
    en="Renew the link",
    opens="people",
    methods=("GET", "POST"),
)
def renew(request: Visit, number: int) -> HttpResponse:
    """Ask why a new link is needed, and show it once."""
    return _with_link(request, "user.renew_link", acts()["user.renew_link"].takes, _person(request, number))


@page(
    "person-appoint",
    "people/<int:number>/appoint/",
    zh="任命岗位",
    en="Appoint",
    opens="people",
    methods=("GET", "POST"),
)
def appoint(request: Visit, number: int) -> HttpResponse:
    """Appoint one user."""
    shown = _person(request, number)
    _must_hold(request, "appointment.give")
    return answer_act(
        request,
        acts()["appointment.give"],
        None,
        fixed={"user": shown.pk},
        about=f"{shown.name}（{shown.username}）",
    )


@page(
    "substitute",
    "appointments/<int:number>/substitute/",
    zh="指定代理",
    en="Name a substitute",
    opens="profile",
    methods=("GET", "POST"),
)
def substitute(request: Visit, number: int) -> HttpResponse:
    """Name who stands in for an appointment: its holder does, or an administrator of its area."""
    own = Appointment.objects.filter(user=request.user).values("pk")
    seen = appointments_of(request.actor).values("pk")
    held = get_object_or_404(
        Appointment.objects.select_related("user", "agency").filter(Q(pk__in=own) | Q(pk__in=seen)), pk=number
    )
    about = f"{held.user.name} · {held.agency.name} · {roles()[held.role].title}"
    # Who may only look at appointments finds no form that would be refused.
    place = replace(held.scope(), person=f"user:{held.user_id}")
    if not any(each.reaches(place) for each in request.actor.allowed("substitution.give")):
        raise Http404
    return answer_act(request, acts()["substitution.give"], None, fixed={"appointment": held.pk}, about=about)


@page(
    "person-outside",
    "people/<int:number>/outside/",
    zh="关联统一身份认证",
    en="Link the single sign-on",
    opens="people",
    methods=("GET", "POST"),
)
def link_outside(request: Visit, number: int) -> HttpResponse:
    """Say who a user is at the province's sign-in; only a keyed digest of it is kept."""
    shown = _person(request, number)
    _must_hold(request, "user.link_outside")
    if owes_proof(request):
        return to_proof(request)
    subject = request.POST.get("subject", "").strip()[:255]
    context: dict[str, Any] = {"of": shown, "key": request.POST.get("key") or uuid.uuid4().hex}
    if request.method != "POST" or not subject or not settings.OIDC:
        return render(request, "accounts/link_outside.html", context)
    digests = digests_of_name(subject)
    try:
        perform(
            "user.link_outside",
            request.actor,
            shown.pk,
            {"digest": digests[0], "earlier": digests[1:]},
            now=request.now,
            today=request.today,
            key=context["key"],
        )
    except Refused as refused:
        context["refused"] = refused
        return render(request, "accounts/link_outside.html", context, status=refused.status)
    return redirect("person", number)


def _with_link(request: Visit, act: str, takes: Any, of: User | None) -> HttpResponse:
    """Ask for an act that gives a link; the link stands on the answer and nowhere else."""
    _must_hold(request, act)
    if owes_proof(request):
        return to_proof(request)
    form_class = form_of(takes, request.actor)
    form = form_class(request.POST if request.method == "POST" else None)
    kind = acts()[act]
    context: dict[str, Any] = {
        "form": form,
        "title": title_of(kind),
        "of": of,
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
    if request.method != "POST":
        return render(request, "accounts/invite.html", context)
    try:
        done = perform(
            act,
            request.actor,
            None if of is None else of.pk,
            given_values(takes, form),
            now=request.now,
            today=request.today,
            key=context["key"],
        )
    except Refused as refused:
        tell_refusal(form, refused)
        return render(request, "accounts/invite.html", context, status=refused.status)
    return show_link(
        request, User.objects.get(pk=done.subject.pk), getattr(done.subject, "secret", ""), LINKS[act]
    )


def _person(request: Visit, number: int) -> User:
    rows = people_of(request.actor).select_related("agency", "second_factor", "outside_name")
    shown: User = get_object_or_404(rows, pk=number)
    return shown


def _must_hold(request: Visit, act: str) -> None:
    if not request.actor.allowed(act):
        raise Http404


def _states() -> dict[str, str]:
    english = (get_language() or "").startswith("en")
    return {name: title[english] for name, title in tables()[_KIND].states.items()}


def _tell(shown: Iterable[User], request: Visit) -> None:
    """Put on each user the state in words, and the roles that they hold today."""
    states = _states()
    by_user: dict[int, list[str]] = {}
    held = (
        appointments_of(request.actor)
        .filter(in_force(request.today), user__in=[each.pk for each in shown])
        .select_related("agency")
        .order_by("pk")
    )
    for each in held:
        by_user.setdefault(each.user_id, []).append(f"{each.agency.name} · {roles()[each.role].title}")
    for user in shown:
        user.state_title = states[user.state]  # type: ignore[attr-defined]
        user.held = by_user.get(user.pk, [])  # type: ignore[attr-defined]
        user.place = full_name(user.region) if user.region else ""  # type: ignore[attr-defined]


def _about(shown: User, held: list[Appointment]) -> Q:
    numbers = [str(each.pk) for each in held]
    substitutions = [str(one.pk) for each in held for one in each.substitutions.all()]
    return (
        Q(subject_kind=_KIND, subject=str(shown.pk))
        | Q(subject_kind="accounts.appointment", subject__in=numbers)
        | Q(subject_kind="accounts.substitution", subject__in=substitutions)
    )


def _name(events: list[Event]) -> None:
    """Say in words what was done and by whom."""
    numbers = {
        each.actor.removeprefix("user:") for each in events if each.actor.removeprefix("user:").isdecimal()
    }
    names = {
        f"user:{each.pk}": each.name for each in User.objects.filter(pk__in=[int(one) for one in numbers])
    }
    for each in events:
        each.title = title_of(acts()[each.act]) if each.act in acts() else each.act  # type: ignore[attr-defined]
        each.by = names.get(each.actor, "")  # type: ignore[attr-defined]
        each.reason = each.body.get("reason", "")  # type: ignore[attr-defined]
