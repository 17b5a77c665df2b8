"""The file that the bank pays by: made anew from the sealed values whenever it is wanted, and the same each time.

It is never stored. What was sent is known by the digest of its CSV form, which each later making must give again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Iterator
from typing import IO

import xlsxwriter

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.firms.sheets import CREATED, FORMULA_MARKS, SHEET_OPTIONS
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.portal.payments.payees import keys, revealed
from huiqi.portal.secrets.sealing import CannotOpen
from huiqi.reference.money import format_yuan

FORMS = ("csv", "xlsx")
HEADINGS = ("序号", "收款账号", "收款户名", "开户行", "金额", "用途", "业务编号")
_WIDTHS = (8, 26, 36, 30, 16, 40, 20)
_AMOUNT = HEADINGS.index("金额")
_TOTAL = "合计"
_IN_MEMORY = 64 << 20


def digest_of_file(batch: PaymentBatch) -> str:
    """Return the SHA-256 of the batch's file in its CSV form."""
    digest = hashlib.sha256()
    for piece in _csv(batch):
        digest.update(piece)
    return digest.hexdigest()


def bank_file(batch: PaymentBatch, form: str) -> tuple[IO[bytes], str]:
    """Return the file of a sent batch and the digest of its bytes. The caller closes it.

    It lies in memory, beyond that in a temporary file without a name. Raises Refused: it would not be what was sent.
    """
    file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        digest = hashlib.sha256()
        for piece in _csv(batch):
            digest.update(piece)
            if form == "csv":
                file.write(piece)
        if digest.hexdigest() != batch.file_digest:
            raise Refused(
                "重新生成的银行文件与发送时不一致",
                why=f"发送时 {batch.file_digest[:16]}，现在 {digest.hexdigest()[:16]}",
                mend="请停止使用，并联系系统管理员查明",
                code="bank-file-differs",
            )
        if form == "xlsx":
            _write_workbook(file, batch)
            file.seek(0)
            digest = hashlib.sha256()
            while piece := file.read(1 << 20):
                digest.update(piece)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, digest.hexdigest()


def _lines(batch: PaymentBatch) -> Iterator[tuple[str, ...]]:
    """Yield the lines below the headings, the control totals last."""
    sealing = keys()
    purpose = batch.title
    count = total = 0
    rows = Payment.objects.for_site("the bank pays all of a batch").filter(batch=batch).order_by("number")
    payment: Payment
    for payment in rows.iterator(chunk_size=2_000):
        try:
            name, account = revealed(payment, sealing)
        except CannotOpen:
            raise Refused(
                "有一笔支付的收款信息无法解密",
                why=f"第{payment.number}笔",
                mend="请检查密钥文件后重试",
                code="payee-cannot-be-opened",
            ) from None
        count += 1
        total += payment.amount
        yield (
            str(payment.number),
            account,
            name,
            payment.bank,
            format_yuan(payment.amount),
            purpose,
            payment.reference,
        )
    if (count, total) != (batch.control_count, batch.control_total):
        raise Refused(
            "支付明细与批次的笔数、金额不符",
            mend="请停止使用，并联系系统管理员查明",
            code="batch-not-as-declared",
        )
    yield (_TOTAL, "", "", "", format_yuan(total), f"共{count}笔", batch.number)


def _csv(batch: PaymentBatch) -> Iterator[bytes]:
    """Yield the CSV form: UTF-8 with its mark, so that spreadsheets read Chinese; nothing in it is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    yield b"\xef\xbb\xbf" + text.getvalue().encode()
    for line in _lines(batch):
        text.seek(0)
        text.truncate()
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA_MARKS) else cell for cell in line])
        yield text.getvalue().encode()


def _write_workbook(file: IO[bytes], batch: PaymentBatch) -> None:
    """Write the XLSX form: accounts and references as text, amounts as text of yuan; nothing is a formula or a link."""
    # In memory: what a spreadsheet's writer leaves on a disk would be in clear.
    options = {**SHEET_OPTIONS, "constant_memory": False, "in_memory": True}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": CREATED})
        bold, quoted = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        right = book.add_format({"align": "right"})
        sheet = book.add_worksheet("支付明细")
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(0, column, heading, bold)
        for row, line in enumerate(_lines(batch), start=1):
            for column, cell in enumerate(line):
                style = quoted if cell.startswith(FORMULA_MARKS) else right if column == _AMOUNT else None
                sheet.write_string(row, column, cell, style)
