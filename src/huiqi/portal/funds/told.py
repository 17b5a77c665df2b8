"""Whom an order of money is told to: who may confirm it, who drafted it, and whom the money came to."""

from __future__ import annotations

from huiqi.portal.acts.registry import Doing
from huiqi.portal.funds.models import FundOrder, FundOrderLine
from huiqi.portal.notices.telling import notify
from huiqi.portal.notices.whom import who_may
from huiqi.reference.money import format_yuan_grouped


def told_drafted(doing: Doing, order: FundOrder) -> None:
    """Tell who may confirm an order that it waits."""
    to = who_may({"fund.confirm"}, order.scope(), doing.today)
    notify(doing, "fund-order-drafted", to=to, subject=order, values=_values(order))


def told_confirmed(doing: Doing, order: FundOrder) -> None:
    """Tell the finance people of who gives that an order was posted, and those of who got or gave back, each once."""
    givers = who_may({"fund.draft"}, order.scope(), doing.today)
    notify(doing, "fund-order-confirmed", to=givers, subject=order, values=_values(order))
    known = {each.pk for each in givers}
    rows = FundOrderLine.objects.for_site("whom the money came to").filter(order=order)
    for line in rows.exclude(region=order.region).order_by("number"):
        near = who_may({"fund.draft"}, line.scope(), doing.today)
        notify(
            doing,
            "fund-order-posted",
            to=[each for each in near if each.pk not in known],
            subject=line,
            values={"document": order.document},
            once=f"fund-order:{order.pk}",
        )


def told_declined(doing: Doing, order: FundOrder) -> None:
    """Tell the finance people of who gives that an order was declined."""
    to = who_may({"fund.draft"}, order.scope(), doing.today)
    notify(doing, "fund-order-declined", to=to, subject=order, values={"document": order.document})


def _values(order: FundOrder) -> dict[str, str]:
    return {"document": order.document, "total": format_yuan_grouped(order.total)}
