"""First in, first out: what is left of money, and how long each fen stayed."""

import datetime
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from huiqi.portal.fund_watch.ageing import Layer, average, remaining, stays

BEGIN = datetime.date(2022, 3, 1)


def at(number):
    return BEGIN + datetime.timedelta(number)


def layers(*pairs):
    return [Layer(at(number), fen) for number, fen in pairs]


moved = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 500)), max_size=12).map(
    lambda rows: layers(*rows)
)


def test_the_oldest_goes_first():
    assert remaining(layers((5, 100), (0, 70)), 80) == layers((5, 90))
    assert remaining(layers((0, 70), (5, 100)), 170) == []


@given(moved, st.integers(0, 6_000))
def test_what_is_left_and_what_went_is_what_came(came, gone):
    total = sum(each.fen for each in came)
    gone = min(gone, total)
    left = remaining(came, gone)
    assert sum(each.fen for each in left) == total - gone
    # Nothing is left of a day while something of an earlier one is gone only in part.
    whole = {day: sum(each.fen for each in came if each.day == day) for day in {each.day for each in left}}
    kept = {day: sum(each.fen for each in left if each.day == day) for day in whole}
    assert all(kept[day] == whole[day] for day in sorted(kept)[1:])


@given(moved, moved)
def test_every_fen_that_went_stayed_once(came, went):
    found = list(stays(came, went))
    most = min(sum(each.fen for each in came), sum(each.fen for each in went))
    assert sum(each.fen for each in found) == most
    assert all(each.came <= each.went for each in found)


def test_the_average_counts_each_fen():
    found = stays(layers((0, 100), (10, 300)), layers((4, 100), (20, 300)))
    # 100 fen stayed 4 days, 300 fen stayed 10.
    assert average(found, lambda came, went: (went - came).days) == Fraction(3400, 400)
    assert average([], lambda came, went: 0) is None
