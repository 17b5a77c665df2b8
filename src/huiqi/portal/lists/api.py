"""Lists for programs: the lists that one sees, and who is on one on a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Field, Path, Query, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.files import AS_IT_IS, FileName, Ticket, pieces
from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import Cut, CutAsked, Part, bad_query, part_of
from huiqi.portal.firms.files import keep
from huiqi.portal.lists.files import MOST_BYTES, too_large
from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.membership import on_day
from huiqi.portal.lists.models import Entry, KeptList
from huiqi.portal.lists.queries import entries_of, entry_filters, lists_of
from huiqi.portal.look.visits import Visit

Number = Annotated[int, Path(..., ge=1, le=2**63 - 1)]


class ListRow(Schema):
    """A list as an office keeps it. `says` is the fact or list under which rules read membership, empty for none."""

    number: int
    kind: str
    title: str
    english: str
    of: str
    region: str
    agency: str
    says: str
    complete_from: date | None
    opened: date
    version: int


class MemberRow(Schema):
    """A member. `firm` and `credit_code` are empty for a county, `county` for a firm; days are both included."""

    number: int
    firm: int | None
    credit_code: str
    county: str
    name: str
    state: str
    begins: date
    until: date | None
    ground: str
    reason: str
    basis: str
    rule_digest: str
    doubtful: bool
    version: int


class MembersAsked(Cut):
    """On which day, and what the members are narrowed to, as on the page."""

    q: str = Field(
        "",
        max_length=60,
        description="企业名称中的字词，或统一社会信用代码的开头｜words of the name, or the beginning of the code",
    )
    region: str = Field("", max_length=12, description="地区代码或名称｜a region by code or name")
    on: date | None = Field(None, description="哪一天在册，缺省为今天｜on which day, today by default")


@endpoint("lists", "lists", zh="名单", en="Lists", answers=Part[ListRow], opens="lists")
def lists(request: Visit, asked: CutAsked) -> Any:
    """The lists that concern one's area, newest first."""
    rows, following = part_of(lists_of(request.actor), asked)
    return {"rows": [_list(each) for each in rows], "next": following}


@endpoint(
    "list-members",
    "lists/{int:number}/members",
    zh="名单成员",
    en="Members of a list",
    answers=Part[MemberRow],
    opens="lists",
)
def list_members(request: Visit, number: Number, asked: Annotated[MembersAsked, Query(...)]) -> Any:
    """Who of one's area is on a list on a day, by number."""
    kept = lists_of(request.actor).filter(pk=number).first()
    if kept is None:
        raise NotYours
    filters = entry_filters({"q": asked.q, "region": asked.region})
    if filters.unread:
        raise bad_query(filters.unread[0], "没有这个选项")
    rows = filters.on(on_day(entries_of(request.actor, kept), kinds()[kept.kind], asked.on or request.today))
    shown, following = part_of(rows.select_related("firm"), asked, newest_first=False)
    return {"rows": [_row(each) for each in shown], "next": following}


@endpoint(
    "list-file",
    "lists/files",
    zh="上传名单文件",
    en="Send a list's file",
    answers=Ticket,
    opens="lists",
    method="POST",
    more=AS_IT_IS,
)
def list_file(request: Visit, name: FileName) -> dict[str, str]:
    """Send a file of members as it is (at most 10 MB) under its name; the ticket goes to the act list.hand_in."""
    if not request.actor.allowed("list.hand_in"):
        raise NotYours
    return {"ticket": keep(name, pieces(request, MOST_BYTES, too_large), request.actor)}


def _list(kept: KeptList) -> dict[str, Any]:
    kind = kinds()[kept.kind]
    return {
        "number": kept.pk,
        "kind": kept.kind,
        "title": kind.zh,
        "english": kind.en,
        "of": kind.of,
        "says": kind.says,
        **{name: getattr(kept, name) for name in ("region", "agency", "complete_from", "opened", "version")},
    }


def _row(entry: Entry) -> dict[str, Any]:
    names = (
        *("county", "name", "state", "begins", "until", "ground", "reason", "basis"),
        *("rule_digest", "version"),
    )
    return {
        "number": entry.pk,
        "firm": entry.firm_id,
        "doubtful": entry.doubt is not None,
        "credit_code": entry.firm.credit_code if entry.firm is not None else "",
        **{name: getattr(entry, name) for name in names},
    }
