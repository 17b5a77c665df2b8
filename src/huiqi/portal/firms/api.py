"""The register for programs: firms with what each source says of them, rosters, bindings, contests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Field, Path, Query, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.files import AS_IT_IS, FileName, Ticket, pieces
from huiqi.portal.api.registry import endpoint, withhold
from huiqi.portal.api.shapes import Cut, CutAsked, Part, bad_query, part_of
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.claims import Claim, counting
from huiqi.portal.firms.files import MOST_BYTES, keep, too_large
from huiqi.portal.firms.looks import note_look
from huiqi.portal.firms.models import Firm, Roster
from huiqi.portal.firms.queries import bindings_of, contests_of, filters_of, firms_of, rosters_of
from huiqi.portal.look.paging import MOST_COUNTED, counted
from huiqi.portal.look.visits import Visit

withhold("firms.export", "导出在企业列表页办理；程序请用 GET /api/firms")
Number = Annotated[int, Path(..., ge=1, le=2**63 - 1)]


class FirmRow(Schema):
    """A firm in a list. `region` is a code of six digits, `industry` of GB/T 4754-2017."""

    number: int
    credit_code: str
    name: str
    subject: str
    region: str
    industry: str
    size: str
    updated_at: datetime


class FirmClaim(Schema):
    """What a source says of a fact, as a case file writes it; `settled` by the office after a contest."""

    value: Any
    source: str
    date: str
    counts: bool
    settled: bool = False


class FirmFact(Schema):
    """A fact by its name (and @period), with every source's word; the one that counts is marked."""

    fact: str
    claims: list[FirmClaim]


class FirmList(Schema):
    """A complete list of records as a source gave it; the list that counts is marked."""

    name: str
    source: str
    date: str
    counts: bool
    rows: list[dict[str, Any]]


class FirmDetail(FirmRow):
    """A firm with its facts and lists. `version` is what If-Match takes."""

    version: int
    facts: list[FirmFact]
    lists: list[FirmList]


class RosterRow(Schema):
    """A roster handed in."""

    number: int
    state: str
    version: int
    source: str
    dated: date
    region: str
    file_name: str
    digest: str
    handed_in_at: datetime
    counts: dict[str, Any]


class RosterDetail(RosterRow):
    """A roster with the first of its findings, cell by cell."""

    findings: list[dict[str, Any]]


class BindingRow(Schema):
    """A user's binding to a firm."""

    number: int
    firm: int
    firm_name: str
    user: int
    state: str
    version: int
    asked_at: datetime
    note: str


class ContestRow(Schema):
    """A fact that a firm says is wrong, and the office's answer."""

    number: int
    firm: int
    fact: str
    says: str
    reason: str
    state: str
    version: int
    answer: str
    at: datetime


class FirmsAsked(Cut):
    """What a list of firms is narrowed to, as on the page."""

    q: str = Field(
        "",
        max_length=60,
        description="名称中的字词，或统一社会信用代码的开头｜words of the name, or the beginning of the credit code",
    )
    region: str = Field("", max_length=12, description="地区代码或名称｜a region by code or name")
    industry: str = Field(
        "",
        max_length=60,
        description="行业代码，或行业名称的一部分｜an industry by code, or a part of its name",
    )
    size: str = Field("", max_length=16, description="规模｜large, medium, small, micro, …, unknown")
    subject: str = Field("", max_length=16, description="主体类型｜enterprise, self_employed, institution")


@endpoint("firms", "firms", zh="企业名册", en="Firms of the register", answers=Part[FirmRow], opens="firms")
def firms(request: Visit, asked: Annotated[FirmsAsked, Query(...)]) -> Any:
    """The firms of one's area that fit, by number."""
    filters = filters_of(asked.dict())
    if filters.unread:
        raise bad_query(filters.unread[0], "没有这个选项")
    found = filters.on(firms_of(request.actor)).only(
        "pk", "credit_code", "name", "subject", "region", "industry", "size", "updated_at"
    )
    few = bool(filters.text) and counted(found) <= MOST_COUNTED
    rows, following = part_of(found, asked, newest_first=False, few=few)
    return {"rows": [_row(each) for each in rows], "next": following}


