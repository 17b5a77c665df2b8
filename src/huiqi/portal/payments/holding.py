"""Money held for a batch, and let go: all of it or none is seen at any moment, though it is done in pieces.

First one pending transfer holds the whole batch. Then piece by piece it is let go and, in the same transaction, held
anew: the payments of the piece one by one, and the rest in one again. What the account has free never changes on the
way, so that nobody can take a fen of it in between, and no transaction is long.
"""

from __future__ import annotations

from collections.abc import Sequence

from huiqi.portal.acts.chain import canonical, sm3
from huiqi.portal.acts.registry import Doing
from huiqi.portal.funds.posting import Entry, post
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.portal.payments.outcomes import Outcome, tell


def held_key(payment: Payment) -> str:
    """Return the key of the pending transfer of a payment."""
    return f"payment:{payment.reference}:held"


def resolved_key(payment: Payment) -> str:
    """Return the key of the transfer that posts or voids it."""
    return f"payment:{payment.reference}:resolved"


def _whole_key(batch: PaymentBatch, done: int) -> str:
    return f"payment-batch:{batch.pk}:rest-after-{done}"


def hold_whole(doing: Doing, batch: PaymentBatch) -> None:
    """Hold the whole amount in one. Raises Refused: the account has not so much."""
    _post(doing, [_whole(batch, 0)])


def hold_piece(doing: Doing, batch: PaymentBatch, payments: Sequence[Payment]) -> None:
    """Hold the next payments one by one, and the rest in one; the batch counts them, nothing of it is saved."""
    done = batch.held_count
    whole = _whole(batch, done)
    entries = [
        Entry(
            f"{whole.key}:let-go",
            whole.debit,
            whole.credit,
            whole.amount,
            "pay",
            "void",
            resolves=whole.key,
        )
    ]
    entries += [
        Entry(held_key(each), whole.debit, whole.credit, each.amount, "pay", "pending") for each in payments
    ]
    batch.held_count += len(payments)
    batch.held_total += sum(each.amount for each in payments)
    if batch.held_count < batch.control_count:
        entries.append(_whole(batch, batch.held_count))
    _post(doing, entries)
    doing.say(
        held=len(payments),
        total=sum(each.amount for each in payments),
        digest=sm3(canonical([[each.reference, each.amount] for each in payments])),
    )


def void_piece(doing: Doing, batch: PaymentBatch, payments: Sequence[Payment], reason: str) -> None:
    """Let go of payments, tell whose orders they were; the batch counts them, nothing of it is saved."""
    if batch.held_count:
        _post(doing, [resolution(batch, each, "void") for each in payments])
    rows = Payment.objects.for_site("the batch's own payments").filter(pk__in=[each.pk for each in payments])
    rows.update(state="voided", reason=reason, settled_on=doing.today)
    batch.voided_count += len(payments)
    tell(
        [Outcome(each.key, "voided", each.amount, reason, doing.today) for each in payments],
        at=doing.now,
        day=doing.today,
    )
    doing.say(voided=len(payments), total=sum(each.amount for each in payments))


def resolution(batch: PaymentBatch, payment: Payment, stage: str) -> Entry:
    """Return the entry that posts or voids what is held for a payment."""
    return Entry(
        resolved_key(payment),
        batch.available_id,
        batch.paid_id,
        payment.amount,
        "pay",
        stage,
        resolves=held_key(payment),
    )


def _whole(batch: PaymentBatch, done: int) -> Entry:
    rest = batch.control_total - batch.held_total
    return Entry(_whole_key(batch, done), batch.available_id, batch.paid_id, rest, "pay", "pending")


def _post(doing: Doing, entries: Sequence[Entry]) -> None:
    post(entries, day=doing.today, at=doing.now)
