"""Orders of money that wait to be confirmed, on the home; orders that were posted, as news."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.funds.models import FundOrder
from huiqi.portal.funds.queries import FUNDS
from huiqi.portal.funds.shown import order_kind
from huiqi.portal.look.home import HomeLine, HomePart, home_part, news_of
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan_grouped

_SHOWN = 4

news_of("fund.confirm", "fund.decline", opens=FUNDS, listing="fund-orders", route="fund-order")


@home_part("fund-orders", opens=FUNDS, order=23)
def fund_orders(request: Visit) -> HomePart | None:
    """Orders that wait for another person's confirmation."""
    if not request.actor.allowed("fund.confirm"):
        return None
    waiting = FundOrder.objects.visible_to(request.actor, FUNDS).filter(state="drafted").order_by("pk")
    found = list(waiting[:_SHOWN])
    if not found:
        return None
    lines = [
        HomeLine(
            each.document,
            each.address(),
            _("%(kind)s，%(total)s元")
            % {"kind": order_kind(each.kind), "total": format_yuan_grouped(each.total)},
            "soon",
        )
        for each in found
    ]
    return HomePart(
        _("拨款单待审批"), tuple(lines), waiting.count(), f"{reverse('fund-orders')}?state=drafted"
    )
