"""From the typed form to operations on columns; equal parts of all rules become one operation."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, cast

import numpy as np

from huiqi.reference.industries import member
from huiqi.reference.regions import is_within
from huiqi.rules.columns import calendar, numbers
from huiqi.rules.columns.frame import Bools, Codes, Column, Frame, Number, Possible, Truth, Words
from huiqi.rules.columns.lacking import Lack, LackNoter
from huiqi.rules.columns.members import Members
from huiqi.rules.columns.operations import Operation, Run
from huiqi.rules.evaluate import Evaluator
from huiqi.rules.facts import SUBJECT, Fact, FactDictionary
from huiqi.rules.reasons import LISTS, MissingFact
from huiqi.rules.situation import Situation
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
from huiqi.rules.types import Kind

MOST_RECORDS = 1_000
"""Records of one kind a firm may have in columns; a firm with more goes to the scalar reading."""
_READS = (FactOf, Listed, SubjectIs, Over, Defined)
_NO_WORDS = Words(())


@dataclass(frozen=True, slots=True)
class _Key:
    kind: str
    parts: tuple[object, ...]


class Compiler:
    """Compiles typed nodes for one day. Operations are shared between all rules compiled by it."""

    def __init__(self, facts: FactDictionary, evaluator: Evaluator, as_of: datetime.date) -> None:
        self.facts = facts
        self.evaluator = evaluator
        self.as_of = as_of
        self.constants = Situation(as_of, "enterprise", {})
        self._operations: dict[_Key, Operation] = {}
        self._by_node: dict[int, tuple[Typed, Operation]] = {}
        self.facts_read: set[tuple[str, str, str]] = set()

    def operation(self, node: Typed) -> Operation:
        """Return the operation of a node, for a use that is counted."""
        found = self._by_node.get(id(node))
        if found is None:
            found = (node, self._compile(node))
            self._by_node[id(node)] = found
        found[1].uses += 1
        return found[1]

    def _compile(self, node: Typed) -> Operation:
        if isinstance(node, Named):
            return self.operation(node.body)
        if not isinstance(node, Literal) and not any(isinstance(each, _READS) for each in walk(node)):
            value = self.evaluator.value(node, self.constants)
            if value is not None:
                return self._constant(value)
        method: Callable[[Any], Operation] = getattr(self, f"_{type(node).__name__.lower()}")
        return method(node)

    def _made(self, key: _Key, make: Callable[[int], Operation]) -> Operation:
        found = self._operations.get(key)
        if found is None:
            found = make(len(self._operations))
            self._operations[key] = found
        return found

    def _of(
        self,
        kind: str,
        parts: tuple[Operation, ...],
        more: tuple[object, ...],
        run: Run,
        lack: Lack | None = None,
        reads_block: bool = False,
    ) -> Operation:
        """Return an operation over others; it runs where its parts run."""
        record = next((each.record for each in parts if each.record), "")
        key = _Key(kind, (*(each.place for each in parts), *more))
        lacks = lack or _each_lacks(parts)
        return self._made(
            key, lambda place: Operation(place, record, run, reads_block=reads_block, lacks=lacks)
        )

    # Leaves

    def _constant(self, value: object) -> Operation:
        if isinstance(value, bool):
            return self._truth_constant(value)
        if isinstance(value, datetime.date):
            value = calendar.days_of(value)
        assert isinstance(value, (int, Fraction))
        exact = Fraction(value)
        top, bottom = exact.numerator, exact.denominator
        column = Number(np.asarray(top if abs(top).bit_length() < 63 else 0, dtype=np.int64), None)
        if abs(top).bit_length() >= 63:
            column = Number(np.asarray(top, dtype=object), None)
        return self._made(
            _Key("constant", (top, bottom)),
            lambda place: Operation(place, "", lambda frame: column, bottom, top, top, constant=top),
        )

    def _truth_constant(self, value: bool) -> Operation:
        def run(frame: Frame) -> Column:
            return Truth(np.full(frame.rows, value, dtype=np.bool_), None)

        return self._made(_Key("truth", (value,)), lambda place: Operation(place, "", run))

    def _literal(self, node: Literal) -> Operation:
        return self._constant(node.value)

    def _asof(self, node: AsOf) -> Operation:
        return self._constant(self.as_of)

    def _factof(self, node: FactOf) -> Operation:
        fact = self.facts.fact(node.record, node.name)
        assert fact is not None
        record = "" if node.record == SUBJECT else node.record
        name = f"{node.name}@{node.period}" if node.period else node.name
        kind = node.type.kind
        self.facts_read.add((node.record, node.name, node.period))
        is_text = kind in (Kind.CHOICE, Kind.INDUSTRY, Kind.REGION, Kind.TEXT)

        def run(frame: Frame) -> Column:
            column = frame.column(name, is_text)
            if column is not None:
                return column
            return _unknown(kind, frame.rows)

        low, high = bounds_of(fact)
        money = fact.unit is None or fact.unit.power("yuan") == 1
        denominator = 1 if money else 10**fact.decimals
        missing = MissingFact(node.record, node.name, node.period)
        return self._made(
            _Key("fact", (record, name)),
            lambda place: Operation(
                place, record, run, denominator, low, high, reads_block=True, lacks=_lacks_fact(missing)
            ),
        )

    def _subjectis(self, node: SubjectIs) -> Operation:
        def run(frame: Frame) -> Column:
            column = frame.column("subject", True)
            assert isinstance(column, Codes)
            return Truth(members.of(column), None)

        members = Members(lambda word: word == node.subject)
        return self._made(
            _Key("subject", (node.subject,)), lambda place: Operation(place, "", run, reads_block=True)
        )

    def _listed(self, node: Listed) -> Operation:
        name = f"list.{node.list_id}"

        def run(frame: Frame) -> Column:
            return frame.column(name, False) or _unknown(Kind.TRUTH, frame.rows)

        lack = _lacks_fact(MissingFact(LISTS, node.list_id))
        return self._made(
            _Key("listed", (name,)), lambda place: Operation(place, "", run, reads_block=True, lacks=lack)
        )

    # Definitions

    def _defined(self, node: Defined) -> Operation:
        definition = self.evaluator.definitions[node.name]
        if definition.test is not None:
            computed = self.operation(definition.test)
            return self._given_or(node.name, computed) if not definition.per else computed
        return self._class(node.name)

    def _given_or(self, name: str, computed: Operation) -> Operation:
        def run(frame: Frame) -> Column:
            own = computed.on(frame)
            given = frame.column(name, False)
            if given is None:
                return own
            assert isinstance(given, Truth)
            assert isinstance(own, Truth)
            if given.no is None:
                return given
            return Truth(given.yes | (own.yes & ~given.no), given.no | (own.surely_no & ~given.yes))

        return self._of("given", (computed,), (name,), run, reads_block=True)

    def _class(self, name: str) -> Operation:
        definition = self.evaluator.definitions[name]
        guards = [self.operation(case.test) if case.test is not None else None for case in definition.cases]
        values = [case.value for case in definition.cases]
        given_as = {value: Members(value.__eq__) for value in values}

        def run(frame: Frame) -> Column:
            planes: dict[str, Bools] = {}
            reachable = np.ones(frame.rows, dtype=np.bool_)
            settled = True
            for value, guard in zip(values, guards, strict=True):
                if guard is None:
                    planes[value] = reachable
                    break
                column = cast(Truth, guard.on(frame))
                planes[value] = reachable & ~column.surely_no
                reachable = reachable & ~column.yes
                settled = settled and column.no is None
            given = frame.column(name, True) if not definition.per else None
            if given is not None:
                assert isinstance(given, Codes)
                is_given = given.codes >= 0
                for value in values:
                    planes[value] = np.where(is_given, given_as[value].of(given), planes[value])
            return Possible(planes, settled)

        record = definition.per

        def lack(noter: LackNoter, frame: Frame, active: Bools) -> None:
            waiting = active
            for guard in guards:
                if guard is None:
                    break
                column = cast(Truth, guard.on(frame))
                noter.note(guard, frame, waiting & ~column.yes & ~column.surely_no)
                waiting = waiting & ~column.yes

        key = _Key("class", (name,))
        return self._made(key, lambda place: Operation(place, record, run, reads_block=True, lacks=lack))

    # Truth

    def _not(self, node: Not) -> Operation:
        of = self.operation(node.of)

        def run(frame: Frame) -> Column:
            column = cast(Truth, of.on(frame))
            return Truth(column.surely_no, None if column.no is None else column.yes)

        return self._of("not", (of,), (), run)

    def _and(self, node: And) -> Operation:
        parts = tuple(self.operation(each) for each in node.of)

        def run(frame: Frame) -> Column:
            columns = [cast(Truth, each.on(frame)) for each in parts]
            yes = np.logical_and(columns[0].yes, columns[1].yes)
            for each in columns[2:]:
                np.logical_and(yes, each.yes, out=yes)
            if all(each.no is None for each in columns):
                return Truth(yes, None)
            no = columns[0].surely_no | columns[1].surely_no
            for each in columns[2:]:
                np.logical_or(no, each.surely_no, out=no)
            return Truth(yes, no)

        return self._of("and", parts, (), run)

    def _or(self, node: Or) -> Operation:
        parts = tuple(self.operation(each) for each in node.of)

        def run(frame: Frame) -> Column:
            columns = [cast(Truth, each.on(frame)) for each in parts]
            yes = np.logical_or(columns[0].yes, columns[1].yes)
            for each in columns[2:]:
                np.logical_or(yes, each.yes, out=yes)
            if all(each.no is None for each in columns):
                return Truth(yes, None)
            no = columns[0].surely_no & columns[1].surely_no
            for each in columns[2:]:
                np.logical_and(no, each.surely_no, out=no)
            return Truth(yes, no)

        return self._of("or", parts, (), run)

    def _compare(self, node: Compare) -> Operation:
        left, right = self.operation(node.left), self.operation(node.right)
        run, wide = numbers.comparison(node.operator, left, right)
        made = self._of("compare", (left, right), (node.operator,), run)
        made.wide = wide
        return made

    def _inchoices(self, node: InChoices) -> Operation:
        of, wanted = self.operation(node.of), frozenset(node.values)
        members = Members(wanted.__contains__)

        def run(frame: Frame) -> Column:
            column = of.on(frame)
            if isinstance(column, Codes):
                return members.truth(column)
            assert isinstance(column, Possible)
            empty = np.zeros(frame.rows, dtype=np.bool_)
            inside, outside = empty, empty
            for value, plane in column.planes.items():
                if value in wanted:
                    inside = inside | plane
                else:
                    outside = outside | plane
            if column.settled:
                return Truth(inside, None)
            return Truth(~outside, ~inside)

        return self._of("choices", (of,), (node.values,), run)

    def _inindustries(self, node: InIndustries) -> Operation:
        return self._code_member(node.of, node.members, _industry_member, "industries")

    def _inregions(self, node: InRegions) -> Operation:
        return self._code_member(node.of, node.codes, _region_member, "regions")

    def _code_member(
        self,
        of_node: Typed,
        members: tuple[str, ...],
        answer: Callable[[str, tuple[str, ...]], bool | None],
        kind: str,
    ) -> Operation:
        of = self.operation(of_node)
        tested = Members(lambda word: answer(word, members))

        def run(frame: Frame) -> Column:
            column = of.on(frame)
            assert isinstance(column, Codes)
            return tested.truth(column)

        def lack(noter: LackNoter, frame: Frame, active: Bools) -> None:
            assert of.lacks is not None
            of.lacks(noter, frame, active)

        return self._of(kind, (of,), (members,), run, lack)

    def _if(self, node: If) -> Operation:
        condition = self.operation(node.condition)
        then, otherwise = self.operation(node.then), self.operation(node.otherwise)
        parts = (condition, then, otherwise)

        def lack(noter: LackNoter, frame: Frame, active: Bools) -> None:
            chosen = cast(Truth, condition.on(frame))
            noter.note(condition, frame, active & ~chosen.yes & ~chosen.surely_no)
            noter.note(then, frame, active & ~chosen.surely_no)
            noter.note(otherwise, frame, active & ~chosen.yes)

        if node.type.kind is Kind.TRUTH:

            def run(frame: Frame) -> Column:
                c, a, b = (cast(Truth, each.on(frame)) for each in parts)
                yes = (c.yes & a.yes) | (c.surely_no & b.yes) | (a.yes & b.yes)
                if c.no is None and a.no is None and b.no is None:
                    return Truth(yes, None)
                both = a.surely_no & b.surely_no
                return Truth(yes, (c.yes & a.surely_no) | (c.surely_no & b.surely_no) | both)

            return self._of("if", parts, (), run, lack)
        made = self._of("if", parts, (), numbers.choice(condition, then, otherwise), lack)
        numbers.bound_choice(made, then, otherwise)
        return made

    # Numbers

    def _arithmetic(self, node: Arithmetic) -> Operation:
        left, right = self.operation(node.left), self.operation(node.right)
        made = self._of(
            "arithmetic", (left, right), (node.operator,), numbers.arithmetic(node.operator, left, right)
        )
        numbers.bound_arithmetic(made, node.operator, left, right)
        return made

    def _least(self, node: Least) -> Operation:
        return self._extreme(node.of, "<")

    def _greatest(self, node: Greatest) -> Operation:
        return self._extreme(node.of, ">")

    def _extreme(self, of: tuple[Typed, ...], better: str) -> Operation:
        made = self.operation(of[0])
        for each in of[1:]:
            left, right = made, self.operation(each)
            made = self._of("extreme", (left, right), (better,), numbers.extreme(better, left, right))
            numbers.bound_extreme(made, better, left, right)
        return made

    def _whole(self, node: Whole) -> Operation:
        of = self.operation(node.of)
        scale = node.type.unit.scale if node.type.unit else 1
        made = self._of("whole", (of,), (node.up, scale), numbers.whole(of, node.up, scale))
        numbers.bound_whole(made, of, scale)
        return made

    def _calendar(self, node: Calendar) -> Operation:
        parts = tuple(self.operation(each) for each in node.of)
        made = self._of("calendar", parts, (node.function,), numbers.of_calendar(node.function, parts))
        numbers.bound_calendar(made, node.function)
        return made

    # Records

    def _over(self, node: Over) -> Operation:
        condition = self.operation(node.condition) if node.condition is not None else None
        amount = self.operation(node.amount) if node.amount is not None else None
        record, function = node.record, node.function
        parts = tuple(each for each in (condition, amount) if each is not None)
        run = numbers.over_records(function, record, self.list_known(record), condition, amount)
        missing = MissingFact(SUBJECT, record)

        def lack(noter: LackNoter, frame: Frame, active: Bools) -> None:
            top = frame.subjects
            if frame is not top:
                noter.through(made, frame, active)
                return
            known = self.list_known(record)(top)
            noter.fact(missing, frame, active & ~known)
            rows = top.records.get(record)
            if rows is None or not rows.rows:
                return
            assert rows.index is not None
            of_rows = (active & known)[rows.index]
            for part in parts:
                if part is condition:
                    column = cast(Truth, part.on(rows))
                    noter.note(part, rows, of_rows & ~column.yes & ~column.surely_no)
                else:
                    held = (
                        of_rows if condition is None else of_rows & ~cast(Truth, condition.on(rows)).surely_no
                    )
                    noter.note(part, rows, held)

        key = _Key(
            "over",
            (function, record, *(None if each is None else each.place for each in (condition, amount))),
        )
        made = self._made(key, lambda place: Operation(place, "", run, reads_block=True, lacks=lack))
        numbers.bound_over(made, function, amount, MOST_RECORDS)
        return made

    def list_known(self, record: str) -> Callable[[Frame], Bools]:
        """Return which subjects' list of a record kind stands there and is complete."""
        name = f"has.{self.facts.records[record].list_name}"

        def run(frame: Frame) -> Bools:
            column = frame.column(name, False)
            if column is None:
                return np.zeros(frame.rows, dtype=np.bool_)
            assert isinstance(column, Truth)
            return column.yes

        return run


