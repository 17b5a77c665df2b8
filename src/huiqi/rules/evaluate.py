"""The first reading of the typed form: one subject, three-valued and exact.

Each node becomes a closure once; a closure returns the value, or None for unknown. Kleene's logic everywhere:
what is settled by the known facts is settled, whatever the others turn out to be.
"""

from __future__ import annotations

import datetime
import math
import operator
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from huiqi.reference.industries import member
from huiqi.reference.regions import is_within
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import Definition
from huiqi.rules.situation import FactKey, Situation, Value
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
    walk,
)

Reading = Callable[[Situation], Any]
"""A compiled node: the value in a situation, None where unknown."""

_MOST_INDUSTRIES = 4_096
"""More codes than the industries have."""
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Evaluator:
    """Compiles nodes against the definitions of a policy library, and keeps every node it has compiled.

    Threads may share it, each with situations of its own; what two compile at once is compiled alike.
    """

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self.definitions = definitions
        self._compiled: dict[int, tuple[Typed, Reading]] = {}
        self._of_definitions: dict[str, Reading] = {}
        # The node is kept beside its answer, or another node could come to bear its id.
        self._sole: dict[int, tuple[Typed, FactOf | None]] = {}
        self.collectors: dict[int, tuple[Typed, Callable[..., None]]] = {}
        """What `reasons` makes of a node."""

    def value(self, node: Typed, situation: Situation) -> Value | None:
        """Return the value of a node, None where unknown."""
        result: Value | None = self.reading(node)(situation)
        return result

    def reading(self, node: Typed) -> Reading:
        """Return the compiled node."""
        found = self._compiled.get(id(node))
        if found is None:
            found = (node, self._compile(node))
            self._compiled[id(node)] = found
        return found[1]

    def sole_fact(self, node: Typed) -> FactOf | None:
        """Return the fact for which alone a node can be unknown; None where there are several or other reasons."""
        found = self._sole.get(id(node))
        if found is None:
            found = self._sole[id(node)] = (node, _sole_fact(node))
        return found[1]

    def _compile(self, node: Typed) -> Reading:
        compile_kind: Callable[[Any], Reading] = getattr(self, f"_{type(node).__name__.lower()}")
        return compile_kind(node)

    # Leaves

    def _literal(self, node: Literal) -> Reading:
        value = node.value
        return lambda s: value

    def _factof(self, node: FactOf) -> Reading:
        key: FactKey = (node.name, node.period) if node.period else node.name
        if node.record == SUBJECT:
            return lambda s: s.subject.get(key)
        return lambda s: s.record.get(key)

    def _asof(self, node: AsOf) -> Reading:
        return lambda s: s.as_of

    def _subjectis(self, node: SubjectIs) -> Reading:
        kind = node.subject
        return lambda s: s.kind == kind

    def _listed(self, node: Listed) -> Reading:
        list_id = node.list_id
        return lambda s: s.lists.get(list_id)

    def _named(self, node: Named) -> Reading:
        return self.reading(node.body)

    def _defined(self, node: Defined) -> Reading:
        name = node.name
        definition = self.definitions[name]

        def read(s: Situation) -> Value | None:
            given = s.given.get(name)
            if given is not None:
                return given
            key = (name, id(s.record)) if definition.per else name
            if key in s.memo:
                known: Value | None = s.memo[key]
                return known
            made: Value | None = self.definition_reading(name)(s)
            s.memo[key] = made
            return made

        return read

    def definition_reading(self, name: str) -> Reading:
        """Return the reading of a definition itself, whatever the case gives for it."""
        reading = self._of_definitions.get(name)
        if reading is None:
            definition = self.definitions[name]
            reading = (
                self.reading(definition.test) if definition.test is not None else self._cases(definition)
            )
            self._of_definitions[name] = reading
        return reading

    def _cases(self, definition: Definition) -> Reading:
        guards = [(case.value, self.reading(case.test) if case.test else None) for case in definition.cases]

        def read(s: Situation) -> Value | None:
            possible: list[str] = []
            for value, guard in guards:
                holds = True if guard is None else guard(s)
                if holds is False:
                    continue
                possible.append(value)
                if holds is True:
                    break
            return possible[0] if len(possible) == 1 else frozenset(possible)

        return read

    # Truth

    def _not(self, node: Not) -> Reading:
        of = self.reading(node.of)

        def read(s: Situation) -> bool | None:
            value = of(s)
            return None if value is None else not value

        return read

    def _and(self, node: And) -> Reading:
        parts = [self.reading(each) for each in node.of]

        def read(s: Situation) -> bool | None:
            result: bool | None = True
            for part in parts:
                value = part(s)
                if value is False:
                    return False
                if value is None:
                    result = None
            return result

        return read

    def _or(self, node: Or) -> Reading:
        parts = [self.reading(each) for each in node.of]
        industries = _each_of_industries(node)
        if industries:
            return self._or_by_industry(parts, industries)

        def read(s: Situation) -> bool | None:
            result: bool | None = False
            for part in parts:
                value = part(s)
                if value is True:
                    return True
                if value is None:
                    result = None
            return result

        return read

    def _or_by_industry(self, parts: list[Reading], industries: Sequence[InIndustries]) -> Reading:
        """Return the reading of parts that each begin with an industry: of other industries' parts, all that fail at
        once, none is looked at."""
        industry = self.reading(industries[0].of)
        remembered: dict[str, list[Reading]] = {}

        def read(s: Situation) -> bool | None:
            code = industry(s)
            live = parts if code is None else remembered.get(code)
            if live is None:
                live = [
                    part
                    for part, each in zip(parts, industries, strict=True)
                    if _industry_member(code, each.members) is not False
                ]
                if len(remembered) < _MOST_INDUSTRIES:
                    remembered[code] = live
            result: bool | None = False
            for part in live:
                value = part(s)
                if value is True:
                    return True
                if value is None:
                    result = None
            return result

        return read

    def _compare(self, node: Compare) -> Reading:
        compare = _COMPARE[node.operator]
        left, right = self.reading(node.left), self.reading(node.right)
        if isinstance(node.right, Literal):
            bound = node.right.value

            def read_bound(s: Situation) -> bool | None:
                a = left(s)
                return None if a is None else compare(a, bound)

            return read_bound

        def read(s: Situation) -> bool | None:
            a, b = left(s), right(s)
            return None if a is None or b is None else compare(a, b)

        return read

    def _inchoices(self, node: InChoices) -> Reading:
        of, wanted = self.reading(node.of), frozenset(node.values)

        def read(s: Situation) -> bool | None:
            value = of(s)
            if value is None:
                return None
            if isinstance(value, str):
                return value in wanted
            if value <= wanted:
                return True
            return None if value & wanted else False

        return read

    def _inindustries(self, node: InIndustries) -> Reading:
        of, members = self.reading(node.of), node.members

        def read(s: Situation) -> bool | None:
            code = of(s)
            return None if code is None else _industry_member(code, members)

        return read

    def _inregions(self, node: InRegions) -> Reading:
        of, codes = self.reading(node.of), node.codes

        def read(s: Situation) -> bool | None:
            code = of(s)
            return None if code is None else _any_of(_region_within(code, area) for area in codes)

        return read

    def _if(self, node: If) -> Reading:
        condition, then, otherwise = (
            self.reading(each) for each in (node.condition, node.then, node.otherwise)
        )

        def read(s: Situation) -> Value | None:
            chosen = condition(s)
            if chosen is None:
                a, b = then(s), otherwise(s)
                return a if a == b and a is not None else None
            result: Value | None = then(s) if chosen else otherwise(s)
            return result

        return read

    # Numbers

    def _arithmetic(self, node: Arithmetic) -> Reading:
        left, right = self.reading(node.left), self.reading(node.right)
        if node.operator == "/":

            def divided(s: Situation) -> Fraction | None:
                a, b = left(s), right(s)
                return None if a is None or b is None or b == 0 else Fraction(a) / Fraction(b)

            return divided
        act = {"+": operator.add, "-": operator.sub, "*": operator.mul}[node.operator]

        def read(s: Situation) -> Value | None:
            a, b = left(s), right(s)
            return None if a is None or b is None else act(a, b)

        return read

    def _least(self, node: Least) -> Reading:
        return self._extreme(node.of, min)

    def _greatest(self, node: Greatest) -> Reading:
        return self._extreme(node.of, max)

    def _extreme(self, of: Iterable[Typed], choose: Callable[..., Any]) -> Reading:
        parts = [self.reading(each) for each in of]

        def read(s: Situation) -> Value | None:
            values = [part(s) for part in parts]
            return None if None in values else choose(values)

        return read

    def _whole(self, node: Whole) -> Reading:
        of, act = self.reading(node.of), math.ceil if node.up else math.floor
        scale = node.type.unit.scale if node.type.unit else 1

        def read(s: Situation) -> int | None:
            value = of(s)
            return None if value is None else act(Fraction(value) / scale) * scale

        return read

    def _calendar(self, node: Calendar) -> Reading:
        parts = [self.reading(each) for each in node.of]
        act = CALENDAR[node.function]

        def read(s: Situation) -> Value | None:
            values = [part(s) for part in parts]
            return None if None in values else act(*values)

        return read

    # Records

    def _over(self, node: Over) -> Reading:
        record = node.record
        condition = self.reading(node.condition) if node.condition is not None else None
        amount = self.reading(node.amount) if node.amount is not None else None
        function = node.function

        def read(s: Situation) -> Value | None:
            rows = s.records.get(record)
            if rows is None:
                return None
            outer, open_rows, held, total = s.record, 0, 0, Fraction(0)
            try:
                for row in rows:
                    s.record = row
                    holds = True if condition is None else condition(s)
                    if holds is False:
                        continue
                    if holds is None:
                        open_rows += 1
                        continue
                    held += 1
                    if amount is not None:
                        value = amount(s)
                        if value is None:
                            return None
                        total += value
            finally:
                s.record = outer
            if function == "exists":
                return True if held else None if open_rows else False
            if open_rows:
                return None
            return held if function == "count" else total.numerator if total.denominator == 1 else total

        return read


