"""Acts on findings: made and ended by the site's own job, assigned, answered at their level, closed by another person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from django.db.models import Q
from pydantic import Field

from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.accounts.roles import appointable
from huiqi.portal.acts.actors import Actor, Scope
from huiqi.portal.acts.refusals import NotByYou, Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.clock.running import begin_deadline, meet_deadlines
from huiqi.portal.fund_watch.models import FundFinding
from huiqi.portal.fund_watch.rules import monitoring
from huiqi.portal.look.asking import Asked
from huiqi.portal.notices.telling import notify
from huiqi.portal.notices.whom import who_may
from huiqi.reference.regions import full_name, region

DEADLINE = "finding-answer"
_MOST_CHOICES = 300


class Noticed(Input):
    """What a rule found."""

    rule: Annotated[str, Field(max_length=40)]
    about: Annotated[str, Field(max_length=60)]
    programme: int
    year: int
    direct: bool | None
    region: Annotated[str, Field(max_length=6)]
    figures: dict[str, Any]
    transfers: list[int]


class Renewed(Input):
    """What a rule finds now of the same subject."""

    figures: dict[str, Any]
    transfers: list[int]


class Ended(Input):
    """Nothing but that it no longer holds."""


def _answerers(actor: Actor) -> Sequence[tuple[str, str]]:
    """Who may answer findings in the actor's area, to choose from."""
    roles = [name for name, role in appointable().items() if "finding.answer" in role.acts]
    reached = Q(pk__in=[])
    for each in actor.allowed("finding.assign"):
        for area in each.areas:
            reached |= Q(agency__region__gte=area.ljust(6, "0"), agency__region__lte=area.ljust(6, "9"))
    rows = Appointment.objects.filter(reached, ends=None, role__in=roles, user__is_active=True)
    found = rows.select_related("user", "agency").order_by("agency__region", "user__name")[:_MOST_CHOICES]
    return list(
        {
            str(each.user_id): (str(each.user_id), f"{each.user.name}（{each.agency.name}）")
            for each in found
        }.values()
    )


class Assigning(Input):
    """Who is to answer."""

    user: Annotated[int, Field(ge=1, le=2**63 - 1), Asked("经办人", "Officer", choices=_answerers)]


class Answering(Input):
    """Why it is so, and what is done about it."""

    answer: Annotated[
        str,
        Field(min_length=1, max_length=2000),
        Asked("情况说明和整改措施", "Explanation, and what is done about it", long=True),
    ]


class Said(Input):
    """What is said of the answer."""

    said: Annotated[str, Field(min_length=1, max_length=300), Asked("审核意见", "Opinion", long=True)]


@act("finding.find", FundFinding, zh="发现疑点", en="Find something", takes=Noticed, creates=True)
def find(doing: Doing, given: Noticed) -> FundFinding:
    """Open a finding."""
    finding = FundFinding(
        rule=given.rule,
        about=given.about,
        programme_id=given.programme,
        year=given.year,
        direct=given.direct,
        region=given.region,
        figures=given.figures,
        transfers=given.transfers,
        found_on=doing.today,
    )
    finding.save()
    doing.say(rule=given.rule, about=given.about, figures=given.figures)
    to = who_may({"finding.assign"}, finding.scope(), doing.today)
    notify(doing, "fund-finding-found", to=to, subject=finding, values=_values(finding))
    return finding


@act("finding.renew", FundFinding, zh="更新疑点数据", en="Renew the figures", takes=Renewed)
def renew(doing: Doing, finding: FundFinding, given: Renewed) -> None:
    """Note that the figures changed."""
    if finding.cleared_on is not None:
        raise Refused("疑点已消除", code="finding-cleared")
    finding.figures, finding.transfers = given.figures, given.transfers
    doing.say(figures=given.figures)


@act("finding.clear", FundFinding, zh="疑点消除", en="It no longer holds", takes=Ended)
def clear(doing: Doing, finding: FundFinding, _given: Ended) -> None:
    """End a finding that no longer holds; nobody need answer it any more."""
    finding.cleared_on = finding.closed_on = doing.today
    meet_deadlines(doing, finding, drop=True)
    doing.say(rule=finding.rule, found_on=finding.found_on.isoformat())


