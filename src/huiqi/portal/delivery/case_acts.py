"""Cases of money that did not come: somebody follows each up until it is closed; the firm is told what was found."""

from __future__ import annotations

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, act
from huiqi.portal.clock.running import meet_deadlines
from huiqi.portal.delivery.inputs import Assigning, Closing, Sampled, officers
from huiqi.portal.delivery.line_acts import open_case
from huiqi.portal.delivery.models import NotReceived, SampleItem
from huiqi.portal.delivery.telling import tell_lines
from huiqi.portal.notices.telling import notify


@act("case.assign", NotReceived, zh="指定承办人", en="Assign", takes=Assigning)
def assign(doing: Doing, case: NotReceived, given: Assigning) -> None:
    """Name who follows the case up: somebody of one's own office."""
    if str(given.assignee) not in {number for number, _name in officers(doing.actor)}:
        raise Refused(
            "承办人应是本单位在职人员", mend="请从列表中选择", code="not-an-officer", cell="assignee"
        )
    case.assignee = User.objects.get(pk=given.assignee)
    doing.say(assignee=given.assignee, line=case.line_id)
    notify(doing, "delivery-case-assigned", to=[case.assignee], subject=case, values={})


@act("case.close", NotReceived, zh="办结核查", en="Close the case", takes=Closing)
def close(doing: Doing, case: NotReceived, given: Closing) -> None:
    """Say what was found."""
    case.finding = given.finding
    doing.say(finding=given.finding, line=case.line_id)
    meet_deadlines(doing, case, "delivery-case")
    tell_lines(doing, [case.line_id], "delivery-case-closed", f"case-{case.pk}")


@act("sample.answer", SampleItem, zh="登记抽查结果", en="Note the answer", takes=Sampled)
def answer(doing: Doing, item: SampleItem, given: Sampled) -> None:
    """Note what a firm of the sample said; money that did not come opens a case."""
    item.state = "received" if given.received else "not_received"
    item.note, item.answered_at = given.note, doing.now
    doing.say(received=given.received, line=item.line_id)
    rows = NotReceived.objects.for_site("one open case of a line")
    if not given.received and not rows.filter(line=item.line_id, state="open").exists():
        case = open_case(doing, item.line, given.note or "到账抽查：企业反映未到账")
        doing.say(case=case.pk)
