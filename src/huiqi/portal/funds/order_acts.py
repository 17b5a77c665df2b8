"""Acts on orders of money: drafted by one person, confirmed or declined by another, withdrawn while they wait."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from huiqi.findings import Finding
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing, Input, Nothing, act
from huiqi.portal.funds.models import FundOrder, FundOrderLine, Programme
from huiqi.portal.funds.orders import (
    MOST_LINES,
    Line,
    Plan,
    Wanted,
    entries,
    planned,
    refuse_short,
    wanted_of,
)
from huiqi.portal.funds.posting import post
from huiqi.portal.funds.queries import programmes_seen
from huiqi.portal.funds.told import told_confirmed, told_declined, told_drafted
from huiqi.portal.look.asking import Asked


class LineGiven(Input):
    """A line of an order: the region's code, and the amount in yuan (none for a settlement, which reckons it)."""

    region: Annotated[str, Field(max_length=6)]
    amount: Annotated[str, Field(max_length=40)] = ""


class Drafting(Input):
    """An order of money: its kind, out of which programme, by which government, by which document, to whom."""

    kind: Literal["appropriate", "allocate", "advance", "settle", "recall"]
    programme: Annotated[int, Field(ge=1, le=2**63 - 1)]
    region: Annotated[str, Field(max_length=6)]
    year: Annotated[int, Field(ge=2000, le=2100)]
    direct: bool = False
    document: Annotated[str, Field(min_length=1, max_length=120), Asked("文号或依据", "Document or ground")]
    until: date | None = None
    final: bool = False
    lines: Annotated[list[LineGiven], Field(min_length=1, max_length=MOST_LINES)]


class Reason(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=300), Asked("理由", "Reason", long=True)]


@act("fund.draft", FundOrder, zh="拟拨款单", en="Draft an order of money", takes=Drafting, creates=True)
def draft(doing: Doing, given: Drafting) -> FundOrder:
    """Draft an order; nothing is posted before another person confirms it. A settlement is reckoned here."""
    programme: Programme | None = programmes_seen(doing.actor).filter(pk=given.programme).first()
    if programme is None:
        raise NotYours
    plan = planned(wanted_by(programme, given), doing.today)
    refuse_faults(plan)
    _refuse_twice(plan)
    order = FundOrder(
        kind=given.kind,
        programme=programme,
        year=given.year,
        direct=given.direct,
        region=given.region,
        agency=doing.capacity.agency,
        document=given.document,
        until=given.until,
        final=given.final,
        count=len(plan.lines),
        total=plan.total,
        digest=plan.digest,
        drafted_at=doing.now,
    )
    order.save()
    FundOrderLine.objects.bulk_create(_row(order, each) for each in plan.lines)
    doing.say(
        kind=order.kind,
        programme=programme.code,
        year=order.year,
        direct=order.direct,
        count=order.count,
        total=order.total,
        digest=order.digest,
    )
    told_drafted(doing, order)
    return order


@act("fund.confirm", FundOrder, zh="审批入账", en="Confirm and post", takes=Nothing)
def confirm(doing: Doing, order: FundOrder, _given: Nothing) -> None:
    """Post all lines of the order at once, or none; by another person than who drafted it."""
    # Orders of one programme wait for each other: what each is reckoned on stands still meanwhile.
    locked = Programme.objects.for_site("the order's own programme").select_for_update()
    order.programme = locked.get(pk=order.programme_id)
    plan = planned(wanted_of(order), doing.today)
    refuse_faults(plan)
    _refuse_changed(order, plan)
    refuse_short(plan)
    post(entries(order, plan.lines), day=doing.today, at=doing.now)
    order.decided_on = doing.today
    doing.say(count=order.count, total=order.total, digest=order.digest)
    told_confirmed(doing, order)


@act("fund.decline", FundOrder, zh="退回拨款单", en="Decline the order", takes=Reason)
def decline(doing: Doing, order: FundOrder, given: Reason) -> None:
    """Decline an order; nothing was posted."""
    order.reason, order.decided_on = given.reason, doing.today
    doing.say(reason=given.reason)
    told_declined(doing, order)


@act("fund.withdraw", FundOrder, zh="撤回拨款单", en="Withdraw the order", takes=Reason)
def withdraw(doing: Doing, order: FundOrder, given: Reason) -> None:
    """Withdraw an order that nobody has confirmed."""
    order.reason, order.decided_on = given.reason, doing.today
    doing.say(reason=given.reason)


def wanted_by(programme: Programme, given: Drafting) -> Wanted:
    """Return the order that is asked for."""
    lines = [(each.region, each.amount) for each in given.lines]
    return Wanted(
        given.kind,
        programme,
        given.region,
        given.year,
        given.direct,
        given.document,
        given.until,
        given.final,
        lines,
    )


def refuse_faults(plan: Plan) -> None:
    """Raise Refused with all that is wrong with a plan, each line's by its number."""
    if not plan.findings:
        return
    refused = Refused("拨款单有误")
    refused.findings = tuple(
        Finding("", each.line, each.cell, each.code, f"第{each.line}行：{each.what}", each.why, each.mend)
        if each.line
        else each
        for each in plan.findings
    )
    raise refused


def _refuse_twice(plan: Plan) -> None:
    rows = FundOrder.objects.for_site("the same order is not drafted twice")
    other: FundOrder | None = rows.filter(digest=plan.digest, state__in=["drafted", "confirmed"]).first()
    if other is not None:
        stands = "正在等待审批" if other.state == "drafted" else "已经入账"
        raise Refused(
            f"同样的拨款单{stands}",
            why=other.number,
            mend="确需再次办理的，请在文号中注明批次",
            code="same-order-stands",
        )


def _refuse_changed(order: FundOrder, plan: Plan) -> None:
    """What is confirmed must be what was drafted: others may have given or recovered money meanwhile."""
    rows = FundOrderLine.objects.for_site("an order's own lines").filter(order=order).order_by("number")
    names = ("number", "region", "amount", "spent", "due", "given", "back", "cleared")
    drafted = [tuple(getattr(each, name) for name in names) for each in rows]
    if [tuple(getattr(_row(order, each), name) for name in names) for each in plan.lines] != drafted:
        raise Refused(
            "拟单后支出或已拨付的金额有变化",
            why="清算的差额与拨款单不再一致",
            mend="请退回，由经办人重新拟单",
            code="settlement-changed",
        )


def _row(order: FundOrder, line: Line) -> FundOrderLine:
    about = line.settlement
    if about is None:
        return FundOrderLine(order=order, number=line.number, region=line.region, amount=line.amount)
    return FundOrderLine(
        order=order,
        number=line.number,
        region=line.region,
        amount=line.amount,
        spent=about.spent,
        due=about.due,
        given=about.given,
        back=about.back,
        cleared=about.cleared,
    )
