"""Firms taken out of the register as a sheet: only with an act, whose event says who, what and how many."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Annotated

from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from huiqi.portal.accounts.models import Agency
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.firms.models import SUBJECTS, Export, Firm
from huiqi.portal.firms.queries import Filters, firms_of, size_titles
from huiqi.portal.firms.sheets import write_sheet
from huiqi.portal.look.asking import Asked
from huiqi.reference.regions import full_name
from huiqi.rules.render import industry_name

MOST_ROWS = 200_000
_SIGNER_SALT = "huiqi.portal.firms.export"


class Exporting(Input):
    """What was made, as the site itself says it."""

    made: Annotated[str, Field(max_length=2000), Asked("导出凭证", "Ticket of the export")]


@act("firms.export", Export, zh="导出企业名册", en="Export firms", takes=Exporting, creates=True)
def export(doing: Doing, given: Exporting) -> Export:
    """Note an export of firms."""
    try:
        made = Signer(salt=_SIGNER_SALT).unsign_object(given.made)
    except (BadSignature, ValueError):
        made = {}
    if made.get("by") != doing.actor.id:
        raise Refused("没有可导出的内容", mend="请在企业列表页导出")
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
    made = {
        "asked": filters.as_json(),
        "rows": written,
        "digest": hashlib.file_digest(file, "sha256").hexdigest(),
        "by": actor.id,
    }
    ticket = Signer(salt=_SIGNER_SALT).sign_object(made)
    try:
        perform("firms.export", actor, None, {"made": ticket}, now=now, today=today, key=key)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


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
