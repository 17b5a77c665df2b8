"""Screenings for programs: runs with their figures by county, and who is entitled to a measure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Field, Path, Query, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.registry import endpoint, withhold
from huiqi.portal.api.shapes import Cut, CutAsked, Part, bad_query, part_of
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.look.visits import Visit
from huiqi.portal.screenings.entitled import Entitled, Row, asked_of
from huiqi.portal.screenings.exports import ACT
from huiqi.portal.screenings.models import CountyResult, MeasureResult, Screening
from huiqi.portal.screenings.queries import FIRMS, PAGE, counties_of, latest_of, runs_of, staleness

withhold(ACT, "清单在筛查或政策措施页面导出；程序请用 GET /api/entitled/{name}")
Number = Annotated[int, Path(..., ge=1, le=2**63 - 1)]
Name = Annotated[str, Path(..., max_length=60)]


class RunRow(Schema):
    """A screening. `measures` are the ids that were chosen, none for all; `version` is what If-Match takes."""

    number: int
    region: str
    as_of: date
    measures: list[str]
    note: str
    state: str
    version: int
    started_at: datetime
    ended_at: datetime | None


class MeasureFigures(Schema):
    """How a measure came out: firms by verdict, fen surely owed and to be confirmed, firms newly and no longer eligible."""

    measure: str
    eligible: int
    likely: int
    undetermined: int
    ineligible: int
    certain_fen: int
    likely_fen: int
    unknown_amounts: int
    begun: int
    ended: int


class CountyFigures(Schema):
    """What a run came to in a county of one's area. Money is fen."""

    county: str
    firms: int
    owed_firms: int
    certain_fen: int
    deferred_fen: int
    likely_fen: int
    measures: list[MeasureFigures]


class RunDetail(RunRow):
    """A screening with its figures, the digest of its rules, and what has changed since in one's area."""

    rules_digest: str
    register_event: int | None
    changed_firms: int
    changed_rules: int
    changed_lists: int
    counties: list[CountyFigures]


class EntitledRow(Schema):
    """A firm of a measure by the newest screening; fen are null where not known. `missing` are facts that it lacks."""

    run: int
    firm: int
    credit_code: str
    name: str
    county: str
    section: str
    size: str
    verdict: str
    amount_fen: int | None
    counted_fen: int | None
    missing: list[str]


class EntitledAsked(Cut):
    """Which firms are wanted; empty is any."""

    q: str = Field("", max_length=60, description="名称或统一社会信用代码｜name or credit code")
    county: str = Field("", max_length=6)
    section: str = Field("", max_length=1, description="行业门类字母｜section of industry")
    size: str = Field("", max_length=20)
    verdict: str = Field("", max_length=20, description="eligible, likely, undetermined")
    change: str = Field(
        "", max_length=10, description="begun, ended: 与上次筛查比｜since the screening before"
    )
    fact: str = Field("", max_length=80, description="缺少的信息｜a fact that they lack")


@endpoint("screenings", "screenings", zh="筛查", en="Screenings", answers=Part[RunRow], opens=PAGE)
def screenings(request: Visit, cut: CutAsked) -> Any:
    """The screenings that one sees, newest first."""
    shown, following = part_of(runs_of(request.actor).defer("manifest"), cut)
    return {"rows": [_run(each) for each in shown], "next": following}


@endpoint(
    "screening",
    "screenings/{int:number}",
    zh="筛查结果",
    en="A screening",
    answers=RunDetail,
    opens=PAGE,
)
def screening(request: Visit, number: Number) -> Any:
    """A screening with its figures in the counties of one's area."""
    run = runs_of(request.actor).filter(pk=number).first()
    if run is None:
        raise NotYours
    counties = list(counties_of(request.actor, run))
    rows = MeasureResult.objects.visible_to(request.actor, PAGE).filter(county__in=counties)
    of_county: dict[int, list[MeasureResult]] = {}
    for each in rows.order_by("measure"):
        of_county.setdefault(each.county_id, []).append(each)
    stale = staleness(request.actor, run, shelf().library) if run.state == "finished" else None
    return {
        **_run(run),
        "rules_digest": run.manifest.get("rules_digest", ""),
        "register_event": run.register.get("event_before"),
        "changed_firms": stale.firms if stale is not None else 0,
        "changed_rules": stale.rules if stale is not None else 0,
        "changed_lists": stale.lists if stale is not None else 0,
        "counties": [_county(each, of_county.get(each.pk, [])) for each in counties],
    }


@endpoint(
    "entitled",
    "entitled/{name}",
    zh="应享企业",
    en="Firms entitled to a measure",
    answers=Part[EntitledRow],
    opens=FIRMS,
)
def entitled(request: Visit, name: Name, asked: Annotated[EntitledAsked, Query(...)]) -> Any:
    """The firms of one's area that a measure is or may be due to by the newest screening, as the page lists them."""
    if name not in shelf().library.by_id:
        raise NotYours
    latest = list(latest_of(request.actor, FIRMS))
    wanted = asked_of(asked.model_dump(exclude={"after", "most"}), [each.county for each in latest])
    if wanted.unread:
        raise bad_query(wanted.unread[0], "没有这个选项")
    found = Entitled(latest, name, wanted)
    start = int(asked.after or 0)
    stop = start + asked.most
    return {
        "rows": [_entitled(each) for each in found[start:stop]],
        "next": str(stop) if stop < len(found) else None,
    }


def _run(run: Screening) -> dict[str, Any]:
    names = (*("region", "as_of", "measures", "note", "state", "version", "started_at", "ended_at"),)
    return {"number": run.pk, **{name: getattr(run, name) for name in names}}


def _county(result: CountyResult, measures: list[MeasureResult]) -> dict[str, Any]:
    names = ("county", "firms", "owed_firms", "certain_fen", "deferred_fen", "likely_fen")
    return {
        **{name: getattr(result, name) for name in names},
        "measures": [
            {name: getattr(each, name) for name in MeasureFigures.model_fields} for each in measures
        ],
    }


def _entitled(row: Row) -> dict[str, Any]:
    names = ("run", "name", "county", "section", "size", "verdict")
    return {
        **{name: getattr(row, name) for name in names},
        "firm": row.pk,
        "credit_code": row.code,
        "amount_fen": row.amount,
        "counted_fen": row.counted,
        "missing": list(row.missing),
    }
