"""Public notices for programs of everybody: the lists in notice today, and their lines as the page shows them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated, Any

from ninja import Field, Path, Query, Schema

from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.api.registry import PUBLIC, endpoint
from huiqi.portal.api.shapes import Cut, CutAsked, Part, bad_query, part_of
from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.delivery.notice_pages import SHOWN, public_code, public_name
from huiqi.portal.delivery.queries import in_notice
from huiqi.portal.delivery.shown import measure_title
from huiqi.portal.look.visits import Visit
from huiqi.reference.money import format_yuan
from huiqi.reference.regions import UnknownRegion
from huiqi.reference.regions import region as region_of

Number = Annotated[int, Path(..., ge=1, le=2**63 - 1)]


class PublicNoticeRow(Schema):
    """A list in public notice. Firms may object until the end of `notice_until`."""

    number: int
    measure: str
    title: str
    region: str
    period: str
    rule_digest: str
    notice_from: date
    notice_until: date


class PublicNoticeLineRow(Schema):
    """A line as everybody may read it: persons' names are masked, credit codes in their middle. The amount is yuan."""

    number: int
    name: str
    credit_code: str
    county: str
    amount: str


class NoticesAsked(Cut):
    """Which part, and of which region."""

    region: str = Field("", max_length=12, description="地区代码｜the code of a region")


@endpoint(
    "announcements",
    "announcements",
    zh="公示",
    en="Public notices",
    answers=Part[PublicNoticeRow],
    opens=PUBLIC,
)
def announcements(request: Visit, asked: Annotated[NoticesAsked, Query(...)]) -> Any:
    """The lists that are in public notice today; of a region where one is named."""
    code = ""
    if asked.region:
        with suppress(UnknownRegion):
            code = region_of(asked.region).code
        if not code:
            raise bad_query("region", "没有这个地区")
    rows, following = part_of(in_notice(request.today, code), asked)
    return {"rows": [_notice(each) for each in rows], "next": following}


@endpoint(
    "announcement-lines",
    "announcements/{number}/lines",
    zh="公示名单",
    en="Lines of a public notice",
    answers=Part[PublicNoticeLineRow],
    opens=PUBLIC,
)
def announcement_lines(request: Visit, number: Number, asked: CutAsked) -> Any:
    """The lines of a list that is in public notice today."""
    run = in_notice(request.today).filter(pk=number).first()
    if run is None:
        raise NotYours
    lines = Line.objects.for_site("a public notice is for everybody").filter(run=run, state__in=SHOWN)
    rows, following = part_of(lines.select_related("firm"), asked, newest_first=False)
    return {"rows": [_line(each) for each in rows], "next": following}


def _notice(run: Run) -> dict[str, Any]:
    names = ("measure", "region", "period", "rule_digest", "notice_from", "notice_until")
    title = measure_title(run.measure, run.variant)
    return {"number": run.pk, "title": title, **{name: getattr(run, name) for name in names}}


def _line(line: Line) -> dict[str, Any]:
    return {
        "number": line.pk,
        "name": public_name(line.firm),
        "credit_code": public_code(line.firm),
        "county": line.county,
        "amount": format_yuan(line.amount),
    }
