"""Orders written as the payments of a batch, many at once."""

from __future__ import annotations

from collections.abc import Sequence

from huiqi.portal.acts.chain import canonical, sm3
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.portal.payments.orders import Order, checked, reference_of
from huiqi.portal.payments.payees import conceal, keys

PIECE = 1_000
_NAMED = 3


def draw(doing: Doing, batch: PaymentBatch, orders: Sequence[Order]) -> None:
    """Add the orders as payments, and count them on the batch; the event gets their digest. Nothing of the batch is saved.

    Raises Refused: an order cannot be paid, is ordered twice or lives in another payment, or the batch is more than
    was declared.
    """
    ready = [checked(each, batch.domain) for each in orders]
    _refuse_twice([each.key for each in ready])
    total = sum(each.amount for each in ready)
    if (
        batch.drawn_count + len(ready) > batch.control_count
        or batch.drawn_total + total > batch.control_total
    ):
        raise Refused(
            "生成的支付超过申报的笔数或金额", mend="请撤销这个批次后重新生成", code="batch-beyond-declared"
        )
    sealing = keys()
    rows = []
    for number, order in enumerate(ready, start=batch.drawn_count + 1):
        row = Payment(
            batch=batch,
            number=number,
            key=order.key,
            reference=reference_of(batch.pk, number),
            firm_id=order.firm,
            measure=order.measure,
            amount=order.amount,
            bank=order.bank,
        )
        conceal(row, order.name, order.account, sealing)
        rows.append(row)
    Payment.objects.bulk_create(rows, batch_size=PIECE)
    batch.drawn_count += len(rows)
    batch.drawn_total += total
    if ready:
        batch.cursor = ready[-1].key
    doing.say(
        drawn=len(rows),
        total=total,
        digest=sm3(canonical([[each.key, each.reference, each.amount] for each in rows])),
    )


def _refuse_twice(keys_of_orders: Sequence[str]) -> None:
    if len(set(keys_of_orders)) != len(keys_of_orders):
        raise Refused("同一项支付在批次中出现两次", mend="请核对后重新生成", code="order-twice")
    living: list[str] = []
    rows = Payment.objects.for_site("an order is paid once, wherever").exclude(
        state__in=["rejected", "voided"]
    )
    for begin in range(0, len(keys_of_orders), PIECE):
        living += rows.filter(key__in=keys_of_orders[begin : begin + PIECE]).values_list("key", flat=True)
    if living:
        raise Refused(
            f"有{len(living)}笔已在其他批次支付",
            why="、".join(living[:_NAMED]),
            mend="请去掉后重新生成",
            code="order-paid-already",
        )
