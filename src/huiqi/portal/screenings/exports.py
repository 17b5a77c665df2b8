"""Lists of firms that leave the site: only with an act, whose event says who took what of which run."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import IO, Annotated, Any

from pydantic import Field

from huiqi.portal.accounts.models import Agency
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.export_tickets import exported_as, noted
from huiqi.portal.acts.refusals import NotYours
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.look.asking import Asked
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.lists import ASK_LIST, CONFIRM_LIST
from huiqi.portal.screenings.models import CountyResult, Handout, Screening
from huiqi.screening.report.lists import MISSED, PUSH_LIST
from huiqi.screening.report.workbooks import BY_COUNTY

ACT = "screening.export"
LISTS = {
    "push": f"{PUSH_LIST}*.xlsx",
    "confirm": f"{CONFIRM_LIST}*.xlsx",
    "ask": f"{ASK_LIST}*.xlsx",
    "missed": f"{MISSED}*.xlsx",
    "firms": f"{BY_COUNTY}/*.xlsx",
}
"""The lists of a county by their names in addresses, and where their files lie."""
_SALT = "huiqi.portal.screenings.export"


class Exporting(Input):
    """What was made, as the site itself says it."""

    made: Annotated[str, Field(max_length=4000), Asked("导出凭证", "Ticket of the export")]


@act(ACT, Handout, zh="导出筛查清单", en="Export a list of a screening", takes=Exporting, creates=True)
def export(doing: Doing, given: Exporting) -> Handout:
    """Note that a list of firms was taken."""
    made = exported_as(_SALT, given.made, doing.actor, "请在筛查或政策措施页面导出")
    agency = Agency.objects.get(pk=doing.capacity.agency)
    row = Handout(
        region=agency.region,
        agency=agency.pk,
        asked=made["asked"],
        rows=made["rows"],
        digest=made["digest"],
        at=doing.now,
    )
    row.save()
    doing.say(asked=row.asked, rows=row.rows, digest=row.digest)
    return row


def hand_out(
    file: IO[bytes],
    asked: dict[str, Any],
    rows: int | None,
    actor: Actor,
    *,
    now: datetime,
    today: date,
    key: str,
) -> None:
    """Do the act for a file that is about to be sent, and set the file to its beginning. Raises Refused, the file closed."""
    noted(file, ACT, _SALT, actor, {"asked": asked, "rows": rows}, now=now, today=today, key=key)


def files_of(run: Screening, county: str, name: str) -> list[Path]:
    """Return the files of one list of a county of a run; [] where there is none."""
    return sorted((RunFolder(run.pk).counties / county).glob(LISTS[name]))


def list_file(run: Screening, counties: Sequence[CountyResult], name: str) -> tuple[IO[bytes], str]:
    """Open a list of these counties and give it with its ending: the workbook where it is one, else all in a ZIP.

    Raises NotYours where there is none.
    """
    found = [(each.county, path) for each in counties for path in files_of(run, each.county, name)]
    if not found:
        raise NotYours
    if len(found) == 1:
        return found[0][1].open("rb"), "xlsx"
    file = tempfile.TemporaryFile(prefix="huiqi-lists-")  # noqa: SIM115 - the answer closes it
    # Workbooks are compressed already.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as together:
        for county, path in found:
            together.write(path, path.name if name == "firms" else f"{county}-{path.name}")
    return file, "zip"


def may_export(actor: Actor) -> bool:
    """Whether some role of the actor may take lists of firms out of the site."""
    return bool(actor.allowed(ACT))
