"""Does some example show each exclusion: a case in which both measures hold and one gives way?

Without such a case, an exclusion could be taken out and no example would notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from huiqi.findings import Finding
from huiqi.policies.check.report import Notes
from huiqi.policies.check.situations import Situations, rule_subjects
from huiqi.policies.library import PolicyLibrary
from huiqi.reference.regions import NATION, is_within
from huiqi.rules.measure import Exclusion, Measure
from huiqi.rules.situation import Situation
from huiqi.screening.assess import judge_one
from huiqi.screening.bundle import best_bundle


def check_exclusions(
    library: PolicyLibrary, only: Sequence[Path] | None = None
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return errors and information on the exclusions of measures in `only` (files or folders; None: all).

    The library must have been read with its examples.
    """
    notes = Notes()
    for measure in library.measures:
        file = (library.root.parent / measure.at.file).resolve()
        if only is not None and not any(file.is_relative_to(each.resolve()) for each in only):
            continue
        for exclusion in measure.not_with:
            if exclusion.measure in library.by_id:
                _check(library, measure, exclusion, notes)
    return tuple(sorted(notes.errors)), tuple(sorted(notes.information))


def _check(library: PolicyLibrary, measure: Measure, exclusion: Exclusion, notes: Notes) -> None:
    others = library.by_id[exclusion.measure]
    if not any(_meet(measure.region, other.region) for other in others):
        what = f"{measure.id} and {exclusion.measure} hold in no common region"
        notes.tell(exclusion.at, "not_with", "exclusion-elsewhere", what, "only what was received can tell")
        return
    for situation in _situations(library, (measure, *others)):
        if _shows(library, measure, exclusion, situation):
            return
    what = f"no example shows that {measure.id} is not had with {exclusion.measure}"
    mend = "add to one of the two files an example whose facts meet both"
    notes.error(exclusion.at, "not_with", "exclusion-unshown", what, "", mend)


def _meet(one: str, other: str) -> bool:
    return NATION in (one, other) or bool(is_within(one, other)) or bool(is_within(other, one))


def _situations(library: PolicyLibrary, measures: Sequence[Measure]) -> Iterator[Situation]:
    for measure in measures:
        reader = Situations(library, Notes())
        for example in measure.examples.cases:
            situation = reader.situation(measure.examples, example, rule_subjects(measure.subject))
            if situation is not None:
                yield situation


def _shows(library: PolicyLibrary, measure: Measure, exclusion: Exclusion, s: Situation) -> bool:
    judgements = [judge_one(library, name, s) for name in (measure.id, exclusion.measure)]
    if judgements[0].measure is not measure:
        return False
    bundle = best_bundle(judgements, s, library.judge, likely=True)
    return any({each.id, each.by} == {measure.id, exclusion.measure} for each in bundle.losers)
