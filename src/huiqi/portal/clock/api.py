"""Deadlines for programs: what is due when, by which rule."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Field, Query, Schema

from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import Cut, Part, part_of
from huiqi.portal.clock.models import Deadline
from huiqi.portal.clock.rules import deadline_rules
from huiqi.portal.look.visits import Visit


class DeadlineRow(Schema):
    """A deadline. `due` is null while a pause holds it up, or while the calendar of its year is not published."""

    number: int
    rule: str
    title: str
    set_by: str
    subject_kind: str
    subject: str
    region: str
    agency: str
    begins: date
    due: date | None
    late: bool
    state: str
    ended: date | None


class DeadlinesAsked(Cut):
    """Which deadlines."""

    state: Literal["open", "met", "dropped", "any"] = Field("open")
    due_before: date | None = Field(
        None, description="只列在这一天之前到期的｜only those due before this day"
    )


@endpoint("deadlines", "deadlines", zh="期限", en="Deadlines", answers=Part[DeadlineRow], opens="deadlines")
def deadlines(request: Visit, asked: Annotated[DeadlinesAsked, Query(...)]) -> Any:
    """The deadlines of one's area, newest first."""
    rows = Deadline.objects.visible_to(request.actor, "deadlines")
    if asked.state != "any":
        rows = rows.filter(state=asked.state)
    if asked.due_before is not None:
        rows = rows.filter(due__lt=asked.due_before)
    shown, following = part_of(rows, asked)
    return {"rows": [_row(each, request.today) for each in shown], "next": following}


def _row(deadline: Deadline, today: date) -> dict[str, Any]:
    rule = deadline_rules().get(deadline.rule)
    last = deadline.ended or today
    names = ("rule", "subject_kind", "subject", "region", "agency", "begins", "due", "state", "ended")
    return {
        "number": deadline.pk,
        "title": rule.zh if rule is not None else deadline.rule,
        "set_by": rule.set_by if rule is not None else "",
        "late": deadline.due is not None and deadline.due < last,
        **{name: getattr(deadline, name) for name in names},
    }
