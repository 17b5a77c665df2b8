"""What the office does with an application: it receives, returns, finds, decides; and another person answers an appeal."""

from __future__ import annotations

from datetime import timedelta

from huiqi.portal.acts.refusals import NotNow, Refused
from huiqi.portal.acts.registry import Doing, Nothing, act
from huiqi.portal.answers.told import place_of, token_of
from huiqi.portal.applications.firm_acts import read_answer, say
from huiqi.portal.applications.granting import entitled, lines_of
from huiqi.portal.applications.inputs import Finding, Granting, Mending, Why
from huiqi.portal.applications.judging import (
    answered,
    failed_conditions,
    is_known,
    judged,
    missing_facts,
    take_up,
)
from huiqi.portal.applications.models import FILING, SELECTION, Application, GrantedLine
from huiqi.portal.applications.telling import tell_firm, tell_office
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.clock.running import begin_deadline, meet_deadlines
from huiqi.portal.firms.models import Firm
from huiqi.rules.verdicts import ELIGIBLE
from huiqi.screening.open_facts import Place

APPEAL_DAYS = 60
"""Calendar days in which a firm may appeal: as long as for administrative reconsideration (行政复议法), the office's own choice."""
_DECIDE = ("application.grant", "application.refuse", "application.confirm")


@act("application.receive", Application, zh="受理", en="Receive", takes=Nothing)
def receive(doing: Doing, application: Application, _given: Nothing) -> None:
    """Take an application in; of a measure that is judged with others it waits for that."""
    meet_deadlines(doing, application, "application-receive")
    if application.delivery == SELECTION:
        application.state = "entered"
    else:
        application.state = "received"
        begin_deadline(doing, "application-decide", application, application.address())
        tell_office(doing, application, "application-received-office", _DECIDE)
    say(doing, application, "")
    tell_firm(doing, application, "application-received")


@act("application.return", Application, zh="退回补正", en="Return to be mended", takes=Mending)
def return_(doing: Doing, application: Application, given: Mending) -> None:
    """Say at once all that must be mended, and until when."""
    items = [each.strip() for each in given.mend.splitlines() if each.strip()]
    if not items:
        raise Refused("没有写明补正内容", mend="请每行写一项", code="nothing-to-mend", cell="mend")
    meet_deadlines(doing, application, drop=True)
    begun = begin_deadline(doing, "application-mend", application, application.address())
    application.mend, application.mend_until = items, begun.due
    say(doing, application, "", items)
    doing.say(items=len(items), until=begun.due.isoformat() if begun.due else None)
    tell_firm(doing, application, "application-returned")


@act("application.find", Application, zh="认定事实", en="Find a fact", takes=Finding)
def find(doing: Doing, application: Application, given: Finding) -> None:
    """Put what the office knows over the firm's answer; a register's fact is put right in the register."""
    place = place_of(given.fact, library())
    if place is None:
        raise Refused("没有这项事实", mend="请从申请页选择", code="no-such-fact", cell="fact")
    firm = Firm.objects.for_site("the application's own firm").get(pk=application.firm_id)
    if is_known(firm, place):
        raise Refused(
            "登记信息已有这项事实",
            mend="有误的，请通过名册或企业异议更正登记信息",
            code="known-by-the-register",
            cell="fact",
        )
    said = read_answer(place, given.value)
    kept = [each for each in application.findings if Place(*each[:4]) != place]
    application.findings = [*kept, said]
    say(doing, application, given.reason)
    doing.say(fact=token_of(place))


@act("application.grant", Application, zh="核准", en="Grant", takes=Granting)
def grant(doing: Doing, application: Application, given: Granting) -> None:
    """Grant what the rule gives by the register and the answers, which become the register's; a payment gets its lines."""
    _refuse_delivery(application, FILING, "备案事项请用“确认备案”")
    firm = _locked(application)
    facts = take_up(application, firm, doing.today, doing.now)
    found = entitled(judged(application, firm, doing.today))
    lines = lines_of(doing, application, firm, found, given)
    GrantedLine.objects.bulk_create(GrantedLine(application=application, line=each) for each in lines)
    application.verdict = found.verdict
    application.amount = sum(each.amount for each in lines) or None
    application.rule_digest = found.measure.digest
    doing.say(facts=facts, lines=[each.pk for each in lines], amount=application.amount)
    _decided(doing, application, given.reason, "application-granted")


