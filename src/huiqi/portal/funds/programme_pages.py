"""Pages of programmes: all that one sees, and one with what each level has of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.acts.transitions import tables
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.sheets import write_sheet
from huiqi.portal.funds.balances import Figures, Level, by_programme, levels
from huiqi.portal.funds.drafting import kinds_to_draft
from huiqi.portal.funds.models import Programme
from huiqi.portal.funds.queries import FUNDS, accounts_seen, orders_seen, programmes_seen
from huiqi.portal.funds.shown import in_language, order_kind
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import full_name


@page(FUNDS, "funds/", zh="资金项目", en="Programmes of funds", menu="funds")
def funds(request: Visit) -> HttpResponse:
    """Show the programmes that one sees, and what one's area has of each."""
    rows, asked = _narrowed(request)
    programmes = paged(rows.order_by("region", "code"), request.GET.get("page"))
    figures = _figures(request, list(programmes), asked["year"])
    context = {
        "programmes": programmes,
        "shown": [(each, figures.get(each.pk, Figures()), full_name(each.region)) for each in programmes],
        "states": _states(),
        "years": _years(request),
        **asked,
    }
    return render(request, "funds/programmes.html", context)


@page("funds-export", "funds/export/", zh="导出资金项目", en="Export programmes", opens=FUNDS)
def funds_export(request: Visit) -> HttpResponse:
    """Hand out the programmes that the page shows as a sheet."""
    rows, asked = _narrowed(request)
    programmes = list(rows.order_by("region", "code"))
    figures = _figures(request, programmes, asked["year"])
    headings = (_("编号"), _("名称"), _("地区"), _("状态"), *_headings())
    states = dict(_states())
    lines = (
        (
            each.code,
            each.title,
            full_name(each.region),
            states[each.state],
            *_money(figures.get(each.pk, Figures())),
        )
        for each in programmes
    )
    return sheet(_("资金项目"), headings, lines)


@page("fund-programme", "funds/<int:number>/", zh="资金项目", en="Programme of funds", opens=FUNDS)
def fund_programme(request: Visit, number: int) -> HttpResponse:
    """Show what each level has of a programme in a year, from the budget down."""
    programme: Programme = get_object_or_404(programmes_seen(request.actor), pk=number)
    series, chosen = _series(request, programme)
    found = _levels(request, programme, chosen)
    own = any(each.reaches(programme.scope()) for each in request.actor.allowed("programme.change"))
    orders = orders_seen(request.actor).filter(programme=programme)
    context = {
        "programme": programme,
        "place": full_name(programme.region),
        "measures": _measures(programme),
        "share": f"{programme.share_numerator}/{programme.share_denominator}" if programme.share else "",
        "levels": found,
        "total": _top(found),
        "advances": any(each.own.advanced for each in found),
        "series": series,
        "chosen": chosen,
        "orders": orders.order_by("-pk")[:10],
        "kinds": [(each, order_kind(each)) for each in kinds_to_draft(request.actor, programme)],
        "change": _change_address(request, programme) if own and programme.state == "open" else "",
    }
    return render(request, "funds/programme.html", context)


@page(
    "fund-programme-export",
    "funds/<int:number>/export/",
    zh="导出各级资金",
    en="Export what each level has",
    opens=FUNDS,
)
def fund_programme_export(request: Visit, number: int) -> HttpResponse:
    """Hand out what each level has of a programme as a sheet."""
    programme: Programme = get_object_or_404(programmes_seen(request.actor), pk=number)
    _series_found, chosen = _series(request, programme)
    headings = (_("地区代码"), _("地区"), *_level_headings())
    lines = (
        (each.region, full_name(each.region), *_level_money(each))
        for each in _levels(request, programme, chosen)
    )
    return sheet(f"{programme.code} {chosen[0]}"[:31], headings, lines)


def sheet(title: str, headings: Sequence[str], lines: Iterator[Sequence[str]]) -> HttpResponse:
    """Answer with rows as a workbook."""
    with tempfile.TemporaryDirectory(prefix="huiqi-funds-") as folder:
        path = Path(folder) / "funds.xlsx"
        write_sheet(path, title, headings, lines)
        file = path.open("rb")
    return FileResponse(file, as_attachment=True, filename=f"{title}.xlsx")  # type: ignore[return-value]


