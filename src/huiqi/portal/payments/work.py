"""The jobs of payments. Each goes on where it was cut off: every piece is an act with a key of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.jobs.registry import Working, job
from huiqi.portal.payments.batch_acts import HOLD_JOB, VOID_JOB
from huiqi.portal.payments.batches import DRAW_JOB
from huiqi.portal.payments.models import BankStatement, PaymentBatch
from huiqi.portal.payments.previewing import read_statement
from huiqi.portal.payments.statement_acts import PREVIEW_JOB, TAKE_JOB


@job(DRAW_JOB, zh="生成支付明细", en="Draw payments")
def draw(working: Working) -> Mapping[str, Any] | None:
    """Draw the payments of a batch from its domain's source."""
    return _in_pieces(working, "drawing", "payment.draw", "drawn_count", "control_count", "payment.drawn")


@job(HOLD_JOB, zh="锁定支付资金", en="Hold the money of payments")
def hold(working: Working) -> Mapping[str, Any] | None:
    """Hold the money of each payment of a batch."""
    return _in_pieces(working, "holding", "payment.hold_lines", "held_count", "control_count", "payment.held")


@job(VOID_JOB, zh="撤销支付", en="Void payments")
def void(working: Working) -> Mapping[str, Any] | None:
    """Let each payment of a voided batch go."""
    return _in_pieces(
        working, "voiding", "payment.void_lines", "voided_count", "drawn_count", "payment.voided"
    )


def _in_pieces(
    working: Working, state: str, piece: str, counted: str, whole: str, end: str
) -> Mapping[str, Any] | None:
    """Do a piece after the other until the count is whole, then the act that ends it."""
    batch = _batch(working)
    while batch.state == state:
        done, total = getattr(batch, counted), getattr(batch, whole)
        working.report(done, total)
        if done >= total:
            _do(working, end, batch, {}, f"{end}:{batch.pk}")
        else:
            _do(working, piece, batch, {"done": done}, f"{piece}:{batch.pk}:{done}")
        batch = _batch(working)
    return {"state": batch.state, "payments": getattr(batch, counted)}


def _batch(working: Working) -> PaymentBatch:
    found: PaymentBatch = PaymentBatch.objects.for_site("a job's own batch").get(
        pk=working.arguments["batch"]
    )
    return found


def _do(working: Working, act: str, batch: PaymentBatch, values: Mapping[str, Any], key: str) -> None:
    actor = site_actor(act.replace(".", "-"))
    perform(act, actor, batch.pk, values, now=working.now, today=working.today, key=key)


@job(PREVIEW_JOB, zh="读取银行回单", en="Read a bank statement")
def preview(working: Working) -> Mapping[str, Any] | None:
    """Read a statement's file and leave its lines, counts and findings with it."""
    statement = _statement(working)
    if statement.state != "handed_in":
        return None
    found = read_statement(statement, working.today, working.report)
    _do_statement(working, "statement.preview", statement, found, "")
    return {"lines": found["lines"], "findings": found["counts"]["findings"]}


@job(TAKE_JOB, zh="银行回单入账", en="Take a bank statement")
def take(working: Working) -> Mapping[str, Any] | None:
    """Settle what a statement says, piece by piece."""
    statement = _statement(working)
    while statement.state == "taking":
        done = statement.taken_count
        working.report(done, statement.lines_count)
        if done >= statement.lines_count:
            _do_statement(working, "statement.taken", statement, {}, "")
        else:
            _do_statement(working, "statement.take_lines", statement, {"done": done}, f":{done}")
        statement = _statement(working)
    return {"state": statement.state, "lines": statement.taken_count}


def _statement(working: Working) -> BankStatement:
    rows = BankStatement.objects.for_site("a job's own statement")
    found: BankStatement = rows.get(pk=working.arguments["statement"])
    return found


def _do_statement(
    working: Working, act: str, statement: BankStatement, values: Mapping[str, Any], more: str
) -> None:
    actor = site_actor(act.replace(".", "-"))
    key = f"{act}:{statement.pk}{more}"
    perform(act, actor, statement.pk, values, now=working.now, today=working.today, key=key)
