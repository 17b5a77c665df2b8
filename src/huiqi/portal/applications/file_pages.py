"""Files of an application: uploaded and taken away by the firm, handed out to those who may see the application."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.applications.content import ENDINGS, TYPES
from huiqi.portal.applications.files import content_of, keep, too_large
from huiqi.portal.applications.models import EDITABLE, Application, Attachment
from huiqi.portal.applications.needed import limits
from huiqi.portal.applications.queries import APPLICATIONS, OWN, applications_of, own_applications_of
from huiqi.portal.applications.shown import lacking, mend_lines, slots_of
from huiqi.portal.delivery.shown import measure_title
from huiqi.portal.look.registry import page
from huiqi.portal.look.uploads import LimitedUpload
from huiqi.portal.look.visits import Visit


@page(
    "own-application-files",
    "own-applications/<int:number>/files/",
    zh="上传申请材料",
    en="Files of an application",
    opens=OWN,
    methods=("GET", "POST"),
)
@csrf_exempt
def files(request: Visit, number: int) -> HttpResponse:
    """Take a file, or take one away. Its size is watched while it comes in; the form's token is checked after that."""
    request.upload_handlers = [LimitedUpload(request, limits().file)]
    if not request.actor.allowed("application.attach"):
        raise Http404
    answer: HttpResponse = _files(request, number)
    return answer


@csrf_protect
def _files(request: Visit, number: int) -> HttpResponse:
    found: Application | None = own_applications_of(request.actor).filter(pk=number).first()
    if found is None or found.state not in EDITABLE:
        raise Http404
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            _change(request, found)
            return redirect("own-application-files", number=number)
        except Refused as refused:
            wrong = refused
    slots = slots_of(found)
    context = {
        "application": found,
        "title": measure_title(found.measure, found.variant),
        "slots": slots,
        "lacking": lacking(slots),
        "mend": mend_lines(found),
        "most": limits().file >> 20,
        "endings": ",".join(ENDINGS),
        "key": uuid.uuid4().hex,
        "slot": request.POST.get("slot", "")[:40],
        "wrong": wrong.findings if wrong is not None else (),
    }
    return render(request, "applications/files.html", context, status=wrong.status if wrong else 200)


def _change(request: Visit, found: Application) -> None:
    away = request.POST.get("away", "")
    if away:
        name, values = "application.detach", {"attachment": away[:18]}
    else:
        file = request.FILES.get("file")
        if file is None:
            too_big = getattr(request, "too_large", False)
            raise (
                too_large()
                if too_big
                else Refused(_("没有选择文件"), mend=_("请选择文件后上传"), cell="file")
            )
        ticket = keep(file.name or "", file.chunks(), request.actor)
        name, values = "application.attach", {"slot": request.POST.get("slot", "")[:40], "ticket": ticket}
    key = request.POST.get("key", "")
    perform(name, request.actor, found.pk, values, now=request.now, today=request.today, key=key)


@page(
    "own-application-file",
    "own-applications/files/<int:number>/",
    zh="申请材料",
    en="File of an application",
    opens=OWN,
)
def own_file(request: Visit, number: int) -> HttpResponse:
    """Hand a file of one's own application out."""
    return _handed_out(Attachment.objects.visible_to(request.actor, OWN).filter(pk=number).first())


@page(
    "application-file",
    "applications/files/<int:number>/",
    zh="申请材料",
    en="File of an application",
    opens=APPLICATIONS,
)
def file(request: Visit, number: int) -> HttpResponse:
    """Hand a file of an application out to an officer of its area; one of a draft is the firm's alone."""
    found: Attachment | None = (
        Attachment.objects.visible_to(request.actor, APPLICATIONS).filter(pk=number).first()
    )
    rows = applications_of(request.actor)
    if found is None or not rows.filter(pk=found.application_id, round__gte=found.from_round).exists():
        raise Http404
    return _handed_out(found)


def _handed_out(found: Attachment | None) -> HttpResponse:
    if found is None:
        raise Http404
    answer = HttpResponse(content_of(found.digest), content_type=TYPES[found.kind])
    answer["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
