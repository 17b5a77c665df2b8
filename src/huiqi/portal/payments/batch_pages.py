"""Pages of payment batches: all of an area, one with its lines, one payment, and what is taken out of it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.transitions import tables
from huiqi.portal.funds.models import Transfer
from huiqi.portal.jobs.models import Job
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.portal.payments.bank_files import FORMS
from huiqi.portal.payments.exports import exported, taken_out
from huiqi.portal.payments.models import Payment, PaymentBatch, StatementLine
from huiqi.portal.payments.payees import keys
from huiqi.portal.payments.queries import (
    PAYMENTS,
    batches_of,
    lines_of,
    narrowed,
    payments_of,
    recovered_total,
)
from huiqi.portal.payments.shown import shown_line, shown_payment, states_of

_WORKING = ("drawing", "holding", "voiding")
_PRESSED = ("payment.hold", "payment.send", "payment.void")


@page(PAYMENTS, "payments/", zh="支付批次", en="Payment batches", menu="funds")
def payment_batches(request: Visit) -> HttpResponse:
    """Show the batches of one's area, newest first."""
    states = states_of("payments.paymentbatch")
    state = request.GET.get("state", "")
    rows = batches_of(request.actor)
    if state in dict(states):
        rows = rows.filter(state=state)
    context = {
        "batches": paged(rows.order_by("-id"), request.GET.get("page")),
        "states": states,
        "state": state,
    }
    return render(request, "payments/batches.html", context)


@page("payment-batch", "payments/<int:number>/", zh="支付批次", en="Payment batch", opens=PAYMENTS)
def payment_batch(request: Visit, number: int) -> HttpResponse:
    """Show a batch: how far it is, its totals, its payments."""
    batch: PaymentBatch = get_object_or_404(batches_of(request.actor), pk=number)
    return _show(request, batch)


def _show(request: Visit, batch: PaymentBatch, wrong: Refused | None = None) -> HttpResponse:
    state = request.GET.get("state", "")
    states = states_of("payments.payment")
    rows = narrowed(
        payments_of(request.actor, batch),
        state if state in dict(states) else "",
        request.GET.get("q", ""),
    )
    shown = paged(rows.order_by("number"), request.GET.get("page"))
    sealing = keys()
    waits = batch.state in _WORKING
    context = {
        "batch": batch,
        "payments": shown,
        "lines": [shown_payment(each, request.actor, sealing) for each in shown],
        "states": states,
        "state": state,
        "q": request.GET.get("q", "")[:60],
        "acts": [each for each in _PRESSED if each in tables()["payments.paymentbatch"].allowed(batch.state)],
        "waits": waits,
        "job": _job(batch) if waits else None,
        "recovered": recovered_total(batch),
        "has_file": batch.state in ("sent", "closed"),
        "may_take": any(each.reaches(batch.scope()) for each in request.actor.allowed("payment.take_file")),
        "may_export": any(each.reaches(batch.scope()) for each in request.actor.allowed("payment.export")),
        "key": uuid.uuid4().hex,
        "wrong": wrong.findings if wrong is not None else (),
    }
    status = wrong.status if wrong is not None else 200
    return render(request, "payments/batch.html", context, status=status)


@page(
    "payment-file",
    "payments/<int:number>/file/",
    zh="取出银行文件",
    en="Take the bank's file",
    methods=("POST",),
)
def payment_file(request: Visit, number: int) -> HttpResponse:
    """Hand out the bank's file, made anew, to the finance role; what is handed out is noted."""
    batch: PaymentBatch = get_object_or_404(batches_of(request.actor), pk=number)
    form = request.POST.get("form", "")
    if form not in FORMS:
        return redirect("payment-batch", number=number)
    try:
        file = taken_out(request, batch, form, request.POST.get("key", ""))
    except Refused as refused:
        return _show(request, batch, refused)
    return FileResponse(file, as_attachment=True, filename=f"{batch.number}.{form}")  # type: ignore[return-value]


@page(
    "payment-export",
    "payments/<int:number>/export/",
    zh="导出支付明细",
    en="Export payments",
    opens=PAYMENTS,
    methods=("POST",),
)
def payment_export(request: Visit, number: int) -> HttpResponse:
    """Hand out a batch's payments as a sheet, accounts by their ends."""
    batch: PaymentBatch = get_object_or_404(batches_of(request.actor), pk=number)
    try:
        file = exported(request, batch, request.POST.get("key", ""))
    except Refused as refused:
        if refused.findings[0].code == "not-found":
            raise
        return _show(request, batch, refused)
    return FileResponse(file, as_attachment=True, filename=f"{batch.number}-{_('明细')}.xlsx")  # type: ignore[return-value]


@page("payment", "payments/one/<int:number>/", zh="支付", en="Payment", opens=PAYMENTS)
def payment(request: Visit, number: int) -> HttpResponse:
    """Show one payment: to whom, where it is, what the ledger and the bank say of it."""
    found: Payment = get_object_or_404(payments_of(request.actor), pk=number)
    transfers = Transfer.objects.for_site("the payment's own, which is seen already").filter(
        key__startswith=f"payment:{found.reference}:"
    )
    lines: list[StatementLine] = list(lines_of(request.actor).filter(payment=found).order_by("pk")[:20])
    context: dict[str, Any] = {
        "shown": shown_payment(found, request.actor, keys()),
        "payment": found,
        "left": found.amount - found.recovered,
        "transfers": transfers.order_by("pk"),
        "lines": [shown_line(each, {}) for each in lines],
        "recoverable": found.state == "paid",
    }
    return render(request, "payments/payment.html", context)


def _job(batch: PaymentBatch) -> Job | None:
    return (
        Job.objects.filter(kind__startswith="payment-", purpose__endswith=f":{batch.pk}")
        .order_by("-pk")
        .first()
    )
