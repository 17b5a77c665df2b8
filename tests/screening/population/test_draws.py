"""Draws follow their weights and are the same for the same path."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiqi.reference.credit_codes import ALPHABET, make_credit_code
from huiqi.rules.evaluate import CALENDAR
from huiqi.screening.population.boundaries import days_of
from huiqi.screening.population.credit_codes import credit_codes
from huiqi.screening.population.draws import POINTS, Draws
from huiqi.screening.population.facts import add_months


def test_the_same_path_draws_the_same() -> None:
    assert Draws(7, 3).below(1_000_000, 50).tolist() == Draws(7, 3).below(1_000_000, 50).tolist()
    assert Draws(7, 3).below(1_000_000, 50).tolist() != Draws(7, 4).below(1_000_000, 50).tolist()


def test_quantiles_are_met() -> None:
    values = (0, 10, 20, 100, 1_000, 5_000, 90_000, 1_000_000, 10_000_000_000)
    drawn = np.sort(Draws(1).quantiles(values, 400_000))
    for point, wanted in zip(POINTS[1:7], values[1:7], strict=True):
        assert drawn[len(drawn) * point // POINTS[-1]] == pytest.approx(wanted, rel=0.1)
    assert drawn[0] >= 0
    assert drawn[-1] <= values[-1]


def test_weights_are_met_and_nought_never_comes() -> None:
    drawn = np.bincount(Draws(1).among((1, 0, 3), 100_000), minlength=3)
    assert drawn[1] == 0
    assert drawn[2] / drawn[0] == pytest.approx(3, rel=0.05)


@given(
    st.integers(0, 31**6 - 1),
    st.sampled_from(["532503", "140213", "110105"]),
    st.sampled_from(["91", "92", "52"]),
)
def test_a_code_is_the_one_that_is_made_singly(number: int, region: str, kind: str) -> None:
    digits = "".join(ALPHABET[number // 31 ** (5 - place) % 31] for place in range(6))
    wanted = make_credit_code(region, "XX" + digits, register=kind[0], kind=kind[1])
    pair = ALPHABET.index(kind[0]) * 31 + ALPHABET.index(kind[1])
    assert credit_codes(np.array([pair]), np.array([int(region)]), np.array([number])).to_pylist() == [wanted]


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2090, 1, 1)), st.integers(0, 60))
def test_months_are_added_as_the_rules_add_them(date: datetime.date, months: int) -> None:
    wanted = CALENDAR["add_months"](date, months)
    assert add_months(np.array([days_of(date)]), np.array([months])).tolist() == [days_of(wanted)]
