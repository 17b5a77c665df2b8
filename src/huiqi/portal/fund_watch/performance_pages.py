"""Pages of performance: all programmes of a year, one with its measures and places, down to the single payment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.fund_watch.drawn import drawn, money
from huiqi.portal.fund_watch.figures import Reach, reach_of
from huiqi.portal.fund_watch.performance import Paid, ledger_paid, paid_by, settled, years_of
from huiqi.portal.fund_watch.queries import WATCH, accounts_watched, known_region, programmes_watched
from huiqi.portal.fund_watch.told import said_by
from huiqi.portal.funds.models import Programme
from huiqi.portal.funds.programme_pages import sheet, year_of
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import full_name
from huiqi.screening.report.charts import Bar

_MOST_PROGRAMMES = 200


@dataclass(frozen=True, slots=True)
class Performance:
    """A programme's figures of a year in the visitor's area."""

    programme: Programme
    place: str
    paid: Paid
    ledger: int
    reach: Reach | None = None
    reach_by: str = ""

    @property
    def tied(self) -> bool:
        """Whether the payments come to what the ledger says."""
        return self.paid.fen == self.ledger


@page(
    "fund-performance",
    "funds/performance/",
    zh="资金绩效",
    en="Performance of funds",
    opens=WATCH,
    menu="funds",
)
def fund_performance(request: Visit) -> HttpResponse:
    """Show what came of each programme's money in a year."""
    year = _year(request)
    programmes = paged(programmes_watched(request.actor).order_by("code"), request.GET.get("page"))
    shown = _performances(request, list(programmes), year)
    context = {
        "programmes": programmes,
        "shown": shown,
        "year": year,
        "years": _years(request),
        "chart": _chart(shown),
    }
    return render(request, "fund_watch/performance.html", context)


@page(
    "fund-performance-export",
    "funds/performance/export/",
    zh="导出资金绩效",
    en="Export performance",
    opens=WATCH,
)
def fund_performance_export(request: Visit) -> HttpResponse:
    """Hand out the performance of all programmes as a sheet."""
    year = _year(request)
    programmes = list(programmes_watched(request.actor).order_by("code")[:_MOST_PROGRAMMES])
    headings = (
        *(_("编号"), _("资金项目"), _("地区"), _("年度"), _("支出金额（元）"), _("笔数"), _("受益户数")),
        *(_("应享"), _("已兑付"), _("未兑付"), _("平均办理工作日"), _("户均金额（元）"), _("账务支出（元）")),
    )
    lines = (
        (
            each.programme.code,
            each.programme.title,
            each.place,
            str(year),
            *_paid_cells(each.paid)[:3],
            *_reach_cells(each.reach),
            *_paid_cells(each.paid)[3:],
            format_yuan(each.ledger),
        )
        for each in _performances(request, programmes, year)
    )
    return sheet(_("资金绩效"), headings, lines)


@page(
    "fund-performance-programme",
    "funds/performance/<int:number>/",
    zh="资金项目绩效",
    en="Performance of a programme",
    opens=WATCH,
)
def fund_performance_programme(request: Visit, number: int) -> HttpResponse:
    """Show a programme's figures by measure and by place, and the payments behind them."""
    programme: Programme = get_object_or_404(programmes_watched(request.actor), pk=number)
    years = years_of(programme, request.actor)
    year = year_of(request.GET.get("year", "")) or next(iter(years), request.today.year)
    rows = settled(request.actor, [programme.pk], year)
    measure, region = (
        request.GET.get("measure", "")[:60].replace("\0", ""),
        known_region(request.GET.get("region", "")),
    )
    by_measure, by_region = paid_by(rows, "measure"), paid_by(rows, "batch__region")
    narrowed = rows.filter(measure=measure) if measure in by_measure else rows
    narrowed = narrowed.filter(batch__region=region) if region else narrowed
    payments = paged(
        narrowed.select_related("batch", "firm").order_by("-settled_on", "-pk"), request.GET.get("page")
    )
    context = {
        "one": _performances(request, [programme], year)[0],
        "year": year,
        "years": years,
        "measures": [(each, _title(each), paid) for each, paid in sorted(by_measure.items())],
        "regions": [(each, full_name(each), paid) for each, paid in sorted(by_region.items())],
        "payments": payments,
        "shown": [(each, _title(each.measure), full_name(each.batch.region)) for each in payments],
        "measure": measure if measure in by_measure else "",
        "region": region,
        "may_open": request.actor.may_see("payments"),
    }
    return render(request, "fund_watch/performance_programme.html", context)


