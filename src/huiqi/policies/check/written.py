"""Typed expressions and values as a rule file would write them, for messages and the names of mutants."""

from __future__ import annotations

import datetime
from fractions import Fraction

from huiqi.rules.situation import Value
from huiqi.rules.typed import (
    And,
    Arithmetic,
    AsOf,
    Calendar,
    Compare,
    Defined,
    FactOf,
    Greatest,
    If,
    InChoices,
    InIndustries,
    InRegions,
    Least,
    Listed,
    Literal,
    Named,
    Not,
    Or,
    Over,
    SubjectIs,
    Typed,
    Whole,
)
from huiqi.rules.units import Unit

MOST_CHARACTERS = 60


def written(node: Typed) -> str:
    """Return the expression on one line, shortened where it is long."""
    text = _written(node)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"


def written_value(value: Value | None, unit: Unit | None = None, percent: bool = False) -> str:
    """Return a value as a file writes it: fen as yuan, ratios as decimals or in percent."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, Fraction)):
        number = Fraction(value) / (unit.scale if unit is not None else 1)
        return f"{_decimal(number * 100)}%" if percent else _decimal(number)
    if isinstance(value, frozenset):
        return " or ".join(sorted(value))
    return "unknown" if value is None else str(value)


def _decimal(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    twos_and_fives = number.denominator
    for prime in (2, 5):
        while twos_and_fives % prime == 0:
            twos_and_fives //= prime
    if twos_and_fives != 1:
        return str(number)
    digits = 1
    while (number * 10**digits).denominator != 1:
        digits += 1
    whole = abs(number.numerator) * 10**digits // number.denominator
    sign = "-" if number < 0 else ""
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


def _inner(node: Typed) -> str:
    text = _written(node)
    return f"({text})" if isinstance(node, (And, Or, If, Arithmetic, Compare, Not)) else text


def _written(node: Typed) -> str:
    match node:
        case Literal(value=datetime.date() as date):
            return f"'{date}'"
        case Literal():
            return written_value(node.value, node.type.unit, node.percent)
        case FactOf():
            return f"{node.name}[{node.period}]" if node.period else node.name
        case AsOf():
            return "as_of"
        case SubjectIs():
            return node.subject
        case Listed():
            return f"listed('{node.list_id}')"
        case Defined() | Named():
            return node.name
        case Not():
            return f"not {_inner(node.of)}"
        case And() | Or():
            word = " and " if isinstance(node, And) else " or "
            return word.join(
                f"({_written(each)})" if isinstance(each, (And, Or, If)) else _written(each)
                for each in node.of
            )
        case Compare():
            return f"{_inner(node.left)} {node.operator} {_inner(node.right)}"
        case InChoices():
            return f"{_written(node.of)} in {{{', '.join(node.values)}}}"
        case InIndustries():
            return f"{_written(node.of)} in {{{', '.join(node.names)}}}"
        case InRegions():
            return f"{_written(node.of)} in {{{', '.join(node.codes)}}}"
        case If():
            return f"{_inner(node.then)} if {_inner(node.condition)} else {_inner(node.otherwise)}"
        case Arithmetic():
            return f"{_inner(node.left)} {node.operator} {_inner(node.right)}"
        case Least():
            return f"min({', '.join(_written(each) for each in node.of)})"
        case Greatest():
            return f"max({', '.join(_written(each) for each in node.of)})"
        case Whole():
            return f"{'ceil' if node.up else 'floor'}({_written(node.of)})"
        case Calendar():
            return f"{node.function}({', '.join(_written(each) for each in node.of)})"
        case Over():
            parts = [
                node.record,
                *(_written(each) for each in (node.amount, node.condition) if each is not None),
            ]
            return f"{node.function}({', '.join(parts)})"
    raise AssertionError(node)
