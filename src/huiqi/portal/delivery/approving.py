"""Approvals: as many different people of the roles as the run's own rules ask for its amount; the last of them approves."""

from __future__ import annotations

from huiqi.portal.acts.refusals import NotByYou, NotNow, Refused
from huiqi.portal.acts.registry import Doing, act
from huiqi.portal.delivery.digests import digest_of
from huiqi.portal.delivery.inputs import Opinion, Reason
from huiqi.portal.delivery.lines import of_run
from huiqi.portal.delivery.models import Approval, Run
from huiqi.portal.delivery.noticing import open_objections
from huiqi.portal.delivery.rules import band_of
from huiqi.portal.delivery.steps import enter
from huiqi.portal.delivery.telling import tell_run

LIVE = ("listed", "reopened", "contested", "approved")


@act("run.approve", Run, zh="审批同意", en="Approve", takes=Opinion)
def approve(doing: Doing, run: Run, given: Opinion) -> None:
    """Agree with the list as it stands, by its digest; what is reopened or contested is settled before.

    Where the list has changed since the last digest, approvals of the earlier one count no more: a new round begins.
    """
    _refuse_unsettled(run)
    digest, lines, fen = digest_of(run)
    if not lines:
        raise Refused("名单中没有可审批的企业", mend="请退回或取消这次兑现", code="nobody-listed")
    band = band_of(run.rules, fen)
    if doing.capacity.role not in band["roles"]:
        raise Refused("您的岗位不参加这个金额的审批", mend="请由规则所列岗位办理", code="role-not-in-band")
    if digest != run.digest:
        # An objection or a changed fact has made another list of it: nobody has agreed with this one yet.
        run.digest = digest
        run.round += 1
    rows = Approval.objects.for_site("a run's own approvals").filter(run=run, round=run.round)
    if rows.filter(by=doing.actor.id).exists():
        raise NotByYou("您已同意过", why="每人只计一次", mend="请由另一人审批")
    Approval.objects.create(
        run=run,
        round=run.round,
        by=doing.actor.id,
        role=doing.capacity.role,
        note=given.note,
        at=doing.now,
    )
    agreed = rows.filter(role__in=band["roles"]).count()
    doing.say(
        round=run.round,
        agreed=agreed,
        people=band["people"],
        lines=lines,
        fen=fen,
        digest=digest,
        note=given.note,
    )
    run.state = "approving"
    if agreed >= band["people"]:
        run.state = "approved"
        changed = of_run(run).filter(state="listed").update(state="approved")
        doing.say(approved=changed)
        enter(doing, run, "approved")
        tell_run(doing, run, "delivery-approved", ["approved", "paying"])


@act("run.return", Run, zh="退回", en="Return", takes=Reason)
def return_(doing: Doing, run: Run, given: Reason) -> None:
    """Send the list back to be noticed anew; approvals so far count no more."""
    back = of_run(run).filter(state="approved").update(state="listed")
    run.round += 1
    run.reason = given.reason
    run.notice_from = run.notice_until = None
    doing.say(reason=given.reason, round=run.round, lines=back)
    enter(doing, run, "checked")


def _refuse_unsettled(run: Run) -> None:
    waiting = open_objections(run)
    if waiting:
        raise NotNow(f"还有{waiting}件公示异议没有答复", mend="请先答复全部异议")
    unsettled = of_run(run).filter(state__in=["reopened", "contested"]).count()
    if unsettled:
        raise NotNow(f"还有{unsettled}条明细因信息变动或异议待复核", mend="请由复核岗位逐条保留或不予发放")
