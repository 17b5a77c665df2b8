"""Acts on lists as a whole: opened, reviewed in their rhythm, declared complete."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from huiqi.portal.accounts.models import Agency
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.clock.models import OPEN, Deadline
from huiqi.portal.clock.running import begin_deadline, meet_deadlines, reckon
from huiqi.portal.lists import batch_acts, entry_acts, exports  # noqa: F401  their acts register themselves
from huiqi.portal.lists.guards import kind_of
from huiqi.portal.lists.kinds import ListKind, kinds
from huiqi.portal.lists.models import Entry, KeptList
from huiqi.portal.lists.queries import kinds_to_open
from huiqi.portal.look.asking import Asked
from huiqi.reference import regions


class Opening(Input):
    """The kind of list to keep for one's own area."""

    kind: Annotated[str, Field(max_length=60), Asked("名单种类", "Kind of list", choices=kinds_to_open)]


class Checked(Input):
    """What the review came to."""

    note: Annotated[str, Field(min_length=1, max_length=500), Asked("复核情况", "What was found", long=True)]


class Complete(Input):
    """From which day on all are on the list, and on what that rests."""

    since: Annotated[
        date | None,
        Asked(
            "自哪一天起完整",
            "Complete since",
            "从这一天起，不在名单上就视为“否”；留空为撤回声明",
            "From this day on, not being on the list means no; leave empty to take the declaration back",
        ),
    ] = None
    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("依据", "On what it rests", long=True)]


@act("list.open", KeptList, zh="建立名单", en="Open a list", takes=Opening, creates=True)
def open_list(doing: Doing, given: Opening) -> KeptList:
    """Open a list of a kind for the area of one's office; one of a kind for an area."""
    agency = Agency.objects.get(pk=doing.capacity.agency)
    kind = kinds().get(given.kind)
    if kind is None or doing.capacity.role not in kind.seen_by:
        raise Refused("没有这类名单", mend="请从列表中选择", cell="kind")
    if regions.region(agency.region).level not in kind.kept_at:
        raise Refused("这类名单不由这一级管理", mend="请由相应级次的单位建立", code="list-level", cell="kind")
    rows = KeptList.objects.for_site("one list of a kind for an area").filter(kind=kind.id)
    for other in rows:
        if regions.is_within(agency.region, other.region) or regions.is_within(other.region, agency.region):
            place = regions.full_name(other.region)
            raise Refused(
                "这类名单在本辖区已经建立", why=place, mend="请在已有的名单上办理", code="list-exists"
            )
    kept = KeptList(kind=kind.id, region=agency.region, agency=agency.pk, opened=doing.today)
    kept.save()
    begin_deadline(doing, kind.review, kept, kept.address())
    doing.say(kind=kind.id, rule=kind.digest)
    return kept


@act("list.check", KeptList, zh="完成定期复核", en="Complete the review", takes=Checked)
def check(doing: Doing, kept: KeptList, given: Checked) -> None:
    """Note that the list was gone through, and begin the next round; nothing may be left up for decision."""
    kind = kind_of(doing, kept)
    rows = Entry.objects.for_site("all of the list is reviewed").filter(kept=kept, state="member")
    open_ones = rows.exclude(doubt__isnull=True).count()
    if open_ones:
        raise Refused(
            f"还有{open_ones}个成员的去留没有决定",
            mend="请先决定去留，再完成复核",
            code="list-undecided",
        )
    next_round(doing, kept, kind)
    doing.say(kind=kind.id, members=rows.count(), note=given.note, rule=kind.digest)


@act("list.complete", KeptList, zh="声明名单完整", en="Declare the list complete", takes=Complete)
def complete(doing: Doing, kept: KeptList, given: Complete) -> None:
    """Say since when all who belong are on the list; from then on who is not on it is known not to be."""
    kind = kind_of(doing, kept)
    if given.since is not None:
        if kind.complete_from is None:
            raise Refused("这类名单不能声明完整", why="没有列入的也可能符合条件", code="list-never-complete")
        if not kind.complete_from <= given.since <= doing.today:
            first = kind.complete_from.isoformat()
            raise Refused(f"日期须在{first}至今天之间", mend="请核对日期", code="list-days", cell="since")
    before, kept.complete_from = kept.complete_from, given.since
    doing.say(
        kind=kind.id,
        since=given.since.isoformat() if given.since else None,
        before=before.isoformat() if before else None,
        reason=given.reason,
    )


def next_round(doing: Doing, kept: KeptList, kind: ListKind) -> None:
    """End the round of the list's review that is open, and begin the next, due after it."""
    rows = Deadline.objects.for_site("the list's own review")
    mine = rows.filter(rule=kind.review, subject_kind=kept._meta.label_lower, subject=str(kept.pk))
    last = mine.filter(state=OPEN).first()
    meet_deadlines(doing, kept, kind.review)
    begun = begin_deadline(doing, kind.review, kept, kept.address())
    if last is not None and last.due is not None and begun.due == last.due:
        # Done before its day: the next round is due a period later, not on the same day again.
        begun.begins = last.due
        begun.save(update_fields=["begins"])
        reckon(begun)