def year_of(text: str) -> int | None:
    """Return a year given in an address, None for what is none."""
    return int(text) if len(text) == 4 and text.isascii() and text.isdecimal() else None


def _narrowed(request: Visit) -> tuple[Any, dict[str, Any]]:
    state = request.GET.get("state", "")
    state = state if state in dict(_states()) else ""
    text = request.GET.get("q", "").strip()[:60].replace("\0", "")
    rows = programmes_seen(request.actor)
    if state:
        rows = rows.filter(state=state)
    if text:
        rows = rows.filter(title__contains=text) | rows.filter(code__contains=text)
    return rows, {"state": state, "q": text, "year": year_of(request.GET.get("year", ""))}


def _figures(request: Visit, programmes: list[Programme], year: int | None) -> Any:
    accounts = accounts_seen(request.actor).filter(programme__in=programmes)
    return by_programme(accounts.filter(year=year) if year else accounts)


def _years(request: Visit) -> list[int]:
    rows = accounts_seen(request.actor).select_related(None).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def _states() -> list[tuple[str, str]]:
    return [(name, in_language(words)) for name, words in tables()["funds.programme"].states.items()]


def _series(request: Visit, programme: Programme) -> tuple[list[tuple[int, bool]], tuple[int, bool]]:
    """Return the years and marks that the programme has accounts of, and the one that is asked for (the newest)."""
    rows = accounts_seen(request.actor).select_related(None).filter(programme=programme)
    found = sorted(set(rows.order_by().values_list("year", "direct").distinct()), reverse=True)
    year, direct = year_of(request.GET.get("year", "")), request.GET.get("direct", "")
    asked = [each for each in found if each[0] == year and (direct == "") | (each[1] == (direct == "1"))]
    return found, (asked or found or [(request.today.year, False)])[0]


def _levels(request: Visit, programme: Programme, chosen: tuple[int, bool]) -> list[Level]:
    rows = accounts_seen(request.actor).filter(programme=programme, year=chosen[0], direct=chosen[1])
    return levels(rows)


def _top(found: list[Level]) -> Figures:
    """The whole area that is seen: each account counted once."""
    return by_programme(each for level in found for each in level.accounts.values()).get(
        next((each.programme_id for level in found for each in level.accounts.values()), 0), Figures()
    )


def _measures(programme: Programme) -> list[tuple[str, str]]:
    by_id = library().by_id
    return [(each, by_id[each][0].title if each in by_id else each) for each in programme.measures]


def _change_address(request: Visit, programme: Programme) -> str:
    """The page of programme.change with what stands now filled in."""
    share = f"{programme.share_numerator}/{programme.share_denominator}" if programme.share else ""
    stands = {
        "title": programme.title,
        "measures": ", ".join(programme.measures),
        "share": share,
        "matched_by": programme.matched_by.code if programme.matched_by else "",
        "seen": programme.version,
        "next": request.get_full_path(),
    }
    address = reverse("act", kwargs={"name": "programme.change", "subject": programme.pk})
    return f"{address}?{urlencode(stands)}"


def _headings() -> tuple[str, ...]:
    return (_("到位资金（元）"), _("已支付（元）"), _("支付中（元）"), _("可用（元）"), _("执行率"))


def _money(figures: Figures) -> tuple[str, ...]:
    sums = (figures.funds, figures.paid, figures.pending, figures.free)
    return (*(format_yuan(each) for each in sums), figures.rate)


def _level_headings() -> tuple[str, ...]:
    return (
        *(_("下达预算（元）"), _("到位资金（元）"), _("已分解下达（元）"), _("本级可用（元）")),
        *(_("支付中（元）"), _("已支付（元）"), _("预拨未清算（元）"), _("执行率")),
    )


def _level_money(level: Level) -> tuple[str, ...]:
    sums = (
        *(level.own.appropriated, level.area.funds, level.passed_down, level.own.free),
        *(level.area.pending, level.area.paid, level.own.advanced),
    )
    return (*(format_yuan(each) for each in sums), level.area.rate)
