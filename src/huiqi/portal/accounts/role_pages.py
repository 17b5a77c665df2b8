"""Roles (岗位) as they are written in roles.yaml, and who holds them where."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import Appointment
from huiqi.portal.accounts.queries import agencies_of, appointments_of, in_force
from huiqi.portal.accounts.roles import Role, appointable, roles
from huiqi.portal.acts.registry import acts
from huiqi.portal.api.registry import endpoints
from huiqi.portal.look.act_pages import title_of
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page, pages
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import UnknownRegion, full_name, region

_PER_PAGE = 30
_HIDDEN = {"proven", "visitor", "operator"}


@page("roles", "roles/", zh="岗位职责", en="Roles", menu="system")
def role_page(request: Visit) -> HttpResponse:
    """Every role: what it may do and see, how far it reaches, what it is kept apart from."""
    shown = [_told(each) for each in roles().values() if each.id not in _HIDDEN]
    context = {"roles": shown, "required": settings.SECOND_FACTOR_REQUIRED}
    return render(request, "accounts/roles.html", context)


@page("appointments", "appointments/", zh="岗位分布", en="Appointments", opens="people")
def appointments(request: Visit) -> HttpResponse:
    """Agencies by roles: who holds what where today, and who stands in."""
    rows = agencies_of(request.actor).order_by("region", "code")
    place = request.GET.get("region", "")
    try:
        rows = rows.filter(region=region(place[:12]).code) if place else rows
    except UnknownRegion:
        place = ""
    shown = paged(rows, request.GET.get("page"), _PER_PAGE)
    columns = list(appointable().values())
    _fill(shown, columns, request)
    regions = agencies_of(request.actor).order_by("region").values_list("region", flat=True).distinct()
    context = {
        "rows": shown,
        "columns": columns,
        "region": place,
        "regions": [(code, full_name(code)) for code in regions],
    }
    return render(request, "accounts/appointments.html", context)


def _fill(shown: Any, columns: list[Role], request: Visit) -> None:
    held: dict[tuple[str, str], list[Appointment]] = {}
    found = (
        appointments_of(request.actor)
        .filter(in_force(request.today), agency__in=[each.pk for each in shown])
        .select_related("user")
        .prefetch_related("substitutions__substitute")
        .order_by("pk")
    )
    for each in found:
        each.substitutes = [
            one.substitute for one in each.substitutions.all() if one.begins <= request.today < one.ends
        ]
        held.setdefault((each.agency_id, each.role), []).append(each)
    for agency in shown:
        agency.place = full_name(agency.region)
        agency.cells = [held.get((agency.pk, role.id), []) for role in columns]


def _told(role: Role) -> dict[str, Any]:
    """A role in words."""
    reach = {
        "region": _("本单位辖区内"),
        "own": _("本单位经办的"),
        "firm": _("本人绑定的企业"),
        "person": _("本人的"),
        "country": _("全国（系统自动执行）"),
    }
    levels = {"county": _("县级"), "prefecture": _("州市级"), "province": _("省级")}
    opened = _opened()
    return {
        "role": role,
        "reach": reach[role.area],
        "levels": [levels[each] for each in role.levels],
        "acts": [title_of(acts()[each]) for each in sorted(role.acts) if each in acts()],
        "pages": [opened[each] for each in sorted(role.pages) if each in opened],
        "apart": [roles()[each].title for each in sorted(role.apart_from)],
    }


def _opened() -> dict[str, str]:
    """What each name of a page opens, by the title of that page, of another it opens, or of what programs read."""
    english = (get_language() or "").startswith("en")
    found = {name: each.en if english else each.zh for each in endpoints().values() for name in each.opens}
    for each in reversed(pages().values()):
        found[each.opens] = each.title
    return found | {name: each.title for name, each in pages().items() if each.opens == name}
