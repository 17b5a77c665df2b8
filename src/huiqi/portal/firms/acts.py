"""Acts on bindings and contested facts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.clock.running import begin_deadline, meet_deadlines
from huiqi.portal.firms import exports, listing_acts, roster_acts  # noqa: F401  their acts register themselves
from huiqi.portal.firms.claims import counting, with_claim
from huiqi.portal.firms.columns import COLUMNS, settle
from huiqi.portal.firms.listing_acts import code_of, connection_choices, known_connection
from huiqi.portal.firms.models import Binding, Contest, FactChange, Firm
from huiqi.portal.firms.notices import (
    tell_binding_asked,
    tell_binding_settled,
    tell_contest_answered,
    tell_contest_opened,
)
from huiqi.portal.firms.rows import text_of
from huiqi.portal.look.asking import Asked
from huiqi.rules.values import BadValue
from huiqi.screening.roster.problems import problem


class BindingAsked(Input):
    """The firm's code, and its name as it is registered: both must agree, so that codes cannot be tried."""

    credit_code: Annotated[str, Field(max_length=40), Asked("统一社会信用代码", "Unified social credit code")]
    name: Annotated[str, Field(max_length=120), Asked("企业名称（与营业执照一致）", "Name as on the licence")]
    connection: Annotated[
        str,
        Field(max_length=12),
        Asked("您与企业的关系", "Your connection with the firm", choices=connection_choices),
    ]
    explained: Annotated[
        str,
        Field(max_length=200),
        Asked(
            "补充说明",
            "What else the office should know",
            "便于经办单位核对，例如授权书的日期；不要填写身份证号",
            "To help the office check, such as the date of your authorisation; no identity numbers",
        ),
    ] = ""


class Reason(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("理由", "Reason", long=True)]


class Note(Input):
    """A note, where one is wanted."""

    note: Annotated[str, Field(max_length=200), Asked("备注", "Note")] = ""


class Contesting(Input):
    """Which fact is wrong, what it should say, and why."""

    firm: Annotated[int, Asked("企业", "Firm")]
    fact: Annotated[str, Field(max_length=60), Asked("事实", "Fact")]
    says: Annotated[str, Field(min_length=1, max_length=200), Asked("应为", "It should say")]
    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("理由和依据", "Reason", long=True)]


class Answer(Input):
    """The office's answer to a contest."""

    answer: Annotated[str, Field(min_length=1, max_length=500), Asked("答复", "Answer", long=True)]


@act(
    "binding.ask",
    Binding,
    zh="申请绑定企业",
    en="Ask to be bound to a firm",
    takes=BindingAsked,
    creates=True,
)
def ask_binding(doing: Doing, given: BindingAsked) -> Binding:
    """Ask for a binding. An unknown code and a wrong name are refused in the same words."""
    code = code_of(given.credit_code)
    connection = known_connection(given.connection)
    firm = (
        Firm.objects.for_site("the asker names code and name")
        .filter(credit_code=code, name=given.name, listed=True)
        .first()
    )
    if firm is None:
        raise Refused(
            "没有找到代码与名称一致的企业",
            mend="请按营业执照核对；确认无误的，请在“企业绑定”页申请登记企业",
            cell="name",
        )
    user = User.objects.select_for_update().get(pk=int(doing.actor.id.removeprefix("user:")))
    open_already = Binding.objects.for_site("one binding of a user")
    if open_already.filter(user=user, firm=firm, state__in=["asked", "bound"]).exists():
        raise Refused("您已绑定或已申请绑定该企业", cell="credit_code")
    binding = Binding(
        user=user, firm=firm, asked_at=doing.now, connection=connection, explained=given.explained
    )
    binding.save()
    begun = begin_deadline(doing, "binding-check", binding)
    tell_binding_asked(doing, binding, begun.due)
    doing.say(firm=firm.pk, connection=connection)
    return binding


@act("binding.confirm", Binding, zh="确认绑定", en="Confirm the binding", takes=Note)
def confirm_binding(doing: Doing, binding: Binding, given: Note) -> None:
    """Confirm that the user may act for the firm."""
    binding.note = given.note
    meet_deadlines(doing, binding, "binding-check")
    tell_binding_settled(doing, binding, confirmed=True)
    doing.say(firm=binding.firm_id, user=binding.user_id)


