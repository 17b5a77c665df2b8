"""Pages of the monthly heads: all of them with their digests, and one with the accounts of one's area."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiqi.portal.fund_watch.models import FundHead
from huiqi.portal.fund_watch.queries import WATCH, head_lines_seen, heads_seen
from huiqi.portal.funds.programme_pages import sheet
from huiqi.portal.funds.shown import account_kind
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import full_name


@page("fund-heads", "funds/heads/", zh="资金月末快照", en="Month's ends of funds", opens=WATCH)
def fund_heads(request: Visit) -> HttpResponse:
    """Show the frozen month's ends, the newest first."""
    heads = paged(heads_seen().order_by("-day"), request.GET.get("page"))
    return render(request, "fund_watch/heads.html", {"heads": heads})


@page("fund-head", "funds/heads/<str:day>/", zh="资金月末快照", en="Month's end of funds", opens=WATCH)
def fund_head(request: Visit, day: str) -> HttpResponse:
    """Show what the accounts of one's area had at a month's end."""
    head = _head(day)
    lines = paged(_lines(request, head), request.GET.get("page"))
    shown = [
        (
            each,
            full_name(each.account.region),
            account_kind(each.account.kind),
            each.credits_posted - each.debits_posted,
        )
        for each in lines
    ]
    return render(request, "fund_watch/head.html", {"head": head, "lines": lines, "shown": shown})


@page(
    "fund-head-export",
    "funds/heads/<str:day>/export/",
    zh="导出资金月末快照",
    en="Export a month's end",
    opens=WATCH,
)
def fund_head_export(request: Visit, day: str) -> HttpResponse:
    """Hand out a month's end as a sheet, with its digest."""
    head = _head(day)
    headings = (
        *(_("资金项目编号"), _("资金项目"), _("年度"), _("直达资金"), _("地区代码"), _("地区"), _("科目")),
        *(
            _("借方已入账（元）"),
            _("借方待入账（元）"),
            _("贷方已入账（元）"),
            _("贷方待入账（元）"),
            _("余额（元）"),
        ),
    )

    def rows():  # type: ignore[no-untyped-def]  # noqa: ANN202
        for each in _lines(request, head).iterator(chunk_size=500):
            account = each.account
            sums = (each.debits_posted, each.debits_pending, each.credits_posted, each.credits_pending)
            yield (
                *(account.programme.code, account.programme.title, str(account.year)),
                *(_("是") if account.direct else _("否"), account.region, full_name(account.region)),
                account_kind(account.kind),
                *(format_yuan(fen) for fen in (*sums, sums[2] - sums[0])),
            )
        yield (_("摘要（SM3）"), head.digest, _("上月摘要"), head.previous)

    return sheet(head.day.isoformat(), headings, rows())


def _head(day: str) -> FundHead:
    try:
        asked = date.fromisoformat(day) if len(day) == 10 else None
    except ValueError:
        asked = None
    found = heads_seen().filter(day=asked).first() if asked is not None else None
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]


def _lines(request: Visit, head: FundHead):  # type: ignore[no-untyped-def]  # noqa: ANN202
    rows = head_lines_seen(request.actor, head)
    return rows.order_by(
        "account__programme__code", "account__year", "account__region", "account__kind", "pk"
    )
