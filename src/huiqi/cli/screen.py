"""`huiqi screen`: every firm of a roster through every measure."""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiqi.cli.options import (
    as_of_option,
    console,
    json_option,
    language_option,
    library,
    policies_option,
    print_json,
)

if TYPE_CHECKING:
    from huiqi.screening.roster_run import RosterRun

_STEPS = {"read": "读取名册 reading", "screen": "筛查 screening", "report": "生成报告 reporting"}


@click.command("screen")
@click.argument("roster", type=click.Path(path_type=Path))
@as_of_option(required=True)
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder to write; it must be empty."
)
@click.option(
    "--engine", type=click.Choice(["local", "spark"]), default="local", help="This machine, or Spark."
)
@click.option("--all", "all_verdicts", is_flag=True, help="Write refused verdicts too.")
@click.option("--without-bad-rows", is_flag=True, help="Go on without bad rows, and count them.")
@click.option("--mapping", type=click.Path(path_type=Path), help="A saved mapping of columns to facts.")
@click.option("--without-workbooks", is_flag=True, help="Write no XLSX per firm (only the summary).")
@click.option(
    "--corrections",
    type=click.Path(path_type=Path),
    help="XLSX: the refused roster with each problem in its row.",
)
@json_option
@policies_option
@language_option
def screen_command(
    roster: Path,
    as_of: datetime.date,
    out: Path,
    engine: str,
    all_verdicts: bool,
    without_bad_rows: bool,
    mapping: Path | None,
    without_workbooks: bool,
    corrections: Path | None,
    as_json: bool,
    policies: Path | None,
    language: str,
) -> None:
    """Screen a roster (CSV, XLSX, Parquet, a folder of tables, or a population) into a folder of results."""
    from huiqi.screening.roster_run import screen_roster

    screened_by = None
    if engine == "spark":
        from huiqi.screening.spark import on_spark

        screened_by = on_spark()
    made = screen_roster(
        roster,
        library(policies),
        as_of,
        out,
        engine=screened_by,
        all_verdicts=all_verdicts,
        without_bad_rows=without_bad_rows,
        mapping=mapping,
        workbooks=not without_workbooks,
        corrections=corrections,
        steps=None if as_json or not sys.stderr.isatty() else _step,
    )
    if as_json:
        print_json(screen_answer(made))
    else:
        print_screened(made, language)


def screen_answer(made: RosterRun) -> dict[str, object]:
    """Return what a run came to, for programs."""
    from huiqi.reference.money import format_yuan

    totals = made.run.totals
    return {
        "out": str(made.run.folder),
        "synthetic": made.run.synthetic,
        "subjects": totals.firms,
        "owed_subjects": totals.owed_subjects,
        "total_certain": format_yuan(totals.certain_fen),
        "judged_one_by_one": totals.one_by_one,
        "left_out": made.left_out,
        "findings": [each.as_json() for each in made.findings],
        "report": str(made.run.folder / "report.html"),
    }


def print_screened(made: RosterRun, language: str) -> None:
    """Print what a run came to, for people."""
    from rich.table import Table
    from rich.text import Text

    from huiqi.reference.money import format_yuan_grouped

    out, zh, totals = console(), language == "zh", made.run.totals
    if made.run.synthetic:
        out.print(Text("虚构数据 SYNTHETIC DATA", style="bold red"))
    rows = (
        ("主体", "subjects", f"{totals.firms:,}"),
        ("确定可享的主体", "surely owed", f"{totals.owed_subjects:,}"),
        ("确定可享金额（元）", "surely owed, yuan", format_yuan_grouped(totals.certain_fen)),
        ("逐户判定的主体", "judged one by one", f"{totals.one_by_one:,}"),
    )
    table = Table.grid(padding=(0, 2))
    for chinese, english, value in rows:
        table.add_row(chinese if zh else english, Text(value, style="bold", justify="right"))
    out.print(table)
    for name, count in made.left_out.items():
        out.print(Text(f"{name}: {count:,} {'行未进入' if zh else 'rows left out'}", style="yellow"))
    out.print(f"{'报告' if zh else 'report'}: {made.run.folder / 'report.html'}", soft_wrap=True)


def _step(name: str) -> Callable[[int, int], None]:
    """Return a progress line with the time left, told from the speed of this step."""
    begun = time.monotonic()
    first: list[int] = []

    def show(done: int, total: int) -> None:
        first.append(done)
        if not total:
            sys.stderr.write(f"\r\x1b[K{_STEPS.get(name, name)} {done:,}")
            sys.stderr.flush()
            return
        spent, gone = time.monotonic() - begun, done - first[0]
        left = f"，约剩 {spent / gone * (total - done):,.0f} 秒" if gone > 0 and done < total else ""
        share = 100 * done // total
        sys.stderr.write(f"\r\x1b[K{_STEPS.get(name, name)} {share}% {done:,}/{total:,}{left}")
        if done >= total:
            sys.stderr.write("\n")
        sys.stderr.flush()

    return show
