"""Applications taken out as a sheet: only with an act, whose event says who, what and how many."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import Agency
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.export_tickets import Exporting, exported_as, noted
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing, act
from huiqi.portal.api.registry import withhold
from huiqi.portal.applications.models import Application, ApplicationExport
from huiqi.portal.applications.queries import KIND, Filters, applications_of
from huiqi.portal.delivery.shown import measure_title, place, states_of
from huiqi.portal.firms.sheets import write_sheet
from huiqi.reference.money import format_yuan

ACT = "applications.export"
MOST_ROWS = 200_000
_SALT = "huiqi.portal.applications.export"
withhold(ACT, "导出在申请列表页办理；程序请用 GET /api/applications")


@act(ACT, ApplicationExport, zh="导出申请", en="Export applications", takes=Exporting, creates=True)
def export(doing: Doing, given: Exporting) -> ApplicationExport:
    """Note an export of applications."""
    made = exported_as(_SALT, given.made, doing.actor, "请在申请列表页导出")
    agency = Agency.objects.get(pk=doing.capacity.agency)
    row = ApplicationExport(
        region=agency.region,
        agency=agency.pk,
        asked=made["asked"],
        rows=made["rows"],
        digest=made["digest"],
        at=doing.now,
    )
    row.save()
    doing.say(rows=row.rows, digest=row.digest, asked=row.asked)
    return row


def exported(actor: Actor, filters: Filters, *, now: datetime, today: date, key: str) -> IO[bytes]:
    """Return the sheet of the applications that the actor sees and asks for; the act is done first. Raises Refused."""
    if not actor.allowed(ACT):
        raise NotYours
    rows = filters.on(applications_of(actor), today)
    if rows[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise Refused(f"超过{MOST_ROWS:,}件，不能一次导出", mend="请缩小范围", code="export-too-large")
    headings = (
        *(_("申请编号"), _("统一社会信用代码"), _("企业"), _("地区"), _("政策措施"), _("状态")),
        *(_("提交日期"), _("办结日期"), _("金额（元）"), _("意见")),
    )
    with tempfile.TemporaryDirectory(prefix="huiqi-applications-") as folder:
        path = Path(folder) / "applications.xlsx"
        count = write_sheet(path, _("申请"), headings, _lines(rows))
        file = path.open("rb")
    made = {"asked": filters.as_json(), "rows": count}
    return noted(file, ACT, _SALT, actor, made, now=now, today=today, key=key)


def _lines(rows: ScopedQuerySet) -> Iterator[tuple[str, ...]]:
    words = dict(states_of(KIND))
    each: Application
    for each in rows.iterator(chunk_size=2_000):
        yield (
            *(str(each.pk), each.firm.credit_code, each.firm.name, place(each.county)),
            *(measure_title(each.measure, each.variant), words[each.state]),
            each.handed_in_at.date().isoformat() if each.handed_in_at else "",
            each.decided_on.isoformat() if each.decided_on else "",
            format_yuan(each.amount) if each.amount is not None else "",
            each.reason,
        )
