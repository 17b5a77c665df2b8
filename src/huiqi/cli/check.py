"""`huiqi check`: everything that can be wrong with a folder of policies."""

from __future__ import annotations

from pathlib import Path

import click

from huiqi.cli.options import console, documents_folder, json_option, print_json


@click.command("check")
@click.argument("policies", nargs=-1, type=click.Path(path_type=Path))
@click.option("--documents", type=click.Path(path_type=Path), help="Folder of the source texts, to check words.")
@click.option("--mutation", is_flag=True, help="Mutate every rule; some example of it must notice.")
@json_option
@click.pass_context
def check_command(
    context: click.Context, policies: tuple[Path, ...], documents: Path | None, mutation: bool, as_json: bool
) -> int:
    """Check a folder of policies (default: the shipped one) or single files of it."""
    from huiqi.cli.check_report import print_report, report_json, run_check

    report = run_check(policies, documents_folder(documents), mutation, quiet=as_json)
    if as_json:
        print_json(report_json(report))
    else:
        print_report(report, console())
    return 1 if report.errors else 0
