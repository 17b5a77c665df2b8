"""Pages of the official tables, of a day or a frozen month's end, to look at, print and take out as a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiqi.portal.fund_watch.drawn import drawn, money
from huiqi.portal.fund_watch.moments import Moment, moment_of
from huiqi.portal.fund_watch.queries import WATCH, accounts_watched, heads_seen
from huiqi.portal.fund_watch.tables import (
    Matching,
    Monitoring,
    Tie,
    matching_table,
    monitoring_table,
    rate_of,
)
from huiqi.portal.funds.balances import Figures
from huiqi.portal.funds.programme_pages import sheet, year_of
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import full_name
from huiqi.screening.report.charts import Bar

_MOST_HEADS = 24


@page("fund-tables", "funds/tables/", zh="资金报表", en="Tables of funds", opens=WATCH, menu="funds")
def fund_tables(request: Visit) -> HttpResponse:
    """Show an official table: direct-fund monitoring, or the settlement of matching funds."""
    asked, moment = _asked(request)
    context: dict[str, Any] = {
        **asked,
        "moment": moment,
        "years": _years(request),
        "heads": heads_seen().order_by("-day")[:_MOST_HEADS],
        "tables": _titles(),
        "title": dict(_titles())[asked["table"]],
    }
    if asked["table"] == "matching":
        found = matching_table(request.actor, moment, asked["year"], asked["direct"])
        context |= {
            "matching": found,
            "lines": [(each, full_name(each.region)) for each in found.lines],
            "sums": {name: found.sum(name) for name in ("spent", "due", "given", "to_give", "advanced")},
        }
    else:
        found = monitoring_table(request.actor, moment, asked["year"], asked["direct"])
        context |= {"monitoring": found, "chart": _chart(found)}
    context["ties"] = [(each, _tie_title(each)) for each in found.ties]
    return render(request, "fund_watch/tables.html", context)


@page(
    "fund-tables-export", "funds/tables/export/", zh="导出资金报表", en="Export a table of funds", opens=WATCH
)
def fund_tables_export(request: Visit) -> HttpResponse:
    """Hand out the table that the page shows as a sheet, with its checks."""
    asked, moment = _asked(request)
    title = dict(_titles())[asked["table"]]
    if asked["table"] == "matching":
        matching = matching_table(request.actor, moment, asked["year"], asked["direct"])
        return sheet(title, _matching_headings(), _matching_rows(matching, moment))
    monitoring = monitoring_table(request.actor, moment, asked["year"], asked["direct"])
    return sheet(title, _monitoring_headings(), _monitoring_rows(monitoring, moment))


def _asked(request: Visit) -> tuple[dict[str, Any], Moment]:
    given = request.GET
    table = given.get("table", "")
    direct = given.get("direct", "")
    asked = {
        "table": table if table in dict(_titles()) else "monitoring",
        "year": year_of(given.get("year", "")) or next(iter(_years(request)), request.today.year),
        "direct": {"1": True, "0": False}.get(direct),
        "day": given.get("day", "")[:10],
    }
    return asked, moment_of(given.get("head", ""), given.get("day", ""), request.today)


def _titles() -> list[tuple[str, str]]:
    return [("monitoring", _("直达资金监控表")), ("matching", _("奖补资金清算表"))]


def _years(request: Visit) -> list[int]:
    rows = accounts_watched(request.actor).select_related(None).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def _tie_title(tie: Tie) -> str:
    return {
        "appropriated": _("下达预算合计"),
        "paid": _("支出合计"),
        "lies": _("结余合计（可用和支付中）"),
        "given": _("已拨付合计（与拨款单核对）"),
    }[tie.name]


def _chart(table: Monitoring) -> str:
    rows = [
        Bar(
            f"{block.programme.title}（{block.year}）",
            block.total.paid,
            _("%(paid)s，进度%(rate)s") % {"paid": money(block.total.paid), "rate": rate_of(block.total)},
        )
        for block in sorted(table.blocks, key=lambda each: -each.total.paid)
        if block.total.funds
    ]
    about = _("每条为一个资金项目的支出，右侧为支出占到位资金的比例。")
    return drawn("paid-by-programme", _("各资金项目支出"), about, rows)


def _monitoring_headings() -> tuple[str, ...]:
    return (
        *(_("资金项目"), _("年度"), _("直达资金"), _("地区代码"), _("地区"), _("下达预算（元）")),
        *(_("到位资金（元）"), _("分解下达（元）"), _("支出金额（元）"), _("支付中（元）"), _("结余（元）")),
        _("支出进度"),
    )


def _monitoring_rows(table: Monitoring, moment: Moment) -> Iterator[tuple[str, ...]]:
    for block in table.blocks:
        for level in block.levels:
            yield (
                block.programme.title,
                str(block.year),
                _("是") if block.direct else _("否"),
                level.region,
                full_name(level.region),
                format_yuan(level.own.appropriated),
                format_yuan(level.area.funds),
                format_yuan(level.passed_down),
                *_money(level.area),
            )
    total = table.total
    sums = (format_yuan(total.appropriated), format_yuan(total.funds), "", *_money(total))
    yield (_("合计"), "", "", "", "", *sums)
    yield from _tie_rows(table.ties, moment)


def _money(figures: Figures) -> tuple[str, ...]:
    sums = (figures.paid, figures.pending, figures.free)
    return (*(format_yuan(each) for each in sums), rate_of(figures))


def _matching_headings() -> tuple[str, ...]:
    return (
        *(_("资金项目"), _("年度"), _("地区代码"), _("地区"), _("分担比例"), _("下级支出（元）")),
        *(_("应拨付（元）"), _("已拨付（元）"), _("尚需拨付（元）"), _("其中预拨未清算（元）")),
    )


def _matching_rows(table: Matching, moment: Moment) -> Iterator[tuple[str, ...]]:
    names = ("spent", "due", "given", "to_give", "advanced")
    for each in table.lines:
        yield (
            each.programme.title,
            str(each.year),
            each.region,
            full_name(each.region),
            f"{each.programme.share_numerator}/{each.programme.share_denominator}",
            *(format_yuan(getattr(each, name)) for name in names),
        )
    yield (_("合计"), "", "", "", "", *(format_yuan(table.sum(name)) for name in names))
    yield from _tie_rows(table.ties, moment)


def _tie_rows(ties: list[Tie], moment: Moment) -> Iterator[tuple[str, ...]]:
    source = moment.head.digest if moment.head is not None else _("资金流水")
    yield (_("截止日期"), moment.day.isoformat(), _("数据来源"), source)
    for each in ties:
        verdict = _("一致") if each.holds else _("不一致")
        yield (
            _("核对：%(what)s") % {"what": _tie_title(each)},
            format_yuan(each.lines),
            format_yuan(each.ledger),
            verdict,
        )
