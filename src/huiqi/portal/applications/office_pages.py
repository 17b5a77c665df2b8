"""The officers' worklist of applications with its sheet, and one application with all that decides it."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.transitions import tables
from huiqi.portal.applications.exports import ACT, exported
from huiqi.portal.applications.models import Application, GrantedLine
from huiqi.portal.applications.previewing import preview_of
from huiqi.portal.applications.queries import (
    APPLICATIONS,
    KIND,
    OVERDUE,
    WAITING,
    applications_of,
    filters_of,
)
from huiqi.portal.applications.shown import (
    failed_lines,
    history_of,
    lacking,
    mend_lines,
    row_of,
    said_of,
    slots_of,
    steps_of,
    told_of,
)
from huiqi.portal.delivery.queries import LINES
from huiqi.portal.delivery.shown import measure_title, states_of, variant_of
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PRESSED = (
    *("application.receive", "application.return", "application.find", "application.grant"),
    *("application.confirm", "application.refuse", "appeal.uphold", "appeal.reject"),
)
_OPEN = ("handed_in", "received", "entered", "appealed")


@page(APPLICATIONS, "applications/", zh="申请受理", en="Applications", menu="delivery")
def applications(request: Visit) -> HttpResponse:
    """Show the applications of one's area, narrowed by what the address asks for."""
    filters = filters_of(request.GET.dict())
    rows = paged(filters.on(applications_of(request.actor), request.today), request.GET.get("page"))
    names = applications_of(request.actor).order_by("measure").values_list("measure", flat=True).distinct()
    context = {
        "rows": rows,
        "shown": [row_of(each) for each in rows],
        "asked": filters,
        "states": [(WAITING, _("待办理")), *(each for each in states_of(KIND) if each[0] != "draft")],
        "measures": [(each, measure_title(each)) for each in names[:200]],
        "overdue": OVERDUE,
        "may_export": bool(request.actor.allowed(ACT)),
        "key": uuid.uuid4().hex,
    }
    return render(request, "applications/applications.html", context, status=400 if filters.unread else 200)


@page(
    "applications-export",
    "applications/export/",
    zh="导出",
    en="Export",
    opens=APPLICATIONS,
    methods=("POST",),
)
def export(request: Visit) -> HttpResponse:
    """Give the applications that the list shows as a sheet; who took it is an event."""
    filters = filters_of(request.GET.dict())
    key = request.POST.get("key", "")
    try:
        file = exported(request.actor, filters, now=request.now, today=request.today, key=key)
    except Refused as refused:
        context = {"wrong": refused.findings}
        return render(request, "applications/refused.html", context, status=refused.status)
    name = f"{_('申请')}-{request.today.isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)  # type: ignore[return-value]


@page("application", "applications/<int:number>/", zh="申请", en="Application", opens=APPLICATIONS)
def application(request: Visit, number: int) -> HttpResponse:
    """Show an application: facts, files, verdict with clauses, what was said and done, and what may be done."""
    found: Application | None = applications_of(request.actor).filter(pk=number).first()
    if found is None:
        raise Http404
    allowed = tables()[KIND].allowed(found.state)
    slots = slots_of(found, handed_in=True)
    line = GrantedLine.objects.filter(application=found).select_related("line").order_by("pk").first()
    context = {
        "application": found,
        "row": row_of(found),
        "title": measure_title(found.measure, found.variant),
        "measure": variant_of(found.measure, found.variant),
        "preview": preview_of(found, request.today) if found.state in _OPEN else None,
        "answers": said_of(found.answers),
        "findings": said_of(found.findings),
        "slots": slots,
        "lacking": lacking(slots),
        "mend": mend_lines(found),
        "failed": failed_lines(found),
        "steps": steps_of(found, request.today),
        "told": told_of(found),
        "history": history_of(found, names=True),
        "line": line.line if line is not None and request.actor.may_see(LINES) else None,
        "acts": [each for each in _PRESSED if each in allowed],
    }
    return render(request, "applications/application.html", context)
