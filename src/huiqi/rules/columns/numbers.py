"""Exact arithmetic on columns: integers over static denominators, wide where a bound exceeds 63 bits."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

import numpy as np

from huiqi.rules.columns import calendar
from huiqi.rules.columns.frame import Bools, Column, Frame, Integers, Number, Truth, truth
from huiqi.rules.columns.operations import Operation, Run, fits

_COMPARE: dict[str, Callable[..., Any]] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def both(one: Bools | None, other: Bools | None) -> Bools | None:
    """Return the rows that two planes know, None for all."""
    if one is None:
        return other
    return one if other is None else one & other


def _wide(value: Integers) -> Integers:
    return value if value.dtype == object else value.astype(object)


def _plain(value: Any) -> Bools:
    return np.asarray(value, dtype=np.bool_)


def _magnitude(operation: Operation) -> int:
    return max(abs(operation.low), abs(operation.high))


# Comparisons


def comparison(operator: str, left: Operation, right: Operation) -> tuple[Run, bool]:
    """Return how two numbers are compared, and whether that is wide."""
    if right.constant is None and left.constant is not None:
        return comparison(_TURNED[operator], right, left)
    if right.constant is not None and not left.varies:
        return _against_constant(operator, left, Fraction(right.constant, right.denominator)), left.wide
    common = math.lcm(left.denominator, right.denominator)
    by_left, by_right = common // left.denominator, common // right.denominator
    wide = (
        not fits(_magnitude(left) * by_left * right.over_high, _magnitude(right) * by_right * left.over_high)
        or left.wide
        or right.wide
    )
    compare = _COMPARE[operator]

    def run(frame: Frame) -> Column:
        a, b = cast(Number, left.on(frame)), cast(Number, right.on(frame))
        x, y = _crossed(a, b, by_left, by_right, wide)
        return truth(_spread(_plain(compare(x, y)), frame.rows), both(a.known, b.known))

    return run, wide


def _against_constant(operator: str, left: Operation, bound: Fraction) -> Run:
    """Compare numerators with one whole number: no row is multiplied."""
    scaled = bound * left.denominator
    exact = scaled.denominator == 1
    whole = math.floor(scaled)
    if not exact and operator in ("==", "!="):

        def never(frame: Frame) -> Column:
            a = cast(Number, left.on(frame))
            return truth(np.full(frame.rows, operator == "!=", dtype=np.bool_), a.known)

        return never
    # n < 2.5 is n <= 2, n >= 2.5 is n > 2
    act = _COMPARE[operator] if exact else _COMPARE[{"<": "<=", "<=": "<=", ">": ">", ">=": ">"}[operator]]
    if not fits(whole):
        limit: Any = np.asarray(whole, dtype=object)
    else:
        limit = np.int64(whole)

    def run(frame: Frame) -> Column:
        a = cast(Number, left.on(frame))
        return truth(_spread(_plain(act(a.value, limit)), frame.rows), a.known)

    return run


def _crossed(a: Number, b: Number, by_left: int, by_right: int, wide: bool) -> tuple[Integers, Integers]:
    x, y = (_wide(a.value), _wide(b.value)) if wide else (a.value, b.value)
    if by_left != 1:
        x = x * by_left
    if by_right != 1:
        y = y * by_right
    if b.over is not None:
        x = x * (_wide(b.over) if wide else b.over)
    if a.over is not None:
        y = y * (_wide(a.over) if wide else a.over)
    return x, y


def _spread(plane: Bools, rows: int) -> Bools:
    return plane if plane.shape == (rows,) else np.full(rows, plane, dtype=np.bool_)


# Arithmetic


def arithmetic(operator: str, left: Operation, right: Operation) -> Run:
    """Return how two numbers are added, subtracted, multiplied or divided."""
    common = math.lcm(left.denominator, right.denominator)
    by_left, by_right = common // left.denominator, common // right.denominator
    wide = _arithmetic_bounds(operator, left, right)[-1]

    def summed(frame: Frame) -> Column:
        a, b = cast(Number, left.on(frame)), cast(Number, right.on(frame))
        x, y = _crossed(a, b, by_left, by_right, wide)
        return Number(
            x + y if operator == "+" else x - y, both(a.known, b.known), _overs(a.over, b.over, wide)
        )

    def multiplied(frame: Frame) -> Column:
        a, b = cast(Number, left.on(frame)), cast(Number, right.on(frame))
        x, y = (_wide(a.value), _wide(b.value)) if wide else (a.value, b.value)
        return Number(x * y, both(a.known, b.known), _overs(a.over, b.over, wide))

    def divided(frame: Frame) -> Column:
        a, b = cast(Number, left.on(frame)), cast(Number, right.on(frame))
        return _quotient(a, b, right, wide)

    return {"+": summed, "-": summed, "*": multiplied, "/": divided}[operator]


def _overs(one: Integers | None, other: Integers | None, wide: bool) -> Integers | None:
    if one is None or other is None:
        return other if one is None else one
    return _wide(one) * _wide(other) if wide else one * other


def _quotient(a: Number, b: Number, right: Operation, wide: bool) -> Number:
    """Divide: (x / (p*u)) / (y / (q*v)) is (x*q*v) / (p*u*y); the divisor is positive wherever it is known."""
    known = both(a.known, b.known)
    x = _wide(a.value) if wide else a.value
    if right.constant is not None:
        return Number(x if right.denominator == 1 else x * right.denominator, known, a.over)
    x = x * right.denominator
    if b.over is not None:
        x = x * (_wide(b.over) if wide else b.over)
    # Unknown rows are computed too, so their divisor must not be nought.
    divisor = np.where(b.value > 0, b.value, 1)
    return Number(x, known, _overs(a.over, divisor, wide))


def _arithmetic_bounds(
    operator: str, left: Operation, right: Operation
) -> tuple[int, int, int, bool, int, bool]:
    """Return denominator, low, high, varies, over_high, wide."""
    varies = left.varies or right.varies
    over = left.over_high * right.over_high
    if operator in "+-":
        common = math.lcm(left.denominator, right.denominator)
        a = common // left.denominator * right.over_high
        b = common // right.denominator * left.over_high
        # With a varying divisor the factors lie between 1 and their bound: nought is always within.
        low_left, high_left = _stretched(left, a, right.varies)
        low_right, high_right = _stretched(right, b, left.varies)
        low = low_left + (low_right if operator == "+" else -high_right)
        high = high_left + (high_right if operator == "+" else -low_right)
        return _bounded(common, low, high, varies, over, left, right)
    if operator == "*":
        products = [x * y for x in (left.low, left.high) for y in (right.low, right.high)]
        denominator = left.denominator * right.denominator
        return _bounded(denominator, min(products), max(products), varies, over, left, right)
    if right.constant is not None:
        by = right.denominator
        denominator = left.denominator * right.constant
        return _bounded(denominator, left.low * by, left.high * by, left.varies, left.over_high, left, right)
    by = right.denominator * right.over_high
    low, high = min(0, left.low * by), max(0, left.high * by)
    return _bounded(left.denominator, low, high, True, left.over_high * right.high, left, right)


def _stretched(operation: Operation, by: int, varies: bool) -> tuple[int, int]:
    low, high = operation.low * by, operation.high * by
    return (min(low, operation.low), max(high, operation.high)) if varies else (low, high)


def _bounded(
    denominator: int, low: int, high: int, varies: bool, over: int, left: Operation, right: Operation
) -> tuple[int, int, int, bool, int, bool]:
    # What rounds divides by the denominator, and by the divisors of each row.
    wide = left.wide or right.wide or not fits(low, high, over * denominator)
    return denominator, low, high, varies, over, wide


def bound_arithmetic(made: Operation, operator: str, left: Operation, right: Operation) -> None:
    """Set the bounds of an arithmetic operation."""
    bounds = _arithmetic_bounds(operator, left, right)
    made.denominator, made.low, made.high, made.varies, made.over_high, made.wide = bounds


# Choices and extremes


def choice(condition: Operation, then: Operation, otherwise: Operation) -> Run:
    """Return how one of two numbers is chosen; an unknown choice between equal values is that value."""
    common = math.lcm(then.denominator, otherwise.denominator)
    by_then, by_otherwise = common // then.denominator, common // otherwise.denominator
    wide = _choice_bounds(then, otherwise)[-1]
    always_differ = _is_constant(then) and _is_constant(otherwise) and _constant(then) != _constant(otherwise)

    def run(frame: Frame) -> Column:
        c = cast(Truth, condition.on(frame))
        a, b = cast(Number, then.on(frame)), cast(Number, otherwise.on(frame))
        x, y = _crossed(a, b, by_then, by_otherwise, wide)
        over = _overs(a.over, b.over, wide)
        value = chosen(c.yes, x, y)
        known = None if c.no is None else c.yes | c.no
        if a.known is not None or b.known is not None:
            rows = frame.rows
            a_known = _all(rows) if a.known is None else a.known
            b_known = _all(rows) if b.known is None else b.known
            known = (c.yes & a_known) | (c.surely_no & b_known)
            if c.no is not None:
                known |= a_known & b_known & _plain(x == y)
        elif known is not None and not always_differ:
            known |= _plain(x == y)
        return Number(value, known, over)

    return run


def chosen(condition: Bools, then: Any, otherwise: Any) -> Integers:
    """Return one of two numbers row by row.

    A choice by a branch waits for every row that was guessed wrongly; three sums do not. What they wrap around, they
    wrap back.
    """
    made: Integers
    if object in (then.dtype, otherwise.dtype):
        made = np.where(condition, then, otherwise)
    else:
        made = (then - otherwise) * condition
        made += otherwise
    return made


def _is_constant(operation: Operation) -> bool:
    return operation.constant is not None


def _constant(operation: Operation) -> Fraction:
    assert operation.constant is not None
    return Fraction(operation.constant, operation.denominator)


def _all(rows: int) -> Bools:
    return np.ones(rows, dtype=np.bool_)


def _choice_bounds(then: Operation, otherwise: Operation) -> tuple[int, int, int, bool, int, bool]:
    common = math.lcm(then.denominator, otherwise.denominator)
    a = _stretched(then, common // then.denominator * otherwise.over_high, otherwise.varies)
    b = _stretched(otherwise, common // otherwise.denominator * then.over_high, then.varies)
    low, high = min(a[0], b[0]), max(a[1], b[1])
    varies = then.varies or otherwise.varies
    return _bounded(common, low, high, varies, then.over_high * otherwise.over_high, then, otherwise)


def bound_choice(made: Operation, then: Operation, otherwise: Operation) -> None:
    """Set the bounds of a choice."""
    bounds = _choice_bounds(then, otherwise)
    made.denominator, made.low, made.high, made.varies, made.over_high, made.wide = bounds


def extreme(better: str, left: Operation, right: Operation) -> Run:
    """Return how the smaller (`<`) or greater (`>`) of two numbers is taken; both must be known."""
    common = math.lcm(left.denominator, right.denominator)
    by_left, by_right = common // left.denominator, common // right.denominator
    wide = _choice_bounds(left, right)[-1]
    take = np.minimum if better == "<" else np.maximum

    def run(frame: Frame) -> Column:
        a, b = cast(Number, left.on(frame)), cast(Number, right.on(frame))
        x, y = _crossed(a, b, by_left, by_right, wide)
        return Number(take(x, y), both(a.known, b.known), _overs(a.over, b.over, wide))

    return run


def bound_extreme(made: Operation, better: str, left: Operation, right: Operation) -> None:
    """Set the bounds of an extreme: those of a choice, tighter on the side that is cut."""
    bounds = _choice_bounds(left, right)
    made.denominator, made.low, made.high, made.varies, made.over_high, made.wide = bounds
    if not made.varies:
        a, b = made.denominator // left.denominator, made.denominator // right.denominator
        if better == "<":
            made.high = min(left.high * a, right.high * b)
        else:
            made.low = max(left.low * a, right.low * b)


def whole(of: Operation, up: bool, scale: int) -> Run:
    """Return floor or ceil to whole written units (`scale` stored units each)."""
    step = of.denominator * scale

    def run(frame: Frame) -> Column:
        a = cast(Number, of.on(frame))
        divisor: Any = step if a.over is None else a.over * step
        value = -((-a.value) // divisor) if up else a.value // divisor
        return Number(value * scale, a.known)

    return run


def bound_whole(made: Operation, of: Operation, scale: int) -> None:
    """Set the bounds of floor and ceil."""
    made.denominator = 1
    step = of.denominator * scale
    made.low = min(0, math.floor(Fraction(of.low, step)) * scale)
    made.high = max(0, math.ceil(Fraction(of.high, step)) * scale)
    made.wide = of.wide or not fits(of.over_high * step)


# Dates


def of_calendar(function: str, parts: tuple[Operation, ...]) -> Run:
    """Return how a function of dates is computed."""

    def run(frame: Frame) -> Column:
        columns = [cast(Number, each.on(frame)) for each in parts]
        known: Bools | None = None
        for each in columns:
            known = both(known, each.known)
        values = [each.value for each in columns]
        if function in ("add_months", "add_years"):
            moved = parts[1]
            divisor: Any = (
                moved.denominator if columns[1].over is None else columns[1].over * moved.denominator
            )
            months = (values[1] * (12 if function == "add_years" else 1)) // divisor
            # No more than the calendar holds: rows that are not known hold anything.
            months = np.clip(months, -_MONTHS, _MONTHS).astype(np.int64)
            return Number(calendar.add_months(values[0], months), known)
        functions: dict[str, Callable[..., Any]] = {
            "year": calendar.year,
            "first_of_month": calendar.first_of_month,
            "months_between": calendar.months_between,
            "days_between": calendar.days_between,
            "years_between": lambda a, b: calendar.months_between(a, b) // 12,
        }
        return Number(functions[function](*values), known)

    return run


_YEARS = 9999
_MONTHS = 2 * 12 * _YEARS


def bound_calendar(made: Operation, function: str) -> None:
    """Set the bounds of a function of dates: facts lie in 1900 to 2099, moved dates in the calendar."""
    most = {"year": _YEARS, "months_between": 200 * 12, "years_between": 200, "days_between": 200 * 366}
    made.high = most.get(function, calendar.LAST)
    made.low = 0 if function in most else calendar.FIRST


# Records


def over_records(
    function: str,
    record: str,
    known_list: Callable[[Frame], Bools],
    condition: Operation | None,
    amount: Operation | None,
) -> Run:
    """Return how records of a subject are counted, summed or looked for."""

    def run(frame: Frame) -> Column:
        known = known_list(frame)
        rows = frame.records.get(record)
        size = frame.rows
        wide = amount is not None and (amount.wide or not fits(amount.high * 1_000))
        value: Integers = np.zeros(size, dtype=object if wide else np.int64)
        some_open = np.zeros(size, dtype=np.bool_)
        if rows is not None and rows.rows:
            firms, begins = rows.segments()
            test = cast(Truth, condition.on(rows)) if condition is not None else None
            held = _all(rows.rows) if test is None else test.yes
            if test is not None and test.no is not None:
                some_open[firms] = np.logical_or.reduceat(~(test.yes | test.no), begins)
            if amount is None:
                value[firms] = np.add.reduceat(held.astype(np.int64), begins)
            else:
                column = cast(Number, amount.on(rows))
                counted = column.value * held
                value[firms] = np.add.reduceat(_wide(counted) if wide else counted, begins)
                if column.known is not None:
                    lacking = np.logical_or.reduceat(held & ~column.known, begins)
                    some_open[firms] = some_open[firms] | lacking
        if function == "exists":
            found = value > 0
            return Truth(_plain(found) & known, ~_plain(found) & ~some_open & known)
        return Number(value, known & ~some_open)

    return run


def bound_over(made: Operation, function: str, amount: Operation | None, most_records: int) -> None:
    """Set the bounds of a count or sum over at most `most_records` records."""
    if function == "count":
        made.high = most_records
    elif amount is not None:
        made.denominator = amount.denominator
        made.low, made.high = min(0, amount.low * most_records), max(0, amount.high * most_records)
        made.wide = amount.wide or not fits(made.low, made.high)


def half_up(column: Number, of: Operation) -> Integers:
    """Return the whole numbers of an operation's column rounded half up, nothing below nought.

    The result may be the column's own array: who changes it, copies it.
    """
    value = column.value
    if column.over is not None:
        divisor = column.over * of.denominator
        value = (value + divisor // 2) // divisor
    elif of.denominator != 1:
        value = value + of.denominator // 2
        value //= of.denominator
    return value if of.low >= 0 else np.maximum(value, 0)
