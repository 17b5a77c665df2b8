"""The one act of this domain: events taken out as a sheet, noted like any other act."""

from __future__ import annotations

from huiqi.portal.accounts.models import Agency
from huiqi.portal.acts.export_tickets import Exporting, exported_as
from huiqi.portal.acts.models import EventExport
from huiqi.portal.acts.registry import Doing, act

SALT = "huiqi.portal.acts.export"


@act("events.export", EventExport, zh="导出操作记录", en="Export events", takes=Exporting, creates=True)
def export(doing: Doing, given: Exporting) -> EventExport:
    """Note an export of events."""
    made = exported_as(SALT, given.made, doing.actor, "请在操作记录页导出")
    agency = Agency.objects.get(pk=doing.capacity.agency)
    row = EventExport(
        region=agency.region, agency=agency.pk, rows=made["rows"], digest=made["digest"], at=doing.now
    )
    row.save()
    doing.say(rows=row.rows, digest=row.digest, asked=made["asked"])
    return row
