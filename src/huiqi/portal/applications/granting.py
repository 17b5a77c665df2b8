"""What a granted application gives: lines of a delivery where money is paid, with the amount the rule or a person gives."""

from __future__ import annotations

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing
from huiqi.portal.applications.inputs import Granting
from huiqi.portal.applications.judging import failed_conditions, missing_facts, pays
from huiqi.portal.applications.models import Application
from huiqi.portal.delivery import lines
from huiqi.portal.delivery.judging import Judged, Owed
from huiqi.portal.delivery.models import Line
from huiqi.portal.firms.models import Firm
from huiqi.portal.payments.payment_acts import fen_of
from huiqi.reference.money import format_yuan_grouped
from huiqi.rules.verdicts import ELIGIBLE

LIMIT = "limit"


def entitled(found: Judged) -> Judged:
    """Return how a firm came out where it is entitled. Raises Refused with what fails or is missing."""
    if found.verdict == ELIGIBLE:
        return found
    failed = "；".join(each["condition"] for each in failed_conditions(found))
    missing = "、".join(missing_facts(found))
    raise Refused(
        "按登记信息和填报内容不符合条件",
        why=failed or missing or found.verdict,
        mend="缺少的事实请先认定或退回补正；确实不符合的，请不予核准",
        code="not-entitled",
    )


def lines_of(
    doing: Doing, application: Application, firm: Firm, found: Judged, given: Granting
) -> list[Line]:
    """Add the lines of a granted application to the delivery of its measure; none where nothing is paid.

    Raises Refused: an amount is wanted, or the given one is beyond what the rule gives.
    """
    if not pays(application.measure):
        if given.amount:
            raise Refused("这项措施不支付资金", mend="请不填金额", code="no-payment", cell="amount")
        return []
    return [_added(doing, application, firm, each) for each in _settled(doing, found, given)]


def _settled(doing: Doing, found: Judged, given: Granting) -> list[Owed]:
    limited = found.measure.amount_is == LIMIT
    if not found.owed:
        raise Refused(
            "没有可支付的金额",
            why="应享金额为零，或此前已经享受",
            mend="请核对已享受的记录",
            code="nothing-to-pay",
        )
    if not given.amount:
        if limited:
            raise Refused(
                "规则只给出上限，需要填写核准金额",
                mend="请按审核结果填写",
                code="amount-wanted",
                cell="amount",
            )
        return list(found.owed)
    fen = fen_of(given.amount, "amount")
    if len(found.owed) > 1:
        raise Refused(
            "有多项应享，不能用一个金额核准", mend="请不填金额，按规则计算", code="which-line", cell="amount"
        )
    [owed] = found.owed
    if not 0 < fen <= owed.amount:
        raise Refused(
            "核准金额应大于零，且不超过规则给出的金额",
            why=f"最多{format_yuan_grouped(owed.amount)}元",
            mend="请核对",
            code="beyond-the-rule",
            cell="amount",
        )
    if fen != owed.amount and not given.reason.strip():
        raise Refused(
            "核准金额与规则计算的不同", mend="请在审核意见中写明依据", code="grounds-wanted", cell="reason"
        )
    if fen == owed.amount and not limited:
        return [owed]
    corrected = {"from": owed.amount, "to": fen, "by": doing.actor.id}
    return [Owed(owed.record, fen, owed.facts, {**owed.derivation, "corrected": corrected})]


def _added(doing: Doing, application: Application, firm: Firm, owed: Owed) -> Line:
    return lines.add(
        doing,
        measure=application.measure,
        firm=firm,
        record=owed.record,
        period=application.period,
        amount=owed.amount,
        facts=owed.facts,
        derivation={**owed.derivation, "application": application.pk},
        as_of=application.as_of,
    )
