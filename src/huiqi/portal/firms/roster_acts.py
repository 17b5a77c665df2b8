"""Acts on rosters: handed in, confirmed or dropped, taken back; and the site's own, when its jobs are done."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.db import transaction
from django.utils.translation import override
from pydantic import Field

from huiqi.portal.accounts.models import Agency, User
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.firms.claims import sources
from huiqi.portal.firms.files import forget, redeemed
from huiqi.portal.firms.holding import holds, tell_undone
from huiqi.portal.firms.models import Roster
from huiqi.portal.firms.notices import tell_roster_checked, tell_roster_taken
from huiqi.portal.firms.source_words import source_choices
from huiqi.portal.firms.told import Teller
from huiqi.portal.firms.undoing import in_the_way
from huiqi.portal.jobs.running import ask
from huiqi.portal.look.asking import Asked

MOST_NAMED = 20


class HandingIn(Input):
    """Whose word the roster is and of which day; the ticket of the file that was uploaded."""

    source: Annotated[str, Field(max_length=24), Asked("数据来源", "Source", choices=source_choices)]
    dated: Annotated[
        date, Asked("数据截至日期", "As of", "名册反映哪一天的情况", "The day that the roster describes")
    ]
    leave_out_unknown: Annotated[
        bool,
        Asked(
            "不读入无法识别的列",
            "Leave out columns that are not understood",
            "这些列会列在检查结果中，其他列照常读入",
            "They are listed in the result; the other columns are read",
        ),
    ] = False
    ticket: Annotated[str, Field(max_length=1000), Asked("上传凭证", "Ticket of the upload")]


class Checked(Input):
    """What the check found."""

    counts: dict[str, Any]
    findings: list[dict[str, Any]]


class Counts(Input):
    """What a job came to."""

    counts: dict[str, int]


class Reason(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=500), Asked("理由", "Reason", long=True)]


@act("roster.hand_in", Roster, zh="报送名册", en="Hand in a roster", takes=HandingIn, creates=True)
def hand_in(doing: Doing, given: HandingIn) -> Roster:
    """Hand in an uploaded file; it is checked before anything is written."""
    if given.source not in sources():
        raise Refused("没有这个数据来源", mend="请从列表中选择", cell="source")
    if given.dated > doing.today:
        raise Refused("数据截至日期在今天之后", mend="请填写名册实际反映的日期", cell="dated")
    digest, name = redeemed(given.ticket, doing.actor)
    agency = Agency.objects.get(pk=doing.capacity.agency)
    roster = Roster(
        region=agency.region,
        agency=agency.pk,
        source=given.source,
        dated=given.dated,
        file_name=name,
        digest=digest,
        leave_out_unknown=given.leave_out_unknown,
        handed_in_by=User.objects.get(pk=int(doing.actor.id.removeprefix("user:"))),
        handed_in_at=doing.now,
    )
    roster.save()
    _ask(doing, roster, "preview")
    doing.say(digest=digest, source=given.source, dated=given.dated.isoformat())
    return roster


@act("roster.preview", Roster, zh="检查名册", en="Check the roster", takes=Checked)
def previewed(doing: Doing, roster: Roster, given: Checked) -> None:
    """Leave the counts and findings with the roster."""
    roster.counts, roster.findings = given.counts, given.findings
    tell_roster_checked(doing, roster)
    doing.say(digest=roster.digest, counts=given.counts)


@act("roster.take", Roster, zh="确认入库", en="Take it into the register")
def take(doing: Doing, roster: Roster, given: Input) -> None:
    """Confirm what the preview shows; rows in doubt stay out."""
    if roster.counts.get("stopped"):
        raise Refused("名册无法读入", why="有整列或整表的问题", mend="请按检查结果改正后重新报送")
    if (
        not roster.counts.get("new")
        and not roster.counts.get("changed")
        and not roster.counts.get("unchanged")
    ):
        raise Refused("名册中没有可入库的主体", mend="请按检查结果改正后重新报送")
    _ask(doing, roster, "take")
    doing.say(digest=roster.digest, counts=roster.counts)


@act("roster.finish", Roster, zh="入库完成", en="The roster is in the register", takes=Counts)
def finish(doing: Doing, roster: Roster, given: Counts) -> None:
    """Say what was written."""
    roster.counts = {**roster.counts, "taken": given.counts}
    tell_roster_taken(doing, roster)
    doing.say(digest=roster.digest, counts=given.counts)


@act("roster.drop", Roster, zh="放弃名册", en="Drop the roster")
def drop(doing: Doing, roster: Roster, given: Input) -> None:
    """Give the roster up; its file is deleted."""
    kept = Roster.objects.for_site("other rosters of the same file keep it")
    others = kept.filter(digest=roster.digest).exclude(pk=roster.pk).exclude(state="dropped")
    roster.findings = []
    is_last, digest, number = not others.exists(), roster.digest, roster.pk
    transaction.on_commit(lambda: forget(digest, number, is_last))
    doing.say(digest=roster.digest)


@act("roster.undo", Roster, zh="撤销入库", en="Take the roster back", takes=Reason)
def undo(doing: Doing, roster: Roster, given: Reason) -> None:
    """Put back what the roster changed; refused where something later rests on it, with the list."""
    blocking = in_the_way(roster, MOST_NAMED)
    if blocking:
        with override("zh-hans"):
            # A refusal is kept and given by programs as well: it speaks Chinese, facts and all.
            house = shelf()
            label = Teller(house.library, house.words).label
            named = "、".join(f"{firm.name} {firm.credit_code}（{label(fact)}）" for firm, fact in blocking)
        mending = ["请先撤销后来的名册", "已绑定或有异议的企业请先办结"]
        numbers = [firm.pk for firm, _fact in blocking]
        mending += [f"{each.what}：{each.mend}" for each in holds() if each.held(numbers)]
        more = "等" if len(blocking) == MOST_NAMED else ""
        raise Refused(
            "有后来的变动以这份名册为依据，不能撤销",
            why=f"{named}{more}",
            mend="；".join(mending),
            code="roster-in-use",
        )
    _ask(doing, roster, "undo")
    doing.say(digest=roster.digest, reason=given.reason)


@act("roster.finish_undo", Roster, zh="撤销完成", en="The roster is taken back", takes=Counts)
def finish_undo(doing: Doing, roster: Roster, given: Counts) -> None:
    """Say what was taken back."""
    roster.counts = {**roster.counts, "undone": given.counts}
    tell_undone(doing, roster)
    doing.say(digest=roster.digest, counts=given.counts)


def _ask(doing: Doing, roster: Roster, what: str) -> None:
    ask(
        f"roster-{what}",
        f"roster-{what}:{roster.pk}",
        {"roster": roster.pk},
        by=doing.actor.id,
        now=doing.now,
        region=roster.region,
    )
