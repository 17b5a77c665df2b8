"""What hangs on runs, for programs: a run with its approvals, who has no line, objections, cases, the board by measure."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Path, Query, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import CutAsked, Part, part_of
from huiqi.portal.delivery.board import Narrowing, by_measure, measures_of, narrowing_of
from huiqi.portal.delivery.deliveries_api import DeliveryRow, run_row
from huiqi.portal.delivery.models import Approval, LeftOut, NotReceived, Objection, Run
from huiqi.portal.delivery.queries import (
    LINES,
    RUNS,
    cases_of,
    figures_of,
    left_out_of,
    objections_of,
    runs_of,
)
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan

Number = Annotated[int, Path(..., ge=1, le=2**63 - 1)]


class RunApprovalRow(Schema):
    """One person's approval: the appointment's role, and in which round."""

    by: str
    role: str
    round: int
    at: datetime


class DeliveryDetail(DeliveryRow):
    """A run with its approvals; `states` are lines and fen by state, of the lines that the caller sees."""

    approvals: list[RunApprovalRow]
    states: dict[str, dict[str, int]]


class LeftOutRow(Schema):
    """A firm without a line, and why: a stable word. The amount is yuan, "" where not known."""

    number: int
    credit_code: str
    firm: str
    county: str
    amount: str
    why: str
    details: dict[str, Any]


class ObjectionRow(Schema):
    """An objection to a public notice. Amounts are yuan, before and after the answer."""

    number: int
    run: int
    line: int | None
    credit_code: str
    firm: str
    county: str
    reason: str
    state: str
    answer: str
    before: str
    after: str
    at: datetime
    version: int


class DeliveryCaseRow(Schema):
    """A case of money that did not come."""

    number: int
    run: int
    line: int
    credit_code: str
    firm: str
    county: str
    said: str
    state: str
    finding: str
    at: datetime
    version: int


class BoardRow(Schema):
    """A measure: firms entitled by the newest screening (null without one), with a line, reached and missed. Yuan."""

    measure: str
    title: str
    runs: int
    late: int
    entitled: int | None
    entitled_yuan: str
    lines: int
    reached: int
    paid: str
    missed: int | None
    missed_yuan: str


class BoardAsked(Schema):
    """What the board is narrowed to."""

    measure: str = Field("", max_length=60)
    county: str = Field("", max_length=20)


@endpoint(
    "delivery", "deliveries/{number}", zh="一次兑现", en="One delivery", answers=DeliveryDetail, opens=RUNS
)
def delivery(request: Visit, number: Number) -> Any:
    """A run with its approvals and what its lines come to."""
    run = _run(request, number)
    rows = Approval.objects.for_site("of a run that is seen").filter(run=run).order_by("pk")
    approvals = [{name: getattr(each, name) for name in ("by", "role", "round", "at")} for each in rows]
    return {**run_row(run), "approvals": approvals, "states": figures_of(request.actor, run)}


@endpoint(
    "delivery-left-out",
    "deliveries/{number}/left-out",
    zh="未列入的企业",
    en="Firms without a line",
    answers=Part[LeftOutRow],
    opens=LINES,
)
def delivery_left_out(request: Visit, number: Number, asked: CutAsked) -> Any:
    """Who received last time or was entitled by the screening and has no line."""
    rows, following = part_of(left_out_of(request.actor, _run(request, number)), asked)
    return {"rows": [_left_out(each) for each in rows], "next": following}


@endpoint(
    "delivery-objections",
    "delivery-objections",
    zh="公示异议",
    en="Objections",
    answers=Part[ObjectionRow],
    opens=LINES,
)
def delivery_objections(request: Visit, asked: CutAsked) -> Any:
    """The objections of one's area."""
    rows, following = part_of(objections_of(request.actor), asked)
    return {"rows": [_objection(each) for each in rows], "next": following}


@endpoint(
    "delivery-cases",
    "delivery-cases",
    zh="未到账核查",
    en="Money that did not come",
    answers=Part[DeliveryCaseRow],
    opens=LINES,
)
def delivery_cases(request: Visit, asked: CutAsked) -> Any:
    """The cases of one's area."""
    rows, following = part_of(cases_of(request.actor), asked)
    return {"rows": [_case(each) for each in rows], "next": following}


@endpoint(
    "delivery-board",
    "delivery-board",
    zh="兑现进度",
    en="The board by measure",
    answers=list[BoardRow],
    opens=RUNS,
)
def delivery_board(request: Visit, asked: Annotated[BoardAsked, Query(...)]) -> Any:
    """Who is entitled, received and was missed, by measure, of one's own area's firms."""
    narrowed: Narrowing = narrowing_of(asked.dict())
    found = measures_of(request.actor, narrowed, request.today)
    return [
        {
            **{
                name: getattr(row, name)
                for name in (
                    "measure",
                    "title",
                    "runs",
                    "late",
                    "entitled",
                    "lines",
                    "reached",
                    "missed",
                )
            },
            "entitled_yuan": _yuan(row.entitled_fen),
            "missed_yuan": _yuan(row.missed_fen),
            "paid": format_yuan(row.paid),
        }
        for row in by_measure(request.actor, narrowed, found, request.today)
    ]


def _run(request: Visit, number: int) -> Run:
    run: Run | None = runs_of(request.actor).filter(pk=number).first()
    if run is None:
        raise NotYours
    return run


def _left_out(row: LeftOut) -> dict[str, Any]:
    firm = {"credit_code": row.firm.credit_code, "firm": row.firm.name, "amount": _yuan(row.amount)}
    names = ("county", "why", "details")
    return {"number": row.pk, **firm, **{name: getattr(row, name) for name in names}}


def _objection(row: Objection) -> dict[str, Any]:
    names = ("county", "reason", "state", "answer", "at", "version")
    return {
        "number": row.pk,
        "run": row.run_id,
        "line": row.line_id,
        "credit_code": row.firm.credit_code,
        "firm": row.firm.name,
        "before": _yuan(row.before),
        "after": _yuan(row.after),
        **{name: getattr(row, name) for name in names},
    }


def _case(row: NotReceived) -> dict[str, Any]:
    names = ("county", "said", "state", "finding", "at", "version")
    return {
        "number": row.pk,
        "run": row.line.run_id,
        "line": row.line_id,
        "credit_code": row.line.firm.credit_code,
        "firm": row.line.firm.name,
        **{name: getattr(row, name) for name in names},
    }


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)
