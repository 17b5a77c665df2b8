"""A run's self-contained report, of the whole run or of a county: made of its figures when somebody first asks for it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import Screening
from huiqi.screening.report.page import report_page

_REPORT = "report.html"


def report_file(run: Screening, county: str) -> Path | None:
    """Return the report of a county of a run, of all of it where none is named; None where there are no figures."""
    folder = RunFolder(run.pk)
    place = folder.counties / county if county else folder.results
    file = place / _REPORT
    if not file.is_file():
        try:
            figures = json.loads((place / "totals.json").read_text("utf-8"))
        except FileNotFoundError:
            return None
        # Drawing its charts takes some seconds, once.
        part = place / f".{_REPORT}.{os.getpid()}"
        part.write_text(report_page(figures), "utf-8")
        part.replace(file)
    return file
