"""From the text of an expression to its typed form.

Python's own grammar through `ast`, of which only the listed nodes are read; then types and units are
checked. Nothing is ever executed. Limits on length, nesting and size make hostile text harmless.
"""

from __future__ import annotations

import ast
import datetime
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NoReturn

from huiqi.findings import Finding, nearest
from huiqi.reference.industries import UnknownIndustry, group, industry
from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.facts import SUBJECT
from huiqi.rules.positions import Position, Scalar
from huiqi.rules.scope import Scope
from huiqi.rules.typed import (
    And,
    Arithmetic,
    Calendar,
    CannotTakeUnit,
    Compare,
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
    Typed,
    Whole,
    children,
    day,
    exact,
    in_unit,
    plain_number,
    rebuilt,
)
from huiqi.rules.types import BARE, DATE, TRUTH, Kind, Type, number
from huiqi.rules.units import DAY, MONTH, RATIO, YEAR, Unit

MOST_CHARACTERS = 2_000
MOST_NODES = 200
MOST_DEPTH = 20
MOST_DIGITS = 24

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_OPERATIONS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_PERIOD = re.compile(r"\d{4}|\d{4}Q[1-4]|\d{4}-(0[1-9]|1[0-2])")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CALENDAR: dict[str, tuple[tuple[Unit | None, ...], Type]] = {
    "year": ((None,), number(YEAR)),
    "first_of_month": ((None,), DATE),
    "add_months": ((None, MONTH), DATE),
    "add_years": ((None, YEAR), DATE),
    "months_between": ((None, None), number(MONTH)),
    "days_between": ((None, None), number(DAY)),
    "years_between": ((None, None), number(YEAR)),
}
_FUNCTIONS = ("min", "max", "floor", "ceil", "listed", "count", "total", "exists", *_CALENDAR)