@act("binding.refuse", Binding, zh="不予绑定", en="Refuse the binding", takes=Reason)
def refuse_binding(doing: Doing, binding: Binding, given: Reason) -> None:
    """Refuse with the reason, which the user sees."""
    binding.note = given.reason[:200]
    meet_deadlines(doing, binding, "binding-check")
    tell_binding_settled(doing, binding, confirmed=False)
    doing.say(firm=binding.firm_id, user=binding.user_id)


@act("binding.withdraw", Binding, zh="解除绑定", en="Withdraw the binding")
def withdraw_binding(doing: Doing, binding: Binding, given: Input) -> None:
    """The user gives up the binding, or the application for it."""
    meet_deadlines(doing, binding, drop=True)
    doing.say(firm=binding.firm_id)


@act("fact.contest", Contest, zh="对事实提出异议", en="Contest a fact", takes=Contesting, creates=True)
def contest_fact(doing: Doing, given: Contesting) -> Contest:
    """Contest a fact of the firm. What stands meanwhile goes on standing."""
    firm = Firm.objects.for_site("the scope of the contest is checked").filter(pk=given.firm).first()
    if firm is None or not any(each.reaches(firm.scope()) for each in doing.actor.allowed(doing.act)):
        raise NotYours
    claims = firm.facts.get(given.fact)
    if not claims:
        raise Refused("没有这项事实", mend="请从企业页面选择要更正的事实", cell="fact")
    if Contest.objects.for_site("one at a time").filter(firm=firm, fact=given.fact, state="open").exists():
        raise Refused("这项事实已有待处理的异议", mend="请等待答复", cell="fact")
    known = library().facts.subject.get(given.fact.partition("@")[0])
    stands = counting(claims, known.known_by if known is not None else "")
    try:
        says = text_of(given.says, given.fact, library())
    except BadValue as error:
        why, mend = problem(error.code), "请按企业页面上这项事实的写法填写"
        raise Refused("不是这项事实可以取的值", why=why, mend=mend, cell="says") from None
    contest = Contest(
        firm=firm,
        fact=given.fact,
        stands=dict(stands or {}),
        says=says,
        reason=given.reason,
        at=doing.now,
    )
    contest.save()
    begun = begin_deadline(doing, "contest-answer", contest)
    tell_contest_opened(doing, contest, begun.due)
    doing.say(firm=firm.pk, fact=given.fact)
    return contest


@act("contest.uphold", Contest, zh="采纳异议", en="Uphold", takes=Answer)
def uphold_contest(doing: Doing, contest: Contest, given: Answer) -> None:
    """Put what the firm says in place, as the office's word; the other sources' claims stay beside it."""
    firm = Firm.objects.for_site("the contest's own firm").select_for_update().get(pk=contest.firm_id)
    before = firm.facts.get(contest.fact, [])
    settled = {"value": contest.says, "source": "office", "date": doing.today.isoformat(), "settled": True}
    firm.facts[contest.fact] = with_claim(before, settled)
    settle(firm, library(), doing.today)
    firm.updated_at = doing.now
    firm.version += 1
    firm.save(update_fields=["facts", "updated_at", "version", *COLUMNS])
    FactChange.objects.create(
        firm=firm,
        fact=contest.fact,
        source="office",
        dated=doing.today,
        before=before,
        after=firm.facts[contest.fact],
        at=doing.now,
    )
    contest.answer = given.answer
    meet_deadlines(doing, contest, "contest-answer")
    tell_contest_answered(doing, contest, upheld=True)
    doing.say(firm=firm.pk, fact=contest.fact)


@act("contest.reject", Contest, zh="不予采纳", en="Reject", takes=Answer)
def reject_contest(doing: Doing, contest: Contest, given: Answer) -> None:
    """Leave the fact as it stands, with the answer that the firm sees."""
    contest.answer = given.answer
    meet_deadlines(doing, contest, "contest-answer")
    tell_contest_answered(doing, contest, upheld=False)
    doing.say(firm=contest.firm_id, fact=contest.fact)
