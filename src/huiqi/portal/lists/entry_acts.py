"""Acts on one entry: proposed, reviewed and approved by three people; put up for decision, kept, renewed, removed."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.clock.running import begin_deadline, meet_deadlines
from huiqi.portal.lists.guards import (
    ONE_DAY,
    decide_at,
    kind_of,
    list_to_act_on,
    new_entry,
    refuse_overlap,
    span,
    standing,
    subject_of,
    term_end,
    told,
)
from huiqi.portal.lists.models import Entry
from huiqi.portal.lists.queries import open_lists
from huiqi.portal.look.asking import Asked

PROPOSAL_RULE, DECISION_RULE = "list-proposal", "list-decision"
RULE_DOUBT, TERM_DOUBT, OFFICE_DOUBT = "rule", "term", "office"
RENEW_BEFORE = 90
"""Days before the end of a term from which it can be renewed."""


class Proposing(Input):
    """Whom to propose for which list, for which days, why, by which document."""

    kept: Annotated[int, Asked("名单", "List", choices=open_lists)]
    subject: Annotated[
        str,
        Field(min_length=2, max_length=60),
        Asked(
            "统一社会信用代码（按县列的名单填县市区名称或代码）",
            "Unified social credit code (for lists of counties: the county)",
        ),
    ]
    begins: Annotated[date, Asked("列入日期", "From")]
    last_day: Annotated[
        date | None,
        Asked(
            "最后一天", "Last day", "留空为长期，或按规定的有效期", "Empty: no end, or the term that is set"
        ),
    ] = None
    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("列入理由", "Reason", long=True)]
    basis: Annotated[str, Field(max_length=200), Asked("依据文件（文号）", "Document (number)")] = ""


class Reason(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("理由", "Reason", long=True)]


class Opinion(Input):
    """What was found, where something is to be said."""

    note: Annotated[str, Field(max_length=500), Asked("意见", "Opinion", long=True)] = ""


class Removing(Input):
    """From which day on it is no member any more, and why."""

    from_day: Annotated[
        date, Asked("自哪一天起退出", "Off the list from", "这一天已不在册", "On this day it is off the list")
    ]
    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("理由", "Reason", long=True)]


class Renewing(Input):
    """On what the new term rests."""

    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("理由", "Reason", long=True)]
    basis: Annotated[str, Field(max_length=200), Asked("依据文件（文号）", "Document (number)")] = ""


class Doubting(Input):
    """What the site found: a rule that is no longer met, a term that ends."""

    why: Literal["rule", "term"]
    reason: Annotated[str, Field(min_length=1, max_length=500)]


@act("list.propose", Entry, zh="提名", en="Propose", takes=Proposing, creates=True)
def propose(doing: Doing, given: Proposing) -> Entry:
    """Propose a firm or county for a list; another person reviews it, and another again approves."""
    kept = list_to_act_on(doing, given.kept)
    kind = kind_of(doing, kept)
    subject = subject_of(doing, kept, kind, given.subject)
    begins, until = span(kind, given.begins, given.last_day, doing.today)
    whom = subject if isinstance(subject, str) else subject.pk
    refuse_overlap(standing(kept, [subject]).get(whom, ()), begins, until)
    entry = new_entry(
        doing,
        kept,
        kind,
        subject,
        begins=begins,
        until=until,
        ground="nomination",
        reason=given.reason,
        basis=given.basis,
        proposed_by=doing.actor.id,
    )
    entry.save()
    begin_deadline(doing, PROPOSAL_RULE, entry, entry.address())
    doing.say(**told(entry), reason=given.reason, basis=given.basis)
    return entry


@act("list.withdraw", Entry, zh="撤回提名", en="Withdraw the proposal", takes=Reason)
def withdraw(doing: Doing, entry: Entry, given: Reason) -> None:
    """Take a proposal back before it is reviewed."""
    kind_of(doing, entry.kept)
    meet_deadlines(doing, entry, drop=True)
    entry.left_because = given.reason
    doing.say(**told(entry), reason=given.reason)


@act("list.review", Entry, zh="复核通过", en="Pass the review", takes=Opinion)
def review(doing: Doing, entry: Entry, given: Opinion) -> None:
    """Pass a proposal on to be approved."""
    kind_of(doing, entry.kept)
    _refuse_same(doing, entry.proposed_by)
    entry.reviewed_by = doing.actor.id
    doing.say(**told(entry), note=given.note)


@act("list.return", Entry, zh="退回", en="Return", takes=Reason)
def return_proposal(doing: Doing, entry: Entry, given: Reason) -> None:
    """Return a proposal to who made it, with the reason; it can be proposed anew."""
    kind_of(doing, entry.kept)
    _refuse_same(doing, entry.proposed_by)
    entry.reviewed_by, entry.left_because = doing.actor.id, given.reason
    meet_deadlines(doing, entry)
    doing.say(**told(entry), reason=given.reason)


@act("list.approve", Entry, zh="审批同意", en="Approve", takes=Opinion)
def approve(doing: Doing, entry: Entry, given: Opinion) -> None:
    """Put it on the list. What the rule says by now goes into the event; the list's own office decides."""
    kind = kind_of(doing, entry.kept)
    decide_at(doing, entry.kept)
    _refuse_same(doing, entry.proposed_by, entry.reviewed_by)
    entry.approved_by, entry.rule_digest = doing.actor.id, kind.digest
    meet_deadlines(doing, entry, PROPOSAL_RULE)
    doing.say(**told(entry), note=given.note)