class ExpressionError(Exception):
    """An expression that cannot be taken; carries the finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def typed_expression(scalar: Scalar, scope: Scope, key: str, wanted: Type | None = None) -> Typed:
    """Return the typed form of the text; `wanted` is the type it must have. Raises ExpressionError."""
    typer = _Typer(scalar, scope, key)
    tree = typer.parsed()
    node = typer.typed(tree, wanted)
    return typer.as_wanted(node, wanted, tree) if wanted is not None else node


class _Typer:
    def __init__(self, scalar: Scalar, scope: Scope, key: str) -> None:
        self.scalar = scalar
        self.text = scalar.text.strip().replace("\n", " ")
        self.scope = scope
        self.key = key

    def refuse(self, code: str, what: str, why: str, mend: str, node: ast.expr | None = None) -> NoReturn:
        at = self.position(node)
        cell = f"{self.key} (column {at.column})" if node is not None else self.key
        raise ExpressionError(Finding(at.file, at.line, cell, code, what, why, mend))

    def position(self, node: ast.expr | None) -> Position:
        at = self.scalar.at
        if node is None:
            return at
        offset = len(self.text.encode()[: node.col_offset].decode(errors="ignore"))
        return Position(at.file, at.line, at.column + offset + (1 if self.scalar.quoted else 0))

    def written(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.text, node) or "this"

    def parsed(self) -> ast.expr:
        if not self.text:
            self.refuse("empty-expression", "the expression is empty", "", "write a condition or an amount")
        if len(self.text) > MOST_CHARACTERS:
            self.refuse(
                "expression-too-long",
                f"the expression has {len(self.text):,} characters, the limit is {MOST_CHARACTERS:,}",
                "",
                "name parts of it with `let`",
            )
        if max(_nesting(self.text)) > MOST_DEPTH:
            self.refuse(
                "expression-too-deep", f"nested deeper than {MOST_DEPTH}", "", "name parts of it with `let`"
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what Python deems odd is refused below, with its place
                tree = ast.parse(self.text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            column = getattr(error, "offset", None) or 1
            at = self.scalar.at
            near = self.text[max(0, column - 1) : column + 19]
            raise ExpressionError(
                Finding(
                    at.file,
                    at.line,
                    f"{self.key} (column {at.column + column - 1})",
                    "expression-syntax",
                    f"the expression does not parse near {near!r}",
                    "expressions follow Python's grammar",
                    _instead(self.text),
                )
            ) from None
        nodes = sum(isinstance(each, ast.expr) for each in ast.walk(tree))
        if nodes > MOST_NODES:
            self.refuse(
                "expression-too-large",
                f"the expression has {nodes} parts, the limit is {MOST_NODES}",
                "",
                "name parts of it with `let`",
            )
        if _depth(tree) > MOST_DEPTH:
            self.refuse(
                "expression-too-deep", f"nested deeper than {MOST_DEPTH}", "", "name parts of it with `let`"
            )
        return tree

    def as_wanted(self, node: Typed, wanted: Type, tree: ast.expr) -> Typed:
        if wanted.kind is Kind.NUMBER and node.type.kind is Kind.NUMBER and wanted.unit is not None:
            node = self.unit(node, wanted.unit, tree)
        if node.type.kind is not wanted.kind or (
            wanted.kind is Kind.NUMBER and node.type.unit != wanted.unit
        ):
            mend = "give the figure a unit as a parameter: {value: 500, unit: yuan/person, words: …}"
            self.refuse(
                "type-clash",
                f"{self.key} must be {wanted}, but this is {node.type}",
                "",
                mend if wanted.kind is Kind.NUMBER else "compare it, or use another fact",
                tree,
            )
        return node

    def unit(self, node: Typed, unit: Unit, tree: ast.expr) -> Typed:
        try:
            return in_unit(node, unit)
        except CannotTakeUnit:
            self.refuse(
                "unit-unclear",
                f"{self.written(tree)} has no unit that could be read as {unit}",
                "",
                "give the figure its unit as a parameter: {value: 500, unit: yuan/person, words: …}",
                tree,
            )

    def typed(self, tree: ast.expr, wanted: Type | None = None) -> Typed:
        method: Callable[[ast.expr, Type | None], Typed] | None = getattr(
            self, f"_{type(tree).__name__}", None
        )
        if method is None:
            self.refuse(
                "not-in-the-language",
                f"{self.written(tree)} is not part of the rule language",
                f"{type(tree).__name__} is not read",
                "see docs/rule-language.md, section 4",
                tree,
            )
        return replace(method(tree, wanted), at=self.position(tree))

    # Leaves

    def _Name(self, tree: ast.Name, wanted: Type | None) -> Typed:  # noqa: N802
        found = self.scope.find(tree.id)
        if found is not None:
            return found
        lists = self.scope.facts.by_list
        if tree.id in lists:
            self.refuse(
                "list-as-value",
                f"{tree.id} is a list of records, not a value",
                "",
                f"use count({tree.id}), total({tree.id}, …) or exists({tree.id}, …)",
                tree,
            )
        self.refuse_elsewhere(tree)
        names = [*self.scope.names(), *lists, *self.scope.groups]
        hint = nearest(tree.id, names) or "`huiqi facts` lists every name"
        self.refuse("unknown-name", f"{tree.id} is no fact or name here", "", hint, tree)

    def refuse_elsewhere(self, tree: ast.Name) -> None:
        """Refuse a name that is one, but of another place: a fact of a record, or the value of a choice."""
        for record in self.scope.facts.records.values():
            if tree.id in record.facts and record.name != SUBJECT:
                mend = f"judge each {record.name} (per: {record.name}), or ask exists({record.list_name}, …)"
                what = f"{tree.id} is a fact of a {record.name}, and none is in scope here"
                self.refuse("fact-of-a-record", what, f"a case has many {record.list_name}", mend, tree)
        for fact in self.scope.facts:
            if tree.id in fact.type.values:
                what = f"{tree.id} is a value of {fact.name}, not a condition"
                self.refuse("choice-alone", what, "", f"write {fact.name} == {tree.id}", tree)

    def _Constant(self, tree: ast.Constant, wanted: Type | None) -> Typed:  # noqa: N802
        value = tree.value
        if isinstance(value, bool):
            self.refuse(
                "not-in-the-language", f"{value} is not read", "", f"write {'yes' if value else 'no'}", tree
            )
        if isinstance(value, (int, float)):
            return self.number(tree)
        if isinstance(value, str):
            if _ISO_DATE.fullmatch(value):
                try:
                    return day(datetime.date.fromisoformat(value))
                except ValueError:
                    self.refuse("no-such-date", f"{value} is no date", "", "write 'YYYY-MM-DD'", tree)
            digits = re.fullmatch(r"[\d_.]+", value)
            self.refuse(
                "text-in-expression",
                f"{value[:40]!r} is no date",
                "texts stand only for dates and codes",
                "write the number without quotes"
                if digits
                else "write 'YYYY-MM-DD', or use it behind `industry in {…}`",
                tree,
            )
        self.refuse(
            "not-in-the-language", f"{self.written(tree)} is not read", "", "write a number or a date", tree
        )

    def number(self, tree: ast.Constant) -> Literal:
        text = self.written(tree).replace("_", "")
        if not re.fullmatch(r"\d+(\.\d+)?", text) or len(text) > MOST_DIGITS:
            self.refuse(
                "number-form",
                f"{text[:30]} is not read as a number",
                "",
                "write digits and one point, like 0.05",
                tree,
            )
        return plain_number(exact(Fraction(text)), len(text.partition(".")[2]))

    def _Subscript(self, tree: ast.Subscript, wanted: Type | None) -> Typed:  # noqa: N802
        of = self.typed(tree.value)
        if not isinstance(of, FactOf):
            self.refuse(
                "period-of-what", f"{self.written(tree.value)} has no periods", "", "write fact[2021]", tree
            )
        fact = self.scope.facts.fact(of.record, of.name)
        key = tree.slice.value if isinstance(tree.slice, ast.Constant) else None
        period = str(key) if isinstance(key, (int, str)) and not isinstance(key, bool) else ""
        if not fact or not fact.period:
            self.refuse(
                "no-periods",
                f"{of.name} is not a fact by period",
                "",
                "give it `period: year` in the fact dictionary, or drop the brackets",
                tree,
            )
        if not _PERIOD.fullmatch(period):
            self.refuse(
                "period-form", f"{self.written(tree)}: no such period", "", "[2021] or ['2022-03']", tree
            )
        return replace(of, period=period)

    # Truth

    def _BoolOp(self, tree: ast.BoolOp, wanted: Type | None) -> Typed:  # noqa: N802
        parts = tuple(self.truth(each) for each in tree.values)
        return And(type=TRUTH, of=parts) if isinstance(tree.op, ast.And) else Or(type=TRUTH, of=parts)

    def truth(self, tree: ast.expr) -> Typed:
        node = self.typed(tree, TRUTH)
        if node.type.kind is not Kind.TRUTH:
            self.refuse(
                "type-clash",
                f"{self.written(tree)} is {node.type}, not yes or no",
                "",
                "compare it with a value",
                tree,
            )
        return node

    def _UnaryOp(self, tree: ast.UnaryOp, wanted: Type | None) -> Typed:  # noqa: N802
        if isinstance(tree.op, ast.Not):
            return Not(type=TRUTH, of=self.truth(tree.operand))
        if isinstance(tree.op, ast.USub):
            node = self.numeric(tree.operand)
            return Arithmetic(type=node.type, operator="-", left=Literal(type=node.type, value=0), right=node)
        self.refuse("not-in-the-language", f"{self.written(tree)} is not read", "", "use not or -", tree)

    def _Compare(self, tree: ast.Compare, wanted: Type | None) -> Typed:  # noqa: N802
        parts: list[Typed] = []
        left = tree.left
        for operation, right in zip(tree.ops, tree.comparators, strict=True):
            parts.append(replace(self.comparison(tree, left, operation, right), at=self.position(left)))
            left = right
        return parts[0] if len(parts) == 1 else And(type=TRUTH, of=tuple(parts))

    def comparison(self, tree: ast.Compare, left: ast.expr, operation: ast.cmpop, right: ast.expr) -> Typed:
        if isinstance(operation, (ast.In, ast.NotIn)):
            inside = self.membership(left, right)
            return inside if isinstance(operation, ast.In) else Not(type=TRUTH, of=inside)
        operator = _COMPARISONS.get(type(operation))
        if operator is None:
            self.refuse(
                "not-in-the-language", f"{self.written(tree)} is not read", "", "use ==, <, in …", tree
            )
        first = self.typed(left)
        if first.type.kind in (Kind.CHOICE, Kind.TRUTH, Kind.INDUSTRY, Kind.REGION):
            if operator not in ("==", "!="):
                self.refuse(
                    "type-clash",
                    f"{self.written(left)} is {first.type}",
                    f"it has no order for {operator}",
                    "use == or in {…}",
                    tree,
                )
            same = self.sameness(first, left, right)
            return same if operator == "==" else Not(type=TRUTH, of=same)
        second = self.typed(right, first.type)
        first, second = self.agreed(first, second, left, right, "compared")
        return Compare(type=TRUTH, operator=operator, left=first, right=second)

    def sameness(self, first: Typed, left: ast.expr, right: ast.expr) -> Typed:
        if first.type.kind is Kind.TRUTH:
            second = self.truth(right)
            if isinstance(second, Literal):
                return first if second.value is True else Not(type=TRUTH, of=first)
            self.refuse("type-clash", "two yes-no facts are compared", "", "write == yes or == no", right)
        return self.members(first, left, [right])

    def membership(self, left: ast.expr, right: ast.expr) -> Typed:
        items = list(right.elts) if isinstance(right, (ast.Set, ast.Tuple, ast.List)) else [right]
        if not items:
            self.refuse("empty-set", "the set is empty", "nothing is in it", "name its members", right)
        return self.members(self.typed(left), left, items)

    def members(self, of: Typed, left: ast.expr, items: list[ast.expr]) -> Typed:
        kind = of.type.kind
        if kind is Kind.CHOICE:
            return InChoices(type=TRUTH, of=of, values=tuple(self.choice_value(of, each) for each in items))
        if kind is Kind.INDUSTRY:
            names = [self.industry_name(each) for each in items]
            members: list[str] = []
            for name in names:
                members.extend(group(name).members if name in self.scope.groups else (name,))
            return InIndustries(type=TRUTH, of=of, names=tuple(names), members=tuple(dict.fromkeys(members)))
        if kind is Kind.REGION:
            return InRegions(type=TRUTH, of=of, codes=tuple(self.region_code(each) for each in items))
        if kind in (Kind.NUMBER, Kind.DATE):
            parts = []
            for each in items:
                first, second = self.agreed(of, self.typed(each, of.type), left, each, "compared")
                parts.append(Compare(type=TRUTH, operator="==", left=first, right=second))
            return parts[0] if len(parts) == 1 else Or(type=TRUTH, of=tuple(parts))
        self.refuse("type-clash", f"{self.written(left)} is {of.type}", "it cannot be in a set", "", left)

    def choice_value(self, of: Typed, tree: ast.expr) -> str:
        word = tree.id if isinstance(tree, ast.Name) else ""
        if word not in of.type.values:
            hint = nearest(word, of.type.values) or "it is " + str(of.type)
            self.refuse("unknown-choice", f"{self.written(tree)} is no value here", "", hint, tree)
        return word

    def industry_name(self, tree: ast.expr) -> str:
        if isinstance(tree, ast.Name) and tree.id in self.scope.groups:
            return tree.id
        if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
            try:
                return industry(tree.value).code
            except UnknownIndustry as error:
                self.refuse(
                    "unknown-industry", str(error), "", "write a code of GB/T 4754-2017 like 'C26'", tree
                )
        word = tree.id if isinstance(tree, ast.Name) else self.written(tree)
        hint = nearest(word, self.scope.groups) or "a code stands in quotes: 'C26'"
        self.refuse("unknown-group", f"{word} is no group of industries", "", hint, tree)

    def region_code(self, tree: ast.expr) -> str:
        if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
            try:
                return region(tree.value).code
            except UnknownRegion as error:
                self.refuse("unknown-region", str(error), "", "write a six-digit code like '532503'", tree)
        self.refuse("region-form", f"{self.written(tree)} is no region", "", "write its code in quotes", tree)

    # Numbers

    def numeric(self, tree: ast.expr, wanted: Type | None = None) -> Typed:
        node = self.typed(tree, wanted)
        if node.type.kind is not Kind.NUMBER:
            mend = "use a fact that is a number"
            if node.type.kind is Kind.DATE:
                mend = "days_between(a, b) counts the days between two dates, add_months(d, n) moves one"
            self.refuse("type-clash", f"{self.written(tree)} is {node.type}, not a number", "", mend, tree)
        return node

    def agreed(self, a: Typed, b: Typed, left: ast.expr, right: ast.expr, doing: str) -> tuple[Typed, Typed]:
        """Return both in one unit; a bare number takes the other's."""
        if a.type.kind is Kind.NUMBER and b.type.kind is Kind.NUMBER:
            if a.type.unit is None and b.type.unit is not None:
                a = self.unit(a, b.type.unit, left)
            elif b.type.unit is None and a.type.unit is not None:
                b = self.unit(b, a.type.unit, right)
        if a.type.kind is not b.type.kind or a.type.unit != b.type.unit:
            self.refuse(
                "unit-clash" if a.type.kind is b.type.kind else "type-clash",
                f"{self.written(left)} is {a.type}, {self.written(right)} is {b.type}; they cannot be {doing}",
                "",
                "a date stands in quotes: '2022-06-30'; months_between(a, b) counts from date to date"
                if Kind.DATE in (a.type.kind, b.type.kind)
                else "check which fact is meant, or give a figure its unit as a parameter",
                right,
            )
        if a.type.kind not in (Kind.NUMBER, Kind.DATE, Kind.TRUTH):
            self.refuse(
                "type-clash", f"{self.written(left)} is {a.type}", f"cannot be {doing}", "use in {…}", left
            )
        return a, b

    def _BinOp(self, tree: ast.BinOp, wanted: Type | None) -> Typed:  # noqa: N802
        operator = _OPERATIONS.get(type(tree.op))
        if operator is None:
            self.refuse("not-in-the-language", f"{self.written(tree)} is not read", "", "use + - * /", tree)
        left, right = self.numeric(tree.left, wanted), self.numeric(tree.right, wanted)
        if operator in "+-":
            left, right = self.agreed(left, right, tree.left, tree.right, "added or subtracted")
            return Arithmetic(type=left.type, operator=operator, left=left, right=right)
        unit = self.product_unit(left.type.unit, right.type.unit, operator)
        if unit is not None and unit.power("yuan") not in (0, 1):
            self.refuse(
                "unit-clash", f"{self.written(tree)} would be in {unit}", "", "check the factors", tree
            )
        made = number(unit) if unit is not None else BARE
        if operator == "/" and not self.positive(right):
            divisor = self.written(tree.right)
            self.refuse(
                "divisor-may-be-nought",
                f"{self.written(tree)} divides by {divisor}, which may be nought",
                "known facts would then give no value",
                f"write max(1, {divisor}), or mark the fact `positive: yes` if it is never nought",
                tree,
            )
        return Arithmetic(type=made, operator=operator, left=left, right=right)

    def positive(self, node: Typed) -> bool:
        """Tell whether a number is surely above nought."""
        if isinstance(node, Literal):
            return isinstance(node.value, (int, Fraction)) and node.value > 0
        if isinstance(node, FactOf):
            fact = self.scope.facts.fact(node.record, node.name)
            return fact is not None and fact.positive
        if isinstance(node, Named):
            return self.positive(node.body)
        if isinstance(node, If):
            return self.positive(node.then) and self.positive(node.otherwise)
        if isinstance(node, Greatest):
            return any(self.positive(each) for each in node.of)
        if isinstance(node, Least):
            return all(self.positive(each) for each in node.of)
        if isinstance(node, Arithmetic):
            return node.operator != "-" and self.positive(node.left) and self.positive(node.right)
        return isinstance(node, Calendar) and node.function == "days_between" and self.later(*node.of)

    def later(self, first: Typed, second: Typed) -> bool:
        """Tell whether a date is surely after another: two constants, or the same date moved on."""
        if isinstance(first, Literal) and isinstance(second, Literal):
            a, b = first.value, second.value
            return isinstance(a, datetime.date) and isinstance(b, datetime.date) and a < b
        moved = isinstance(second, Calendar) and second.function in ("add_months", "add_years")
        if not (moved and isinstance(second, Calendar) and second.of[0] == first):
            return False
        # Half a month moves no day: parts of months are cut.
        by = without_names(second.of[1])
        whole = isinstance(by, FactOf) or (isinstance(by, Literal) and isinstance(by.value, int))
        return whole and self.positive(by)

    @staticmethod
    def product_unit(a: Unit | None, b: Unit | None, operator: str) -> Unit | None:
        if a is None and b is None:
            return None
        first, second = a or RATIO, b or RATIO
        return first.times(second) if operator == "*" else first.over(second)

    def _IfExp(self, tree: ast.IfExp, wanted: Type | None) -> Typed:  # noqa: N802
        condition = self.truth(tree.test)
        then, otherwise = self.typed(tree.body, wanted), self.typed(tree.orelse, wanted)
        then, otherwise = self.agreed(then, otherwise, tree.body, tree.orelse, "chosen between")
        return If(type=then.type, condition=condition, then=then, otherwise=otherwise)

    # Calls

    def _Call(self, tree: ast.Call, wanted: Type | None) -> Typed:  # noqa: N802
        name = tree.func.id if isinstance(tree.func, ast.Name) else ""
        if (
            name not in _FUNCTIONS
            or tree.keywords
            or any(isinstance(each, ast.Starred) for each in tree.args)
        ):
            if name in _FUNCTIONS:
                hint = f"write plain arguments: {name}(a, b)"
            else:
                hint = nearest(name, _FUNCTIONS) or f"functions are {', '.join(_FUNCTIONS)}"
            self.refuse(
                "unknown-function", f"{self.written(tree)[:60]} is no call of the language", "", hint, tree
            )
        if name in ("min", "max"):
            return self.extreme(tree, name, wanted)
        if name in ("floor", "ceil"):
            self.arguments(tree, name, 1, 1)
            of = self.numeric(tree.args[0], wanted)
            return Whole(type=of.type, up=name == "ceil", of=of)
        if name == "listed":
            return self.listed(tree)
        if name in _CALENDAR:
            return self.calendar(tree, name)
        return self.over(tree, name)

    def arguments(self, tree: ast.Call, name: str, least: int, most: int) -> None:
        if not least <= len(tree.args) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            self.refuse(
                "argument-count",
                f"{name} takes {wanted} arguments, not {len(tree.args)}",
                "",
                "see docs/rule-language.md, section 4",
                tree,
            )

    def extreme(self, tree: ast.Call, name: str, wanted: Type | None) -> Typed:
        self.arguments(tree, name, 2, 8)
        parts = [self.typed(each, wanted) for each in tree.args]
        for place in range(1, len(parts)):
            parts[0], parts[place] = self.agreed(
                parts[0], parts[place], tree.args[0], tree.args[place], "compared"
            )
        parts = [self.agreed(parts[0], each, tree.args[0], tree.args[0], "compared")[1] for each in parts]
        if parts[0].type.kind is Kind.TRUTH:
            self.refuse("type-clash", f"{name} of yes and no has no order", "", "use and, or", tree)
        kind = Least if name == "min" else Greatest
        return kind(type=parts[0].type, of=tuple(parts))

    def listed(self, tree: ast.Call) -> Typed:
        self.arguments(tree, "listed", 1, 1)
        argument = tree.args[0]
        list_id = argument.value if isinstance(argument, ast.Constant) else None
        if not isinstance(list_id, str) or list_id not in self.scope.lists:
            hint = nearest(str(list_id), self.scope.lists) or "add it under policies/lists"
            self.refuse("unknown-list", f"{self.written(argument)} is no list", "", hint, tree)
        return Listed(type=TRUTH, list_id=list_id)

    def calendar(self, tree: ast.Call, name: str) -> Typed:
        units, result = _CALENDAR[name]
        self.arguments(tree, name, len(units), len(units))
        parts: list[Typed] = []
        for each, unit in zip(tree.args, units, strict=True):
            part = self.typed(each, DATE if unit is None else number(unit))
            if unit is not None and part.type.kind is Kind.NUMBER:
                part = self.unit(part, unit, each)
            if part.type != (DATE if unit is None else number(unit)):
                self.refuse(
                    "type-clash",
                    f"{name} wants {'a date' if unit is None else unit} here, not {part.type}",
                    "",
                    "check the order of the arguments",
                    each,
                )
            parts.append(part)
        return Calendar(type=result, function=name, of=tuple(parts))

    def over(self, tree: ast.Call, name: str) -> Typed:
        least, most = {"count": (1, 2), "exists": (1, 2), "total": (2, 3)}[name]
        self.arguments(tree, name, least, most)
        first = tree.args[0]
        lists = self.scope.facts.by_list
        record = lists.get(first.id) if isinstance(first, ast.Name) else None
        if record is None:
            hint = nearest(self.written(first), lists) or f"lists are {', '.join(lists)}"
            self.refuse("unknown-list", f"{self.written(first)} is no list of records", "", hint, tree)
        inside = _Typer(self.scalar, self.scope.within(record.name), self.key)
        amount = inside.numeric(tree.args[1]) if name == "total" else None
        rest = tree.args[2:] if name == "total" else tree.args[1:]
        condition = inside.truth(rest[0]) if rest else None
        for part in (amount, condition):
            self.only_of(record.name, part, tree)
        made = {"count": number(record.counts), "exists": TRUTH}.get(name) or (
            amount.type if amount else BARE
        )
        return Over(type=made, function=name, record=record.name, condition=condition, amount=amount)

    def only_of(self, record: str, part: Typed | None, tree: ast.Call) -> None:
        """Refuse a `let` that reads another record's facts: inside a list they would be read of its records."""
        for fact in facts_of_record(part) if part is not None else ():
            if fact.record != record:
                self.refuse(
                    "other-record",
                    f"{self.written(tree)[:60]} reads {fact.name}, a fact of a {fact.record}",
                    f"inside the list only facts of the subject and of a {record} are names",
                    "compare it outside the list",
                    tree,
                )


