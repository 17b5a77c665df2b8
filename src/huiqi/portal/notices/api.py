"""One's notices for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Field, Query, Schema

from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import Cut, Part, part_of
from huiqi.portal.look.visits import Visit
from huiqi.portal.notices.queries import notices_of, read


class NoticeRow(Schema):
    """A notice in Chinese and English; both empty where its reader may no longer see what it is about."""

    number: int
    kind: str
    subject_kind: str
    subject: str
    zh: str
    en: str
    made_at: datetime
    read_at: datetime | None


class NoticesAsked(Cut):
    """Which notices."""

    unread: bool = Field(False, description="只列未读的｜only those not read yet")


@endpoint("notices", "notices", zh="消息", en="Notices", answers=Part[NoticeRow], opens="notices")
def notices(request: Visit, asked: Annotated[NoticesAsked, Query(...)]) -> Any:
    """One's own notices, newest first; reading them here marks none as read."""
    rows = notices_of(request.actor)
    if asked.unread:
        rows = rows.filter(read_at=None)
    shown, following = part_of(rows, asked)
    return {"rows": [_row(each, request) for each in shown], "next": following}


def _row(notice: Any, request: Visit) -> dict[str, Any]:
    chinese, english = (read(notice, request.actor, each) for each in ("zh-hans", "en"))
    told = "" if chinese.hidden else notice.subject
    return {
        "number": notice.pk,
        "kind": notice.kind,
        "subject_kind": notice.subject_kind,
        "subject": told,
        "zh": chinese.text,
        "en": english.text,
        "made_at": notice.made_at,
        "read_at": notice.read_at,
    }
