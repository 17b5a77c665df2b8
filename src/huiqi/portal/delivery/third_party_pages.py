"""The list that a third party gets, and the file in which it says what it granted."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from huiqi.portal.delivery.inputs import Returning
from huiqi.portal.delivery.models import Run
from huiqi.portal.delivery.queries import RUNS, runs_of
from huiqi.portal.delivery.shown import measure_title
from huiqi.portal.delivery.third_party import list_csv
from huiqi.portal.look.handing_in import HandsIn, form_with_file, hand_in
from huiqi.portal.look.registry import page
from huiqi.portal.look.uploads import LimitedUpload
from huiqi.portal.look.visits import Visit
from huiqi.portal.payments.statement_files import MOST_BYTES, keep, too_large

_OUT = ("sent", "returned")

_HANDS_IN = HandsIn("thirdparty.take_back", Returning, keep, too_large, "请选择结果文件")


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

    def show(form: forms.Form, key: str, status: int = 200) -> HttpResponse:
        context = {"form": form, "key": key, "run": run, "title": measure_title(run.measure, run.variant)}
        return render(request, "delivery/take_back.html", context, status=status)

    return hand_in(
        request,
        _HANDS_IN,
        _form_class(request),
        show,
        lambda _done: redirect("delivery-run", number=run.pk),
        subject=run.pk,
    )


def _run(request: Visit, number: int, act: str) -> Run:
    run: Run | None = runs_of(request.actor).filter(pk=number, state__in=_OUT).first()
    if run is None or not any(each.reaches(run.scope()) for each in request.actor.allowed(act)):
        raise Http404
    return run


def _form_class(request: Visit) -> type[forms.Form]:
    file = forms.FileField(
        label=_("结果文件"),
        help_text=_("CSV或XLSX，在送出的名单上填写落实结果（已落实、未落实）和落实金额，最大%(most)sMB。")
        % {"most": MOST_BYTES >> 20},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    return form_with_file(Returning, request.actor, file)