def facts_of_record(node: Typed) -> Iterator[FactOf]:
    """Yield the facts that a node reads of the record in scope; those of inner lists have their own."""
    if isinstance(node, FactOf):
        if node.record != SUBJECT:
            yield node
    elif not isinstance(node, Over):
        for child in children(node):
            yield from facts_of_record(child)


_INSTEAD = (
    (re.compile(r"[≥≤≠]"), "write >=, <= or !="),
    (re.compile(r"[“”‘’，（）；：]"), "write plain quotes, commas and brackets: ' , ( )"),
    (re.compile(r"\d\s*[%‰]"), "write 0.5 for 50%, or name it as a parameter: {value: 50%, words: …}"),
    (re.compile(r"\d\s*[万亿元人]"), "write a figure in digits without its unit: 3_000_000"),
    (re.compile(r"&&|\|\||!(?!=)"), "write and, or, not"),
    (re.compile(r"(?<![=<>!])=(?!=)"), "write == to compare"),
    (re.compile(r"(?<![\w.])0\d"), "a number does not begin with 0; dates and codes stand in quotes"),
)


def _instead(text: str) -> str:
    """Return what to write for what does not parse."""
    for pattern, hint in _INSTEAD:
        if pattern.search(text):
            return hint
    return "compare with docs/rule-language.md, section 4"


def _depth(tree: ast.expr) -> int:
    """Return how deep an expression is nested; a sum or product of many parts counts as flat."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                flat = isinstance(node, ast.BinOp) and isinstance(child, ast.BinOp) and child is node.left
                waiting.append((child, depth if flat else depth + 1))
    return deepest


def _nesting(text: str) -> list[int]:
    depth, depths = 0, [0]
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        depths.append(depth)
    return depths


def without_names(node: Typed) -> Typed:
    """Return the node with every `let` and parameter replaced by what it stands for."""
    if isinstance(node, Named):
        return without_names(node.body)
    return rebuilt(node, without_names)
