"""The benchmark's own lowering: amounts as whole fen and conditions on whole numbers, for engines that are given integers.

Nothing here is Huiqi's: that its kernel agrees to the fen with what is printed from this tree is the check.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from fractions import Fraction

from flat_measures import (
    FIELDS,
    Among,
    Banded,
    Compare,
    Condition,
    Extreme,
    Fact,
    FlatMeasure,
    Is,
    Joined,
    Not,
    Num,
    Number,
    Op,
    PerHead,
)

EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class Ranges:
    """A code in one of some closed ranges; the codes of a column are numbered in the order of their words."""

    name: str
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Rounded:
    """A number over its denominator, rounded half up; it is never below nought."""

    of: Number
    denominator: int


def amount(node: Number) -> Rounded:
    """Return an amount in yuan as whole fen."""
    whole, denominator = _number(node)
    return Rounded(whole, denominator)


def condition(node: Condition, words: dict[str, list[str]]) -> Condition | Ranges:
    """Return a condition over whole numbers; `words` are those of each column of codes, in their order."""
    if isinstance(node, Among):
        return Ranges(node.name, _ranges(node, words[node.name]))
    if isinstance(node, Joined):
        return Joined(node.word, tuple(condition(each, words) for each in node.parts))
    if isinstance(node, Not):
        return Not(condition(node.of, words))
    if isinstance(node, Compare):
        if isinstance(node.right, datetime.date):
            return Compare(node.operator, node.left, Num(Fraction((node.right - EPOCH).days)))
        return Compare(node.operator, *_common(_number(node.left), _number(node.right))[:2])
    assert isinstance(node, Is)
    return node


def _ranges(node: Among, words: list[str]) -> tuple[tuple[int, int], ...]:
    kind = FIELDS[node.name].kind
    if kind == "choice":
        members = [word in node.members for word in words]
    else:
        stems = tuple(each[:4] if kind == "region" else each for each in node.members)
        members = [word.startswith(stems) for word in words]
    found: list[tuple[int, int]] = []
    for place, is_member in enumerate(members):
        if not is_member:
            continue
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return tuple(found)


def _number(node: Number) -> tuple[Number, int]:
    """Return a whole numerator, in fen where it is money, and its denominator."""
    if isinstance(node, Num):
        value = node.value * (100 if node.yuan else 1)
        return Num(Fraction(value.numerator)), value.denominator
    if isinstance(node, Fact):
        return node, FIELDS[node.name].scale if FIELDS[node.name].kind == "ratio" else 1
    if isinstance(node, PerHead):
        return _times(Fact(node.count), int(node.yuan * 100)), 1
    if isinstance(node, Banded):
        rates = [each.value for _, each in node.bands] + [node.last.value]
        common = math.lcm(*(each.denominator for each in rates))
        bands = tuple((Num(_number(limit)[0].value), Num(rate.value * common)) for limit, rate in node.bands)
        return Banded(node.of, bands, Num(node.last.value * common)), common
    if isinstance(node, Op) and node.sign == "*":
        (left, by_left), (right, by_right) = _number(node.left), _number(node.right)
        return Op("*", left, right), by_left * by_right
    if isinstance(node, Op) and node.sign == "/":
        left, by_left = _number(node.left)
        assert isinstance(node.right, Num)
        return _times(left, node.right.value.denominator), by_left * node.right.value.numerator
    assert isinstance(node, (Op, Extreme))
    left, right, common = _common(_number(node.left), _number(_in_yuan(node.right)))
    return (Op(node.sign, left, right) if isinstance(node, Op) else Extreme(node.which, left, right)), common


def _in_yuan(node: Number) -> Number:
    """A bare number beside money is yuan."""
    return Num(node.value, True) if isinstance(node, Num) else node


def _common(one: tuple[Number, int], other: tuple[Number, int]) -> tuple[Number, Number, int]:
    common = math.lcm(one[1], other[1])
    return _times(one[0], common // one[1]), _times(other[0], common // other[1]), common


def _times(node: Number, by: int) -> Number:
    if by == 1:
        return node
    return Num(node.value * by) if isinstance(node, Num) else Op("*", node, Num(Fraction(by)))


def whole(measure: FlatMeasure, words: dict[str, list[str]]) -> FlatMeasure:
    """Return a measure over whole numbers."""
    return FlatMeasure(
        measure.number, tuple(condition(each, words) for each in measure.when), amount(measure.amount)
    )
