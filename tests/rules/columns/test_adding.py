"""Sums by group are exact to the fen, also where a double no longer holds them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from huiqi.rules.columns.adding import sums_by_group

GROUPS = 4
MOST_FEN = (1 << 62) - 1


def sums(pairs: list[tuple[int, int]]) -> list[int]:
    groups = np.array([group for group, _ in pairs], dtype=np.intp)
    values = np.array([value for _, value in pairs], dtype=np.int64)
    return sums_by_group(groups, values, GROUPS).tolist()


def test_each_value_goes_to_its_group_and_a_group_without_any_is_nought():
    assert sums([(0, 150), (2, 1), (0, 50), (2, 9)]) == [200, 0, 10, 0]


def test_nothing_adds_up_to_nought_in_every_group():
    made = sums_by_group(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.int64), 3)
    assert made.tolist() == [0, 0, 0]
    assert made.dtype == np.int64


def test_a_fen_is_not_lost_beside_a_sum_that_a_double_would_round():
    beyond = 1 << 53
    assert float(beyond) + 1.0 == float(beyond)
    assert sums([(1, beyond), (1, 1), (1, 1), (1, 1)]) == [0, beyond + 3, 0, 0]


def test_the_last_exact_double_and_the_first_beyond_it():
    most = (1 << 53) - 1
    assert sums([(3, most)]) == [0, 0, 0, most]
    assert sums([(3, most), (3, 2)]) == [0, 0, 0, most + 2]


def test_the_greatest_amount_that_columns_hold():
    assert sums([(0, MOST_FEN), (1, 1), (0, 1)]) == [MOST_FEN + 1, 1, 0, 0]


@given(
    st.lists(
        st.tuples(st.integers(0, GROUPS - 1), st.integers(0, 1 << 56) | st.integers(0, 3_000_000)),
        max_size=64,
    )
)
def test_sums_are_those_of_whole_numbers(pairs):
    assert sums(pairs) == [sum(value for group, value in pairs if group == each) for each in range(GROUPS)]