def bounds_of(fact: Fact) -> tuple[int, int]:
    """Return the least and greatest number that a fact's column may hold; nought for what holds no numbers."""
    if fact.type.kind is Kind.DATE:
        return calendar.days_of(datetime.date(1900, 1, 1)), calendar.days_of(datetime.date(2100, 1, 1))
    if fact.unit is None:
        return 0, 0
    money = fact.unit.power("yuan") == 1
    return int(fact.positive), fact.most * (100 if money else 10**fact.decimals)


def _unknown(kind: Kind, rows: int) -> Column:
    nothing = np.zeros(rows, dtype=np.bool_)
    if kind is Kind.TRUTH:
        return Truth(nothing, nothing)
    if kind in (Kind.NUMBER, Kind.DATE):
        return Number(np.zeros(rows, dtype=np.int64), nothing)
    return Codes(np.full(rows, -1, dtype=np.int8), _NO_WORDS, nothing)


def _lacks_fact(missing: MissingFact) -> Lack:
    def lack(noter: LackNoter, frame: Frame, active: Bools) -> None:
        noter.fact(missing, frame, active)

    return lack


def _each_lacks(parts: tuple[Operation, ...]) -> Lack:
    def lack(noter: LackNoter, frame: Frame, active: Bools) -> None:
        for part in parts:
            noter.note(part, frame, active)

    return lack


@lru_cache(maxsize=65_536)
def _industry_member(code: str, members: tuple[str, ...]) -> bool | None:
    return member(code, members)


@lru_cache(maxsize=65_536)
def _region_member(code: str, areas: tuple[str, ...]) -> bool | None:
    answers = [is_within(code, area) for area in areas]
    if True in answers:
        return True
    return None if None in answers else False