@page(
    "fund-performance-payments",
    "funds/performance/<int:number>/export/",
    zh="导出绩效明细",
    en="Export the payments of a programme",
    opens=WATCH,
)
def fund_performance_payments(request: Visit, number: int) -> HttpResponse:
    """Hand out the payments behind a programme's figures as a sheet: no payee, no account."""
    programme: Programme = get_object_or_404(programmes_watched(request.actor), pk=number)
    years = years_of(programme, request.actor)
    year = year_of(request.GET.get("year", "")) or next(iter(years), request.today.year)
    rows = settled(request.actor, [programme.pk], year).select_related("batch").order_by("pk")
    headings = (
        *(_("业务编号"), _("政策措施"), _("支付地区"), _("批次"), _("金额（元）"), _("已追回（元）")),
        *(_("批次建立日期"), _("到账日期")),
    )

    def lines() -> Iterator[tuple[str, ...]]:
        for each in rows.iterator(chunk_size=2_000):
            yield (
                each.reference,
                _title(each.measure),
                full_name(each.batch.region),
                each.batch.number,
                format_yuan(each.amount),
                format_yuan(each.recovered),
                each.batch.opened_at.date().isoformat(),
                each.settled_on.isoformat() if each.settled_on else "",
            )

    return sheet(f"{programme.code} {year}"[:31], headings, lines())


def _performances(request: Visit, programmes: list[Programme], year: int) -> list[Performance]:
    paid = paid_by(settled(request.actor, [each.pk for each in programmes], year), "batch__programme")
    ledger = ledger_paid(request.actor, year)
    area = _area(request)
    found = []
    for each in programmes:
        by, reach = reach_of(each, year, area)
        found.append(
            Performance(
                each,
                full_name(each.region),
                paid.get(each.pk, Paid()),
                ledger.get(each.pk, 0),
                reach,
                said_by(by),
            )
        )
    return found


def _area(request: Visit) -> str:
    """The area that the visitor watches, as the prefix of its region codes: the widest of their capacities."""
    areas = [area for each in request.actor.capacities if WATCH in each.pages for area in each.areas]
    return min(areas, key=len, default="none")


def _year(request: Visit) -> int:
    return year_of(request.GET.get("year", "")) or next(iter(_years(request)), request.today.year)


def _years(request: Visit) -> list[int]:
    rows = accounts_watched(request.actor).select_related(None).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def _title(measure: str) -> str:
    variants = library().by_id.get(measure)
    return variants[0].title if variants else measure


def _paid_cells(paid: Paid) -> tuple[str, ...]:
    mean = format_yuan(paid.each_payee) if paid.each_payee is not None else ""
    return (format_yuan(paid.fen), str(paid.payments), str(paid.payees), paid.mean_days, mean)


def _reach_cells(reach: Reach | None) -> tuple[str, ...]:
    if reach is None:
        return ("", "", "")
    return (str(reach.entitled), str(reach.reached), str(reach.missed))


def _chart(shown: list[Performance]) -> Any:
    rows = [
        Bar(
            each.programme.title,
            each.paid.payees,
            _("%(count)s户，%(paid)s") % {"count": f"{each.paid.payees:,}", "paid": money(each.paid.fen)},
        )
        for each in sorted(shown, key=lambda each: -each.paid.payees)
        if each.paid.payees
    ]
    return drawn(
        "payees-by-programme", _("各资金项目受益户数"), _("每条为一个资金项目收到资金的户数。"), rows
    )
