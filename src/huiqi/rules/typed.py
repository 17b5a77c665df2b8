"""The closed, typed form of expressions: what evaluation, rendering, mutation and columns read.

Numbers are exact: int or Fraction, yuan as fen. Nodes compare by meaning, not by place.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction

from huiqi.rules.positions import Position
from huiqi.rules.types import BARE, DATE, TRUTH, Kind, Type
from huiqi.rules.units import Unit

Exact = int | Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A node with its type; `at` is where it was written."""

    type: Type
    at: Position | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal(Typed):
    """A constant: a number (yuan in fen), a date, yes or no."""

    value: Exact | datetime.date | bool
    digits: int = field(default=0, compare=False)
    """Decimals written, for a number: the smallest step it can be moved by."""
    percent: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactOf(Typed):
    """A fact of the subject (`record` is "subject") or of the record in scope; `period` such as 2021."""

    record: str
    name: str
    period: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf(Typed):
    """The day that is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectIs(Typed):
    """Whether the subject is an enterprise, a self-employed household, a person or an institution."""

    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Typed):
    """Whether the subject, or its county, is on a dated list on as-of."""

    list_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Defined(Typed):
    """A definition used by name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Typed):
    """A parameter or a `let` of the measure used by name."""

    name: str
    body: Typed
    parameter: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Not(Typed):
    """Three-valued not."""

    of: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class And(Typed):
    """Three-valued and."""

    of: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Or(Typed):
    """Three-valued or."""

    of: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare(Typed):
    """`operator` is one of == != < <= > >=, over two numbers of one unit or two dates."""

    operator: str
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class InChoices(Typed):
    """Whether a choice is one of some values."""

    of: Typed
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InIndustries(Typed):
    """Whether an industry lies in groups or below codes; `members` is all codes together."""

    of: Typed
    names: tuple[str, ...]
    members: tuple[str, ...] = field(compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InRegions(Typed):
    """Whether a region lies within one of some regions."""

    of: Typed
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class If(Typed):
    """`then if condition else otherwise`."""

    condition: Typed
    then: Typed
    otherwise: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic(Typed):
    """`operator` is one of + - * /."""

    operator: str
    left: Typed
    right: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Least(Typed):
    """The smallest of several numbers or dates."""

    of: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Greatest(Typed):
    """The greatest of several numbers or dates."""

    of: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Typed):
    """floor or ceil to whole written units."""

    up: bool
    of: Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar(Typed):
    """A function of dates: year, first_of_month, add_months, add_years, months_between, days_between, years_between."""

    function: str
    of: tuple[Typed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Over(Typed):
    """count, total or exists over the records of a kind; `amount` only for total."""

    function: str
    record: str
    condition: Typed | None = None
    amount: Typed | None = None


def children(node: Typed) -> Iterator[Typed]:
    """Yield the nodes directly below, in the order written."""
    for name in _CHILD_FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            yield from value
        elif value is not None:
            yield value


def walk(node: Typed) -> Iterator[Typed]:
    """Yield the node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def rebuilt(node: Typed, change: Callable[[Typed], Typed]) -> Typed:
    """Return the node with `change` applied to each node directly below."""
    changed: dict[str, object] = {}
    for name in _CHILD_FIELDS[type(node)]:
        value = getattr(node, name)
        if isinstance(value, tuple):
            changed[name] = tuple(change(child) for child in value)
        elif value is not None:
            changed[name] = change(value)
    return replace(node, **changed) if changed else node  # type: ignore[arg-type]


_CHILD_NAMES = {"of", "left", "right", "condition", "then", "otherwise", "amount", "body"}
_CHILD_FIELDS: dict[type[Typed], tuple[str, ...]] = {
    kind: tuple(each.name for each in fields(kind) if each.name in _CHILD_NAMES)
    for kind in (
        *(Literal, FactOf, AsOf, SubjectIs, Listed, Defined, Named, Not, And, Or, Compare, InChoices),
        *(InIndustries, InRegions, If, Arithmetic, Least, Greatest, Whole, Calendar, Over),
    )
}


def truth(value: bool) -> Literal:
    """Return the constant yes or no."""
    return Literal(type=TRUTH, value=value)


def day(value: datetime.date) -> Literal:
    """Return a constant date."""
    return Literal(type=DATE, value=value)


def plain_number(value: Exact, digits: int = 0) -> Literal:
    """Return a bare number."""
    return Literal(type=BARE, value=value, digits=digits)


class CannotTakeUnit(Exception):
    """A part without a unit that cannot be read in another unit."""


def in_unit(node: Typed, unit: Unit) -> Typed:
    """Return a bare number read in a unit: a literal of yuan becomes fen, a choice changes its branches."""
    if node.type.kind is not Kind.NUMBER or node.type.unit is not None:
        return node
    made = Type(Kind.NUMBER, unit)
    if isinstance(node, Literal):
        assert isinstance(node.value, (int, Fraction))
        return replace(node, type=made, value=exact(node.value * unit.scale))
    if isinstance(node, Named):
        return replace(node, type=made, body=in_unit(node.body, unit))
    if isinstance(node, If):
        return replace(
            node, type=made, then=in_unit(node.then, unit), otherwise=in_unit(node.otherwise, unit)
        )
    if isinstance(node, (Least, Greatest)):
        return replace(node, type=made, of=tuple(in_unit(each, unit) for each in node.of))
    if isinstance(node, Arithmetic):
        left = in_unit(node.left, unit)
        right = in_unit(node.right, unit) if node.operator in "+-" else node.right
        return replace(node, type=made, left=left, right=right)
    if isinstance(node, Whole):
        return replace(node, type=made, of=in_unit(node.of, unit))
    raise CannotTakeUnit


def exact(value: Exact) -> Exact:
    """Return an int where the value is whole."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value
