"""The list that a third party gets, and the file in which it says what it granted."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.delivery.inputs import Returning
from huiqi.portal.delivery.models import Run
from huiqi.portal.delivery.queries import RUNS, runs_of
from huiqi.portal.delivery.shown import measure_title
from huiqi.portal.delivery.third_party import list_csv
from huiqi.portal.look.asking import form_of, given_values
from huiqi.portal.look.registry import page
from huiqi.portal.look.uploads import LimitedUpload
from huiqi.portal.look.visits import Visit
from huiqi.portal.payments.statement_files import MOST_BYTES, keep, too_large

_OUT = ("sent", "returned")


@page(
    "delivery-list",
    "deliveries/<int:number>/list.csv",
    zh="第三方落实名单",
    en="List for the third party",
    opens=RUNS,
)
def third_party_list(request: Visit, number: int) -> HttpResponse:
    """Hand out the list that was sent; its digest was noted when it was."""
    run = _run(request, number, "thirdparty.send")
    answer = StreamingHttpResponse(list_csv(run), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{run.measure}-{run.pk}.csv"'
    return answer  # type: ignore[return-value]


@page(
    "delivery-take-back",
    "deliveries/<int:number>/take-back/",
    zh="接收落实结果",
    en="Take the results back",
    opens=RUNS,
    methods=("GET", "POST"),
)
@csrf_exempt
def take_back(request: Visit, number: int) -> HttpResponse:
    """Take the file. Its size is watched while it comes in; the form's token is checked after that."""
    request.upload_handlers = [LimitedUpload(request, MOST_BYTES)]
    if not request.actor.allowed("thirdparty.take_back"):
        raise Http404
    answer: HttpResponse = _take(request, number)
    return answer


@csrf_protect
def _take(request: Visit, number: int) -> HttpResponse:
    run = _run(request, number, "thirdparty.take_back")
    form_class = _form_class(request)
    if request.method != "POST":
        return _ask(request, run, form_class(), uuid.uuid4().hex)
    form = form_class(request.POST, request.FILES)
    key = request.POST.get("key", "")
    try:
        file = request.FILES.get("file")
        if file is None:
            too_big = getattr(request, "too_large", False)
            raise too_large() if too_big else Refused("没有选择文件", mend="请选择结果文件", cell="file")
        given = given_values(Returning, form)
        ticket = keep(file.name or "", file.chunks(), request.actor)
        perform(
            "thirdparty.take_back",
            request.actor,
            run.pk,
            {**given, "ticket": ticket},
            now=request.now,
            today=request.today,
            key=key,
        )
    except Refused as refused:
        form.is_valid()
        for finding in refused.findings:
            said = "；".join(each for each in (finding.what, finding.why, finding.mend) if each)
            form.add_error(finding.cell if finding.cell in form.fields else None, said)
        return _ask(request, run, form, key or uuid.uuid4().hex, status=refused.status)
    return redirect("delivery-run", number=run.pk)


def _run(request: Visit, number: int, act: str) -> Run:
    run: Run | None = runs_of(request.actor).filter(pk=number, state__in=_OUT).first()
    if run is None or not any(each.reaches(run.scope()) for each in request.actor.allowed(act)):
        raise Http404
    return run


def _form_class(request: Visit) -> type[forms.Form]:
    made = form_of(Returning, request.actor)
    fields: dict[str, Any] = {
        "file": forms.FileField(
            label=_("结果文件"),
            help_text=_("CSV或XLSX，在送出的名单上填写落实结果（已落实、未落实）和落实金额，最大%(most)sMB。")
            % {"most": MOST_BYTES >> 20},
            widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        )
    }
    fields |= {name: each for name, each in made.base_fields.items() if name != "ticket"}  # type: ignore[attr-defined]
    return type("TakeBackForm", (forms.Form,), fields)


def _ask(request: Visit, run: Run, form: forms.Form, key: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "key": key, "run": run, "title": measure_title(run.measure, run.variant)}
    return render(request, "delivery/take_back.html", context, status=status)
