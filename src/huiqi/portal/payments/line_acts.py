"""The error queue: one person says what a line is, another one checks it, and only then it is done."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, Nothing, act
from huiqi.portal.look.asking import Asked
from huiqi.portal.payments.batch_acts import Reason
from huiqi.portal.payments.matching import SENT_STATES, Match, payments_by_reference
from huiqi.portal.payments.models import Payment, StatementLine
from huiqi.portal.payments.orders import references_in
from huiqi.portal.payments.recovering import recover
from huiqi.portal.payments.settling import lock_batches, settle

NOT_OURS = "not_ours"


class Proposing(Input):
    """Which payment the line is of, none where it is not of this site; and why."""

    reference: Annotated[
        str,
        Field(max_length=40),
        Asked(
            "业务编号",
            "Reference of the payment",
            "不是本系统付款的留空",
            "Leave empty where it is no payment of this site",
        ),
    ] = ""
    reason: Annotated[str, Field(min_length=1, max_length=300), Asked("理由和依据", "Reason", long=True)]


@act("statement.settle", StatementLine, zh="人工处理", en="Settle by hand", takes=Proposing)
def propose(doing: Doing, line: StatementLine, given: Proposing) -> None:
    """Say which payment a queued line is of, or that it is none of ours. Nothing is booked before another has checked it."""
    if not given.reference:
        line.proposed_way, line.payment = NOT_OURS, None
    else:
        found = references_in(given.reference)
        if len(found) != 1:
            raise Refused("业务编号有误", mend="请按批次明细核对", code="not-a-reference", cell="reference")
        line.payment = _fitting(line, found[0])
        line.proposed_way = line.way
        line.reference = found[0]
    line.proposed_because = given.reason
    doing.say(way=line.proposed_way, payment=line.payment_id, reason=given.reason, why=line.why)


@act("statement.confirm", StatementLine, zh="复核同意", en="Agree", takes=Nothing)
def confirm(doing: Doing, line: StatementLine, _given: Nothing) -> None:
    """Agree with what another person said of the line: it is booked now."""
    way = line.proposed_way
    doing.say(way=way, payment=line.payment_id)
    if way != NOT_OURS:
        lock_batches(line.statement.region, [line.reference])
        payment = _fitting(line, line.reference)
        line.payment = payment
        if way == "returned":
            recover(doing, payment, line.amount, f"银行退回：{line.proposed_because}"[:300])
        else:
            settle(doing, [Match(line, payment)])
    line.way, line.why = way, ""


@act("statement.decline", StatementLine, zh="复核不同意", en="Do not agree", takes=Reason)
def decline(doing: Doing, line: StatementLine, given: Reason) -> None:
    """Put the line back into the queue."""
    line.why, line.proposed_way, line.payment = "declined", "", None
    line.proposed_because = ""
    doing.say(reason=given.reason)


def _fitting(line: StatementLine, reference: str) -> Payment:
    """Return the payment of the statement's region that a line can be of. Raises Refused."""
    payment = payments_by_reference(line.statement.region, [reference]).get(reference)
    wrong = ""
    if payment is None:
        wrong = "没有这个业务编号的支付"
    elif payment.batch.state not in SENT_STATES:
        wrong = "所在批次尚未发送或已撤销"
    elif line.way == "returned":
        if payment.state != "paid" or line.amount > payment.amount - payment.recovered:
            wrong = "这笔支付没有付出，或退回的金额超过付出的"
    elif payment.state != "ordered":
        wrong = "这笔支付已有结果"
    elif payment.amount != line.amount:
        wrong = "金额不一致"
    if wrong or payment is None:
        raise Refused(
            "不能与这笔支付核对", why=wrong, mend="请与银行核实", code="line-does-not-fit", cell="reference"
        )
    return payment
