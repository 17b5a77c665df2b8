"""Events for programs of auditors: the chain as it stands, each with its digest, to be checked offline."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Field, Query, Schema

from huiqi.portal.acts.queries import events_of
from huiqi.portal.api.registry import endpoint, withhold
from huiqi.portal.api.shapes import Cut, Part, part_of
from huiqi.portal.look.visits import Visit

withhold("events.export", "导出在操作记录页办理；程序请用 GET /api/events")


class EventRow(Schema):
    """An event: exactly the keys that its digest covers, with the two digests."""

    sequence: int
    at: str
    act: str
    actor: str
    acting_as: str
    via: str
    region: str
    agency: str
    subject_kind: str
    subject: str
    version: int
    from_state: str
    to_state: str
    body: dict[str, Any]
    previous: str
    digest: str


class EventsAsked(Cut):
    """Which events."""

    act: str = Field("", max_length=80, pattern="^[a-z_.]*$")
    subject_kind: str = Field("", max_length=60, pattern="^[a-z_.]*$")
    subject: str = Field("", max_length=40, pattern="^[0-9A-Za-z-]*$")


@endpoint("events", "events", zh="操作记录", en="Events", answers=Part[EventRow], opens="events")
def events(request: Visit, asked: Annotated[EventsAsked, Query(...)]) -> Any:
    """The events of one's area in their order."""
    narrowed = {name: getattr(asked, name) for name in ("act", "subject_kind", "subject")}
    rows = events_of(request.actor).filter(**{name: value for name, value in narrowed.items() if value})
    shown, following = part_of(rows, asked, newest_first=False)
    return {"rows": [each.content() for each in shown], "next": following}