@endpoint(
    "firm",
    "firms/{int:number}",
    zh="企业信息",
    en="A firm with its facts",
    answers=FirmDetail,
    opens=("firm", "own-firm"),
)
def firm(request: Visit, number: Number, response: HttpResponse) -> Any:
    """A firm's facts, each with every source's word. An officer's look is noted, and the firm sees it."""
    own = firms_of(request.actor, "own-firm").filter(pk=number).first()
    shown = own or firms_of(request.actor, "firm").filter(pk=number).first()
    if shown is None:
        raise NotYours
    if own is None:
        note_look(request.actor, shown, "firm", request.now)
    response["ETag"] = f'"{shown.version}"'
    facts = library().facts.subject
    told = [
        {"fact": key, "claims": _claims(claims, getattr(facts.get(key.partition("@")[0]), "known_by", ""))}
        for key, claims in sorted(shown.facts.items())
        if claims
    ]
    return {**_row(shown), "version": shown.version, "facts": told, "lists": list(_lists(shown))}


@endpoint("rosters", "rosters", zh="名册", en="Rosters", answers=Part[RosterRow], opens="rosters")
def rosters(request: Visit, asked: CutAsked) -> Any:
    """The rosters of one's area, newest first."""
    rows, following = part_of(rosters_of(request.actor).defer("findings"), asked)
    return {"rows": [_roster(each) for each in rows], "next": following}


@endpoint(
    "roster", "rosters/{int:number}", zh="名册检查结果", en="A roster", answers=RosterDetail, opens="rosters"
)
def roster(request: Visit, number: Number, response: HttpResponse) -> Any:
    """A roster with what its check found."""
    shown = rosters_of(request.actor).filter(pk=number).first()
    if shown is None:
        raise NotYours
    response["ETag"] = f'"{shown.version}"'
    return {**_roster(shown), "findings": shown.findings}


@endpoint(
    "roster-file",
    "rosters/files",
    zh="上传名册文件",
    en="Send a roster's file",
    answers=Ticket,
    opens="rosters",
    method="POST",
    more=AS_IT_IS,
)
def roster_file(request: Visit, name: FileName) -> dict[str, str]:
    """Send a file as it is (at most 200 MB) under its name; the ticket goes to the act roster.hand_in."""
    if not request.actor.allowed("roster.hand_in"):
        raise NotYours
    return {"ticket": keep(name, pieces(request, MOST_BYTES, too_large), request.actor)}


@endpoint("bindings", "bindings", zh="企业绑定", en="Bindings", answers=Part[BindingRow], opens="bindings")
def bindings(request: Visit, asked: CutAsked) -> Any:
    """One's own bindings, or those of the area's firms, newest first."""
    rows, following = part_of(bindings_of(request.actor), asked)
    made = [
        {
            "number": each.pk,
            "firm": each.firm_id,
            "firm_name": each.firm.name,
            "user": each.user_id,
            "state": each.state,
            "version": each.version,
            "asked_at": each.asked_at,
            "note": each.note,
        }
        for each in rows
    ]
    return {"rows": made, "next": following}


@endpoint(
    "contests",
    "contests",
    zh="信息异议",
    en="Contested facts",
    answers=Part[ContestRow],
    opens=("contests", "own-firm"),
)
def contests(request: Visit, asked: CutAsked) -> Any:
    """The contests of one's area, or of one's own firm, newest first."""
    seen = contests_of(request.actor) | contests_of(request.actor, "own-firm")
    rows, following = part_of(seen, asked)
    names = ("fact", "says", "reason", "state", "version", "answer", "at")
    made = [
        {"number": each.pk, "firm": each.firm_id, **{name: getattr(each, name) for name in names}}
        for each in rows
    ]
    return {"rows": made, "next": following}


def _row(shown: Firm) -> dict[str, Any]:
    names = ("credit_code", "name", "subject", "region", "industry", "size", "updated_at")
    return {"number": shown.pk, **{name: getattr(shown, name) for name in names}}


def _roster(shown: Roster) -> dict[str, Any]:
    names = ("state", "version", "source", "dated", "region", "file_name", "digest", "handed_in_at", "counts")
    return {"number": shown.pk, **{name: getattr(shown, name) for name in names}}


def _claims(claims: list[Claim], known_by: str) -> list[dict[str, Any]]:
    counts = counting(claims, known_by)
    return [
        {
            "value": each.get("value"),
            "source": str(each["source"]),
            "date": str(each["date"]),
            "counts": each is counts,
            "settled": bool(each.get("settled")),
        }
        for each in claims
    ]


def _lists(shown: Firm) -> Iterable[dict[str, Any]]:
    for name, claims in sorted(shown.records.items()):
        counts = counting(claims, "")
        for each in claims:
            yield {
                "name": name,
                "source": str(each["source"]),
                "date": str(each["date"]),
                "counts": each is counts,
                "rows": list(each.get("rows", ())),
            }
