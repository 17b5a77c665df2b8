"""What a roster would do to the register, counted and told cell by cell before anything is written."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from huiqi.findings import one_line
from huiqi.policies.library import PolicyLibrary
from huiqi.portal.accounts.models import Agency
from huiqi.portal.firms.files import file_of, work_folder
from huiqi.portal.firms.merging import Word, doubt_of, merged
from huiqi.portal.firms.models import Firm, Roster
from huiqi.portal.firms.rows import FirmRow, rows_in
from huiqi.rules.facts import SUBJECT
from huiqi.rules.values import BadValue
from huiqi.screening.prepared import FIRMS
from huiqi.screening.roster.corrections import write_findings_xlsx
from huiqi.screening.roster.doubts import Doubt, Doubts
from huiqi.screening.roster.headings import CREDIT_CODE, LEFT_OUT
from huiqi.screening.roster.intake import ROW, Intake
from huiqi.screening.roster.mapping import FORMAT, map_table
from huiqi.screening.roster.problems import problem
from huiqi.screening.roster.reading import Roster as ReadRoster
from huiqi.screening.roster.reading import read_roster
from huiqi.screening.roster.sources import find_tables

BATCH = 2_000
"""Firms looked up, and written, at a time."""
MOST_SHOWN = 2_000
"""Findings kept with the roster; the sheet that is given back has them all."""
POPULATION = "population"
SHEET = "findings.xlsx"
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Preview:
    """How many firms are new, changed, unchanged, in doubt; and what is in doubt."""

    counts: dict[str, Any]
    findings: list[dict[str, Any]]


def preview(roster: Roster, library: PolicyLibrary, now: datetime, report: Report) -> Preview:
    """Read a roster, compare it with the register, write the sheet with its findings. Nothing else is written."""
    source = file_of(roster.digest)
    folder = work_folder(roster.digest, roster.pk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    read, left_out = _read(roster, source, folder, library, report)
    areas = areas_of(roster)
    outcomes: Counter[str] = Counter()
    doubtful: dict[str, BadValue] = {}
    unkeyed = 0
    if read.folder is not None:
        rows_read = 0
        for rows in rows_in(read.folder, library, 0, BATCH):
            firms = firms_by_code(rows)
            for row in rows:
                firm = firms.get(row.code)
                doubt = doubt_of(row, firm, areas)
                if doubt is None:
                    word = Word(roster.source, roster.dated, roster.pk)
                    outcomes[merged(firm, row, word, now).outcome] += 1
                else:
                    doubtful[row.code] = doubt
                    unkeyed += not row.code
            rows_read += len(rows)
            report(rows_read, read.counts[FIRMS].rows)
    doubts = [*left_out, *_placed(source, library, doubtful, folder)]
    read.doubts = tuple(sorted([*read.doubts, *doubts], key=lambda each: each.order))
    write_findings_xlsx(read, source, library, folder / SHEET)
    firms_read = read.counts.get(FIRMS)
    counts = {
        "rows": firms_read.rows if firms_read else 0,
        **{name: outcomes[name] for name in ("new", "changed", "unchanged")},
        "findings": len(read.doubts) + read.uncounted,
        "stopped": read.folder is None,
    }
    counts["doubtful"] = counts["rows"] - sum(counts[name] for name in ("new", "changed", "unchanged"))
    counts["records"] = {
        name: {"rows": each.rows, "left_out": each.left_out}
        for name, each in read.counts.items()
        if name != FIRMS
    }
    return Preview(counts, [finding_json(each) for each in read.doubts[:MOST_SHOWN]])


def areas_of(roster: Roster) -> tuple[str, ...]:
    """Return the prefixes of the regions that the roster's office reaches."""
    return Agency.objects.get(pk=roster.agency).prefixes()


def firms_by_code(rows: list[FirmRow], *, locked: bool = False) -> dict[str, Firm]:
    """Return the firms of some rows that the register knows, by credit code."""
    known = Firm.objects.for_site("a roster names firms by code; what lies outside its area is put in doubt")
    known = known.filter(credit_code__in=[row.code for row in rows if row.code])
    if locked:
        # In one order for all, so that two rosters wait for each other and never for themselves.
        known = known.order_by("pk").select_for_update()
    return {each.credit_code: each for each in known}


def finding_json(doubt: Doubt) -> dict[str, Any]:
    """Return a doubt for the page: where it stands, what is wrong in both languages, how to mend it."""
    # A finding quotes the file, which may hold anything; as one line it holds nothing that a database refuses.
    finding = doubt.finding
    return {
        "table": one_line(doubt.place.sheet),
        "row": doubt.row,
        "cell": finding.cell,
        "heading": one_line(doubt.heading),
        "value": one_line(doubt.value),
        "code": doubt.code,
        "zh": problem(doubt.code),
        "what": finding.what,
        "why": finding.why,
        "mend": finding.mend,
    }


def _read(
    roster: Roster, source: Path, folder: Path, library: PolicyLibrary, report: Report
) -> tuple[ReadRoster, list[Doubt]]:
    """Read the file; where columns nobody understands may be left out, read it again without them."""

    def read(mapping: Path | None) -> ReadRoster:
        return read_roster(
            source,
            library,
            roster.dated,
            mapping,
            without_bad_rows=True,
            folder=folder / POPULATION,
            progress=report,
        )

    first = read(None)
    unknown = [each for each in first.doubts if each.code == "unknown-column"]
    if not roster.leave_out_unknown or not unknown:
        return first, []
    tables: dict[str, Any] = {}
    for name, table in first.mapping.tables.items():
        columns = {each.heading: LEFT_OUT for each in unknown if each.place == table.place}
        if columns:
            tables[name] = {"file": table.place.file, "header_row": table.header_row, "columns": columns}
    mapping = folder / "mapping.yaml"
    mapping.write_text(
        yaml.safe_dump({"format": FORMAT, "tables": tables}, allow_unicode=True), encoding="utf-8"
    )
    return read(mapping), [replace(each, stops=False) for each in unknown]


def _placed(source: Path, library: PolicyLibrary, doubtful: dict[str, BadValue], folder: Path) -> list[Doubt]:
    """Return the register's own doubts with their rows in the file, which is read once more for them."""
    if not doubtful:
        return []
    found: list[Doubt] = []
    with tempfile.TemporaryDirectory(prefix=".rows-", dir=folder) as spool:
        silent = Doubts()
        for table in find_tables(source, library.facts, Path(spool), silent):
            if table.record != SUBJECT:
                continue
            made, columns = map_table(table.source, table.record, library, None, silent)
            intake = Intake(table.source, table.record, made, columns, library, silent)
            place, heading = intake.heading_of(CREDIT_CODE)
            for batch in intake.batches():
                rows = batch.column(ROW).to_pylist()
                codes = batch.column(CREDIT_CODE).to_pylist() if place >= 0 else [None] * len(rows)
                for row, code in zip(rows, codes, strict=True):
                    error = doubtful.get(code or "")
                    if error is not None:
                        found.append(
                            Doubt(
                                *(table.source.place, row, place, heading, code or ""),
                                *(error.code, error.what, error.why, error.mend),
                            )
                        )
    return found
