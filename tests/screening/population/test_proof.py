"""The proving population shows every measure granted, refused and open, and every condition deciding alone."""

import datetime
from collections import Counter
from collections.abc import Iterable

import pytest

from huiqi.policies.library import load_library, read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.situation import Situation
from huiqi.screening.assess import judge_one
from huiqi.screening.population.proof import ProofPopulation
from huiqi.screening.situations import situations_of

AS_OF = datetime.date(2022, 7, 31)
LATER = datetime.date(2023, 1, 31)
LIBRARY, FINDINGS = read_library(shipped_policies(), examples=True)
ROWS = 4_000


Place = tuple[str, str, int]


def situations(as_of: datetime.date) -> list[Situation]:
    blocks = ProofPopulation(LIBRARY, as_of, seed=1).blocks(ROWS, block_rows=1_000)
    return [each for block in blocks for each in situations_of(block, LIBRARY, as_of)]


@pytest.fixture(scope="module")
def population() -> list[Situation]:
    return situations(AS_OF)


def seen(population: list[Situation], names: Iterable[str]) -> tuple[dict[str, Counter[str]], set[Place]]:
    """Count the verdicts of measures, and collect the conditions that some claim fails by nothing else."""
    verdicts: dict[str, Counter[str]] = {name: Counter() for name in names}
    deciding: set[Place] = set()
    for situation in population:
        for name, counts in verdicts.items():
            judgement = judge_one(LIBRARY, name, situation)
            counts[judgement.verdict] += 1
            for claim in judgement.claims:
                failing = [place for place, each in enumerate(claim.results) if each.result is False]
                if len(failing) == 1 and len(claim.results) == len(judgement.measure.when):
                    deciding.add((name, judgement.measure.region, failing[0]))
    return verdicts, deciding


def test_every_measure_is_granted_refused_and_open_in_one_of_a_hundred_and_every_condition_decides(
    population: list[Situation],
) -> None:
    verdicts, deciding = seen(population, LIBRARY.by_id)
    rare = {
        (name, verdict): counts[verdict]
        for name, counts in verdicts.items()
        for verdict in ("eligible", "ineligible", "undetermined")
        if counts[verdict] * 100 < ROWS
    }
    assert rare == {}
    left = {(m.id, m.region, place) for m in LIBRARY.measures for place in range(len(m.when))} - deciding
    # What asks for a day before the end of 2022 cannot fail by itself before that day.
    later = situations(LATER)
    _, deciding = seen(later, {name for name, _, _ in left})
    assert left - deciding == set()


def test_the_same_seed_gives_the_same_subjects_and_another_gives_others() -> None:
    first, again, other = (ProofPopulation(LIBRARY, AS_OF, seed) for seed in (5, 5, 6))
    rows = range(40)
    assert [first.situation(row) for row in rows] == [again.situation(row) for row in rows]
    assert [first.situation(row) for row in rows] != [other.situation(row) for row in rows]


def test_every_record_kind_occurs_full_empty_and_unknown(population: list[Situation]) -> None:
    for record in LIBRARY.facts.by_list.values():
        lengths = {
            min(len(each.records[record.name]), 2) for each in population if record.name in each.records
        }
        # A receipt takes part in exclusions only, so few examples hold any.
        assert {0, 1} <= lengths or record.name == "receipt", record.name
        assert any(record.name not in each.records for each in population)


def test_a_library_without_examples_is_refused() -> None:
    with pytest.raises(ValueError, match="examples=True"):
        ProofPopulation(load_library(shipped_policies()), AS_OF, 1)
