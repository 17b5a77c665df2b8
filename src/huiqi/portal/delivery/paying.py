"""Paying an approved run: each line's account is found, what can be paid becomes a batch of payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat
from pydantic import Field

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.chain import canonical, sm3
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotNow, Refused
from huiqi.portal.acts.registry import Doing, Input, Nothing, act
from huiqi.portal.delivery.accounts import accounts_of
from huiqi.portal.delivery.lines import of_run
from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.delivery.reopening import look_at
from huiqi.portal.delivery.steps import enter
from huiqi.portal.delivery.telling import measure_of, tell_lines
from huiqi.portal.funds.models import Programme
from huiqi.portal.funds.programmes import account_of, programme_for
from huiqi.portal.jobs.models import RUNNING, WAITING, Job
from huiqi.portal.jobs.registry import Working, job
from huiqi.portal.jobs.running import ask
from huiqi.portal.look.asking import Asked
from huiqi.portal.payments.batches import open_from_source
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.portal.payments.orders import Order

PAY_JOB = "delivery-pay"
PIECE = 1_000
DOMAIN = "delivery"


class Paying(Input):
    """Out of which money: the budget year (today's where none is given), and whether it is the direct fund's."""

    year: Annotated[
        int | None,
        Field(ge=2000, le=2100),
        Asked("资金年度", "Budget year", "不填为今年", "This year where none is given"),
    ] = None
    direct: Annotated[bool, Asked("直达资金", "Direct fund")] = False


class Money(Input):
    """The year and kind of the money, as finance chose them."""

    year: int
    direct: bool


class Span(Input):
    """Lines by number: after one, up to another."""

    after: int
    upto: int


@act("run.pay", Run, zh="支付", en="Pay", takes=Paying)
def pay(doing: Doing, run: Run, given: Paying) -> None:
    """Let a job pay what is approved and has an account; what was mended meanwhile is paid by doing it again."""
    if run.batch and _batch(run.batch).state == "drawing":
        raise NotNow("上一个支付批次还在生成", mend="请稍候再办理")
    if Job.objects.filter(purpose=f"{PAY_JOB}:{run.pk}", state__in=[WAITING, RUNNING]).exists():
        raise NotNow("支付正在准备", mend="请稍候，在后台任务中可以查看进度")
    if not _to_be_paid(run).exists():
        raise NotNow("没有等待支付的明细", mend="银行退回的请先在明细页办理“重新支付”")
    programme = programme_for(run.measure, run.region, doing.today)
    if programme is None:
        raise Refused(
            "没有支付这项措施的资金项目", mend="请先建立或调整资金项目，列入这项措施", code="no-programme"
        )
    year = given.year or doing.today.year
    account_of(programme, run.region, year, given.direct, "available")
    run.programme = programme
    doing.say(programme=programme.code, year=year, direct=given.direct)
    enter(doing, run, "paying")
    arguments = {"run": run.pk, "year": year, "direct": given.direct, "version": run.version + 1}
    ask(
        PAY_JOB,
        f"{PAY_JOB}:{run.pk}",
        arguments,
        by=doing.actor.id,
        now=doing.now,
        region=run.region,
    )


@act("line.retry", Line, zh="重新支付", en="Pay again")
def retry(doing: Doing, line: Line, _given: Nothing) -> None:
    """Put a line that the bank has sent back up for payment again, once its account was mended."""
    doing.say(run=line.run_id, amount=line.amount)
    line.reason = ""


@act("run.accounts", Run, zh="核对收款账户", en="Look for accounts", takes=Span, bulk=True)
def find_accounts(doing: Doing, run: Run, given: Span) -> None:
    """Say of the next lines into which account each is paid, and which have none."""
    rows = _to_be_paid(run).filter(pk__gt=given.after, pk__lte=given.upto).order_by("pk")
    lines = list(rows.only("pk", "firm_id", "account", "account_missing"))
    reached = accounts_of({each.firm_id for each in lines}, run.rules["accounts"])
    missing = []
    by_kind: dict[str, list[int]] = {}
    for each in lines:
        if each.firm_id in reached:
            by_kind.setdefault(reached[each.firm_id].kind, []).append(each.pk)
        else:
            missing.append(each.pk)
    for kind, numbers in by_kind.items():
        of_run(run).filter(pk__in=numbers).update(account=kind, account_missing=False)
    of_run(run).filter(pk__in=missing).update(account_missing=True)
    tell_lines(doing, missing, "delivery-account-missing", f"account-{run.version}")
    doing.say(lines=len(lines), missing=len(missing), digest=sm3(canonical([each.pk for each in lines])))


@act("run.batched", Run, zh="建立支付批次", en="Open the payment batch", takes=Money, bulk=True)
def batched(doing: Doing, run: Run, given: Money) -> None:
    """Let all lines that can be paid be paid, in one batch; without any, nothing is opened."""
    able = _to_be_paid(run).filter(account_missing=False)
    able.filter(state="approved").update(state="paying", version=F("version") + 1)
    found = _to_be_paid(run).filter(state="paying", account_missing=False)
    sums = found.aggregate(lines=Count("pk"), fen=Coalesce(Sum("amount"), 0))
    missing = _to_be_paid(run).filter(account_missing=True).count()
    doing.say(lines=sums["lines"], fen=sums["fen"], missing=missing)
    if not sums["lines"]:
        return
    assert run.programme is not None  # run.pay has chosen it
    opening = Doing(
        "run.pay", doing.actor, replace(doing.capacity, agency=run.agency), doing.now, doing.today, doing.body
    )
    batch = open_from_source(
        opening,
        programme=Programme.objects.for_site("run.pay has chosen it").get(pk=run.programme_id),
        region=run.region,
        year=given.year,
        direct=given.direct,
        title=f"{measure_of(run.measure)['zh']}（兑现{run.pk}）",
        domain=DOMAIN,
        argument=str(run.pk),
        count=sums["lines"],
        total=sums["fen"],
    )
    run.batch = batch.pk


@job(PAY_JOB, zh="支付兑现明细", en="Pay a run")
def work(working: Working) -> Mapping[str, Any]:
    """Look once more at what changed, find the accounts piece by piece, then open the batch; each is done once."""
    asked = working.arguments
    run = _run(asked["run"])
    look_at(run, working)
    mark = f"{run.pk}:{asked['version']}"
    after, done = 0, 0
    total = _to_be_paid(run).count()
    while numbers := list(_numbers(run, after)):
        working.report(done, total)
        values = {"after": after, "upto": numbers[-1]}
        _do(working, "run.accounts", run, values, f"run.accounts:{mark}:{numbers[-1]}")
        after, done = numbers[-1], done + len(numbers)
    money = {"year": asked["year"], "direct": asked["direct"]}
    made = _do(working, "run.batched", run, money, f"run.batched:{mark}")
    return {"lines": made["lines"], "fen": made["fen"], "missing": made["missing"]}


def orders(argument: str, after: str, most: int) -> Sequence[Order]:
    """Return the next lines of a run that are being paid, as orders: the source of delivery's batches."""
    run = _run(int(argument))
    begin = int(after.partition(":")[2] or 0)
    rows = _to_be_paid(run).filter(state="paying", account_missing=False, pk__gt=begin).order_by("pk")
    lines = list(rows.select_related("firm")[:most])
    reached = accounts_of({each.firm_id for each in lines}, run.rules["accounts"])
    return [
        Order(
            f"{DOMAIN}:{each.pk}",
            each.firm_id,
            run.measure,
            each.amount,
            each.firm.name,
            reached[each.firm_id].account if each.firm_id in reached else "",
            reached[each.firm_id].bank if each.firm_id in reached else "",
        )
        for each in lines
    ]


def _to_be_paid(run: Run) -> ScopedQuerySet:
    """Return approved lines, and those being paid that no payment lives for: their batch was voided before it was drawn,
    or is not drawn yet."""
    key = Concat(Value(f"{DOMAIN}:"), Cast(OuterRef("pk"), CharField()))
    living = Payment.objects.for_site("whether a payment lives for a line").filter(key=key)
    drawn = Exists(living.exclude(state__in=["rejected", "voided"]))
    return of_run(run).filter(Q(state="approved") | (Q(state="paying") & ~drawn), amount__gt=0)


def _numbers(run: Run, after: int) -> list[int]:
    rows = _to_be_paid(run).filter(pk__gt=after).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:PIECE])


def _run(number: int) -> Run:
    found: Run = Run.objects.for_site("a job's own run").get(pk=number)
    return found


def _batch(number: int) -> PaymentBatch:
    found: PaymentBatch = PaymentBatch.objects.for_site("the run's own batch").get(pk=number)
    return found


def _do(working: Working, name: str, run: Run, values: Mapping[str, Any], key: str) -> dict[str, Any]:
    actor = site_actor(name.replace(".", "-"))
    done = perform(name, actor, run.pk, values, now=working.now, today=working.today, key=key)
    body: dict[str, Any] = done.event.body
    return body
