"""Money that was wrongly paid, taken back by an opposite entry, in whole or in part, never beyond what was paid."""

from __future__ import annotations

from huiqi.portal.acts.refusals import NotNow, Refused
from huiqi.portal.acts.registry import Doing
from huiqi.portal.funds.posting import Entry, post
from huiqi.portal.payments.holding import resolved_key
from huiqi.portal.payments.models import Payment
from huiqi.portal.payments.outcomes import Outcome, tell
from huiqi.reference.money import format_yuan


def recover(doing: Doing, payment: Payment, amount: int, reason: str) -> None:
    """Book an amount of a payment (fen) back to what is available, and tell whose order it was.

    To be called inside an act; the payment is locked and saved here. Raises Refused: nothing was paid, or not so much
    is left of it.
    """
    rows = Payment.objects.for_site("two who recover one payment wait for each other")
    locked = rows.select_for_update().only("state", "recovered").get(pk=payment.pk)
    payment.state, payment.recovered = locked.state, locked.recovered
    rest = payment.amount - payment.recovered
    if payment.state not in ("paid", "recovered") or rest == 0:
        raise NotNow("这笔支付没有可追回的金额", mend="只有已支付且未全部追回的可以追回")
    if not 0 < amount <= rest:
        raise Refused(
            "追回金额超过已支付的",
            why=f"尚可追回{format_yuan(rest)}元",
            mend="请核对金额",
            code="recovers-too-much",
            cell="amount",
        )
    batch = payment.batch
    post(
        [
            Entry(
                f"payment:{payment.reference}:recovered-after-{payment.recovered}",
                batch.paid_id,
                batch.available_id,
                amount,
                "recover",
                reverses=resolved_key(payment),
                reason=reason[:300],
            )
        ],
        day=doing.today,
        at=doing.now,
    )
    payment.recovered += amount
    payment.state = "recovered" if payment.recovered == payment.amount else "paid"
    payment.save()
    tell(
        [Outcome(payment.key, "recovered", amount, reason, doing.today)],
        at=doing.now,
        day=doing.today,
    )
    doing.say(recovered=amount, left=payment.amount - payment.recovered, reference=payment.reference)
