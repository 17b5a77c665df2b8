"""The arithmetic of `because` is exact, and reads nothing else."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.policies.check.arithmetic import BadArithmetic, fen_of_sides, worked_out


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10000 * 3", 30000),
        ("1_000 × 50%", 500),
        ("100 ÷ 3", Fraction(100, 3)),
        ("min(7, 2 + 3) * (4 - 1)", 15),
        ("max(1, 2, 3) - -1", 4),
        ("round(100 / 3)", Fraction(3333, 100)),
        ("round(0.005)", Fraction(1, 100)),
        ("１０００＊２", 2000),
        ("2 - 3 - 4", -5),
        ("12 / 2 / 3", 2),
        ("0.1 + 0.2", Fraction(3, 10)),
    ],
)
def test_it_is_worked_out_exactly(text, value):
    assert worked_out(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3 +",
        "(3",
        "3)",
        "3 3",
        "x",
        "min()",
        "min 3",
        "round(1, 2)",
        "1 / 0",
        "每月",
        "2 ** 3",
        "__import__('os')",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(BadArithmetic):
        worked_out(text)


@pytest.mark.parametrize("text", ["(" * 100 + "1" + ")" * 100, "-" * 100 + "1", "1+" * 400 + "1"])
def test_hostile_depth_and_length_are_refused(text):
    with pytest.raises(BadArithmetic):
        worked_out(text)


def test_each_side_is_in_fen_rounded_half_up():
    assert fen_of_sides("1000 / 3 ≈ 333.33") == [33333, 33333]
    assert fen_of_sides("0.125 = 0.13") == [13, 13]
    with pytest.raises(BadArithmetic):
        fen_of_sides("1000")


leaves = st.integers(0, 999).map(lambda n: (str(n), Fraction(n)))


def combined(inner):
    pairs = st.tuples(inner, st.sampled_from("+-*"), inner)
    return pairs.map(
        lambda three: (
            f"({three[0][0]} {three[1]} {three[2][0]})",
            {"+": Fraction.__add__, "-": Fraction.__sub__, "*": Fraction.__mul__}[three[1]](
                three[0][1], three[2][1]
            ),
        )
    )


@given(st.recursive(leaves, combined, max_leaves=12))
def test_any_sum_comes_out_as_on_paper(case):
    text, value = case
    assert worked_out(text) == value
