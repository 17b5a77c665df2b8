"""The library of official texts for programs: what is kept, with its digest and how it was read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.files import AS_IT_IS, FileName, Ticket, pieces
from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import CutAsked, Part, part_of
from huiqi.portal.documents.incoming import MOST_BYTES, keep, too_large
from huiqi.portal.documents.queries import texts_of
from huiqi.portal.look.visits import Visit


class OfficialTextRow(Schema):
    """A text; `name` is its id in the library (empty until it is read), `document_number` its 文号."""

    number: int
    name: str
    title: str
    document_number: str
    issuer: str
    level: str
    place: str
    dated: date | None
    state: str
    shared: bool
    unencoded: int
    digest: str
    version: int
    added_at: datetime


@endpoint(
    "documents",
    "documents",
    zh="文件库",
    en="Official texts",
    answers=Part[OfficialTextRow],
    opens="documents",
)
def documents(request: Visit, asked: CutAsked) -> Any:
    """The texts that one may see, newest first."""
    rows, following = part_of(texts_of(request.actor), asked)
    names = (
        *("name", "title", "issuer", "level", "place", "dated", "state", "shared", "unencoded", "digest"),
        *("version", "added_at"),
    )
    made = [
        {
            "number": each.pk,
            "document_number": each.number,
            **{name: getattr(each, name) for name in names},
        }
        for each in rows
    ]
    return {"rows": made, "next": following}


@endpoint(
    "document-file",
    "documents/files",
    zh="上传文件",
    en="Send a text's file",
    answers=Ticket,
    opens="documents",
    method="POST",
    more=AS_IT_IS,
)
def document_file(request: Visit, name: FileName) -> dict[str, str]:
    """Send an official text as it is (at most 32 MB) under its name; the ticket goes to the act document.add."""
    if not request.actor.allowed("document.add"):
        raise NotYours
    return {"ticket": keep(name, pieces(request, MOST_BYTES, too_large), request.actor).ticket}
