"""Firms taken out of the register as a sheet: only with an act, whose event says who, what and how many."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import Agency
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.export_tickets import Exporting, exported_as, noted
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing, act
from huiqi.portal.firms.models import SUBJECTS, Export, Firm
from huiqi.portal.firms.queries import Filters, firms_of, size_titles
from huiqi.portal.firms.sheets import write_sheet
from huiqi.reference.regions import full_name
from huiqi.rules.render import industry_name

MOST_ROWS = 200_000
_SALT = "huiqi.portal.firms.export"


@act("firms.export", Export, zh="导出企业名册", en="Export firms", takes=Exporting, creates=True)
def export(doing: Doing, given: Exporting) -> Export:
    """Note an export of firms."""
    made = exported_as(_SALT, given.made, doing.actor, "请在企业列表页导出")
    agency = Agency.objects.get(pk=doing.capacity.agency)
    row = Export(
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
    """Return the sheet of the firms that the actor sees and asks for; the act is done first. Raises Refused."""
    if not actor.allowed("firms.export"):
        raise NotYours
    rows = filters.on(firms_of(actor))
    if rows[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise Refused(f"超过{MOST_ROWS:,}户，不能一次导出", mend="请缩小范围", code="export-too-large")
    with tempfile.TemporaryDirectory(prefix="huiqi-export-") as folder:
        path = Path(folder) / "firms.xlsx"
        headings = (
            *(_("统一社会信用代码"), _("名称"), _("主体类型"), _("地区代码"), _("地区")),
            *(_("行业"), _("规模"), _("更新时间")),
        )
        written = write_sheet(path, _("企业"), headings, _lines(rows.order_by("pk")))
        file = path.open("rb")
    made = {"asked": filters.as_json(), "rows": written}
    return noted(file, "firms.export", _SALT, actor, made, now=now, today=today, key=key)


def _lines(rows: ScopedQuerySet) -> Iterator[tuple[str, ...]]:
    sizes = dict(size_titles())
    plain = rows.only("credit_code", "name", "subject", "region", "industry", "size", "updated_at")
    firm: Firm
    for firm in plain.iterator(chunk_size=2000):
        yield (
            *(firm.credit_code, firm.name, SUBJECTS[firm.subject][0], firm.region),
            full_name(firm.region),
            industry_name(firm.industry) if firm.industry else "",
            sizes.get(firm.size, ""),
            f"{timezone.localtime(firm.updated_at):%Y-%m-%d %H:%M}",
        )
