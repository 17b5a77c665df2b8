"""One text: its clauses, what became of each sentence, the task ledger, the targets, and all of it as files."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from huiqi.portal.acts.transitions import tables
from huiqi.portal.documents.models import HELD, READING, OfficialText
from huiqi.portal.documents.queries import comparisons_of, texts_of
from huiqi.portal.documents.readings import LEDGER, NotRead, folder_of, reading_of, rules_digest
from huiqi.portal.documents.said import said_of
from huiqi.portal.documents.shown import CLAUSES_A_PAGE, WANTED, Reading, anchor_of
from huiqi.portal.documents.words import DIRECTIONS, FILTERED, KINDS, SOURCES, level_word, word
from huiqi.portal.jobs.models import Job
from huiqi.portal.jobs.running import ask
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROWS_A_PAGE = 100


@page("document", "documents/<int:number>/", zh="文件", en="Text", opens="documents")
def document(request: Visit, number: int) -> HttpResponse:
    """Show a text: what stands before it, and its clauses with offices, deadlines and figures."""
    text = _text(request, number)
    context = _context(request, text)
    if (reading := context["reading"]) is not None:
        rows = _page_of(request, reading.clauses())
        context |= {"rows": rows, "clauses": list(reading.show(rows)), "front": reading.made}
    context["alignments"] = comparisons_of(request.actor).filter(subordinate=text).order_by("-id")[:5]
    return render(request, "documents/document.html", context)


@page(
    "document-coverage",
    "documents/<int:number>/coverage/",
    zh="逐句对照",
    en="Sentence by sentence",
    opens="documents",
)
def coverage(request: Visit, number: int) -> HttpResponse:
    """Show each sentence of a text, and what became of it."""
    text = _text(request, number)
    context = _context(request, text)
    wanted = _chosen(request, "which", WANTED)
    if (reading := context["reading"]) is not None:
        rows = _page_of(request, reading.clauses(wanted))
        more = (("bound", _("已编入规则")), ("unencoded", _("惠企未编入")), ("flagged", _("需核对")))
        context |= {
            "rows": rows,
            "clauses": list(reading.show(rows, wanted)),
            "wanted": wanted,
            "kinds": [*((kind, word(KINDS, kind)) for kind in FILTERED), *more],
        }
    return render(request, "documents/coverage.html", context)


@page(
    "document-ledger", "documents/<int:number>/ledger/", zh="任务分解表", en="Task ledger", opens="documents"
)
def ledger(request: Visit, number: int) -> HttpResponse:
    """Show the tasks of a text: who leads, who assists, until when, how much, by which clause."""
    text = _text(request, number)
    context = _context(request, text)
    if (reading := context["reading"]) is not None:
        office = request.GET.get("office", "").replace("\0", "").strip()[:40]
        rows = [each for each in _of_plan(reading, reading.made["tasks"]) if _names(each, office)]
        shown = Paginator(rows, _ROWS_A_PAGE).get_page(request.GET.get("page"))
        context |= {"rows": shown, "office": office, "anchors": _anchored(shown)}
    return render(request, "documents/ledger.html", context)


@page("document-targets", "documents/<int:number>/targets/", zh="量化目标", en="Targets", opens="documents")
def targets(request: Visit, number: int) -> HttpResponse:
    """Show the figures that a text wants to be reached."""
    text = _text(request, number)
    context = _context(request, text)
    if (reading := context["reading"]) is not None:
        rows = _of_plan(reading, reading.made["targets"])
        shown = Paginator(rows, _ROWS_A_PAGE).get_page(request.GET.get("page"))
        lines = [{**row, "direction": word(DIRECTIONS, row["direction"])} for row in _anchored(shown)]
        context |= {"rows": shown, "lines": lines}
    return render(request, "documents/targets.html", context)


@page(
    "document-ledger-file",
    "documents/<int:number>/ledger.xlsx",
    zh="任务分解表（表格）",
    en="Task ledger (sheet)",
    opens="documents",
)
def ledger_file(request: Visit, number: int) -> HttpResponse:
    """Give the ledger as a sheet: tasks, targets, what is to be checked."""
    text = _text(request, number)
    path = folder_of(text.digest) / LEDGER
    if text.state != HELD or not path.is_file():
        raise Http404
    name = f"{(text.title or text.file_name)[:60]}-{_('任务分解表')}.xlsx"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=XLSX)


@page(
    "document-json",
    "documents/<int:number>/outline.json",
    zh="条款树（数据）",
    en="Outline (data)",
    opens="documents",
)
def outline_json(request: Visit, number: int) -> HttpResponse:
    """Give the outline as data."""
    text = _text(request, number)
    try:
        made = dict(reading_of(text.digest))
    except NotRead:
        raise Http404 from None
    options = {"ensure_ascii": False, "indent": 1}
    answer = JsonResponse(made, json_dumps_params=options)
    answer["Content-Disposition"] = f'attachment; filename="outline-{text.pk}.json"'
    return answer


def _text(request: Visit, number: int) -> OfficialText:
    return get_object_or_404(texts_of(request.actor).select_related("added_by"), pk=number)


def _context(request: Visit, text: OfficialText) -> dict[str, Any]:
    states = tables()["documents.officialtext"].states
    chosen = request.GET.get("plan", "")
    context: dict[str, Any] = {
        "text": text,
        "state_word": word(states, text.state),
        "source_word": word(SOURCES, text.source),
        "level_word": level_word(text.level),
        "place_name": full_name(text.place) if text.place else "",
        "refused": said_of(text.refusal) if text.refusal else "",
        "waits": text.state == READING,
        "job": None,
        "reading": None,
    }
    if text.state == READING:
        jobs = Job.objects.filter(purpose=f"document-read:{text.pk}").order_by("-id")
        context["job"] = jobs.first()
    if text.state != HELD:
        return context
    try:
        reading = Reading(reading_of(text.digest))
    except NotRead:
        # Deleted, restored from a backup, or of an older version: made anew.
        _read_again(request, text)
        context["waits"] = True
        return context
    if reading.made["rules"] != rules_digest():
        _read_again(request, text)
        context["older_rules"] = True
    plans = len(reading.made["plans"])
    if chosen.isascii() and chosen.isdecimal() and len(chosen) < 4 and 1 <= int(chosen) <= plans:
        reading.plan = int(chosen)
    context |= {"reading": reading, "plan": reading.plan}
    return context


def _page_of(request: Visit, clauses: list[Any]) -> Any:
    """The page that was asked for, or the one that holds the clause that was."""
    path, number = request.GET.get("clause"), request.GET.get("page")
    if path:
        at = next((index for index, each in enumerate(clauses) if each["path"] == path), 0)
        number = str(at // CLAUSES_A_PAGE + 1)
    return Paginator(clauses, CLAUSES_A_PAGE).get_page(number)


def _read_again(request: Visit, text: OfficialText) -> None:
    ask(
        "document-read",
        f"document-read:{text.pk}",
        {"text": text.pk},
        by="schedule",
        now=request.now,
        region=text.region,
    )


def _chosen(request: Visit, name: str, known: tuple[str, ...]) -> str:
    value = request.GET.get(name, "")
    return value if value in known else ""


def _of_plan(reading: Reading, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not reading.plan:
        return rows
    name = reading.made["plans"][reading.plan - 1]["short_name"] or ""
    return [each for each in rows if each["plan"] == name]


def _names(task: dict[str, Any], office: str) -> bool:
    return not office or any(office in each for each in (*task["lead"], *task["with_others"]))


def _anchored(rows: Any) -> list[dict[str, Any]]:
    return [{**each, "anchor": anchor_of(each["path"])} for each in rows]
