"""A lower region's file must change something: what only restates a rule is a further source of it."""

from __future__ import annotations

from huiqi.policies.check.report import Notes
from huiqi.policies.library import PolicyLibrary
from huiqi.reference.regions import NATION, is_within
from huiqi.rules.measure import Measure


def check_variant(library: PolicyLibrary, measure: Measure, notes: Notes) -> None:
    """Note a file that says what the nearest file above it says."""
    above = [
        each
        for each in library.by_id.get(measure.id, ())
        if each.region != measure.region and (each.region == NATION or is_within(measure.region, each.region))
    ]
    if above and _substance(above[-1]) == _substance(measure):
        what = (
            f"{measure.id} for {measure.region} differs from {above[-1].region} in nothing but its citations"
        )
        mend = f"state it as a further source in {above[-1].at.file}"
        notes.error(measure.at, "region", "variant-without-difference", what, "", mend)


def _substance(measure: Measure) -> tuple[object, ...]:
    """Return what decides or matters to an applicant, without titles, citations and offices."""
    return (
        (measure.kind, measure.information, measure.subject, measure.per, measure.in_force),
        tuple((each.test, each.declared, each.discretion) for each in measure.when),
        (measure.amount, measure.amount_is, measure.baseline, measure.rounding),
        tuple((each.amount, each.level, each.yearly, each.by, each.whose) for each in measure.caps),
        tuple((each.measure, each.level, each.whose) for each in measure.not_with),
        (measure.adds_to, measure.delivery, measure.paid_by, measure.account, measure.documents),
    )
