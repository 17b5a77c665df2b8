"""The whole answer to a case, as `huiqi assess --json` gives it."""

from __future__ import annotations

from typing import Any

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.catalogue.shelf import shelf
from huiqi.rules.situation import Situation
from huiqi.screening.application_order import application_order
from huiqi.screening.assess import assess
from huiqi.screening.near_miss_answer import NearMissAnswerer


def assessed(
    library: PolicyLibrary, situation: Situation, measure: str | None, language: str
) -> dict[str, Any]:
    """Return verdicts, amounts, reasons, the order to apply in and near misses. Raises BadInput: no such measure."""
    house = shelf()
    assessment = assess(library, situation, measure)
    order = [
        {"id": step.measure.id, "last_day": step.last_day.isoformat() if step.last_day else None}
        for step in application_order(assessment.bundle)
        if step.to_apply
    ]
    misses = [each for each in house.near_misses.of(situation) if measure in (None, each.measure.id)]
    near = NearMissAnswerer(library, language).answer(misses)
    return {**house.answerer.answer(assessment), "apply_in_order": order, "near_misses": near}
