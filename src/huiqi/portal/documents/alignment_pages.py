"""Two texts side by side: started, shown with filters, given as files."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from huiqi.portal.acts.transitions import tables
from huiqi.portal.documents.kept_alignments import BOOK, RESULT, NoResult, folder_of, result_of
from huiqi.portal.documents.models import READY, RUNNING, Comparison
from huiqi.portal.documents.queries import comparisons_of
from huiqi.portal.documents.shown_alignments import (
    PAIRS_A_PAGE,
    WANTED,
    plans_of,
    rows_of,
    show,
    show_amended,
)
from huiqi.portal.documents.words import CHANGES, DIFFERENCES, choices, word
from huiqi.portal.jobs.models import Job
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("alignments", "documents/alignments/", zh="上下级对照", en="Alignments", opens="documents")
def alignments(request: Visit) -> HttpResponse:
    """List the alignments, newest first."""
    rows = paged(comparisons_of(request.actor).order_by("-id"), request.GET.get("page"))
    states = tables()["documents.comparison"].states
    for each in rows:
        each.state_word = word(states, each.state)
    context = {"rows": rows, "may_align": bool(request.actor.allowed("alignment.start"))}
    return render(request, "documents/alignments.html", context)


@page("alignment", "documents/alignments/<int:number>/", zh="上下级对照", en="Alignment", opens="documents")
def alignment(request: Visit, number: int) -> HttpResponse:
    """Show an alignment: pairs, what differs, what was dropped and added."""
    comparison = _comparison(request, number)
    context = _context(request, comparison)
    if (result := context["result"]) is not None:
        wanted = request.GET.get("which", "")
        wanted = wanted if wanted in WANTED else ""
        plans = plans_of(result)
        plan = request.GET.get("plan", "")
        plan = plan if plan in plans else ""
        rows = Paginator(rows_of(result, wanted, plan), PAIRS_A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "rows": rows,
            "pairs": list(show(result, list(rows))),
            "wanted": wanted,
            "plans": plans,
            "plan": plan,
            "filters": [
                ("differs", _("有不同")),
                *choices(CHANGES),
                *choices(DIFFERENCES),
                ("dropped", _("下级没有")),
                ("added", _("下级增加")),
            ],
        }
    return render(request, "documents/alignment.html", context)


@page(
    "alignment-amended",
    "documents/alignments/<int:number>/amended/",
    zh="修订牵连",
    en="What the amendment touches",
    opens="documents",
)
def amended(request: Visit, number: int) -> HttpResponse:
    """Show what an amended superior text changed, and what hangs on it."""
    comparison = _comparison(request, number)
    context = _context(request, comparison)
    result = context["result"]
    if comparison.before is None or (result is not None and "amended" not in result):
        raise Http404
    if result is not None:
        context["amended"] = show_amended(result)
    return render(request, "documents/amended.html", context)


@page(
    "alignment-file",
    "documents/alignments/<int:number>/alignment.xlsx",
    zh="对照表（表格）",
    en="Alignment (sheet)",
    opens="documents",
)
def alignment_file(request: Visit, number: int) -> HttpResponse:
    """Give the alignment as a workbook."""
    return _file(request, number, BOOK, _XLSX)


@page(
    "alignment-json",
    "documents/alignments/<int:number>/alignment.json",
    zh="对照表（数据）",
    en="Alignment (data)",
    opens="documents",
)
def alignment_json(request: Visit, number: int) -> HttpResponse:
    """Give the alignment as data."""
    return _file(request, number, RESULT, "application/json; charset=utf-8")


def _file(request: Visit, number: int, name: str, kind: str) -> HttpResponse:
    comparison = _comparison(request, number)
    path = folder_of(comparison.pk) / name
    if comparison.state != READY or not path.is_file():
        raise Http404
    shown = f"{_('上下级对照')}-{comparison.pk}.{name.rpartition('.')[2]}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=shown, content_type=kind)


def _comparison(request: Visit, number: int) -> Comparison:
    return get_object_or_404(comparisons_of(request.actor), pk=number)


def _context(request: Visit, comparison: Comparison) -> dict[str, Any]:
    states = tables()["documents.comparison"].states
    context: dict[str, Any] = {
        "comparison": comparison,
        "state_word": word(states, comparison.state),
        "waits": comparison.state == RUNNING,
        "job": None,
        "result": None,
    }
    if comparison.state == RUNNING:
        purpose = f"document-align:{comparison.pk}"
        context["job"] = Job.objects.filter(purpose=purpose).order_by("-id").first()
    if comparison.state == READY:
        try:
            context["result"] = result_of(comparison.pk)
        except NoResult:
            context["lost"] = True
    return context
