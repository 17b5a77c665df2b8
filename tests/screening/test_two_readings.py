"""The proof: one by one and in columns, every verdict, every fen, every missing fact is the same.

20,000 subjects in the suite, in chunks that run side by side; a million with `make test-long`.
"""

import datetime
from collections import Counter
from functools import cache

import numpy as np
import pytest

from huiqi.policies.library import PolicyLibrary, read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.rules.columns.frame import Block
from huiqi.rules.columns.judge import ORDER
from huiqi.screening.assess import assess, judge_one
from huiqi.screening.block_run import BlockRun
from huiqi.screening.population.proof import ProofPopulation
from huiqi.screening.results import missing_by_measure
from huiqi.screening.situations import situations_of

AS_OF = datetime.date(2022, 7, 31)
CHUNK = 2_000
SEED = 5325


@cache
def house() -> tuple[PolicyLibrary, BlockRun, ProofPopulation]:
    library, findings = read_library(shipped_policies(), examples=True)
    assert findings == []
    return library, BlockRun(library, AS_OF), ProofPopulation(library, AS_OF, SEED)


def chunk(number: int) -> Block:
    library, _, population = house()
    from huiqi.screening.situations import block_of

    first = number * CHUNK
    return block_of([population.situation(row) for row in range(first, first + CHUNK)], library)


def differences(block: Block) -> list[str]:
    """Return every place where the two readings of a block differ."""
    library, run, _ = house()
    screened = run.run(block)
    missing = missing_by_measure(run.screener, screened)
    found: list[str] = []
    for row, situation in enumerate(situations_of(screened.block, library, AS_OF)):
        assessment = assess(library, situation)
        chosen = {measure.id: amount or 0 for measure, _, amount in assessment.bundle.chosen}
        applying = {each.measure.id: each.judgement for each in assessment.measures}
        for each, (_, facts, needs) in zip(screened.measures, missing, strict=True):
            # Only measures that the assessment leaves out (of other places and times) are still to be judged.
            judged = applying.get(each.id) or judge_one(library, each.id, situation)
            granted = judged.verdict in ("eligible", "likely")
            amount = judged.amount if granted else None
            lacking = {fact for plane in (facts, needs) for fact, rows in plane.items() if rows[row]}
            one = (judged.verdict, amount, judged.missing | judged.needs, chosen.get(each.id, 0))
            other = (
                ORDER[each.verdict[row]],
                int(each.amount[row]) if each.known[row] else None,
                lacking,
                int(screened.counted[each.id][row]),
            )
            if one != other:
                found.append(f"row {row} {each.id}: one by one {one}, in columns {other}")
    return found


@pytest.mark.parametrize("number", range(10))
def test_both_readings_agree_on_every_verdict_and_every_fen(number):
    assert differences(chunk(number)) == []


@pytest.mark.long
@pytest.mark.parametrize("number", range(10, 510))
def test_both_readings_agree_over_a_million_subjects(number):
    assert differences(chunk(number)) == []


def test_in_that_population_every_measure_is_granted_refused_and_left_open():
    library, run, _ = house()
    verdicts: Counter[tuple[str, str]] = Counter()
    count = 0
    for number in range(10):
        screened = run.run(chunk(number))
        count += screened.frame.rows
        for each in screened.measures:
            for place, total in enumerate(np.bincount(each.verdict, minlength=len(ORDER)).tolist()):
                verdicts[(each.id, ORDER[place])] += total
    scarce = {}
    for name in library.by_id:
        in_force = any(each.in_force.holds(AS_OF) for each in library.by_id[name])
        granted = verdicts[(name, "eligible")] + verdicts[(name, "likely")]
        for what, total in (
            ("granted", granted),
            ("ineligible", verdicts[(name, "ineligible")]),
            ("undetermined", verdicts[(name, "undetermined")]),
        ):
            if in_force and total < count / 100:
                scarce[(name, what)] = total
    assert scarce == {}


def test_in_that_population_every_condition_decides_some_row():
    """A condition decides a row where it fails and every other of its measure holds or is open.

    A debt that falls due after 2022 can only be seen after 2022: a smaller population of the next January is added.
    """
    library, run, _ = house()
    wanted = {
        (name, region, place)
        for (name, region), compiled in run.screener.compiled.items()
        if compiled.in_force
        for place in range(len(compiled.conditions))
    }
    next_january = datetime.date(2023, 1, 31)
    later = BlockRun(library, next_january)
    deciding: set[tuple[str, str, int]] = set()
    for number in range(10):
        deciding |= decided(run, chunk(number))
    for block in ProofPopulation(library, next_january, SEED).blocks(4 * CHUNK):
        deciding |= decided(later, block)
    assert wanted - deciding == set()


def decided(run: BlockRun, block: Block) -> set[tuple[str, str, int]]:
    """Return the conditions (measure, region, place) that alone make some row fail."""
    found: set[tuple[str, str, int]] = set()
    frame = run.run(block).frame
    for (name, region), compiled in run.screener.compiled.items():
        rows = frame.records.get(compiled.measure.per) if compiled.measure.per else frame
        if rows is None or not rows.rows:
            continue
        failing = [each.operation.on(rows).surely_no for each in compiled.conditions]
        failures = np.sum(failing, axis=0)
        found |= {
            (name, region, place) for place, plane in enumerate(failing) if np.any(plane & (failures == 1))
        }
    return found
