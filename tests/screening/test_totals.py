"""Totals of a screening are what its subjects come to one by one, in every county, section and size class."""

from collections import Counter

import pytest

from huiqi.policies.size import SIZE
from huiqi.rules.typed import Defined
from huiqi.rules.verdicts import ELIGIBLE, LIKELY, NOT_HERE, NOT_IN_FORCE
from huiqi.screening.assess import Assessment, assess, judge_one
from huiqi.screening.cell_sums import Cell
from huiqi.screening.prepared import read_blocks
from huiqi.screening.run import in_this_process, screen_prepared
from huiqi.screening.situations import situations_of
from huiqi.screening.totals import Totals


@pytest.fixture(scope="module")
def totals(prepared, tmp_path_factory: pytest.TempPathFactory) -> Totals:
    folder = tmp_path_factory.mktemp("totals")
    arguments = (prepared.folder, prepared.library, prepared.as_of, folder)
    return screen_prepared(*arguments, engine=in_this_process).totals


@pytest.fixture(scope="module")
def one_by_one(prepared) -> list[tuple[Cell, Assessment]]:
    """Every subject assessed by itself, with its cell."""
    library = prepared.library
    size = Defined(type=library.definitions[SIZE].type, name=SIZE)
    found = []
    for block in read_blocks(prepared.folder, library):
        for situation in situations_of(block, library, prepared.as_of):
            region, industry = (str(situation.subject.get(name) or "") for name in ("region", "industry"))
            class_ = library.evaluator.value(size, situation)
            cell = (region, industry[:1], class_ if isinstance(class_, str) else "")
            found.append((cell, assess(library, situation)))
    return found


def test_verdicts_are_counted_in_every_cell(prepared, totals, one_by_one):
    verdicts: Counter[tuple[str, str]] = Counter()
    in_cells: Counter[tuple[str, str, Cell]] = Counter()
    for cell, assessment in one_by_one:
        applying = {each.measure.id: each.judgement for each in assessment.measures}
        for name in prepared.library.by_id:
            judged = applying.get(name) or judge_one(prepared.library, name, assessment.situation)
            verdicts[name, judged.verdict] += 1
            if judged.verdict not in (NOT_HERE, NOT_IN_FORCE):
                in_cells[name, judged.verdict, cell] += 1
    assert totals.verdicts == verdicts
    assert {
        (name, verdict, cell): count for name, verdict, cell, count in totals.cells.subjects()
    } == in_cells
    assert totals.firms_by_cell == Counter(cell for cell, _ in one_by_one)


def test_money_is_added_up_in_every_cell(totals, one_by_one):
    fen: Counter[tuple[str, Cell]] = Counter()
    for cell, assessment in one_by_one:
        for measure, _, amount in assessment.bundle.chosen:
            fen[measure.id, cell] += amount or 0
    assert {(name, cell): sum_ for name, cell, sum_ in totals.cells.fen()} == +fen
    assert totals.certain_fen == sum(assessment.total_certain for _, assessment in one_by_one)
    assert totals.owed_subjects == sum(assessment.total_certain > 0 for _, assessment in one_by_one)


def test_open_money_is_added_up_by_measure(totals, one_by_one):
    likely: Counter[str] = Counter()
    without_amount: Counter[str] = Counter()
    for _, assessment in one_by_one:
        for each in assessment.measures:
            judged = each.judgement
            if judged.verdict == LIKELY:
                likely[each.measure.id] += judged.amount or 0
            if judged.verdict == ELIGIBLE and judged.amount is None and each.measure.amount is not None:
                without_amount[each.measure.id] += 1
    assert +totals.likely_fen == +likely
    assert totals.unknown_amounts == without_amount
