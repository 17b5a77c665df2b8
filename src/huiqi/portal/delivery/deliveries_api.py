"""Deliveries for programs: runs, their lines with facts and derivation, and those of one's own firms."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Path, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import CutAsked, Part, part_of
from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.delivery.queries import LINES, OWN, RUNS, lines_of, own_lines_of, runs_of
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan

Number = Annotated[int, Path(..., ge=1, le=2**63 - 1)]


class DeliveryRow(Schema):
    """A run. `digest` is that of its lines, `rule_digest` that of the rule; counts and fen stand in `figures`."""

    number: int
    measure: str
    region: str
    as_of: date
    period: str
    way: str
    state: str
    rule_digest: str
    digest: str
    figures: dict[str, Any]
    notice_from: date | None
    notice_until: date | None
    batch: int | None
    version: int


class DeliveryLineRow(Schema):
    """A line; its amount is yuan. `facts` are those that the rule read, with source and date."""

    number: int
    run: int
    credit_code: str
    firm: str
    county: str
    record: str
    period: str
    amount: str
    before: str
    state: str
    reason: str
    rule_digest: str
    facts: list[dict[str, str]]
    derivation: dict[str, Any]
    paid_on: date | None
    version: int


@endpoint("deliveries", "deliveries", zh="兑现", en="Deliveries", answers=Part[DeliveryRow], opens=RUNS)
def deliveries(request: Visit, asked: CutAsked) -> Any:
    """The runs of one's area."""
    rows, following = part_of(runs_of(request.actor), asked)
    return {"rows": [run_row(each) for each in rows], "next": following}


@endpoint(
    "delivery-lines",
    "deliveries/{number}/lines",
    zh="兑现明细",
    en="Lines of a delivery",
    answers=Part[DeliveryLineRow],
    opens=LINES,
)
def delivery_lines(request: Visit, number: Number, asked: CutAsked) -> Any:
    """The lines of a run in one's area."""
    run: Run | None = runs_of(request.actor).filter(pk=number).first()
    if run is None:
        raise NotYours
    rows, following = part_of(lines_of(request.actor, run), asked)
    return {"rows": [_line(each) for each in rows], "next": following}


@endpoint(
    "own-deliveries",
    "own-deliveries",
    zh="正在办理",
    en="Under way for one's firms",
    answers=Part[DeliveryLineRow],
    opens=OWN,
)
def own_deliveries(request: Visit, asked: CutAsked) -> Any:
    """The lines of one's own firms."""
    rows, following = part_of(own_lines_of(request.actor), asked)
    return {"rows": [_line(each) for each in rows], "next": following}


def run_row(run: Run) -> dict[str, Any]:
    """Return a run as programs read it."""
    names = ("measure", "region", "as_of", "period", "way", "state", "rule_digest", "digest", "figures")
    more = ("notice_from", "notice_until", "batch", "version")
    return {"number": run.pk, **{name: getattr(run, name) for name in (*names, *more)}}


def _line(line: Line) -> dict[str, Any]:
    names = ("county", "record", "period", "state", "reason", "rule_digest", "facts", "derivation", "paid_on")
    return {
        "number": line.pk,
        "run": line.run_id,
        "credit_code": line.firm.credit_code,
        "firm": line.firm.name,
        "amount": format_yuan(line.amount),
        "before": format_yuan(line.before) if line.before is not None else "",
        "version": line.version,
        **{name: getattr(line, name) for name in names},
    }
