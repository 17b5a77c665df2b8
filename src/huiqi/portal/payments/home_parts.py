"""Batches to be held, sent or answered, statements to be confirmed, and lines that wait for a person, on the home."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.look.home import HomeLine, HomePart, home_part, news_of
from huiqi.portal.look.visits import Visit
from huiqi.portal.payments.queries import PAYMENTS, STATEMENTS, batches_of, queue_of, statements_of
from huiqi.portal.payments.shown import states_of, why_words
from huiqi.reference.money import format_yuan_grouped

_SHOWN = 4

news_of(
    "payment.send",
    "payment.close",
    "payment.voided",
    opens=PAYMENTS,
    listing="payments",
    route="payment-batch",
)
news_of("statement.taken", opens=STATEMENTS, listing="statements", route="statement")


@home_part("payments", opens=PAYMENTS, order=24)
def payments(request: Visit) -> HomePart | None:
    """Batches whose money is to be held, and those that are to be sent."""
    if not request.actor.allowed("payment.hold"):
        return None
    found = list(batches_of(request.actor).filter(state__in=["drafted", "held"]).order_by("pk")[: _SHOWN + 1])
    if not found:
        return None
    words = dict(states_of("payments.paymentbatch"))
    lines = [
        HomeLine(
            each.title,
            each.address(),
            _("%(state)s，%(total)s元")
            % {"state": words[each.state], "total": format_yuan_grouped(each.control_total)},
            "soon",
        )
        for each in found[:_SHOWN]
    ]
    return HomePart(_("支付批次待办"), tuple(lines), len(found), reverse("payments"))


@home_part("statements", opens=STATEMENTS, order=25)
def statements(request: Visit) -> HomePart | None:
    """Statements that were read and wait to be confirmed, those with errors marked."""
    if not request.actor.allowed("statement.take"):
        return None
    rows = statements_of(request.actor).filter(state__in=["previewed", "faulty"])
    found = list(rows.only("file_name", "state").order_by("-pk")[: _SHOWN + 1])
    if not found:
        return None
    lines = [
        HomeLine(
            each.file_name,
            each.address(),
            _("有差错，不能入账") if each.state == "faulty" else _("待确认"),
            "wrong" if each.state == "faulty" else "soon",
        )
        for each in found[:_SHOWN]
    ]
    return HomePart(_("银行回单待确认"), tuple(lines), len(found), reverse("statements"))


@home_part("statement-queue", opens=STATEMENTS, order=26, group="wrong")
def queue(request: Visit) -> HomePart | None:
    """Lines of statements that fitted no payment."""
    if not request.actor.allowed("statement.settle"):
        return None
    rows = queue_of(request.actor)
    found = list(rows.order_by("pk")[:_SHOWN])
    if not found:
        return None
    lines = [
        HomeLine(
            _("%(amount)s元") % {"amount": format_yuan_grouped(each.amount)},
            each.address(),
            why_words(each),
            "wrong",
        )
        for each in found
    ]
    return HomePart(_("回单待人工处理"), tuple(lines), rows.count(), reverse("statement-queue"))
