"""Members of a list taken out as a sheet: only for a purpose that the kind names, with an act that says who and what."""

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
from huiqi.portal.firms.sheets import write_sheet
from huiqi.portal.lists.guards import kind_of
from huiqi.portal.lists.kinds import kinds
from huiqi.portal.lists.membership import on_day
from huiqi.portal.lists.models import Entry, KeptList, ListExport
from huiqi.portal.lists.queries import EntryFilters, entries_of, lists_of
from huiqi.reference.regions import full_name

MOST_ROWS = 50_000
_SALT = "huiqi.portal.lists.export"
withhold("list.export", "导出在名单页办理，须写明用途；程序请用 GET /api/lists")


@act("list.export", ListExport, zh="导出名单", en="Export a list", takes=Exporting, creates=True)
def export(doing: Doing, given: Exporting) -> ListExport:
    """Note an export: for which purpose, with whom it is shared, what was asked, how many."""
    made = exported_as(_SALT, given.made, doing.actor, "请在名单页导出")
    kept = lists_of(doing.actor).filter(pk=made["list"]).first()
    if kept is None:
        raise NotYours
    kind = kind_of(doing, kept)
    shared = kind.sharing(made["purpose"])
    if shared is None:
        raise Refused(
            "这份名单不得用于该用途", mend="请从列出的用途中选择", code="list-purpose", cell="purpose"
        )
    agency = Agency.objects.get(pk=doing.capacity.agency)
    row = ListExport(
        kept=kept,
        region=agency.region,
        agency=agency.pk,
        purpose=shared.purpose,
        asked=made["asked"],
        rows=made["rows"],
        digest=made["digest"],
        at=doing.now,
    )
    row.save()
    doing.say(
        list=kept.pk,
        kind=kind.id,
        purpose=shared.purpose,
        shared_with=shared.with_zh,
        rows=row.rows,
        digest=row.digest,
        asked=row.asked,
    )
    return row


def exported(
    actor: Actor,
    kept: KeptList,
    purpose: str,
    filters: EntryFilters,
    day: date,
    *,
    now: datetime,
    today: date,
    key: str,
) -> IO[bytes]:
    """Return the sheet of the members on a day that the actor sees; the act is done first. Raises Refused."""
    if not actor.allowed("list.export"):
        raise NotYours
    kind = kinds()[kept.kind]
    if kind.sharing(purpose) is None:
        raise Refused("请写明用途", mend="请从列出的用途中选择", code="list-purpose", cell="purpose")
    rows = filters.on(on_day(entries_of(actor, kept), kind, day)).select_related("firm").order_by("pk")
    if rows[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise Refused(f"超过{MOST_ROWS:,}行，不能一次导出", mend="请缩小范围", code="export-too-large")
    headings = (
        *(_("名称"), _("统一社会信用代码"), _("地区代码"), _("地区"), _("列入日期"), _("最后一天")),
        *(_("列入理由"), _("依据文件")),
    )
    with tempfile.TemporaryDirectory(prefix="huiqi-list-") as folder:
        path = Path(folder) / "list.xlsx"
        written = write_sheet(path, _("名单"), headings, _lines(rows))
        file = path.open("rb")
    made = {
        "list": kept.pk,
        "purpose": purpose,
        "asked": {**filters.as_json(), "on": day.isoformat()},
        "rows": written,
    }
    return noted(file, "list.export", _SALT, actor, made, now=now, today=today, key=key)


def _lines(rows: ScopedQuerySet) -> Iterator[tuple[str, ...]]:
    entry: Entry
    for entry in rows.iterator(chunk_size=2000):
        region = entry.firm.region if entry.firm is not None else entry.county
        yield (
            entry.name,
            entry.firm.credit_code if entry.firm is not None else "",
            region,
            full_name(region),
            entry.begins.isoformat(),
            entry.until.isoformat() if entry.until is not None else "",
            entry.reason,
            entry.basis,
        )
