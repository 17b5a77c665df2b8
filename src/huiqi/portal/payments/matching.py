"""Lines of a statement held against payments: by reference, amount and account, all of them or nothing is done.

What does not fit whole goes to the error queue with its reason; no payment is found by its amount alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from huiqi.portal.payments.models import BankStatement, Payment, StatementLine
from huiqi.portal.payments.payees import is_account_of, keys

WHY = {
    "no-reference": ("没有本系统的业务编号", "No reference of this site"),
    "several-references": ("有多个业务编号", "Several references"),
    "unknown-reference": ("没有这个业务编号的支付", "No payment has this reference"),
    "not-sent": ("所在批次尚未发送或已撤销", "Its batch was not sent, or is void"),
    "other-amount": ("金额不一致", "Another amount"),
    "other-account": ("收款账号不一致", "Another account"),
    "settled-before": ("这笔支付已有结果", "The payment is settled already"),
    "returned": ("付出后退回，须人工处理", "Returned after it was paid: by hand"),
    "declined": ("复核未通过", "The check did not agree"),
}
"""Why a line stands in the error queue, in both languages."""
SENT_STATES = ("sent", "closed")


@dataclass(frozen=True, slots=True)
class Match:
    """A line with its payment; `why` is empty where they fit, else a key of WHY."""

    line: StatementLine
    payment: Payment | None
    why: str = ""


def matches(statement: BankStatement, lines: Sequence[StatementLine]) -> list[Match]:
    """Hold lines against the payments of the statement's own region, as these stand now."""
    found = payments_by_reference(statement.region, [each.reference for each in lines])
    seen: set[int] = set()
    made = []
    by = keys()
    for line in lines:
        payment = found.get(line.reference) if line.reference else None
        why = _why(line, payment, seen, by)
        if not why and payment is not None:
            seen.add(payment.pk)
        made.append(Match(line, payment, why))
    return made


def payments_by_reference(region: str, references: Iterable[str]) -> dict[str, Payment]:
    """Return the payments of a region that have these references; payees are not opened."""
    rows = Payment.objects.for_site("a statement names payments of its own region by reference")
    wanted = {each for each in references if each}
    return {
        each.reference: each
        for each in rows.filter(reference__in=wanted, batch__region=region)
        .select_related("batch")
        .defer("name", "account")
    }


def _why(line: StatementLine, payment: Payment | None, seen: set[int], by: Mapping[str, str]) -> str:
    if not line.reference:
        return line.why or "no-reference"
    if payment is None:
        return "unknown-reference"
    if payment.batch.state not in SENT_STATES:
        return "not-sent"
    if payment.amount != line.amount:
        return "other-amount"
    if line.account_digest and not is_account_of(line.account_digest, payment, by):
        return "other-account"
    if line.way == "returned":
        return "returned"
    if payment.state != "ordered" or payment.pk in seen:
        return "settled-before"
    return ""
