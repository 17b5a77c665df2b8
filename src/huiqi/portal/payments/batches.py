"""Payment batches opened by the acts of other domains."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input
from huiqi.portal.funds.models import Programme
from huiqi.portal.jobs.running import ask
from huiqi.portal.payments.drawing import draw
from huiqi.portal.payments.models import PaymentBatch
from huiqi.portal.payments.orders import Order, source_of

MOST_AT_ONCE = 5_000
"""Orders that come with the opening; more are drawn from the domain's source by a job."""
DRAW_JOB = "payment-draw"


class Opening(Input):
    """A batch as another domain's act opens it: what is declared, out of which accounts, by whom."""

    title: str
    programme: int
    region: str
    agency: str
    year: int
    direct: bool
    domain: str
    drawn_from: str = ""
    count: int
    total: int
    by: str
    act: str


def open_batch(
    doing: Doing,
    *,
    programme: Programme,
    region: str,
    year: int,
    direct: bool,
    orders: Iterable[Order],
    title: str,
) -> PaymentBatch:
    """Open a batch of these orders, all of one domain; it is `drafted`, and finance holds the money.

    To be called inside an act, and part of its transaction. What it pays is declared in the act's own event.

    Raises Refused: no orders, more than MOST_AT_ONCE, one that cannot be paid or is paid already, no account.
    """
    wanted = list(orders)
    if not wanted:
        raise Refused("没有要支付的", mend="请核对名单", code="nothing-to-pay")
    if len(wanted) > MOST_AT_ONCE:
        raise ValueError("big batches are drawn from a source: open_from_source")
    batch = _opened(
        doing,
        programme,
        region,
        year,
        direct,
        title,
        wanted[0].key.partition(":")[0],
        "",
        len(wanted),
        sum(each.amount for each in wanted),
    )
    draw(Doing(doing.act, doing.actor, doing.capacity, doing.now, doing.today), batch, wanted)
    batch.save()
    _do("payment.drawn", batch, doing)
    batch.refresh_from_db()
    return batch


def open_from_source(
    doing: Doing,
    *,
    programme: Programme,
    region: str,
    year: int,
    direct: bool,
    title: str,
    domain: str,
    argument: str,
    count: int,
    total: int,
) -> PaymentBatch:
    """Open a batch whose orders a job draws from the domain's source (`orders.orders_from`), asked by `argument`.

    It is `drawing` until as many payments, and as many fen, as were declared are there, then `drafted`. As `open_batch`
    it belongs inside an act.
    """
    source_of(domain)
    batch = _opened(doing, programme, region, year, direct, title, domain, argument, count, total)
    ask(
        DRAW_JOB,
        f"{DRAW_JOB}:{batch.pk}",
        {"batch": batch.pk},
        by=doing.actor.id,
        now=doing.now,
        region=batch.region,
    )
    return batch


def _opened(
    doing: Doing,
    programme: Programme,
    region: str,
    year: int,
    direct: bool,
    title: str,
    domain: str,
    drawn_from: str,
    count: int,
    total: int,
) -> PaymentBatch:
    made = perform(
        "payment.open",
        site_actor("payment-open"),
        None,
        {
            "title": title,
            "programme": programme.pk,
            "region": region,
            "agency": doing.capacity.agency,
            "year": year,
            "direct": direct,
            "domain": domain,
            "drawn_from": drawn_from,
            "count": count,
            "total": total,
            "by": doing.actor.id,
            "act": doing.act,
        },
        now=doing.now,
        today=doing.today,
        key=f"payment.open:{uuid.uuid4().hex}",
    )
    batch = made.subject
    assert isinstance(batch, PaymentBatch)
    doing.say(payment_batch=batch.pk, payments=count, payments_total=total)
    return batch


def _do(act: str, batch: PaymentBatch, doing: Doing) -> None:
    perform(
        act,
        site_actor(act.replace(".", "-")),
        batch.pk,
        {},
        now=doing.now,
        today=doing.today,
        key=f"{act}:{batch.pk}",
    )
