"""Shapes that every endpoint shares: findings, a part of a list, what an act came to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import F
from ninja import Field, Query, Schema

from huiqi.portal.acts.refusals import Refused

Row = TypeVar("Row")
_MOST = 200


class FindingOut(Schema):
    """One thing wrong: a stable code, where, and what, why and how to mend it in Chinese."""

    code: str
    file: str = ""
    line: int | None = None
    cell: str | None = None
    what: str
    why: str = ""
    mend: str = ""


class Findings(Schema):
    """Why a request was not answered; nothing was changed then."""

    findings: list[FindingOut]


class Part(Schema, Generic[Row]):
    """A part of a list. `next` is the cursor of the following part, null at the end."""

    rows: list[Row]
    next: str | None = None


class Cut(Schema):
    """Which part of a list is asked for."""

    after: str = Field(
        "", pattern="^[0-9]{0,18}$", description="上一段答复中的next｜the cursor `next` of the part before"
    )
    most: int = Field(50, ge=1, le=_MOST, description="一段的行数｜rows of a part")


class DoneOut(Schema):
    """What an act came to: its event, and its subject's number, state and version afterwards.

    `repeated` tells that this request key was answered before, and nothing was done anew.
    """

    event: int
    act: str
    subject: str
    state: str
    version: int
    at: datetime
    repeated: bool


CutAsked = Annotated[Cut, Query(...)]


def part_of(
    rows: Any, cut: Cut, *, newest_first: bool = True, by: str = "pk", few: bool = False
) -> tuple[list[Any], str | None]:
    """Return the rows of a query set after the cursor, in the order of a unique number, and the next cursor.

    A row that comes or goes between two parts moves no other row over their border. Of few rows, found by words among many,
    all are gathered before they are put in order (`look.paging`).
    """
    number = F(by) + 0 if few else F(by)
    ordered = rows.order_by(number.desc() if newest_first else number.asc())
    if cut.after:
        ordered = ordered.filter(**{f"{by}__{'lt' if newest_first else 'gt'}": int(cut.after)})
    found = list(ordered[: cut.most + 1])
    more = len(found) > cut.most
    return found[: cut.most], str(getattr(found[cut.most - 1], by)) if more else None


def bad_query(cell: str, what: str) -> Refused:
    """Return the refusal of one value of a query."""
    refused = Refused(what, mend="请更正后重新请求", code="bad-value", cell=cell)
    refused.status = 400  # type: ignore[misc,assignment]
    return refused
