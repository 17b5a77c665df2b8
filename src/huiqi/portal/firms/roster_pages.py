"""Rosters: handed in, checked, confirmed, dropped, taken back."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from huiqi.portal.acts.transitions import tables
from huiqi.portal.firms.files import ENDINGS, MOST_BYTES, keep, too_large, work_folder
from huiqi.portal.firms.models import Roster
from huiqi.portal.firms.preview import MOST_SHOWN, SHEET
from huiqi.portal.firms.queries import rosters_of
from huiqi.portal.firms.roster_acts import HandingIn
from huiqi.portal.firms.source_words import source_title
from huiqi.portal.jobs.models import Job
from huiqi.portal.look.handing_in import HandsIn, form_with_file
from huiqi.portal.look.handing_in import hand_in as take_in
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.uploads import LimitedUpload
from huiqi.portal.look.visits import Visit

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HANDS_IN = HandsIn("roster.hand_in", HandingIn, keep, too_large, "请选择名册文件")
_JOB_OF = {"handed_in": "preview", "taking": "take", "undoing": "undo"}


@page("rosters", "rosters/", zh="名册报送", en="Rosters", menu="register")
def rosters(request: Visit) -> HttpResponse:
    """List the rosters, newest first."""
    rows = rosters_of(request.actor).defer("findings").order_by("-id")
    states = tables()["firms.roster"].states
    state = request.GET.get("state", "")
    if state in states:
        rows = rows.filter(state=state)
    shown = paged(rows, request.GET.get("page"))
    for each in shown:
        _describe(each)
    titles = {name: _in_language(title) for name, title in states.items()}
    return render(request, "firms/rosters.html", {"rosters": shown, "states": titles, "state": state})


@page(
    "roster-hand-in",
    "rosters/hand-in/",
    zh="报送名册",
    en="Hand in a roster",
    opens="rosters",
    methods=("GET", "POST"),
)
@csrf_exempt
def hand_in(request: Visit) -> HttpResponse:
    """Take a file. The size is watched while it comes in, which is why the form's token is checked after that."""
    request.upload_handlers = [LimitedUpload(request, MOST_BYTES)]
    if not request.actor.allowed("roster.hand_in"):
        raise Http404
    answer: HttpResponse = _hand_in(request)
    return answer


@csrf_protect
def _hand_in(request: Visit) -> HttpResponse:
    def show(form: forms.Form, key: str, status: int = 200) -> HttpResponse:
        return render(request, "firms/hand_in.html", {"form": form, "key": key}, status=status)

    return take_in(
        request,
        _HANDS_IN,
        _form_class(request),
        show,
        lambda done: redirect("roster", number=done.subject.pk),
    )


@page("roster", "rosters/<int:number>/", zh="名册", en="Roster", opens="rosters")
def roster(request: Visit, number: int) -> HttpResponse:
    """Show what a roster would change, or has changed, and what is in doubt."""
    shown = get_object_or_404(rosters_of(request.actor), pk=number)
    _describe(shown)
    english = (get_language() or "").startswith("en")
    findings = Paginator(shown.findings, 50).get_page(request.GET.get("page"))
    what = _JOB_OF.get(shown.state)
    job = Job.objects.filter(purpose=f"roster-{what}:{shown.pk}").order_by("-id").first() if what else None
    context = {
        "roster": shown,
        "findings": findings,
        "english": english,
        "more": max(0, shown.counts.get("findings", 0) - MOST_SHOWN),
        "job": job,
        "waits": what is not None,
        "has_sheet": (work_folder(shown.digest, shown.pk) / SHEET).is_file(),
    }
    return render(request, "firms/roster.html", context)


@page("roster-findings", "rosters/<int:number>/findings.xlsx", zh="检查结果", en="Findings", opens="rosters")
def roster_findings(request: Visit, number: int) -> HttpResponse:
    """Give the sheet back, the findings beside the cells."""
    shown = get_object_or_404(rosters_of(request.actor).defer("findings"), pk=number)
    path = work_folder(shown.digest, shown.pk) / SHEET
    if not path.is_file():
        raise Http404
    name = f"{_('检查结果')}-{shown.pk}.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=_XLSX)


def _describe(shown: Roster) -> None:
    states = tables()["firms.roster"].states
    shown.state_title = _in_language(states[shown.state])  # type: ignore[attr-defined]
    shown.source_title = source_title(shown.source)  # type: ignore[attr-defined]


def _in_language(title: tuple[str, str]) -> str:
    return title[1] if (get_language() or "").startswith("en") else title[0]


def _form_class(request: Visit) -> type[forms.Form]:
    file = forms.FileField(
        label=_("名册文件"),
        help_text=_(
            "CSV、XLSX、XLS、ODS或Parquet，最大%(most)sMB。第一行（或标题之下）为列名，须有统一社会信用代码。"
        )
        % {"most": MOST_BYTES >> 20},
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    return form_with_file(HandingIn, request.actor, file)
