"""The payments of a batch taken out as a sheet, payees masked: an act says who took it, and its digest."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated

from django.utils.translation import gettext as _
from pydantic import Field

from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.api.registry import withhold
from huiqi.portal.firms.sheets import write_sheet
from huiqi.portal.look.visits import Visit
from huiqi.portal.payments.bank_files import bank_file
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.portal.payments.payees import keys
from huiqi.portal.payments.queries import payments_of
from huiqi.portal.payments.shown import payee, state_words
from huiqi.reference.money import format_yuan

withhold("payment.take_file", "银行文件只在批次页面由资金拨付岗位取出")
withhold("payment.export", "导出在批次页面办理；程序请用 GET /api/payments/{number}/lines")


class Exporting(Input):
    """How many lines were taken out, and the digest of the sheet."""

    rows: int
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@act("payment.export", PaymentBatch, zh="导出支付明细", en="Export payments", takes=Exporting)
def export(doing: Doing, _batch: PaymentBatch, given: Exporting) -> None:
    """Note an export."""
    doing.say(rows=given.rows, digest=given.digest)


def exported(request: Visit, batch: PaymentBatch, key: str) -> IO[bytes]:
    """Return the sheet of a batch's payments; the act is done first. The caller closes it. Raises Refused."""
    if not request.actor.allowed("payment.export"):
        raise NotYours
    headings = (
        *(_("序号"), _("业务编号"), _("企业"), _("收款账号"), _("开户行"), _("金额（元）"), _("状态")),
        *(_("办结日期"), _("原因"), _("已追回（元）"), _("政策措施")),
    )
    with tempfile.TemporaryDirectory(prefix="huiqi-payments-") as folder:
        path = Path(folder) / "payments.xlsx"
        rows = write_sheet(path, _("支付明细"), headings, _lines(request, batch))
        file = path.open("rb")
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    _noted(request, batch, "payment.export", {"rows": rows, "digest": digest}, key, file)
    return file


def taken_out(request: Visit, batch: PaymentBatch, form: str, key: str) -> IO[bytes]:
    """Return the bank's file of a sent batch; the act is done first. The caller closes it. Raises Refused."""
    if not request.actor.allowed("payment.take_file"):
        raise NotYours
    file, digest = bank_file(batch, form)
    _noted(request, batch, "payment.take_file", {"form": form, "digest": digest}, key, file)
    return file


def _noted(
    request: Visit, batch: PaymentBatch, act_name: str, values: dict[str, object], key: str, file: IO[bytes]
) -> None:
    try:
        perform(act_name, request.actor, batch.pk, values, now=request.now, today=request.today, key=key)
    except BaseException:
        file.close()
        raise
    file.seek(0)


def _lines(request: Visit, batch: PaymentBatch) -> Iterator[tuple[str, ...]]:
    sealing = keys()
    payment: Payment
    for payment in payments_of(request.actor, batch).order_by("number").iterator(chunk_size=2_000):
        name, account = payee(payment, request.actor, sealing)
        yield (
            str(payment.number),
            payment.reference,
            name,
            account,
            payment.bank,
            format_yuan(payment.amount),
            state_words(payment),
            payment.settled_on.isoformat() if payment.settled_on else "",
            payment.reason,
            format_yuan(payment.recovered),
            payment.measure,
        )
