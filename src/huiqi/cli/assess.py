"""`huiqi assess` and `huiqi demo`: what a firm is owed, how much, why, and what is still unknown."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.policies.library import PolicyLibrary

DEMO_DAY = datetime.date(2022, 7, 31)


@click.command("assess")
@click.argument("case", type=click.Path(path_type=Path))
@as_of_option(required=True)
@click.option("--measure", help="Only this measure, with its full reasons.")
@click.option("--reasons", is_flag=True, help="Print every condition of every measure with its clause.")
@json_option
@policies_option
@language_option
def assess_command(
    case: Path,
    as_of: datetime.date,
    measure: str | None,
    reasons: bool,
    as_json: bool,
    policies: Path | None,
    language: str,
) -> None:
    """Assess a firm (YAML or JSON) against every measure in force for its region."""
    from huiqi.rules.positions import read_file
    from huiqi.screening.answer import Answerer
    from huiqi.screening.assess import assess

    found = library(policies)
    situation = found.cases.read(read_file(case), as_of)
    answer = Answerer(found).answer(assess(found, situation, measure))
    if as_json:
        print_json(answer)
    else:
        _print(answer, found, language, reasons or measure is not None)


@click.command("demo")
@json_option
@policies_option
@language_option
def demo_command(as_json: bool, policies: Path | None, language: str) -> None:
    """Assess three example firms of Honghe, as of 31 July 2022."""
    from huiqi.policies.shipped import shipped_examples
    from huiqi.rules.positions import read_file
    from huiqi.screening.answer import Answerer
    from huiqi.screening.assess import assess

    folder = shipped_examples()
    cases = sorted(folder.glob("*.yaml"))
    if not cases:
        raise BadInput(
            [Finding(str(folder), 0, "", "no-examples", "there are no example firms here", "", "reinstall")]
        )
    found = library(policies)
    answerer = Answerer(found)
    answers: list[dict[str, Any]] = []
    for case in cases:
        situation = found.cases.read(read_file(case, case.name), DEMO_DAY)
        answers.append({"file": case.name, **answerer.answer(assess(found, situation))})
    if as_json:
        print_json(answers)
        return
    for answer in answers:
        _print(answer, found, language, False)
    out = console()
    zh = language == "zh"
    out.rule()
    out.print(
        "以上企业均为虚构。查看一项政策的全部理由："
        if zh
        else "These firms are fictional. Every reason of one measure:"
    )
    first = cases[0].name
    out.print(
        f"  .venv/bin/huiqi assess examples/{first} --as-of {DEMO_DAY} --measure rent-waiver", style="bold"
    )


def _print(answer: dict[str, Any], found: PolicyLibrary, language: str, reasons: bool) -> None:
    from huiqi.cli.assessment_page import AssessmentPage

    AssessmentPage(found, console(), language).print(answer, reasons)
