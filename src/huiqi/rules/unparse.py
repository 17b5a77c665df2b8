"""From the typed form back to the text of an expression: the one spelling that a rule file has after writing.

Reading the text again gives an equal node (a chain of comparisons and an `and` of them are the same node).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from huiqi.rules.typed import (
    And,
    Arithmetic,
    AsOf,
    Calendar,
    Compare,
    Defined,
    Exact,
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

# How tightly a form binds; a part that binds less tightly than its place asks for stands in brackets.
_CHOICE, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _ATOM = range(8)
_LEAST_GROUPED = 10_000


def unparse(node: Typed, lists: dict[str, str]) -> str:
    """Return the expression's text; `lists` names each record's list (lease: leases)."""
    return _Writer(lists).text(node, _CHOICE)


class _Writer:
    def __init__(self, lists: dict[str, str]) -> None:
        self.lists = lists

    def text(self, node: Typed, place: int) -> str:
        text, binds = self.written(node)
        return f"({text})" if binds < place else text

    def written(self, node: Typed) -> tuple[str, int]:
        """Return the text of a node and how tightly it binds."""
        if isinstance(node, If):
            then, condition = self.text(node.then, _OR), self.text(node.condition, _OR)
            return f"{then} if {condition} else {self.text(node.otherwise, _CHOICE)}", _CHOICE
        if isinstance(node, Or):
            return " or ".join(self.text(each, _AND) for each in node.of), _OR
        if isinstance(node, And):
            chain = self.chain(node)
            if chain:
                return chain, _COMPARISON
            return " and ".join(self.text(each, _NOT) for each in node.of), _AND
        if isinstance(node, Not):
            if isinstance(node.of, (InChoices, InIndustries, InRegions)):
                return self.membership(node.of, False), _COMPARISON
            return f"not {self.text(node.of, _NOT)}", _NOT
        if isinstance(node, Compare):
            return f"{self.text(node.left, _SUM)} {node.operator} {self.text(node.right, _SUM)}", _COMPARISON
        if isinstance(node, (InChoices, InIndustries, InRegions)):
            return self.membership(node, True), _COMPARISON
        if isinstance(node, Arithmetic):
            binds = _SUM if node.operator in "+-" else _PRODUCT
            left, right = self.text(node.left, binds), self.text(node.right, binds + 1)
            return f"{left} {node.operator} {right}", binds
        return self.atom(node), _ATOM

    def chain(self, node: And) -> str:
        """Return `low <= x <= high` where each comparison begins with what the one before ended with."""
        parts = [each for each in node.of if isinstance(each, Compare)]
        linked = all(a.right == b.left and not isinstance(a.right, Literal) for a, b in pairwise(parts))
        if len(parts) < len(node.of) or not linked:
            return ""
        rest = "".join(f" {each.operator} {self.text(each.right, _SUM)}" for each in parts)
        return self.text(parts[0].left, _SUM) + rest

    def membership(self, node: InChoices | InIndustries | InRegions, inside: bool) -> str:
        of = self.text(node.of, _SUM)
        if isinstance(node, InChoices):
            members: Sequence[str] = node.values
            if len(members) == 1:
                return f"{of} {'==' if inside else '!='} {members[0]}"
        elif isinstance(node, InIndustries):
            # A code begins with a capital letter and a group's name with a small one.
            members = [f"'{name}'" if name[0].isupper() else name for name in node.names]
        else:
            members = [f"'{code}'" for code in node.codes]
        word = "in" if inside else "not in"
        is_group = isinstance(node, InIndustries) and len(members) == 1 and members[0][0] != "'"
        return f"{of} {word} {members[0]}" if is_group else f"{of} {word} {{{', '.join(members)}}}"

    def atom(self, node: Typed) -> str:
        if isinstance(node, Literal):
            return self.literal(node)
        if isinstance(node, FactOf):
            if not node.period:
                return node.name
            return f"{node.name}[{node.period}]" if node.period.isdigit() else f"{node.name}['{node.period}']"
        if isinstance(node, (Named, Defined)):
            return node.name
        if isinstance(node, AsOf):
            return "as_of"
        if isinstance(node, SubjectIs):
            return node.subject
        if isinstance(node, Listed):
            return f"listed('{node.list_id}')"
        if isinstance(node, (Least, Greatest)):
            return self.call("min" if isinstance(node, Least) else "max", node.of)
        if isinstance(node, Whole):
            return self.call("ceil" if node.up else "floor", [node.of])
        if isinstance(node, Calendar):
            return self.call(node.function, node.of)
        assert isinstance(node, Over)
        parts = [part for part in (node.amount, node.condition) if part is not None]
        arguments = [self.lists[node.record], *(self.text(part, _CHOICE) for part in parts)]
        return f"{node.function}({', '.join(arguments)})"

    def call(self, name: str, parts: Sequence[Typed]) -> str:
        return f"{name}({', '.join(self.text(part, _CHOICE) for part in parts)})"

    def literal(self, node: Literal) -> str:
        if isinstance(node.value, bool):
            return "yes" if node.value else "no"
        if isinstance(node.value, datetime.date):
            return f"'{node.value.isoformat()}'"
        scale = node.type.unit.scale if node.type.unit is not None else 1
        return decimal_text(Fraction(node.value) / scale, node.digits, grouped=True)


def decimal_text(value: Exact, digits: int = 0, grouped: bool = False) -> str:
    """Return a number with at least `digits` decimals; `grouped` puts _ between thousands from 10_000 on.

    Raises ValueError for a fraction without a finite decimal form, which no rule file can hold.
    """
    fraction = Fraction(value)
    rest = fraction.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        raise ValueError(f"{fraction} has no finite decimal form; write it as a calculation")
    while (fraction * 10**digits).denominator != 1:
        digits += 1
    whole, part = divmod(abs((fraction * 10**digits).numerator), 10**digits)
    text = f"{whole:_}" if grouped and whole >= _LEAST_GROUPED else str(whole)
    sign = "-" if fraction < 0 else ""
    return f"{sign}{text}.{str(part).rjust(digits, '0')}" if digits else sign + text
