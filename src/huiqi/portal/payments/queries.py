"""Batches, payments, statements and the error queue as an actor may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Sum

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.payments.models import BankStatement, Payment, PaymentBatch, StatementLine
from huiqi.portal.payments.orders import references_in

PAYMENTS, STATEMENTS = "payments", "statements"


def batches_of(actor: Actor) -> ScopedQuerySet:
    """Return the batches of the actor's area."""
    return PaymentBatch.objects.visible_to(actor, PAYMENTS).select_related("programme")


def payments_of(actor: Actor, batch: PaymentBatch | None = None) -> ScopedQuerySet:
    """Return the payments of the actor's area, of one batch where it is given."""
    rows = Payment.objects.visible_to(actor, PAYMENTS).select_related("batch", "firm")
    return rows if batch is None else rows.filter(batch=batch)


def narrowed(rows: ScopedQuerySet, state: str, text: str) -> ScopedQuerySet:
    """Narrow payments to a state, and to a reference or the name of a firm."""
    if state:
        rows = rows.filter(state=state)
    text = text.strip()[:60].replace("\0", "")
    if text:
        found = references_in(text)
        rows = rows.filter(reference__in=found) if found else rows.filter(firm__name__contains=text)
    return rows


def statements_of(actor: Actor) -> ScopedQuerySet:
    """Return the statements of the actor's area."""
    return BankStatement.objects.visible_to(actor, STATEMENTS)


def lines_of(actor: Actor) -> ScopedQuerySet:
    """Return the lines of the statements of the actor's area."""
    return StatementLine.objects.visible_to(actor, STATEMENTS).select_related("statement", "payment")


def queue_of(actor: Actor) -> ScopedQuerySet:
    """Return the lines that wait to be settled by hand, or to be checked by another."""
    return lines_of(actor).filter(state__in=["queued", "proposed"])


def likely_payments(lines: Iterable[StatementLine]) -> Mapping[int, list[Payment]]:
    """Return, by line, the open payments with its amount and account: what a person may look at first, never matched."""
    wanted = [each for each in lines if each.state == "queued" and each.account_digest]
    rows = Payment.objects.for_site("of the lines' own regions, compared below").filter(
        account_digest__in={each.account_digest for each in wanted}, state="ordered", batch__state="sent"
    )
    found = list(rows.select_related("batch").defer("name", "account")[:500]) if wanted else []
    return {
        line.pk: [
            each
            for each in found
            if (each.account_digest, each.amount, each.batch.region)
            == (line.account_digest, line.amount, line.statement.region)
        ]
        for line in wanted
    }


def recovered_total(batch: PaymentBatch) -> int:
    """Return the fen that were recovered of a batch's payments."""
    rows = Payment.objects.for_site("a batch's own payments").filter(batch=batch, recovered__gt=0)
    return int(rows.aggregate(total=Sum("recovered"))["total"] or 0)
