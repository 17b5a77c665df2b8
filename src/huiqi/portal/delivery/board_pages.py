"""The office's board: each measure or run at its step, the days it used against those promised, who was reached and missed."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, When
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import prefix
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.board import (
    MeasureRow,
    Narrowing,
    by_measure,
    by_run,
    measures_of,
    narrowed,
    narrowing_of,
)
from huiqi.portal.delivery.missed import Missed, MissedFirm, missed_of, newest_results
from huiqi.portal.delivery.models import WHYS
from huiqi.portal.delivery.queries import LINES, RUNS
from huiqi.portal.delivery.shown import chosen, measure_title, place, states_of
from huiqi.portal.delivery.step_days import by_level, deadlines_of
from huiqi.portal.firms.sheets import write_sheet
from huiqi.portal.funds.programme_pages import sheet
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.portal.screenings.exports import hand_out, may_export
from huiqi.reference.money import format_yuan

_MEASURES = 20
_FIRMS = 50
_AT_ONCE = 2_000


@page("delivery-board", "deliveries/board/", zh="兑现进度看板", en="Board of deliveries", opens=RUNS)
def board(request: Visit) -> HttpResponse:
    """Show measures with who was reached and missed, or runs one by one; narrowed by what the address asks for."""
    asked = narrowing_of(request.GET)
    actor, today = request.actor, request.today
    runs = narrowed(actor, asked, today)
    all_measures = measures_of(actor, Narrowing(), today)
    context: dict[str, Any] = {
        "asked": asked,
        "asked_county": request.GET.get("county", "").strip()[:20],
        "by_run": request.GET.get("by") == "run",
        "states": states_of("delivery.run"),
        "measures": [(name, measure_title(name)) for name, _runs in all_measures],
        "steps": by_level(deadlines_of(runs), today),
        "query": request.GET.urlencode(),
    }
    if context["by_run"]:
        ended = Case(When(state__in=["done", "cancelled"], then=1), default=0, output_field=IntegerField())
        context["pages"] = paged(runs.order_by(ended, "-pk"), request.GET.get("page"))
        context["rows"] = by_run(actor, asked, list(context["pages"]), today)
    else:
        found = Paginator(measures_of(actor, asked, today), _MEASURES)
        context["pages"] = found.get_page(request.GET.get("page"))
        context["rows"] = by_measure(actor, asked, list(context["pages"]), today)
    return render(request, "delivery/board.html", context)


@page(
    "delivery-board-export",
    "deliveries/board/export/",
    zh="导出兑现进度",
    en="Export the board",
    opens=RUNS,
)
def board_export(request: Visit) -> HttpResponse:
    """Hand out the figures by measure, as the board is narrowed, as a sheet; no firm is named."""
    asked = narrowing_of(request.GET)
    headings = (
        *(_("措施编号"), _("政策措施"), _("兑现次数"), _("逾期次数"), _("应享户数"), _("应享金额（元）")),
        *(_("列入户数"), _("已到账户数"), _("已支付（元）"), _("应享未到户数"), _("应享未到金额（元）")),
    )
    return sheet(_("兑现进度"), headings, map(_cells, _all_measures(request, asked)))


def _all_measures(request: Visit, asked: Narrowing) -> Iterator[MeasureRow]:
    found = measures_of(request.actor, asked, request.today)
    for begin in range(0, len(found), _MEASURES):
        yield from by_measure(request.actor, asked, found[begin : begin + _MEASURES], request.today)


def _cells(row: MeasureRow) -> tuple[str, ...]:
    return (
        row.measure,
        row.title,
        str(row.runs),
        str(row.late),
        _count(row.entitled),
        _yuan(row.entitled_fen),
        str(row.lines),
        str(row.reached),
        format_yuan(row.paid),
        _count(row.missed),
        _yuan(row.missed_fen),
    )


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)


@page(
    "delivery-missed",
    "deliveries/missed/<slug:measure>/",
    zh="应享未到的企业",
    en="Entitled and missed",
    opens=LINES,
)
def missed(request: Visit, measure: str) -> HttpResponse:
    """Show the firms that the newest screening found entitled and that have no paid line, with what stands in between."""
    return _show_missed(request, measure)


def _show_missed(request: Visit, measure: str, wrong: Refused | None = None) -> HttpResponse:
    found, asked = _missed(request, measure)
    rows = Paginator(found, _FIRMS).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    context = {
        "measure": measure,
        "title": measure_title(measure),
        "rows": rows,
        "shown": [(each, place(each.firm.region), _why(each)) for each in rows],
        "fen": found.fen,
        "asked_county": request.GET.get("county", "").strip()[:20],
        "may_export": may_export(request.actor),
        "query": request.GET.urlencode(),
        "key": uuid.uuid4().hex,
        "asked": asked,
        "wrong": wrong.findings if wrong is not None else (),
    }
    status = wrong.status if wrong is not None else 200
    return render(request, "delivery/missed.html", context, status=status)


@page(
    "delivery-missed-export",
    "deliveries/missed/<slug:measure>/export/",
    zh="导出应享未到的企业",
    en="Export who was missed",
    opens=LINES,
    methods=("POST",),
)
def missed_export(request: Visit, measure: str) -> HttpResponse:
    """Hand out who was missed as a sheet; who took it is noted."""
    if not may_export(request.actor):
        raise Http404
    found, asked = _missed(request, measure)
    headings = _("统一社会信用代码"), _("企业"), _("地区"), _("应享金额（元）"), _("原因"), _("明细编号")
    with tempfile.TemporaryDirectory(prefix="huiqi-missed-") as folder:
        path = Path(folder) / "missed.xlsx"
        rows = write_sheet(path, _("应享未到的企业"), headings, _missed_cells(found))
        file = path.open("rb")
    try:
        hand_out(
            file,
            {"missed": measure, "county": asked.county},
            rows,
            request.actor,
            now=request.now,
            today=request.today,
            key=request.POST.get("key", ""),
        )
    except Refused as refused:
        file.close()
        return _show_missed(request, measure, refused)
    name = f"{measure}-missed-{request.today.isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)  # type: ignore[return-value]


def _missed(request: Visit, measure: str) -> tuple[Missed, Narrowing]:
    if measure not in library().by_id:
        raise Http404
    asked = narrowing_of({"county": request.GET.get("county", "")})
    within = prefix(asked.county) if asked.county else ""
    results = newest_results(request.actor, within)
    return missed_of(request.actor, results, [measure], within)[measure], asked


def _missed_cells(found: Missed) -> Iterator[tuple[str, ...]]:
    for begin in range(0, len(found), _AT_ONCE):
        for each in found[begin : begin + _AT_ONCE]:
            yield (
                each.firm.credit_code,
                each.firm.name,
                each.firm.region,
                _yuan(each.amount),
                _why(each),
                str(each.line.pk) if each.line is not None else "",
            )


def _why(missed_firm: MissedFirm) -> str:
    """Return what stands between a firm and its money: its line's state, or why it has none."""
    line, left_out = missed_firm.line, missed_firm.left_out
    if left_out is not None and (line is None or left_out.run_id > line.run_id):
        return chosen(WHYS[left_out.why])
    if line is None:
        return _("还没有列入兑现")
    words = dict(states_of("delivery.line"))[line.state]
    if line.account_missing:
        return _("%(state)s，缺收款账户") % {"state": words}
    return _("%(state)s：%(reason)s") % {"state": words, "reason": line.reason} if line.reason else words