@act("application.confirm", Application, zh="确认备案", en="Confirm the filing", takes=Nothing)
def confirm(doing: Doing, application: Application, _given: Nothing) -> None:
    """Confirm what was filed: the firm meets the conditions by the register and its answers."""
    if application.delivery != FILING:
        raise NotNow("这项措施不是备案事项", mend="请用“核准”或“不予核准”")
    firm = _locked(application)
    facts = take_up(application, firm, doing.today, doing.now)
    application.verdict = entitled(judged(application, firm, doing.today)).verdict
    doing.say(facts=facts)
    _decided(doing, application, "", "application-confirmed")


@act("application.refuse", Application, zh="不予核准", en="Refuse", takes=Why)
def refuse(doing: Doing, application: Application, given: Why) -> None:
    """Refuse with the conditions that fail and the reason; the firm may appeal."""
    firm = Firm.objects.for_site("the application's own firm").get(pk=application.firm_id)
    answered(application, firm, doing.today)
    found = judged(application, firm, doing.today)
    if found.verdict == ELIGIBLE:
        raise Refused(
            "按规则这家企业符合条件",
            why="登记信息和填报内容满足全部条件",
            mend="事实有误的请先“认定事实”或退回补正，再作决定",
            code="refused-though-eligible",
        )
    application.verdict = found.verdict
    application.failed = failed_conditions(found)
    application.appeal_until = doing.today + timedelta(APPEAL_DAYS)
    doing.say(verdict=found.verdict, failed=len(application.failed), missing=list(missing_facts(found)))
    _decided(doing, application, given.reason, "application-refused")


@act("application.lapse", Application, zh="逾期未补正", en="Not mended in time", takes=Nothing)
def lapse(doing: Doing, application: Application, _given: Nothing) -> None:
    """End an application that was not mended in time; a new one may be begun."""
    if application.mend_until is None or doing.today <= application.mend_until:
        raise NotNow("补正期限未到", mend="请等待企业补正")
    meet_deadlines(doing, application, drop=True)
    application.decided_on = doing.today
    tell_firm(doing, application, "application-lapsed")


@act("appeal.uphold", Application, zh="采纳申诉", en="Uphold the appeal", takes=Why)
def uphold(doing: Doing, application: Application, given: Why) -> None:
    """Take the refusal back: another person decides anew."""
    meet_deadlines(doing, application, "application-appeal")
    application.failed, application.decided_on, application.appeal_until = [], None, None
    application.verdict, application.reason = "", given.reason
    begin_deadline(doing, "application-decide", application, application.address())
    say(doing, application, given.reason)
    tell_firm(doing, application, "application-appeal-upheld")
    tell_office(doing, application, "application-received-office", _DECIDE)


@act("appeal.reject", Application, zh="维持原决定", en="Reject the appeal", takes=Why)
def reject(doing: Doing, application: Application, given: Why) -> None:
    """Let the refusal stand."""
    meet_deadlines(doing, application, "application-appeal")
    _decided(doing, application, given.reason, "application-appeal-rejected")


def _decided(doing: Doing, application: Application, reason: str, kind: str) -> None:
    meet_deadlines(doing, application)
    application.reason, application.decided_on = reason, doing.today
    say(doing, application, reason)
    tell_firm(doing, application, kind)


def _locked(application: Application) -> Firm:
    rows = Firm.objects.for_site("the application's own firm")
    found: Firm = rows.select_for_update().get(pk=application.firm_id)
    return found


def _refuse_delivery(application: Application, delivery: str, mend: str) -> None:
    if application.delivery == delivery:
        raise NotNow("这项措施不这样办理", mend=mend)