def _each_of_industries(node: Or) -> list[InIndustries]:
    """Return the industries with which each of several parts begins, if all ask the same fact; else nothing."""
    firsts = [each.of[0] for each in node.of if isinstance(each, And)]
    found = [each for each in firsts if isinstance(each, InIndustries) and isinstance(each.of, FactOf)]
    same = len(found) == len(node.of) > 1 and all(each.of == found[0].of for each in found)
    return found if same else []


def _sole_fact(node: Typed) -> FactOf | None:
    facts: dict[tuple[str, str, str], FactOf] = {}
    for each in walk(node):
        if isinstance(each, (Defined, Listed, Over, If)):
            return None
        if isinstance(each, Arithmetic) and each.operator == "/":
            return None  # unknown too where the divisor is nought
        if isinstance(each, FactOf):
            facts[each.record, each.name, each.period] = each
    return next(iter(facts.values())) if len(facts) == 1 else None


def _any_of(truths: Iterable[bool | None]) -> bool | None:
    result: bool | None = False
    for each in truths:
        if each is True:
            return True
        if each is None:
            result = None
    return result


@lru_cache(maxsize=65_536)
def _industry_member(code: str, members: tuple[str, ...]) -> bool | None:
    return member(code, members)


@lru_cache(maxsize=65_536)
def _region_within(code: str, area: str) -> bool | None:
    return is_within(code, area)


def _shifted(date: datetime.date, months: int | Fraction) -> datetime.date:
    """Return the same day `months` on, or the month's last day where there is none."""
    whole = math.floor(months)
    index = date.year * 12 + date.month - 1 + whole
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return datetime.date.max if year > 9999 else datetime.date.min
    return datetime.date(year, month + 1, min(date.day, monthrange(year, month + 1)[1]))


def _months_between(start: datetime.date, end: datetime.date) -> int:
    """Return the whole months from start to end, 0 where end is before start."""
    if end <= start:
        return 0
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if _shifted(start, months) > end else months


CALENDAR: dict[str, Callable[..., Value]] = {
    "year": lambda date: date.year,
    "first_of_month": lambda date: date.replace(day=1),
    "add_months": _shifted,
    "add_years": lambda date, years: _shifted(date, years * 12),
    "months_between": _months_between,
    "days_between": lambda start, end: max(0, (end - start).days),
    "years_between": lambda start, end: _months_between(start, end) // 12,
}
