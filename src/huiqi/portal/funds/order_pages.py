"""Pages of orders of money: all that one sees, and one with its lines and what the accounts would have after it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.registry import acts
from huiqi.portal.acts.transitions import tables
from huiqi.portal.funds.models import FundOrder, FundOrderLine
from huiqi.portal.funds.order_models import ORDER_KINDS
from huiqi.portal.funds.orders import balances, planned, wanted_of
from huiqi.portal.funds.programme_pages import sheet
from huiqi.portal.funds.queries import FUNDS, lines_seen, orders_seen
from huiqi.portal.funds.shown import account_kind, in_language, order_kind, order_kinds
from huiqi.portal.look.act_pages import title_of
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import full_name


@page("fund-orders", "funds/orders/", zh="拨款单", en="Orders of money", opens=FUNDS, menu="funds")
def fund_orders(request: Visit) -> HttpResponse:
    """Show the orders that one sees, newest first; of a superior's only what concerns one's area."""
    rows, asked = _narrowed(request)
    orders = paged(rows.order_by("-pk"), request.GET.get("page"))
    sums = _sums(request, list(orders))
    context = {
        "orders": orders,
        "shown": [
            (each, *sums.get(each.pk, (0, 0)), order_kind(each.kind), full_name(each.region))
            for each in orders
        ],
        "states": _states(),
        "kinds": order_kinds(),
        **asked,
    }
    return render(request, "funds/orders.html", context)


@page("fund-orders-export", "funds/orders/export/", zh="导出拨款单", en="Export orders of money", opens=FUNDS)
def fund_orders_export(request: Visit) -> HttpResponse:
    """Hand out the lines of the orders that the page shows as a sheet."""
    rows, _asked = _narrowed(request)
    headings = (
        *(
            _("单号"),
            _("文号或依据"),
            _("种类"),
            _("资金项目"),
            _("年度"),
            _("拨款地区"),
            _("状态"),
            _("办结日期"),
        ),
        *(_("行号"), _("地区代码"), _("地区"), _("金额（元）"), _("支出（元）"), _("应分担（元）")),
        *(_("已拨付（元）"), _("收回（元）")),
    )
    return sheet(_("拨款单"), headings, _lines(request, rows))


@page("fund-order", "funds/orders/<int:number>/", zh="拨款单", en="Order of money", opens=FUNDS)
def fund_order(request: Visit, number: int) -> HttpResponse:
    """Show an order: its lines, who drafted and decided it, and before it is posted what the accounts would have."""
    order: FundOrder = get_object_or_404(orders_seen(request.actor), pk=number)
    lines = list(lines_seen(request.actor).filter(order=order).order_by("number"))
    own = any(FUNDS in each.pages and each.reaches(order.scope()) for each in request.actor.capacities)
    plan = planned(wanted_of(order), request.today) if order.state == "drafted" and own else None
    context: dict[str, Any] = {
        "order": order,
        "kind": order_kind(order.kind),
        "place": full_name(order.region),
        "lines": [(each, full_name(each.region)) for each in lines],
        "shown_total": sum(each.amount - each.back for each in lines),
        "part": len(lines) < order.count,
        "wrong": plan.findings if plan is not None else [],
        "balances": [(each, full_name(each.region), account_kind(each.kind)) for each in balances(plan)]
        if plan is not None and not plan.findings
        else [],
        "history": _history(order) if own else [],
        "acts": tables()["funds.fundorder"].allowed(order.state),
    }
    return render(request, "funds/order.html", context)


def _narrowed(request: Visit) -> tuple[Any, dict[str, Any]]:
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    state = state if state in dict(_states()) else ""
    kind = kind if kind in ORDER_KINDS else ""
    text = request.GET.get("q", "").strip()[:60].replace("\0", "")
    rows = orders_seen(request.actor)
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(document__contains=text) | rows.filter(programme__title__contains=text)
    return rows, {"state": state, "kind": kind, "q": text}


def _states() -> list[tuple[str, str]]:
    return [(name, in_language(words)) for name, words in tables()["funds.fundorder"].states.items()]


def _sums(request: Visit, orders: list[FundOrder]) -> dict[int, tuple[int, int]]:
    """The lines of each order that the visitor sees: how many, and fen."""
    rows = lines_seen(request.actor).filter(order__in=orders).order_by().values("order")
    found = rows.annotate(count=Count("pk"), fen=Sum("amount") - Sum("back"))
    return {each["order"]: (each["count"], each["fen"]) for each in found}


def _history(order: FundOrder) -> list[tuple[Event, str, str]]:
    """What was done to an order: the event, the act's title, who."""
    events = list(
        Event.objects.filter(subject_kind="funds.fundorder", subject=str(order.pk)).order_by("sequence")
    )
    numbers = {int(each.actor[5:]) for each in events if each.actor[:5] == "user:"}
    names = dict(User.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return [
        (
            each,
            title_of(acts()[each.act]) if each.act in acts() else each.act,
            names.get(int(each.actor[5:]), "") if each.actor[:5] == "user:" else _("系统"),
        )
        for each in events
    ]


def _lines(request: Visit, orders: Any) -> Iterator[tuple[str, ...]]:
    states = dict(_states())
    rows = lines_seen(request.actor).filter(order__in=orders.order_by().values("pk"))
    line: FundOrderLine
    for line in (
        rows.select_related("order__programme").order_by("-order", "number").iterator(chunk_size=2_000)
    ):
        order = line.order
        settled = (line.spent, line.due, line.given, line.back if line.due is not None else None)
        yield (
            order.number,
            order.document,
            order_kind(order.kind),
            order.programme.title,
            str(order.year),
            full_name(order.region),
            states[order.state],
            order.decided_on.isoformat() if order.decided_on else "",
            str(line.number),
            line.region,
            full_name(line.region),
            format_yuan(line.amount),
            *("" if fen is None else format_yuan(fen) for fen in settled),
        )
