"""Acts on payment batches: opened and drawn, held, sent, closed, voided."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, Nothing, act
from huiqi.portal.funds.models import Programme
from huiqi.portal.funds.programmes import account_of
from huiqi.portal.jobs.running import ask
from huiqi.portal.look.asking import Asked
from huiqi.portal.payments.bank_files import digest_of_file
from huiqi.portal.payments.batches import Opening
from huiqi.portal.payments.drawing import PIECE, draw
from huiqi.portal.payments.holding import hold_piece, hold_whole, void_piece
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.portal.payments.orders import source_of

HOLD_JOB, VOID_JOB = "payment-hold", "payment-void"


class After(Input):
    """Where a piece begins: how many payments were done before it."""

    done: int


@act("payment.open", PaymentBatch, zh="建立支付批次", en="Open a payment batch", takes=Opening, creates=True)
def open_(doing: Doing, given: Opening) -> PaymentBatch:
    """Open a batch for an act of another domain, which declares what it pays."""
    programme = Programme.objects.for_site("the act that opens has chosen it").get(pk=given.programme)
    if programme.state != "open":
        raise Refused(
            f"资金项目“{programme.title}”已结束，不能再支付",
            why=programme.code,
            mend="请改用仍在执行的资金项目，或先由财政重新安排",
            code="programme-closed",
        )
    where = (programme, given.region, given.year, given.direct)
    batch = PaymentBatch(
        title=given.title[:120],
        programme=programme,
        region=given.region,
        agency=given.agency,
        year=given.year,
        direct=given.direct,
        available=account_of(*where, "available"),
        paid=account_of(*where, "paid", create=True),
        domain=given.domain,
        drawn_from=given.drawn_from,
        control_count=given.count,
        control_total=given.total,
        opened_at=doing.now,
    )
    batch.save()
    doing.say(
        by=given.by,
        act=given.act,
        programme=programme.code,
        count=given.count,
        total=given.total,
        drawn_from=given.drawn_from,
    )
    return batch


@act("payment.draw", PaymentBatch, zh="生成支付明细", en="Draw payments", takes=After, bulk=True)
def draw_piece(doing: Doing, batch: PaymentBatch, given: After) -> None:
    """Draw the next payments from the domain's source."""
    if given.done != batch.drawn_count:
        raise Refused("这一段已经生成", code="piece-done")
    orders = source_of(batch.domain)(batch.drawn_from, batch.cursor, PIECE)
    if not orders:
        raise Refused(
            "名单少于申报的笔数",
            why=f"申报{batch.control_count}笔，名单{batch.drawn_count}笔",
            mend="请撤销这个批次后重新生成",
            code="batch-less-than-declared",
        )
    draw(doing, batch, orders)


@act("payment.drawn", PaymentBatch, zh="支付明细生成完毕", en="Payments drawn", takes=Nothing)
def drawn(doing: Doing, batch: PaymentBatch, _given: Nothing) -> None:
    """Note that all that was declared is there."""
    if (batch.drawn_count, batch.drawn_total) != (batch.control_count, batch.control_total):
        raise Refused(
            "支付明细与申报的笔数、金额不符", mend="请撤销这个批次后重新生成", code="batch-not-as-declared"
        )
    doing.say(count=batch.drawn_count, total=batch.drawn_total)


class Reason(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=300), Asked("理由", "Reason", long=True)]


@act("payment.hold", PaymentBatch, zh="锁定资金", en="Hold the money", takes=Nothing)
def hold(doing: Doing, batch: PaymentBatch, _given: Nothing) -> None:
    """Hold the whole amount at once, or say what lacks; a job holds each payment by itself then."""
    hold_whole(doing, batch)
    doing.say(count=batch.control_count, total=batch.control_total)
    _ask(HOLD_JOB, batch, doing)


@act("payment.hold_lines", PaymentBatch, zh="逐笔锁定", en="Hold payments", takes=After, bulk=True)
def hold_lines(doing: Doing, batch: PaymentBatch, given: After) -> None:
    """Hold the next payments one by one."""
    if given.done != batch.held_count:
        raise Refused("这一段已经锁定", code="piece-done")
    hold_piece(doing, batch, _piece(batch, given.done))


@act("payment.held", PaymentBatch, zh="资金锁定完毕", en="Money held", takes=Nothing)
def held(doing: Doing, batch: PaymentBatch, _given: Nothing) -> None:
    """Note that each payment is held."""
    if batch.held_count != batch.control_count:
        raise Refused("还有支付没有锁定", code="batch-not-held")
    doing.say(count=batch.held_count, total=batch.held_total)


@act("payment.send", PaymentBatch, zh="发送银行", en="Send to the bank", takes=Nothing)
def send(doing: Doing, batch: PaymentBatch, _given: Nothing) -> None:
    """Make the bank's file and record its digest; another person than who held the money."""
    batch.file_digest = digest_of_file(batch)
    batch.sent_on = doing.today
    doing.say(file=batch.file_digest, count=batch.control_count, total=batch.control_total)


class TakingFile(Input):
    """The form of the file, and the digest of what was handed out."""

    form: Literal["csv", "xlsx"]
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


@act("payment.take_file", PaymentBatch, zh="取出银行文件", en="Take the bank's file", takes=TakingFile)
def take_file(doing: Doing, _batch: PaymentBatch, given: TakingFile) -> None:
    """Note who took the file out, in which form."""
    doing.say(form=given.form, digest=given.digest)


@act("payment.close", PaymentBatch, zh="办结支付批次", en="Close the batch", takes=Nothing)
def close(doing: Doing, batch: PaymentBatch, _given: Nothing) -> None:
    """Close a batch of which each payment is settled."""
    if batch.open_count:
        raise Refused("还有支付没有银行回单", code="batch-open")
    batch.closed_on = doing.today
    doing.say(
        paid=batch.paid_count,
        paid_total=batch.paid_total,
        rejected=batch.rejected_count,
        rejected_total=batch.rejected_total,
    )


@act("payment.void", PaymentBatch, zh="撤销支付批次", en="Void the batch", takes=Reason)
def void(doing: Doing, batch: PaymentBatch, given: Reason) -> None:
    """Void a batch that was not sent; a job lets each payment go."""
    batch.void_reason = given.reason
    doing.say(reason=given.reason)
    _ask(VOID_JOB, batch, doing)


@act("payment.void_lines", PaymentBatch, zh="逐笔撤销", en="Void payments", takes=After, bulk=True)
def void_lines(doing: Doing, batch: PaymentBatch, given: After) -> None:
    """Let the next payments go."""
    if given.done != batch.voided_count:
        raise Refused("这一段已经撤销", code="piece-done")
    void_piece(doing, batch, _piece(batch, given.done), batch.void_reason)


@act("payment.voided", PaymentBatch, zh="撤销完毕", en="Batch voided", takes=Nothing)
def voided(doing: Doing, batch: PaymentBatch, _given: Nothing) -> None:
    """Note that nothing is held for the batch any more."""
    if batch.voided_count != batch.drawn_count:
        raise Refused("还有支付没有撤销", code="batch-not-voided")
    doing.say(count=batch.voided_count)


def _piece(batch: PaymentBatch, done: int) -> list[Payment]:
    rows = Payment.objects.for_site("a batch's own payments").filter(batch=batch)
    return list(rows.filter(number__gt=done, number__lte=done + PIECE).order_by("number"))


def _ask(job: str, batch: PaymentBatch, doing: Doing) -> None:
    ask(job, f"{job}:{batch.pk}", {"batch": batch.pk}, by=doing.actor.id, now=doing.now, region=batch.region)
