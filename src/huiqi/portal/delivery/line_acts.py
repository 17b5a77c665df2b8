"""Acts on one line: dropped, kept after its facts changed, let go after the bank's rejection; money that did not come."""

from __future__ import annotations

from huiqi.portal.acts.refusals import NotNow, Refused
from huiqi.portal.acts.registry import Doing, act
from huiqi.portal.clock.running import begin_deadline
from huiqi.portal.delivery.claims import release
from huiqi.portal.delivery.inputs import Opinion, Reason, Telling
from huiqi.portal.delivery.judging_anew import anew, put
from huiqi.portal.delivery.models import Line, NotReceived
from huiqi.portal.delivery.telling import tell_lines


@act("line.drop", Line, zh="不予发放", en="Drop", takes=Reason)
def drop(doing: Doing, line: Line, given: Reason) -> None:
    """Take a line out of its run, with the reason that the firm is told; it lets its entitlement go."""
    if line.run.state == "checking":
        raise NotNow("名单正在锁定", mend="请稍候再办理")
    doing.say(reason=given.reason, amount=line.amount, run=line.run_id)
    line.reason = given.reason
    release([line])
    if line.state != "drawn":
        tell_lines(doing, [line.pk], "delivery-dropped", f"dropped-{line.version}")


@act("line.keep", Line, zh="保留", en="Keep", takes=Opinion)
def keep(doing: Doing, line: Line, given: Opinion) -> None:
    """Keep a reopened line with what it comes to by the facts of now, or with the amount that a person set. Where it comes to more than was approved, it waits
    for the run's next round; else it goes on where it was."""
    now = anew(line)
    before = line.amount
    if "corrected" in line.derivation:
        # Somebody set the amount and gave the grounds: what changed does not undo that.
        line.facts = list(now.owed.facts) if now.owed is not None else line.facts
    elif now.owed is None:
        raise Refused(
            "按现有信息这家企业不再符合",
            why=now.verdict,
            mend="请办理“不予发放”；信息有误的先更正企业信息",
            code="line-not-entitled",
        )
    else:
        put(line, now.owed)
    line.reason = ""
    approved = line.run.state in ("approved", "paying") and line.amount <= before
    line.state = "approved" if approved else "listed"
    doing.say(before=before, amount=line.amount, run=line.run_id, note=given.note)
    if line.amount != before:
        tell_lines(doing, [line.pk], "delivery-changed", f"kept-{line.version}")


@act("line.release", Line, zh="不再发放", en="Let go", takes=Reason)
def release_line(doing: Doing, line: Line, given: Reason) -> None:
    """Let a line go whose payment the bank has sent back, or which no account can receive: its entitlement is free again."""
    if line.state == "approved" and not line.account_missing:
        raise NotNow("这条明细可以支付", mend="只有银行退回或没有收款账户的可以不再发放")
    doing.say(reason=given.reason, amount=line.amount, run=line.run_id)
    line.reason = given.reason
    release([line])
    tell_lines(doing, [line.pk], "delivery-dropped", f"released-{line.version}")


@act("line.not_received", Line, zh="反映未到账", en="Money did not come", takes=Telling)
def not_received(doing: Doing, line: Line, given: Telling) -> None:
    """Open a case: the bank says paid, the firm says that nothing came."""
    case = open_case(doing, line, given.said)
    doing.say(case=case.pk, run=line.run_id)


def open_case(doing: Doing, line: Line, said: str) -> NotReceived:
    """Open the case of a paid line, with its deadline. Raises Refused where one is open."""
    rows = NotReceived.objects.for_site("one open case of a line")
    if rows.filter(line=line, state="open").exists():
        raise NotNow("这笔款项的未到账核查正在办理", mend="请等待核查结果")
    case = NotReceived(line=line, county=line.county, said=said, at=doing.now)
    case.save()
    begin_deadline(doing, "delivery-case", case, line.address())
    return case
