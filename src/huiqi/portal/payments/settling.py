"""Payments settled by what the bank says: posted where it paid, let go where it did not; each once.

Lines come from a statement, by pieces, or one by hand; either way it is the same step, in the caller's transaction.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from django.db.models import OuterRef, Subquery

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.registry import Doing
from huiqi.portal.funds.posting import post
from huiqi.portal.payments.holding import resolution
from huiqi.portal.payments.matching import Match, matches
from huiqi.portal.payments.models import BankStatement, Payment, PaymentBatch, StatementLine
from huiqi.portal.payments.outcomes import Outcome, tell

REJECTED = "银行退回"


def take_piece(doing: Doing, statement: BankStatement, lines: Sequence[StatementLine]) -> None:
    """Settle what fits of some lines, and queue the rest; the statement counts them, nothing of it is saved."""
    lock_batches(statement.region, [each.reference for each in lines if each.reference])
    found = matches(statement, lines)
    fitting = [each for each in found if not each.why]
    settle(doing, fitting)
    rows = StatementLine.objects.for_site("a statement's own lines")
    # A reference is one payment's: where it fits, its region was compared already.
    by_reference = Payment.objects.for_site("found by reference").filter(reference=OuterRef("reference"))
    rows.filter(pk__in=[each.line.pk for each in fitting]).update(
        state="matched", payment=Subquery(by_reference.values("pk")[:1])
    )
    payment = Subquery(by_reference.filter(batch__region=statement.region).values("pk")[:1])
    queued = defaultdict(list)
    for each in found:
        if each.why:
            queued[each.why].append(each.line.pk)
    for why, numbers in queued.items():
        rows.filter(pk__in=numbers).update(state="queued", why=why, payment=payment)
    statement.taken_count += len(lines)
    doing.say(
        lines=len(lines),
        queued={why: len(numbers) for why, numbers in queued.items()},
        **{
            way: [len(its), sum(each.line.amount for each in its)]
            for way in ("paid", "rejected")
            if (its := [each for each in fitting if each.line.way == way])
        },
    )


def lock_batches(region: str, references: Sequence[str]) -> None:
    """Lock the batches that payments belong to, in one order for all, so that two statements wait and never for ever."""
    rows = PaymentBatch.objects.for_site("the batches that a statement settles").filter(
        pk__in=Payment.objects.for_site("as above")
        .filter(reference__in=references, batch__region=region)
        .values("batch")
    )
    list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))


def settle(doing: Doing, fitting: Sequence[Match]) -> None:
    """Post or void the transfer of each payment, count it on its batch, tell who ordered it; close batches that are done.

    The batches are locked, and the payments were read after that.
    """
    pairs = [(each.line, each.payment) for each in fitting if each.payment is not None]
    if not pairs:
        return
    post(
        [
            resolution(payment.batch, payment, "post" if line.way == "paid" else "void")
            for line, payment in pairs
        ],
        day=doing.today,
        at=doing.now,
    )
    alike = defaultdict(list)
    for line, payment in pairs:
        alike[line.way, line.day, "" if line.way == "paid" else line.said or REJECTED].append(payment)
    rows = Payment.objects.for_site("what the bank has answered")
    outcomes = []
    for (way, day, reason), payments in alike.items():
        rows.filter(pk__in=[each.pk for each in payments]).update(state=way, settled_on=day, reason=reason)
        outcomes += [Outcome(each.key, way, each.amount, reason, day) for each in payments]
    _count(doing, [(line.way, payment) for line, payment in pairs])
    tell(outcomes, at=doing.now, day=doing.today)


def _count(doing: Doing, settled: Sequence[tuple[str, Payment]]) -> None:
    numbers = {payment.batch_id for _way, payment in settled}
    for batch in PaymentBatch.objects.for_site("locked by the caller").filter(pk__in=numbers).order_by("pk"):
        for way in ("paid", "rejected"):
            its = [each.amount for said, each in settled if said == way and each.batch_id == batch.pk]
            setattr(batch, f"{way}_count", getattr(batch, f"{way}_count") + len(its))
            setattr(batch, f"{way}_total", getattr(batch, f"{way}_total") + sum(its))
        batch.save(update_fields=["paid_count", "paid_total", "rejected_count", "rejected_total"])
        if batch.state == "sent" and not batch.open_count:
            perform(
                "payment.close",
                site_actor("payment-close"),
                batch.pk,
                {},
                now=doing.now,
                today=doing.today,
                key=f"payment.close:{uuid.uuid4().hex}",
            )
