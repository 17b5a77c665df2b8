"""The demonstration's deliveries: runs of three ways, finished and open, each step by the person whose work it is."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.delivery.outliers import to_look_at
from huiqi.portal.demonstration.doing import act, actor, run_daily, run_jobs
from huiqi.portal.demonstration.story_firms import account_number, know_account
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.portal.payments.statement_files import keep
from huiqi.reference.money import format_yuan

GOOD, BAD = "成功", "失败"
_OFFICES = {"532503": "mengzi", "532501": "gejiu"}
Bank = Callable[[Payment], str]
"""The bank's answer to a payment: GOOD or BAD."""


def drawn(county: str, measure: str, day: datetime.date, note: str = "") -> Run:
    """Let the county draw a run of a measure from the newest screening."""
    given = {"measure": measure, "region": county, "note": note}
    run: Run = act(f"{_OFFICES[county]}-officer", "run.draw", None, given, day)
    run_jobs(day)
    return _again(run)


def checked(run: Run, day: datetime.date) -> Run:
    """Let the prefecture's reviewer look at the sample and what stands out, and fix the list."""
    numbers = [*to_look_at(run).order_by("pk").values_list("pk", flat=True)]
    if numbers:
        act("reviewer", "run.look", run.pk, {"lines": numbers}, day)
    act("reviewer", "run.check", run.pk, {"note": "抽样和突出明细已逐条核看"}, day)
    run_jobs(day)
    return _again(run)


def noticed(run: Run, day: datetime.date) -> Run:
    """Let the county show the list to everybody."""
    act(f"{_OFFICES[run.region]}-officer", "run.notice", run.pk, {}, day)
    run_jobs(day)
    return _again(run)


def notices_end(day: datetime.date) -> None:
    """Let the site end the notices that are over."""
    run_daily(day, "delivery-end-notices", "delivery-reopen")


def approved(run: Run, day: datetime.date) -> Run:
    """Let the prefecture approve."""
    act("approver", "run.approve", run.pk, {}, day)
    run_jobs(day)
    return _again(run)


def paid(run: Run, day: datetime.date, *, direct: bool, bank: Bank) -> Run:
    """Pay what can be paid: the county holds the money, the prefecture sends, the bank's answer comes back."""
    finance = f"{_OFFICES[run.region]}-finance"
    act(finance, "run.pay", run.pk, {"direct": direct}, day)
    run_jobs(day)
    batch = PaymentBatch.objects.for_site("the demonstration's own batch").get(pk=_again(run).batch)
    act(finance, "payment.hold", batch.pk, {}, day)
    run_jobs(day)
    act("finance", "payment.send", batch.pk, {}, day)
    run_jobs(day)
    _answered(batch, finance, day, bank)
    return _again(run)


def finished(run: Run, day: datetime.date) -> Run:
    """Let finance close a run."""
    act(f"{_OFFICES[run.region]}-finance", "run.finish", run.pk, {}, day)
    run_jobs(day)
    return _again(run)


def sent(run: Run, day: datetime.date) -> Run:
    """Let the list go to the landlords or the tax office."""
    act(f"{_OFFICES[run.region]}-officer", "thirdparty.send", run.pk, {}, day)
    run_jobs(day)
    return _again(run)


def come_back(run: Run, day: datetime.date) -> Run:
    """Take back what the third party granted: all but the last line, which it did not."""
    officer = f"{_OFFICES[run.region]}-officer"
    rows, total = ["明细编号,统一社会信用代码,企业名称,落实结果,落实金额（元）,说明"], 0
    lines = lines_of(run, "listed")
    for each in lines:
        if each is lines[-1] and len(lines) > 1:
            rows.append(f"{each.pk},{each.firm.credit_code},,未落实,,合同已终止")
        else:
            rows.append(f"{each.pk},{each.firm.credit_code},,已落实,{format_yuan(each.amount)},")
            total += each.amount
    ticket = keep(f"落实结果{run.pk}.csv", ["\n".join(rows).encode()], actor(officer, day))
    given = {"ticket": ticket, "rows": len(lines), "total": format_yuan(total)}
    act(officer, "thirdparty.take_back", run.pk, given, day)
    run_jobs(day)
    return _again(run)


def lines_of(run: Run, *states: str) -> list[Line]:
    """Return a run's lines in these states, in the order of their numbers."""
    rows = Line.objects.for_site("the demonstration's own run").filter(run=run).select_related("firm", "run")
    return list((rows.filter(state__in=states) if states else rows).order_by("pk"))


def line_of(run: Run, firm: int) -> Line:
    """Return a firm's line."""
    return next(each for each in lines_of(run) if each.firm_id == firm)


def payment_of(line: Line) -> Payment:
    """Return what was paid for a line."""
    rows = Payment.objects.for_site("the demonstration's own payment")
    found: Payment = rows.get(key=f"delivery:{line.pk}", state="paid")
    return found


def accounts_known(lines: Sequence[Line]) -> None:
    """Let the site know the accounts of these lines' firms."""
    for each in lines:
        know_account(each.firm_id)


def _answered(batch: PaymentBatch, finance: str, day: datetime.date, bank: Bank) -> None:
    rows, total = ["交易日期,业务编号,收款账号,金额,处理结果,失败原因"], 0
    payments = (
        Payment.objects.for_site("the demonstration's own batch").filter(batch=batch).order_by("number")
    )
    for each in payments:
        assert each.firm_id is not None  # deliveries pay firms
        result = bank(each)
        before = Payment.objects.for_site("paid again").filter(key=each.key, state="rejected")
        account = account_number(each.firm_id, renewed=before.exists())
        why = "户名不符" if result == BAD else ""
        rows.append(f"{day},{each.reference},{account},{format_yuan(each.amount)},{result},{why}")
        total += each.amount
    ticket = keep(f"银行回单{batch.pk}.csv", ["\n".join(rows).encode()], actor(finance, day))
    given = {"count": len(rows) - 1, "total": format_yuan(total), "ticket": ticket}
    statement = act(finance, "statement.hand_in", None, given, day)
    run_jobs(day)
    act(finance, "statement.take", statement.pk, {}, day)
    run_jobs(day)


def _again(run: Run) -> Run:
    found: Run = Run.objects.for_site("the demonstration's own run").get(pk=run.pk)
    return found
