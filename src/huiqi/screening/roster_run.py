"""A roster as it comes to a folder of results: read, screened, reported; the folder appears whole or not at all."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huiqi.findings import BadInput, Finding
from huiqi.policies.library import PolicyLibrary
from huiqi.screening.report.write import write_report
from huiqi.screening.roster.corrections import write_findings_xlsx
from huiqi.screening.roster.findings_file import write_findings
from huiqi.screening.roster.reading import Roster, read_roster
from huiqi.screening.run import Engine, Progress, ScreeningRun, screen_prepared

Steps = Callable[[str], Progress | None]
"""Called with the name of a step; returns what its progress is told to."""
_FINDINGS = "findings.json"
_POPULATION = "population"


@dataclass(frozen=True, slots=True)
class RosterRun:
    """What came of a roster: its run, and how many rows of each table were left out."""

    run: ScreeningRun
    left_out: dict[str, int]
    findings: tuple[Finding, ...]


def screen_roster(
    path: Path,
    library: PolicyLibrary,
    as_of: datetime.date,
    out: Path,
    *,
    engine: Engine | None = None,
    all_verdicts: bool = False,
    without_bad_rows: bool = False,
    mapping: Path | None = None,
    workbooks: bool = True,
    corrections: Path | None = None,
    steps: Steps | None = None,
) -> RosterRun:
    """Screen a roster into the folder `out`. An interrupted run goes on when it is called again.

    Args:
        engine: what screens the parts (`in_processes(n)`, `on_spark(…)`); by default a process a core.
        corrections: where to write a copy of a refused roster with each problem beside its row (XLSX).
        steps: told the steps read, screen and report; a step of unknown length says 0 in all.

    Raises:
        BadInput: `out` holds something, or the roster has errors; then `out` holds findings.json and nothing else.
    """
    _refuse_taken(out)
    working = out.with_name(f".{out.name}.working")
    working.mkdir(parents=True, exist_ok=True)
    step = steps or (lambda name: None)
    roster = _roster(path, library, as_of, working, mapping, without_bad_rows, step)
    if roster.folder is None:
        shutil.rmtree(working)
        out.mkdir(parents=True, exist_ok=True)
        write_findings(roster, out)
        if corrections is not None:
            write_findings_xlsx(roster, path, library, corrections)
        findings = roster.findings
        raise BadInput(findings)
    results = working / "results"
    run = screen_prepared(
        roster.folder,
        library,
        as_of,
        results,
        all_verdicts=all_verdicts,
        engine=engine,
        progress=step("screen"),
    )
    write_report(
        results,
        run.totals,
        library,
        as_of,
        roster.folder,
        run.synthetic,
        run.source,
        step("report"),
        workbooks=workbooks,
    )
    write_findings(roster, results)
    if not roster.is_prepared:
        roster.mapping.write(results / "mapping.yaml")
    if out.exists():
        shutil.rmtree(out)
    results.rename(out)
    shutil.rmtree(working)
    left_out = {name: count.left_out for name, count in roster.counts.items() if count.left_out}
    return RosterRun(ScreeningRun(run.totals, out, run.synthetic, run.source), left_out, roster.findings)


def _roster(
    path: Path,
    library: PolicyLibrary,
    as_of: datetime.date,
    working: Path,
    mapping: Path | None,
    without_bad_rows: bool,
    step: Steps,
) -> Roster:
    """Read the roster into the working folder; what an interrupted reading left there is read anew."""
    folder = working / _POPULATION
    shutil.rmtree(folder, ignore_errors=True)
    return read_roster(
        path, library, as_of, mapping, without_bad_rows=without_bad_rows, folder=folder, progress=step("read")
    )


def _refuse_taken(out: Path) -> None:
    if out.exists() and (not out.is_dir() or [each.name for each in out.iterdir()] not in ([], [_FINDINGS])):
        what = "there is something in this folder already"
        raise BadInput(
            [Finding(str(out), 0, "--out", "folder-taken", what, "", "name another, or take it away")]
        )
