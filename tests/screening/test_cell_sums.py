"""Sums by cell: exact beyond 63 bits, and the same however a population is cut into parts."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from huiqi.screening.cell_sums import FEN, FEN_HIGH, Cell, CellSums, exact_sum, limbs

MOST = 2**63 - 1
Subject = tuple[str, str, Cell, int]
"""Measure, verdict, cell, fen."""

cells = st.tuples(
    st.sampled_from(["", "532501", "532503"]), st.sampled_from(["", "C", "H"]), st.just("micro")
)
subjects = st.tuples(
    st.sampled_from(["loan", "rent"]),
    st.sampled_from(["eligible", "ineligible"]),
    cells,
    st.integers(0, MOST),
)
parts = st.lists(st.lists(subjects, max_size=6), min_size=1, max_size=4)


def sums_of(part: Sequence[Subject]) -> CellSums:
    """The sums of a part as a block makes them."""
    places = list(dict.fromkeys(cell for _, _, cell, _ in part))
    lines: dict[tuple[str, str], np.ndarray] = {}
    for measure, verdict, cell, fen in part:
        high, low = limbs(np.array([fen]))
        for what, value in ((verdict, 1), (FEN, low[0]), (FEN_HIGH, high[0])):
            line = lines.setdefault((measure, what), np.zeros(len(places), dtype=np.int64))
            line[places.index(cell)] += value
    return CellSums(places, lines)


def joined(parts: Sequence[Sequence[Subject]]) -> CellSums:
    made = CellSums()
    for part in parts:
        made.add(sums_of(part))
    return made


@settings(deadline=None)
@given(parts)
def test_sums_are_those_of_whole_python_numbers(drawn: list[list[Subject]]) -> None:
    made = joined(drawn)
    everyone = [subject for part in drawn for subject in part]
    counts = Counter((measure, verdict, cell) for measure, verdict, cell, _ in everyone)
    fen: Counter[tuple[str, Cell]] = Counter()
    for measure, _, cell, each in everyone:
        fen[measure, cell] += each
    assert {(a, b, c): n for a, b, c, n in made.subjects()} == dict(counts)
    assert {(measure, cell): each for measure, cell, each in made.fen()} == +fen
    assert made.fen_by_measure() == +Counter(
        {
            name: sum(each for (measure, _), each in fen.items() if measure == name)
            for name in ("loan", "rent")
        }
    )
    for place in (0, 1, 2):
        by_label: Counter[tuple[str, str]] = Counter()
        money: Counter[tuple[str, str]] = Counter()
        for measure, verdict, cell, each in everyone:
            by_label[cell[place], verdict] += 1
            money[cell[place], measure] += each
        assert made.subjects_by(place) == by_label
        assert made.fen_by(place) == +money


@settings(deadline=None)
@given(parts)
def test_the_order_of_parts_and_their_number_change_nothing(drawn: list[list[Subject]]) -> None:
    whole = joined(drawn)
    assert joined(drawn[::-1]) == whole
    assert joined([[subject for part in drawn for subject in part]]) == whole
    assert joined([[subject] for part in drawn for subject in part]) == whole


@settings(deadline=None)
@given(parts)
def test_sums_come_back_from_their_table(drawn: list[list[Subject]]) -> None:
    whole = joined(drawn)
    assert CellSums.of_table(whole.as_table()) == whole


def test_other_sums_are_not_equal() -> None:
    cell = ("532501", "C", "micro")
    assert sums_of([("loan", "eligible", cell, 1)]) != sums_of([("loan", "eligible", cell, 2)])
    assert sums_of([("loan", "eligible", cell, 0)]) != sums_of([("rent", "eligible", cell, 0)])


@settings(deadline=None)
@given(st.lists(st.integers(0, MOST), max_size=20))
def test_a_sum_of_amounts_does_not_wrap(amounts: list[int]) -> None:
    assert exact_sum(np.array(amounts, dtype=np.int64)) == sum(amounts)


def test_a_county_no_one_is_counted_in_takes_no_place_in_the_table() -> None:
    made = CellSums(
        [("532501", "C", "micro"), ("532503", "C", "micro")], {("loan", "eligible"): np.array([0, 3])}
    )
    assert made.as_table().to_pylist() == [
        {"county": "532503", "section": "C", "size": "micro", "loan eligible": 3}
    ]
