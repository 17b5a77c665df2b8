"""Events as a sheet for an auditor: as many as the list shows, the act of exporting done first."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.acts import SALT
from huiqi.portal.acts.export_tickets import noted
from huiqi.portal.acts.filters import EventFilters
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.queries import events_of
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.told import tell
from huiqi.portal.firms.sheets import write_sheet

MOST_ROWS = 200_000
_AT_ONCE = 1_000


def exported(actor: Actor, filters: EventFilters, *, now: datetime, today: date, key: str) -> IO[bytes]:
    """Return the sheet of the events that the actor sees and asks for. Raises Refused."""
    if not actor.allowed("events.export"):
        raise NotYours
    rows = filters.on(events_of(actor))
    if rows[: MOST_ROWS + 1].count() > MOST_ROWS:
        raise Refused(f"超过{MOST_ROWS:,}条，不能一次导出", mend="请缩小范围", code="export-too-large")
    with tempfile.TemporaryDirectory(prefix="huiqi-export-") as folder:
        path = Path(folder) / "events.xlsx"
        headings = (
            *(_("编号"), _("时间"), _("事项"), _("事项代码"), _("办理人"), _("办理岗位"), _("地区")),
            *(
                _("对象"),
                _("对象编号"),
                _("原状态"),
                _("现状态"),
                _("登记内容"),
                _("前一条摘要"),
                _("本条摘要"),
            ),
        )
        written = write_sheet(path, _("操作记录"), headings, _lines(rows))
        file = path.open("rb")
    made = {"asked": filters.as_json(), "rows": written}
    return noted(file, "events.export", SALT, actor, made, now=now, today=today, key=key)


def _lines(rows: QuerySet[Event]) -> Iterator[tuple[str, ...]]:
    last = 0
    while True:
        some = tell(rows.filter(sequence__gt=last).order_by("sequence")[:_AT_ONCE])
        for each in some:
            yield (
                *(str(each.sequence), f"{timezone.localtime(each.at):%Y-%m-%d %H:%M:%S}"),
                *(each.title, each.act, each.who, each.acted_as, each.place),  # type: ignore[attr-defined]
                *(each.subject_title, each.subject, each.was, each.became),  # type: ignore[attr-defined]
                json.dumps(each.body, ensure_ascii=False, sort_keys=True),
                *(each.previous, each.digest),
            )
        if len(some) < _AT_ONCE:
            return
        last = some[-1].sequence
