"""Acts on batches: candidates of a rule admitted together; a file handed in, reviewed, taken, taken back."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from huiqi.portal.accounts.models import Agency
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.clock.running import meet_deadlines
from huiqi.portal.firms.files import file_of, redeemed
from huiqi.portal.firms.models import Firm
from huiqi.portal.lists.batches import Row, made
from huiqi.portal.lists.files import MOST_BYTES, too_large
from huiqi.portal.lists.guards import (
    decide_at,
    kind_of,
    list_to_act_on,
    refuse_overlap,
    span,
    standing,
    within,
)
from huiqi.portal.lists.judging import judged
from huiqi.portal.lists.kinds import MEMBER
from huiqi.portal.lists.models import Batch, Entry
from huiqi.portal.lists.queries import open_lists
from huiqi.portal.lists.reading import read_members
from huiqi.portal.look.asking import Asked
from huiqi.reference.regions import full_name

MOST_NAMED = 5


class Admitting(Input):
    """Which firms of the candidates to admit, and the rule by which they were shown."""

    kept: int
    firms: Annotated[list[int], Field(min_length=1, max_length=2_000)]
    rule: Annotated[str, Field(max_length=64)]


class HandingIn(Input):
    """For which list the file is, from which day its rows count where they do not say, by which document."""

    kept: Annotated[int, Asked("名单", "List", choices=open_lists)]
    begins: Annotated[
        date,
        Asked("列入日期", "From", "表中没有写明列入日期的，按这一天", "Where the file does not say it"),
    ]
    basis: Annotated[str, Field(min_length=1, max_length=200), Asked("依据文件（文号）", "Document (number)")]
    ticket: Annotated[str, Field(max_length=1000), Asked("上传凭证", "Ticket of the upload")]


class Opinion(Input):
    """What was found, where something is to be said."""

    note: Annotated[str, Field(max_length=500), Asked("意见", "Opinion", long=True)] = ""


class Reason(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("理由", "Reason", long=True)]


@act(
    "list.admit",
    Batch,
    zh="批量列入候选企业",
    en="Admit candidates",
    takes=Admitting,
    creates=True,
    bulk=True,
)
def admit(doing: Doing, given: Admitting) -> Batch:
    """Admit firms that meet the rule today; each is judged anew, and one that does not meet it stops all."""
    kept = list_to_act_on(doing, given.kept)
    kind = kind_of(doing, kept)
    if kind.admission is None:
        raise Refused("这份名单按提名列入", mend="请逐户提名，或导入名单文件", code="list-no-rule")
    if given.rule != kind.digest:
        raise Refused("列入规则已经更新", mend="请按新规则重新查找候选企业", code="list-rule-changed")
    numbers = sorted(set(given.firms))
    rows = Firm.objects.for_site("the capacity is asked below").filter(listed=True, pk__in=numbers)
    firms = {each.pk: each for each in rows}
    capacities = doing.actor.allowed(doing.act)
    for number in numbers:
        firm = firms.get(number)
        if (
            firm is None
            or not within(firm.region, kept)
            or not any(c.reaches(firm.scope()) for c in capacities)
        ):
            raise Refused("所选企业不在册或不在辖区内", mend="请刷新候选企业后重选", code="list-no-firm")
    unmet = [
        firm.name
        for firm, verdict in judged(kind.admission, firms.values(), library(), doing.today)
        if verdict.met is not True
    ]
    if unmet:
        named = "、".join(unmet[:MOST_NAMED]) + ("等" if len(unmet) > MOST_NAMED else "")
        raise Refused(
            f"有{len(unmet)}户现已不符合列入规则",
            why=named,
            mend="请刷新候选企业后重选",
            code="list-rule-unmet",
        )
    _begins, until = span(kind, doing.today, None, doing.today)
    stands = standing(kept, firms.values())
    for number in numbers:
        refuse_overlap(stands.get(number, ()), doing.today, until)
    agency = Agency.objects.get(pk=doing.capacity.agency)
    batch = Batch(
        kept=kept,
        region=agency.region,
        agency=agency.pk,
        ground="rule",
        digest=kind.digest,
        counts={"rows": len(numbers), "good": len(numbers)},
        by=doing.actor.id,
        at=doing.now,
    )
    batch.save()
    reason = "符合列入规则"
    wanted: list[Row] = [(number, doing.today, until, reason) for number in numbers]
    made(doing, batch, kind, wanted, "member" if kind.then == MEMBER else "proposed")
    return batch


@act("list.hand_in", Batch, zh="导入名单文件", en="Hand in a list", takes=HandingIn, creates=True)
def hand_in(doing: Doing, given: HandingIn) -> Batch:
    """Read a file of members and show what it would do; nobody is on the list before two others agreed."""
    kept = list_to_act_on(doing, given.kept)
    kind = kind_of(doing, kept)
    span(kind, given.begins, None, doing.today)
    digest, name = redeemed(given.ticket, doing.actor)
    file = file_of(digest)
    if file.stat().st_size > MOST_BYTES:
        raise too_large()
    agency = Agency.objects.get(pk=doing.capacity.agency)
    read = read_members(file, kept, kind, doing, given.begins)
    batch = Batch(
        kept=kept,
        region=agency.region,
        agency=agency.pk,
        ground="file",
        basis=given.basis,
        file_name=name,
        digest=digest,
        rows=read.as_json(),
        findings=read.findings,
        counts=read.counts,
        by=doing.actor.id,
        at=doing.now,
    )
    batch.save()
    doing.say(list=kept.pk, kind=kind.id, digest=digest, counts=read.counts, basis=given.basis)
    return batch


@act("list.pass", Batch, zh="复核通过", en="Pass the review", takes=Opinion)
def pass_on(doing: Doing, batch: Batch, given: Opinion) -> None:
    """Pass a file on to be approved."""
    kind_of(doing, batch.kept)
    if not batch.rows:
        raise Refused("没有可列入的行", mend="请改正文件后重新导入", code="list-nothing-to-take")
    doing.say(digest=batch.digest, counts=batch.counts, note=given.note)


@act("list.take", Batch, zh="审批列入", en="Take them on the list", takes=Opinion, bulk=True)
def take(doing: Doing, batch: Batch, given: Opinion) -> None:
    """Put the rows of a file on the list; each is held against the list once more."""
    kept = list_to_act_on(doing, batch.kept_id)
    kind = kind_of(doing, kept)
    decide_at(doing, kept)
    rows: list[Row] = [
        (subject, date.fromisoformat(begins), date.fromisoformat(until) if until else None, reason)
        for subject, begins, until, reason in batch.rows
    ]
    firms = Firm.objects.for_site("rows were scoped when the file was read").in_bulk(
        [subject for subject, *_rest in rows if isinstance(subject, int)]
    )
    stands = standing(kept, [firms[each] if isinstance(each, int) else each for each, *_rest in rows])
    for subject, begins, until, _reason in rows:
        try:
            refuse_overlap(stands.get(subject, ()), begins, until)
        except Refused:
            name = firms[subject].name if isinstance(subject, int) else full_name(subject)
            raise Refused(
                "有成员在此期间已列入名单",
                why=name,
                mend="请放弃这份文件，改正后重新导入",
                code="list-already",
            ) from None
    made(doing, batch, kind, rows, "member")
    batch.counts = {**batch.counts, "taken": len(rows)}
    doing.say(digest=batch.digest, basis=batch.basis, note=given.note)


@act("list.drop", Batch, zh="放弃", en="Drop")
def drop(doing: Doing, batch: Batch, given: Input) -> None:
    """Give a file up before it is taken."""
    kind_of(doing, batch.kept)
    batch.rows = []
    doing.say(digest=batch.digest)


@act("list.undo", Batch, zh="撤销整批", en="Take the batch back", takes=Reason, bulk=True)
def undo(doing: Doing, batch: Batch, given: Reason) -> None:
    """Annul the entries of a batch; refused where one of them was decided on since."""
    kind = kind_of(doing, batch.kept)
    if batch.ground == "file" or kind.then == MEMBER:
        decide_at(doing, batch.kept)
    entries = list(
        Entry.objects.for_site("a batch's own entries").filter(batch=batch).select_for_update().order_by("pk")
    )
    moved = [each for each in entries if each.version > 0]
    if moved:
        named = "、".join(each.name for each in moved[:MOST_NAMED])
        raise Refused(
            "有成员在列入以后又有办理，不能整批撤销",
            why=named + ("等" if len(moved) > MOST_NAMED else ""),
            mend="请逐个办理",
            code="list-in-use",
        )
    for entry in entries:
        entry.state = "annulled" if entry.state in ("member", "ended") else "withdrawn"
        entry.left_because = given.reason
        entry.version += 1
        meet_deadlines(doing, entry, drop=True)
    Entry.objects.for_site("a batch's own entries").bulk_update(
        entries, ["state", "left_because", "version"], batch_size=500
    )
    doing.say(
        list=batch.kept_id, digest=batch.digest, reason=given.reason, entries=[each.pk for each in entries]
    )
