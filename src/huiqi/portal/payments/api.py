"""Payments for programs: batches, their lines with payees masked, and the lines of statements that wait."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Path, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.files import AS_IT_IS, FileName, Ticket, pieces
from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import CutAsked, Part, part_of
from huiqi.portal.look.visits import Visit
from huiqi.portal.payments.models import Payment, PaymentBatch, StatementLine
from huiqi.portal.payments.payees import keys
from huiqi.portal.payments.queries import PAYMENTS, STATEMENTS, batches_of, payments_of, queue_of
from huiqi.portal.payments.shown import payee
from huiqi.portal.payments.statement_files import MOST_BYTES, keep, too_large
from huiqi.reference.money import format_yuan

Number = Annotated[int, Path(..., ge=1, le=2**63 - 1)]


class PaymentBatchRow(Schema):
    """A payment batch. Amounts are yuan; `control_*` is what was declared."""

    number: int
    title: str
    programme: str
    region: str
    year: int
    direct: bool
    state: str
    control_count: int
    control_total: str
    paid_count: int
    paid_total: str
    rejected_count: int
    rejected_total: str
    file_digest: str
    sent_on: date | None
    closed_on: date | None
    version: int


class PaymentRow(Schema):
    """A payment. `state` is its batch's until the bank has answered; the account is shown by its ends."""

    number: int
    reference: str
    key: str
    firm: int | None
    measure: str
    amount: str
    name: str
    account: str
    bank: str
    state: str
    reason: str
    settled_on: date | None
    recovered: str
    version: int


class QueuedLine(Schema):
    """A line of a statement that fitted no payment; `why` is a stable word."""

    number: int
    statement: int
    region: str
    row: int
    day: date
    amount: str
    way: str
    reference: str
    why: str
    state: str
    version: int


@endpoint(
    "payments", "payments", zh="支付批次", en="Payment batches", answers=Part[PaymentBatchRow], opens=PAYMENTS
)
def payments(request: Visit, asked: CutAsked) -> Any:
    """The payment batches of one's area, newest first."""
    rows, following = part_of(batches_of(request.actor), asked)
    return {"rows": [_batch(each) for each in rows], "next": following}


@endpoint(
    "payment-lines",
    "payments/{int:number}/lines",
    zh="支付明细",
    en="Payments of a batch",
    answers=Part[PaymentRow],
    opens=PAYMENTS,
)
def payment_lines(request: Visit, number: Number, asked: CutAsked) -> Any:
    """The payments of a batch, by number."""
    batch = batches_of(request.actor).filter(pk=number).first()
    if batch is None:
        raise NotYours
    rows, following = part_of(payments_of(request.actor, batch), asked, newest_first=False)
    sealing = keys()
    return {"rows": [_payment(each, request, sealing) for each in rows], "next": following}


@endpoint(
    "statement-queue",
    "statements/queue",
    zh="待人工处理的回单明细",
    en="Lines of statements to be settled by hand",
    answers=Part[QueuedLine],
    opens=STATEMENTS,
)
def statement_queue(request: Visit, asked: CutAsked) -> Any:
    """The lines of one's area that fitted no payment, newest first."""
    rows, following = part_of(queue_of(request.actor), asked)
    return {"rows": [_line(each) for each in rows], "next": following}


def _batch(batch: PaymentBatch) -> dict[str, Any]:
    names = (
        *("title", "region", "year", "direct", "state", "control_count", "paid_count", "rejected_count"),
        *("file_digest", "sent_on", "closed_on", "version"),
    )
    return {
        "number": batch.pk,
        "programme": batch.programme.code,
        **{name: getattr(batch, name) for name in names},
        **{
            name: format_yuan(getattr(batch, name))
            for name in ("control_total", "paid_total", "rejected_total")
        },
    }


def _payment(payment: Payment, request: Visit, sealing: Any) -> dict[str, Any]:
    name, account = payee(payment, request.actor, sealing)
    names = ("reference", "key", "measure", "bank", "reason", "settled_on", "version")
    return {
        "number": payment.pk,
        "firm": payment.firm_id,
        "name": name,
        "account": account,
        "state": payment.stands,
        "amount": format_yuan(payment.amount),
        "recovered": format_yuan(payment.recovered),
        **{each: getattr(payment, each) for each in names},
    }


def _line(line: StatementLine) -> dict[str, Any]:
    names = ("row", "day", "way", "reference", "why", "state", "version")
    return {
        "number": line.pk,
        "statement": line.statement_id,
        "region": line.statement.region,
        "amount": format_yuan(line.amount),
        **{each: getattr(line, each) for each in names},
    }


@endpoint(
    "statement-file",
    "statements/files",
    zh="上传银行回单文件",
    en="Send a bank statement's file",
    answers=Ticket,
    opens="statements",
    method="POST",
    more=AS_IT_IS,
)
def statement_file(request: Visit, name: FileName) -> dict[str, str]:
    """Send a bank's answer or statement as it is (at most 30 MB) under its name; the ticket goes to statement.hand_in."""
    if not request.actor.allowed("statement.hand_in"):
        raise NotYours
    return {"ticket": keep(name, pieces(request, MOST_BYTES, too_large), request.actor)}
