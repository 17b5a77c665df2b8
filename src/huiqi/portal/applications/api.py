"""Applications for programs: those of one's area, one's own, one of them; files are sent first, then attached by the act."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Path, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.files import AS_IT_IS, FileName, Ticket, pieces
from huiqi.portal.api.registry import endpoint
from huiqi.portal.api.shapes import CutAsked, Part, part_of
from huiqi.portal.applications.files import keep, too_large
from huiqi.portal.applications.models import Application
from huiqi.portal.applications.needed import limits
from huiqi.portal.applications.queries import (
    APPLICATIONS,
    OWN,
    applications_of,
    attachments_of,
    own_applications_of,
)
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan

Number = Annotated[int, Path(..., ge=1, le=2**63 - 1)]


class ApplicationRow(Schema):
    """An application; its amount is yuan, "" where there is none. `reason` is what the firm was told last."""

    number: int
    credit_code: str
    firm: str
    county: str
    measure: str
    variant: str
    rule_digest: str
    record: str
    period: str
    state: str
    as_of: date | None
    handed_in_at: datetime | None
    decided_on: date | None
    mend_until: date | None
    appeal_until: date | None
    verdict: str
    amount: str
    reason: str
    version: int


class AttachmentRow(Schema):
    """A file of an application: what it proves, its name, kind, bytes and digest."""

    number: int
    slot: str
    name: str
    kind: str
    size: int
    digest: str


class OneApplication(ApplicationRow):
    """An application with what the firm answered, what the office found, what must be mended, and its files."""

    answers: list[list[Any]]
    findings: list[list[Any]]
    mend: list[Any]
    failed: list[Any]
    files: list[AttachmentRow]


@endpoint(
    "applications",
    "applications",
    zh="申请",
    en="Applications",
    answers=Part[ApplicationRow],
    opens=APPLICATIONS,
)
def applications(request: Visit, asked: CutAsked) -> Any:
    """The applications of one's area that were handed in."""
    rows, following = part_of(applications_of(request.actor), asked)
    return {"rows": [_row(each) for each in rows], "next": following}


@endpoint(
    "own-applications",
    "own-applications",
    zh="我的申请",
    en="Applications of one's firms",
    answers=Part[ApplicationRow],
    opens=OWN,
)
def own_applications(request: Visit, asked: CutAsked) -> Any:
    """The applications of one's own firms, drafts too."""
    rows, following = part_of(own_applications_of(request.actor), asked)
    return {"rows": [_row(each) for each in rows], "next": following}


@endpoint(
    "application",
    "applications/{number}",
    zh="一件申请",
    en="One application",
    answers=OneApplication,
    opens=APPLICATIONS,
)
def application(request: Visit, number: Number) -> Any:
    """One application of one's area."""
    return _whole(applications_of(request.actor).filter(pk=number).first(), handed_in=True)


@endpoint(
    "own-application",
    "own-applications/{number}",
    zh="我的一件申请",
    en="One application of one's firms",
    answers=OneApplication,
    opens=OWN,
)
def own_application(request: Visit, number: Number) -> Any:
    """One application of one's own firms."""
    return _whole(own_applications_of(request.actor).filter(pk=number).first(), handed_in=False)


def _whole(found: Application | None, handed_in: bool) -> dict[str, Any]:
    if found is None:
        raise NotYours
    names = ("slot", "name", "kind", "size", "digest")
    return {
        **_row(found),
        **{name: getattr(found, name) for name in ("answers", "findings", "mend", "failed")},
        "files": [
            {"number": each.pk, **{name: getattr(each, name) for name in names}}
            for each in attachments_of(found)
            if not handed_in or each.from_round <= found.round
        ],
    }


def _row(row: Application) -> dict[str, Any]:
    names = (
        "county",
        "measure",
        "variant",
        "rule_digest",
        "record",
        "period",
        "state",
        "as_of",
        "handed_in_at",
    )
    more = ("decided_on", "mend_until", "appeal_until", "verdict", "reason", "version")
    return {
        "number": row.pk,
        "credit_code": row.firm.credit_code,
        "firm": row.firm.name,
        "amount": format_yuan(row.amount) if row.amount is not None else "",
        **{name: getattr(row, name) for name in (*names, *more)},
    }


@endpoint(
    "application-file",
    "application-files",
    zh="上传申请材料",
    en="Send a file of an application",
    answers=Ticket,
    opens=OWN,
    method="POST",
    more=AS_IT_IS,
)
def application_file(request: Visit, name: FileName) -> dict[str, str]:
    """Send a PDF, JPG or PNG as it is (at most 10 MB) under its name; the ticket goes to application.attach."""
    if not request.actor.allowed("application.attach"):
        raise NotYours
    return {"ticket": keep(name, pieces(request, limits().file, too_large), request.actor)}
