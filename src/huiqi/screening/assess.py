"""One subject against every measure in force for its region: verdicts, amounts, totals, exclusions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from huiqi.findings import BadInput, Finding, nearest
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.facts import SUBJECT
from huiqi.rules.judge import Claim, Judgement
from huiqi.rules.measure import Measure
from huiqi.rules.reasons import MissingFact
from huiqi.rules.situation import Situation
from huiqi.rules.verdicts import ELIGIBLE, LIKELY, NOT_HERE, NOT_IN_FORCE, UNDETERMINED
from huiqi.screening.bundle import Barred, Bundle, Loser, best_bundle

COUNTED = ("paid", "saved")
DEFERRED = ("deferred",)
RECEIPTS = "receipt"


@dataclass(frozen=True, slots=True)
class Assessed:
    """A measure for the subject. Money is fen; `remains` is None where what was received is not known."""

    judgement: Judgement
    remains: int | None

    @property
    def measure(self) -> Measure:
        """The variant that applies."""
        return self.judgement.measure


@dataclass(frozen=True, slots=True)
class Assessment:
    """All measures for the subject. Totals are fen: certain, and certain with what is declared or open to decision."""

    situation: Situation
    measures: tuple[Assessed, ...]
    total_certain: int
    total_if_declared: int
    total_deferred: int
    excluded: tuple[Loser, ...]
    bundle: Bundle


def assess(library: PolicyLibrary, situation: Situation, measure_id: str | None = None) -> Assessment:
    """Return what the subject is owed. With `measure_id` only that measure, wherever and whenever it holds."""
    if measure_id is not None and measure_id not in library.by_id:
        hint = nearest(measure_id, library.by_id) or "`huiqi measures` lists them"
        raise BadInput([Finding("", 0, "", "unknown-measure", f"there is no measure {measure_id}", "", hint)])
    if measure_id is not None:
        judgements = [judge_one(library, measure_id, situation)]
    else:
        judgements = [
            judge_one(library, variants[0].id, situation)
            for variants in library.applying(situation.region, situation.as_of)
        ]
    assessed = tuple(Assessed(each, _remains(each, situation)) for each in judgements)
    barred = tuple(_barred(library, judgements, situation))
    certain = best_bundle(judgements, situation, library.judge, likely=False, barred=barred)
    hoped = best_bundle(judgements, situation, library.judge, likely=True, barred=barred)
    deferred = certain.counted(DEFERRED)
    return Assessment(
        situation,
        assessed,
        certain.counted(COUNTED),
        hoped.counted(COUNTED),
        deferred,
        certain.losers,
        certain,
    )


def _barred(
    library: PolicyLibrary, judgements: Iterable[Judgement], situation: Situation
) -> Iterator[Barred]:
    """Yield what the receipts exclude; an exclusion holds both ways, whichever of the two texts states it."""
    rows = situation.records.get(RECEIPTS, ())
    received = {(row["measure"], row.get("person_id")) for row in rows if "measure" in row}
    for judgement in judgements if received else ():
        own = judgement.measure
        for other_id, person in sorted(received, key=str):
            if other_id == own.id:
                continue
            others = library.by_id.get(str(other_id), ())
            stated = [each for each in own.not_with if each.measure == other_id]
            stated += [each for other in others for each in other.not_with if each.measure == own.id]
            for each in stated[:1]:
                yield Barred(own.id, str(other_id), each.level, each.whose, person, each.words)


def judge_one(library: PolicyLibrary, measure_id: str, situation: Situation) -> Judgement:
    """Return the judgement of a measure's variant for the region; undetermined while the region leaves it open."""
    variants, perhaps_none = library.possible(measure_id, situation.region, situation.as_of)
    everywhere = library.by_id[measure_id]
    if not any(each.in_force.holds(situation.as_of) for each in everywhere):
        return Judgement((variants or everywhere)[0], NOT_IN_FORCE)
    if not variants:
        return Judgement(everywhere[0], NOT_HERE)
    judgements = [library.judge.judge(each, situation) for each in variants]
    first = judgements[0]
    if len(judgements) == 1 and not perhaps_none:
        return first
    same = all((each.verdict, each.amount) == (first.verdict, first.amount) for each in judgements)
    if same and not perhaps_none:
        first.missing = frozenset(fact for each in judgements for fact in each.missing)
        first.needs = frozenset(fact for each in judgements for fact in each.needs)
        return first
    missing = frozenset(fact for each in judgements for fact in (*each.missing, *each.needs))
    region = MissingFact(SUBJECT, "region")
    claims = tuple(_undecided(claim) for claim in first.claims)
    return Judgement(first.measure, UNDETERMINED, claims, missing=missing | {region})


def _undecided(claim: Claim) -> Claim:
    return replace(claim, verdict=UNDETERMINED, amount=None, needs=frozenset())


def _remains(judgement: Judgement, situation: Situation) -> int | None:
    """Return what is still payable (fen): the amount less what was received, in the year where a yearly cap holds."""
    rows = situation.records.get(RECEIPTS)
    if rows is None or judgement.amount is None or judgement.verdict not in (ELIGIBLE, LIKELY):
        return None
    yearly = any(cap.yearly for cap in judgement.measure.caps)
    received = 0
    for row in rows:
        of = row.get("measure")
        if of is None:
            return None
        if of != judgement.measure.id:
            continue
        amount, on = row.get("received_amount"), row.get("received_on")
        if not isinstance(amount, int) or (yearly and on is None):
            return None
        if not yearly or getattr(on, "year", None) == situation.as_of.year:
            received += amount
    return max(0, judgement.amount - received)
