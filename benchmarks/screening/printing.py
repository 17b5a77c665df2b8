"""The measures as C, as Python for Numba, as SQL and as Polars expressions: the same whole numbers in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flat_measures import (
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
    facts_of,
)
from whole_numbers import Ranges, Rounded

Printed = Condition | Ranges


def names_in(node: Printed | Number) -> frozenset[str]:
    """Return the columns that a lowered condition or number reads."""
    if isinstance(node, Ranges):
        return frozenset({node.name})
    if isinstance(node, Rounded):
        return facts_of(node.of)
    if isinstance(node, Joined):
        return frozenset().union(*map(names_in, node.parts))
    if isinstance(node, Not):
        return names_in(node.of)
    return facts_of(node)


@dataclass(frozen=True)
class Text:
    """A way of writing: how a column, a choice, the smaller of two, whole division, `and`, `or` and `not` are written."""

    column: Callable[[str], str]
    choice: Callable[[str, str, str], str]
    least: Callable[[str, str], str]
    greatest: Callable[[str, str], str]
    divide: Callable[[str, int], str]
    both: str
    either: str
    deny: Callable[[str], str]
    equal: str = "=="

    def number(self, node: Number | Rounded) -> str:
        """Return a whole number."""
        if isinstance(node, Rounded):
            text = self.number(node.of)
            by = node.denominator
            return text if by == 1 else self.divide(f"({text} + {by // 2})", by)
        if isinstance(node, Num):
            return str(int(node.value))
        if isinstance(node, Fact):
            return self.column(node.name)
        if isinstance(node, Banded):
            text = self.number(node.last)
            for limit, rate in reversed(node.bands):
                text = self.choice(
                    f"{self.column(node.of.name)} < {self.number(limit)}", self.number(rate), text
                )
            return text
        if isinstance(node, Extreme):
            act = self.least if node.which == "min" else self.greatest
            return act(self.number(node.left), self.number(node.right))
        assert isinstance(node, Op)
        return f"({self.number(node.left)} {node.sign} {self.number(node.right)})"

    def condition(self, node: Printed) -> str:
        """Return a condition that is true or false (or NULL, where the language knows that)."""
        if isinstance(node, Compare):
            return f"({self.number(node.left)} {node.operator} {self.number(node.right)})"
        if isinstance(node, Ranges):
            return "(" + self.either.join(self._range(node.name, *each) for each in node.ranges) + ")"
        if isinstance(node, Is):
            return self.column(node.name)
        if isinstance(node, Not):
            return self.deny(self.condition(node.of))
        word = self.both if node.word == "and" else self.either
        return "(" + word.join(self.condition(each) for each in node.parts) + ")"

    def _range(self, name: str, low: int, high: int) -> str:
        column = self.column(name)
        if low == high:
            return f"({column} {self.equal} {low})"
        return f"({column} >= {low}{self.both}{column} <= {high})"

    def planes(self, node: Printed, known: Callable[[str], str]) -> tuple[str, str]:
        """Return when a condition surely holds and when it surely fails, where facts may be unknown."""
        if isinstance(node, Not):
            yes, no = self.planes(node.of, known)
            return no, yes
        if isinstance(node, Joined):
            parts = [self.planes(each, known) for each in node.parts]
            words = (self.both, self.either) if node.word == "and" else (self.either, self.both)
            yes, no = (f"({word.join(part[side] for part in parts)})" for side, word in enumerate(words))
            return yes, no
        held = self.condition(node)
        all_known = self.both.join(known(name) for name in sorted(names_in(node)))
        return f"({all_known}{self.both}{held})", f"({all_known}{self.both}{self.deny(held)})"


C = Text(
    column=lambda name: f"{name}[i]",
    choice=lambda test, then, otherwise: f"({test} ? {then} : {otherwise})",
    least=lambda a, b: f"least({a}, {b})",
    greatest=lambda a, b: f"greatest({a}, {b})",
    divide=lambda text, by: f"({text} / {by})",
    both=" && ",
    either=" || ",
    deny=lambda text: f"(!{text})",
)
PYTHON = Text(
    column=lambda name: f"{name}[i]",
    choice=lambda test, then, otherwise: f"({then} if {test} else {otherwise})",
    least=lambda a, b: f"min({a}, {b})",
    greatest=lambda a, b: f"max({a}, {b})",
    divide=lambda text, by: f"({text} // {by})",
    both=" and ",
    either=" or ",
    deny=lambda text: f"(not {text})",
)
SQL = Text(
    column=lambda name: name,
    choice=lambda test, then, otherwise: f"(CASE WHEN {test} THEN {then} ELSE {otherwise} END)",
    least=lambda a, b: f"least({a}, {b})",
    greatest=lambda a, b: f"greatest({a}, {b})",
    divide=lambda text, by: f"({text} // {by})",
    both=" AND ",
    either=" OR ",
    deny=lambda text: f"(NOT {text})",
    equal="=",
)


def polars_number(node: Number | Rounded, pl: Any) -> Any:
    """Return a whole number as a Polars expression."""
    if isinstance(node, Rounded):
        made = polars_number(node.of, pl)
        return made if node.denominator == 1 else (made + node.denominator // 2) // node.denominator
    if isinstance(node, Num):
        return pl.lit(int(node.value), dtype=pl.Int64)
    if isinstance(node, Fact):
        return pl.col(node.name)
    if isinstance(node, Banded):
        made = polars_number(node.last, pl)
        for limit, rate in reversed(node.bands):
            test = pl.col(node.of.name) < int(limit.value)
            made = pl.when(test).then(polars_number(rate, pl)).otherwise(made)
        return made
    if isinstance(node, Extreme):
        act = pl.min_horizontal if node.which == "min" else pl.max_horizontal
        return act(polars_number(node.left, pl), polars_number(node.right, pl))
    assert isinstance(node, Op)
    left, right = polars_number(node.left, pl), polars_number(node.right, pl)
    return {"+": left + right, "-": left - right, "*": left * right}[node.sign]


def polars_condition(node: Printed, pl: Any) -> Any:
    """Return a condition as a Polars expression, null where it is unknown."""
    if isinstance(node, Compare):
        left, right = polars_number(node.left, pl), polars_number(node.right, pl)
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[node.operator]
    if isinstance(node, Ranges):
        column = pl.col(node.name)
        tests = [column == low if low == high else column.is_between(low, high) for low, high in node.ranges]
        return _joined(tests, "or")
    if isinstance(node, Is):
        return pl.col(node.name)
    if isinstance(node, Not):
        return ~polars_condition(node.of, pl)
    return _joined([polars_condition(each, pl) for each in node.parts], node.word)


def _joined(parts: Sequence[Any], word: str) -> Any:
    made = parts[0]
    for each in parts[1:]:
        made = made & each if word == "and" else made | each
    return made


def all_of(measure: FlatMeasure) -> Condition:
    """Return the conditions of a measure as one."""
    return measure.when[0] if len(measure.when) == 1 else Joined("and", measure.when)
