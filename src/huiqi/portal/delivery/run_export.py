"""A run taken out as sheets, from which all its figures can be reckoned again: an act says who took which, and its digest."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import Field

from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.api.registry import withhold
from huiqi.portal.delivery.models import Run
from huiqi.portal.delivery.run_sheets import SHEETS
from huiqi.portal.firms.sheets import write_sheet
from huiqi.portal.look.visits import Visit

withhold("run.export", "导出在兑现页面办理；程序请用兑现明细的接口")
withhold("thirdparty.take_back", "落实结果文件在兑现页面上传")


class Exporting(Input):
    """Which sheet was taken out, how many rows, and the digest of the file."""

    rows: int
    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    sheet: Literal["lines", "not_reached", "left_out", "objections", "cases", "sample"] = "lines"


@act("run.export", Run, zh="导出兑现明细", en="Export lines", takes=Exporting)
def export(doing: Doing, _run: Run, given: Exporting) -> None:
    """Note an export."""
    doing.say(sheet=given.sheet, rows=given.rows, digest=given.digest)


def exported(request: Visit, run: Run, key: str, name: str = "lines") -> IO[bytes]:
    """Return a sheet of what the actor sees of a run; the act is done first. The caller closes it. Raises Refused."""
    if not request.actor.allowed("run.export"):
        raise NotYours
    if name not in SHEETS:
        raise Refused("没有这张表", mend="请从页面上选择要导出的表", code="no-such-sheet", cell="sheet")
    sheet = SHEETS[name]
    with tempfile.TemporaryDirectory(prefix="huiqi-delivery-") as folder:
        path = Path(folder) / "sheet.xlsx"
        rows = write_sheet(path, str(sheet.title), sheet.headings(), sheet.rows(request.actor, run))
        file = path.open("rb")
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    values = {"rows": rows, "digest": digest, "sheet": name}
    try:
        perform("run.export", request.actor, run.pk, values, now=request.now, today=request.today, key=key)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file