@act("list.refuse", Entry, zh="不予列入", en="Refuse", takes=Reason)
def refuse(doing: Doing, entry: Entry, given: Reason) -> None:
    """Decide that it does not go on the list, with the reason."""
    kind_of(doing, entry.kept)
    decide_at(doing, entry.kept)
    _refuse_same(doing, entry.proposed_by, entry.reviewed_by)
    entry.approved_by, entry.left_because = doing.actor.id, given.reason
    meet_deadlines(doing, entry)
    doing.say(**told(entry), reason=given.reason)


@act("list.put_up", Entry, zh="提请决定去留", en="Put up for decision", takes=Reason)
def put_up(doing: Doing, entry: Entry, given: Reason) -> None:
    """Ask that it be decided whether a member stays; another person decides."""
    kind_of(doing, entry.kept)
    _put_up(doing, entry, OFFICE_DOUBT, given.reason)


@act("list.doubt", Entry, zh="到期或条件变化提示", en="Found for decision", takes=Doubting)
def doubt(doing: Doing, entry: Entry, given: Doubting) -> None:
    """The site itself puts a member up: its term ends, or the exit rule is met. It stays until somebody decides."""
    kind_of(doing, entry.kept)
    _put_up(doing, entry, given.why, given.reason)


@act("list.keep", Entry, zh="保留", en="Keep", takes=Reason)
def keep(doing: Doing, entry: Entry, given: Reason) -> None:
    """Decide that a member stays, with the reason."""
    kind = kind_of(doing, entry.kept)
    decide_at(doing, entry.kept)
    if entry.doubt is None:
        raise Refused("没有待决定的事项", mend="请刷新页面", code="list-nothing-to-decide")
    entry.doubt, entry.kept_on = None, doing.today
    meet_deadlines(doing, entry, DECISION_RULE)
    doing.say(**told(entry), reason=given.reason, by_rule=kind.digest)


@act("list.renew", Entry, zh="续期", en="Renew", takes=Renewing)
def renew(doing: Doing, entry: Entry, given: Renewing) -> None:
    """Add a term to a membership that is about to end."""
    kind = kind_of(doing, entry.kept)
    decide_at(doing, entry.kept)
    if not kind.term or entry.until is None:
        raise Refused("这份名单没有有效期，不需要续期", code="list-no-term")
    if not entry.until - RENEW_BEFORE * ONE_DAY <= doing.today <= entry.until:
        raise Refused(
            f"只能在有效期满前{RENEW_BEFORE}天内续期",
            why=f"有效期至{entry.until}",
            mend="已到期的请重新提名",
            code="list-not-yet",
        )
    entry.until = term_end(entry.until + ONE_DAY, kind.term)
    entry.doubt, entry.kept_on, entry.rule_digest = None, doing.today, kind.digest
    meet_deadlines(doing, entry, DECISION_RULE)
    doing.say(**told(entry), reason=given.reason, basis=given.basis)


@act("list.remove", Entry, zh="移出名单", en="Remove", takes=Removing)
def remove(doing: Doing, entry: Entry, given: Removing) -> None:
    """End a membership by decision; the days before stay days on the list."""
    kind_of(doing, entry.kept)
    decide_at(doing, entry.kept)
    if not entry.begins < given.from_day <= doing.today:
        raise Refused(
            "退出日期须晚于列入日期，且不晚于今天",
            mend="从未符合条件的请作废",
            code="list-days",
            cell="from_day",
        )
    if entry.until is not None and given.from_day > entry.until:
        raise Refused("有效期在此之前已满", mend="请核对日期", code="list-days", cell="from_day")
    entry.until = given.from_day - ONE_DAY
    _leave(doing, entry, given.reason)


@act("list.lapse", Entry, zh="有效期满", en="The term has ended")
def lapse(doing: Doing, entry: Entry, given: Input) -> None:
    """Note that a term that was set from the beginning is over."""
    kind_of(doing, entry.kept)
    if entry.until is None or entry.until >= doing.today:
        raise Refused("有效期未满", code="list-not-yet")
    _leave(doing, entry, f"有效期至{entry.until.isoformat()}")


@act("list.annul", Entry, zh="作废", en="Annul", takes=Reason)
def annul(doing: Doing, entry: Entry, given: Reason) -> None:
    """Say that an entry was a mistake: on no day does it count."""
    kind_of(doing, entry.kept)
    decide_at(doing, entry.kept)
    _leave(doing, entry, given.reason)


def _put_up(doing: Doing, entry: Entry, why: str, reason: str) -> None:
    if entry.doubt is not None:
        raise Refused("已在等待决定", mend="请到名单页查看", code="list-up-already")
    entry.doubt = {"why": why, "reason": reason, "on": doing.today.isoformat(), "by": doing.actor.id}
    begin_deadline(doing, DECISION_RULE, entry, entry.address())
    doing.say(**told(entry), why=why, reason=reason)


def _leave(doing: Doing, entry: Entry, reason: str) -> None:
    entry.left_because, entry.doubt = reason, None
    meet_deadlines(doing, entry)
    doing.say(**told(entry), reason=reason)


def _refuse_same(doing: Doing, *earlier: str) -> None:
    """Who proposed or reviewed does not go on: also where that was done for many at once, in another act."""
    if doing.actor.id in earlier:
        raise Refused(
            "提名、复核、审批须由不同的人办理",
            why="不相容岗位分离",
            mend="请由另一人办理",
            code="incompatible-role",
        )