@act("finding.cease", FundFinding, zh="疑点消除（已办结）", en="It no longer holds (accepted)", takes=Ended)
def cease(doing: Doing, finding: FundFinding, _given: Ended) -> None:
    """Note that what was accepted no longer holds: from now on it may be found anew."""
    if finding.cleared_on is not None:
        raise Refused("疑点已消除", code="finding-cleared")
    finding.cleared_on = doing.today
    doing.say(rule=finding.rule, found_on=finding.found_on.isoformat())


@act("finding.assign", FundFinding, zh="分办", en="Assign", takes=Assigning)
def assign(doing: Doing, finding: FundFinding, given: Assigning) -> None:
    """Let an officer of the finding's own government answer it."""
    user = next((each for each in _may_answer(finding, doing) if each.pk == given.user), None)
    if user is None:
        raise Refused(
            "这位人员不能说明这项疑点",
            why=f"应由{full_name(finding.region)}的资金拨付或领导小组办公室人员说明",
            mend="请另选经办人",
            code="cannot-answer",
            cell="user",
        )
    finding.assigned_to = user
    finding.due = begin_deadline(doing, DEADLINE, finding, finding.address()).due
    doing.say(assigned_to=user.pk)
    notify(doing, "fund-finding-assigned", to=[user], subject=finding, values=_values(finding))


@act("finding.answer", FundFinding, zh="说明情况", en="Answer", takes=Answering)
def answer(doing: Doing, finding: FundFinding, given: Answering) -> None:
    """Answer a finding, by whom it was assigned to or who stands in for them."""
    assigned = finding.assigned_to_id
    stands_for = {doing.actor.id, *(each.principal for each in doing.actor.allowed("finding.answer"))}
    if assigned is not None and f"user:{assigned}" not in stands_for:
        raise NotByYou("这项疑点已分办给其他人员", mend="请由经办人说明，或先改派")
    finding.answer, finding.answered_on = given.answer, doing.today
    finding.answered_by_id = int(doing.actor.id.removeprefix("user:"))
    meet_deadlines(doing, finding, DEADLINE)
    to = who_may({"finding.accept"}, _above(finding), doing.today)
    notify(doing, "fund-finding-answered", to=to, subject=finding, values=_values(finding))


@act("finding.accept", FundFinding, zh="审核通过", en="Accept the answer", takes=Said)
def accept(doing: Doing, finding: FundFinding, given: Said) -> None:
    """Close a finding whose answer satisfies, by another person of the level above."""
    _refuse_own_level(doing, finding)
    finding.said, finding.closed_on = given.said, doing.today
    doing.say(said=given.said)


@act("finding.return", FundFinding, zh="退回重新说明", en="Return the answer", takes=Said)
def give_back(doing: Doing, finding: FundFinding, given: Said) -> None:
    """Ask for another answer."""
    _refuse_own_level(doing, finding)
    finding.said = given.said
    finding.due = begin_deadline(doing, DEADLINE, finding, finding.address()).due
    doing.say(said=given.said)
    if finding.assigned_to is not None:
        notify(
            doing, "fund-finding-returned", to=[finding.assigned_to], subject=finding, values=_values(finding)
        )


def _may_answer(finding: FundFinding, doing: Doing) -> list[User]:
    """The people of the finding's own government, or of the nearest above it that has any."""
    return who_may({"finding.answer"}, finding.scope(), doing.today)


def _refuse_own_level(doing: Doing, finding: FundFinding) -> None:
    """The level above closes what a level answered; where nobody is appointed above, another person of the same does."""
    if finding.answered_by_id is None:
        return
    agency = Agency.objects.filter(pk=doing.capacity.agency).first()
    if agency is None or agency.region != finding.region:
        return
    above = list(who_may({"finding.accept"}, _above(finding), doing.today))
    own = {each.pk for each in who_may({"finding.accept"}, finding.scope(), doing.today)}
    if any(each.pk not in own for each in above):
        raise NotByYou(
            "本级说明的疑点应由上级审核", why="不相容岗位分离", mend="请等待上级领导小组办公室审核"
        )


def _above(finding: FundFinding) -> Scope:
    return Scope(region=region(finding.region).parent or finding.region)


def _values(finding: FundFinding) -> dict[str, str]:
    return {"rule": monitoring()[finding.rule].zh if finding.rule in monitoring() else finding.rule}
