"""`huiqi assess`: what a firm is owed, how much, why, and what is still unknown."""

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

if TYPE_CHECKING:
    from huiqi.policies.library import PolicyLibrary


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
    from huiqi.cli.near_misses import print_near_misses
    from huiqi.rules.positions import read_file
    from huiqi.screening.answer import Answerer
    from huiqi.screening.application_order import application_order
    from huiqi.screening.assess import assess
    from huiqi.screening.near_miss import NearMisses
    from huiqi.screening.near_miss_answer import NearMissAnswerer

    found = library(policies)
    situation = found.cases.read(read_file(case), as_of)
    assessment = assess(found, situation, measure)
    answer = Answerer(found).answer(assessment)
    near = NearMissAnswerer(found, language)
    misses = [each for each in NearMisses(found).of(situation) if measure in (None, each.measure.id)]
    if as_json:
        order = [
            {"id": step.measure.id, "last_day": step.last_day.isoformat() if step.last_day else None}
            for step in application_order(assessment.bundle)
            if step.to_apply
        ]
        print_json({**answer, "apply_in_order": order, "near_misses": near.answer(misses)})
    else:
        print_assessment(answer, found, language, reasons or measure is not None)
        print_near_misses(console(), near, misses)


def print_assessment(answer: dict[str, Any], found: PolicyLibrary, language: str, reasons: bool) -> None:
    """Print an assessment for people."""
    from huiqi.cli.assessment_page import AssessmentPage

    AssessmentPage(found, console(), language).print(answer, reasons)
