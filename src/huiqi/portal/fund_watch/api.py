"""Monitoring of funds for programs: findings, the monitoring table, and the monthly heads."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Field, Query, Schema

from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import CutAsked, Part, part_of
from huiqi.portal.fund_watch.models import FundFinding
from huiqi.portal.fund_watch.moments import moment_of
from huiqi.portal.fund_watch.queries import WATCH, findings_seen, heads_seen
from huiqi.portal.fund_watch.tables import monitoring_table
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan


class FundFindingRow(Schema):
    """A finding about funds. `figures` are those of its rule: fen, ISO days, stable words."""

    number: int
    rule: str
    about: str
    programme: str
    year: int
    region: str
    state: str
    figures: dict[str, Any]
    transfers: list[int]
    found_on: date
    cleared_on: date | None
    due: date | None
    closed_on: date | None
    version: int


class FundTableRow(Schema):
    """A government's line of the monitoring table, in yuan, all below it included."""

    programme: str
    year: int
    direct: bool
    region: str
    appropriated: str
    received: str
    passed_down: str
    paid: str
    pending: str
    free: str


class FundTie(Schema):
    """A check of the table: what its lines come to, and what the ledger's transfers come to, in yuan."""

    name: str
    lines: str
    ledger: str
    holds: bool


class FundTable(Schema):
    """The monitoring table at the end of a day, or as a frozen head has it."""

    day: date
    digest: str
    rows: list[FundTableRow]
    checks: list[FundTie]


class FundHeadRow(Schema):
    """A frozen month's end: its digest (SM3) covers the head before."""

    day: date
    last: int
    count: int
    previous: str
    digest: str


class TableAsked(Schema):
    """Which table: the year, the last day that counts or a frozen month's end."""

    year: int = Field(0, ge=0, le=2100, description="年度，0为今年｜the year, 0 for this one")
    day: str = Field("", max_length=10, description="截至日期｜the last day that counts (YYYY-MM-DD)")
    head: str = Field("", max_length=10, description="月末快照｜a frozen month's end (YYYY-MM-DD)")


@endpoint(
    "fund-findings",
    "funds/findings",
    zh="资金监控疑点",
    en="Findings about funds",
    answers=Part[FundFindingRow],
    opens=WATCH,
)
def findings(request: Visit, asked: CutAsked) -> Any:
    """The findings of one's area, newest first."""
    rows, following = part_of(findings_seen(request.actor), asked)
    return {"rows": [_finding(each) for each in rows], "next": following}


@endpoint(
    "fund-table",
    "funds/table",
    zh="直达资金监控表",
    en="Monitoring table of funds",
    answers=FundTable,
    opens=WATCH,
)
def table(request: Visit, asked: Annotated[TableAsked, Query(...)]) -> Any:
    """What came to each government of one's area, was passed down and paid, tied to the ledger."""
    moment = moment_of(asked.head, asked.day, request.today)
    found = monitoring_table(request.actor, moment, asked.year or request.today.year, None)
    rows = [
        {
            "programme": block.programme.code,
            "year": block.year,
            "direct": block.direct,
            "region": level.region,
            "appropriated": format_yuan(level.own.appropriated),
            "received": format_yuan(level.area.funds),
            "passed_down": format_yuan(level.passed_down),
            "paid": format_yuan(level.area.paid),
            "pending": format_yuan(level.area.pending),
            "free": format_yuan(level.area.free),
        }
        for block in found.blocks
        for level in block.levels
    ]
    checks = [
        {
            "name": each.name,
            "lines": format_yuan(each.lines),
            "ledger": format_yuan(each.ledger),
            "holds": each.holds,
        }
        for each in found.ties
    ]
    digest = moment.head.digest if moment.head is not None else ""
    return {"day": moment.day, "digest": digest, "rows": rows, "checks": checks}


@endpoint(
    "fund-heads",
    "funds/heads",
    zh="资金月末快照",
    en="Month's ends of funds",
    answers=list[FundHeadRow],
    opens=WATCH,
)
def heads(request: Visit) -> Any:
    """The frozen month's ends, the newest first."""
    return list(heads_seen().order_by("-day").values("day", "last", "count", "previous", "digest"))


def _finding(finding: FundFinding) -> dict[str, Any]:
    names = (
        *("rule", "about", "year", "region", "state", "figures", "transfers", "found_on", "cleared_on"),
        *("due", "closed_on", "version"),
    )
    about = {name: getattr(finding, name) for name in names}
    return {"number": finding.pk, "programme": finding.programme.code, **about}
