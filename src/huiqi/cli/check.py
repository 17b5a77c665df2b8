"""`huiqi check`: everything that can be wrong with a folder of policies."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiqi.cli.options import console, documents_folder, json_option, print_json
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from rich.console import Console

    from huiqi.policies.check.report import CheckReport

_MOST_INFORMATION = 20


@click.command("check")
@click.argument("policies", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--documents", type=click.Path(path_type=Path), help="Folder of the source texts, to check words."
)
@click.option("--mutation", is_flag=True, help="Mutate every rule; some example of it must notice.")
@click.option("--information", is_flag=True, help="Print every note that is no error too.")
@json_option
def check_command(
    policies: tuple[Path, ...], documents: Path | None, mutation: bool, information: bool, as_json: bool
) -> int:
    """Check a folder of policies (default: the shipped one), or single files of it."""
    from huiqi.policies.check import check_library
    from huiqi.policies.library import read_library
    from huiqi.policies.shipped import shipped_policies
    from huiqi.screening.check_exclusions import check_exclusions

    root, only = _root_and_files(policies, shipped_policies())
    folder = documents_folder(documents)
    if folder is not None and not folder.is_dir():
        what = "there is no folder of documents here"
        raise BadInput(
            [Finding(str(folder), 0, "--documents", "no-documents", what, "", "give the folder of texts")]
        )
    progress = None if as_json or not sys.stderr.isatty() else _show_progress
    report = check_library(root, only or None, folder, mutation, progress)
    library, findings = read_library(root)
    if not findings:
        report = report.with_findings(*check_exclusions(library, only or None))
    if as_json:
        print_json({**report.as_json(), "findings": [each.as_json() for each in report.errors]})
    else:
        _print(report, console(), information, folder is not None)
    return 0 if report.sound else 1


def _root_and_files(given: Sequence[Path], shipped: Path) -> tuple[Path, list[Path]]:
    """Return the policy folder that the paths lie in (it holds `facts/`), and the paths that are no such folder."""
    root, only = shipped, []
    for path in given:
        if not path.exists():
            what = "there is no such file or folder"
            raise BadInput([Finding(str(path), 0, "", "file-unreadable", what, "", "check the path")])
        found = next(
            (each for each in (path.resolve(), *path.resolve().parents) if (each / "facts").is_dir()), None
        )
        if found is None:
            what = "this is no folder of policies, nor in one"
            raise BadInput(
                [
                    Finding(
                        str(path), 0, "", "no-policies", what, "such a folder holds facts/", "see the how-to"
                    )
                ]
            )
        if found != path.resolve():
            only.append(path)
        root = Path(os.path.relpath(found)) if found != shipped.resolve() else shipped
    return root, only


def _show_progress(done: int, rules: int) -> None:
    sys.stderr.write(f"\r{done}/{rules} rules" + ("\n" if done == rules else ""))
    sys.stderr.flush()


def _print(report: CheckReport, out: Console, information: bool, with_documents: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    for each in report.errors:
        out.print(Text(str(each), style="red"), soft_wrap=True)
    for each in report.information[: None if information else _MOST_INFORMATION]:
        out.print(Text(f"note: {each}", style="dim"), soft_wrap=True)
    left = len(report.information) - _MOST_INFORMATION
    if left > 0 and not information:
        out.print(f"… {left} more notes with --information", style="dim")
    if report.scores:
        table = Table("rule", "region", "mutants", "noticed", "equivalent", title="mutation")
        for score in report.scores:
            style = "" if score.noticed + score.equivalent == score.mutants else "bold red"
            counts = (str(score.mutants), str(score.noticed), str(score.equivalent))
            table.add_row(score.id, score.region, *counts, style=style)
        mutants = sum(each.mutants for each in report.scores)
        noticed = sum(each.noticed for each in report.scores)
        equivalent = sum(each.equivalent for each in report.scores)
        table.add_section()
        table.add_row("all", "", str(mutants), str(noticed), str(equivalent), style="bold")
        out.print(table)
    words = "words found in their clauses" if with_documents else "words not looked up (no --documents)"
    verdict = "sound" if report.sound else f"{len(report.errors)} errors"
    summary = f"{report.rules} rules, {report.examples} examples, {words}: {verdict}"
    out.print(Text(summary, style="bold green" if report.sound else "bold red"))
    unencoded = sum(each.unencoded for each in report.covered)
    if report.covered:
        sentences = sum(each.sentences for each in report.covered)
        benefits = sum(each.benefits for each in report.covered)
        classed = f"{sentences} sentences classed, {benefits} of benefit, {unencoded} of these in no measure"
        out.print(f"{len(report.covered)} documents: {classed}", style="dim", soft_wrap=True)
