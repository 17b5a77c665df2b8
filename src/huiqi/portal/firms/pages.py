"""The register: its list, its export, and the page of a firm."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import Agency
from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import acts
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.firms import person_pages, roster_pages  # noqa: F401  their pages register themselves
from huiqi.portal.firms.exports import exported
from huiqi.portal.firms.looks import note_look
from huiqi.portal.firms.models import SUBJECTS, Contact, FactChange, Firm, Look
from huiqi.portal.firms.queries import (
    bindings_of,
    contests_of,
    filters_of,
    firms_of,
    places_of,
    size_titles,
)
from huiqi.portal.firms.told import Teller
from huiqi.portal.look.act_pages import title_of
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.portal.secrets.fields import get
from huiqi.portal.secrets.sealing import CannotOpen, masked
from huiqi.reference.regions import full_name
from huiqi.rules.render import industry_name

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_CHANGES = 300
_MOST_EVENTS = 30
_SEALED = ("person", "phone", "account")


@page("firms", "firms/", zh="企业名册", en="Firms", menu="register")
def firms(request: Visit) -> HttpResponse:
    """List the firms that fit, a page at a time."""
    filters = filters_of(request.GET.dict())
    wanted = ("pk", "credit_code", "name", "subject", "region", "industry", "size", "updated_at")
    found = filters.on(firms_of(request.actor)).only(*wanted).order_by("pk")
    rows = paged(found, request.GET.get("page"), searched=bool(filters.text))
    sizes = dict(size_titles())
    for each in rows:
        each.place = full_name(each.region)
        each.trade = industry_name(each.industry) if each.industry else ""
        each.class_title = sizes.get(each.size, "")
    context = {
        "firms": rows,
        "filters": filters,
        "places": places_of(request.actor),
        "sizes": list(sizes.items()),
        "subjects": SUBJECTS,
        "may_export": bool(request.actor.allowed("firms.export")),
        "key": uuid.uuid4().hex,
    }
    return render(request, "firms/firms.html", context, status=400 if filters.unread else 200)


@page("firms-export", "firms/export/", zh="导出", en="Export", opens="firms", methods=("POST",))
def firms_export(request: Visit) -> HttpResponse:
    """Give the firms that the list shows as a sheet; who took it is an event."""
    filters = filters_of(request.GET.dict())
    try:
        key = request.POST.get("key", "")
        file = exported(request.actor, filters, now=request.now, today=request.today, key=key)
    except Refused as refused:
        return render(request, "firms/refused.html", {"refused": refused}, status=refused.status)
    name = f"{_('企业名册')}-{request.today.isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@page("firm", "firms/<int:number>/", zh="企业", en="Firm")
def firm(request: Visit, number: int) -> HttpResponse:
    """Show what is known of a firm, and note that the officer looked."""
    shown = get_object_or_404(firms_of(request.actor, "firm"), pk=number)
    note_look(request.actor, shown, "firm", request.now)
    return _show(request, shown, "firm")


@page("own-firm", "my-firm/<int:number>/", zh="本企业信息", en="My firm")
def own_firm(request: Visit, number: int) -> HttpResponse:
    """Show a firm to its own members: what the register says of it, and who looked."""
    shown = get_object_or_404(firms_of(request.actor, "own-firm"), pk=number)
    return _show(request, shown, "own-firm")


@page("firm-contact", "firms/<int:number>/contact/", zh="联系方式", en="Contact", opens="contact")
def firm_contact(request: Visit, number: int) -> HttpResponse:
    """Show how a firm is reached and paid in full; each view is noted, and the firm sees it."""
    shown = get_object_or_404(firms_of(request.actor, "contact"), pk=number)
    note_look(request.actor, shown, "contact", request.now)
    contact = Contact.objects.visible_to(request.actor, "contact").filter(firm=shown).first()
    opened = _opened(contact) if contact is not None else {}
    return render(request, "firms/contact.html", {"firm": shown, "contact": opened})


def _show(request: Visit, shown: Firm, opens: str) -> HttpResponse:
    house = shelf()
    teller = Teller(house.library, house.words)
    actor = request.actor
    changes = list(
        FactChange.objects.visible_to(actor, opens)
        .filter(firm=shown)
        .select_related("roster")
        .order_by("-id")[:_MOST_CHANGES]
    )
    contests = list(contests_of(actor, opens).filter(firm=shown).order_by("-id")[:50])
    for each in contests:
        each.label = teller.label(each.fact)
        each.stood = teller.value(each.fact, (each.stands or {}).get("value", ""))
        each.said = teller.value(each.fact, each.says)
    bindings = list(bindings_of(actor).filter(firm=shown).order_by("-id")[:50])
    contact = Contact.objects.visible_to(actor, opens).filter(firm=shown).first()
    looks = list(Look.objects.visible_to(actor, opens).filter(firm=shown).order_by("-id")[:20])
    events = _events(shown, changes, contests, bindings)
    _name_offices([*looks, *events])
    context = {
        "firm": shown,
        "own": opens == "own-firm",
        "place": full_name(shown.region),
        "facts": teller.facts(shown, changes),
        "lists": teller.lists(shown),
        "entered": teller.entered(changes),
        "size": teller.size(shown, request.today),
        "contests": contests,
        "bindings": bindings,
        "contact": _masked(contact),
        "may_see_contact": actor.may_see("contact"),
        "may_contest": any(each.reaches(shown.scope()) for each in actor.allowed("fact.contest")),
        "looks": looks,
        "events": events,
        "back": reverse(opens, kwargs={"number": shown.pk}),
    }
    return render(request, "firms/firm.html", context)


def _events(shown: Firm, changes: Any, contests: Any, bindings: Any) -> list[Event]:
    rosters = {str(each.roster_id) for each in changes if each.roster_id}
    rows = Event.objects.filter(
        subject_kind="firms.roster", subject__in=rosters, act__in=["roster.finish", "roster.finish_undo"]
    )
    rows |= Event.objects.filter(
        subject_kind="firms.contest", subject__in=[str(each.pk) for each in contests]
    )
    rows |= Event.objects.filter(
        subject_kind="firms.binding", subject__in=[str(each.pk) for each in bindings]
    )
    found = list(rows.order_by("-sequence")[:_MOST_EVENTS])
    for each in found:
        each.title = title_of(acts()[each.act]) if each.act in acts() else each.act  # type: ignore[attr-defined]
    return found


def _name_offices(rows: Iterable[Any]) -> None:
    """Say in words as what people acted: `acting_as` is role@agency, with a substitute's principal behind it."""
    named = [(each, *each.acting_as.partition(" for ")[0].partition("@")[::2]) for each in rows]
    agencies = Agency.objects.in_bulk({agency for _each, _role, agency in named if agency})
    english = (get_language() or "").startswith("en")
    for each, role, agency in named:
        known = roles().get(role)
        title = role if known is None else known.en if english else known.zh
        place = agencies[agency].name if agency in agencies else agency
        each.acted_as = f"{place} {title}".strip() or each.actor


def _opened(contact: Contact) -> dict[str, str]:
    values: dict[str, str] = {"bank": contact.bank}
    for column in _SEALED:
        try:
            values[column] = get(contact, column)
        except CannotOpen:
            values[column] = _("无法解密，请联系系统管理员核对密钥")
    return values


def _masked(contact: Contact | None) -> dict[str, str]:
    if contact is None:
        return {}
    opened = _opened(contact)
    shown = {column: masked(opened[column]) if opened[column] else "" for column in _SEALED}
    return {**shown, "person": opened["person"][:1] + "**" if opened["person"] else "", "bank": contact.bank}
