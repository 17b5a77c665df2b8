"""The facts that a measure still lacks for one subject, each at its place: which record of the list, which period."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.case import latest_period
from huiqi.rules.evaluate import Evaluator, Reading
from huiqi.rules.facts import SUBJECT, FactDictionary
from huiqi.rules.judge import Judge
from huiqi.rules.measure import Definition, Measure
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import FactKey, Situation
from huiqi.rules.typed import (
    Defined,
    FactOf,
    If,
    InIndustries,
    InRegions,
    Listed,
    Over,
    Typed,
    children,
    walk,
)

RECORDS = "records"
Seen = dict[tuple[str, int], "frozenset[Place]"]
"""What definitions wait for, by name and record (-1: of the subject), as long as no fact changes."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A fact at its place. `record` is "subject", a record's name with the `index` of the record in its list,
    "list" for membership of a dated list, or "records" for a whole list of records (`name` is the record's)."""

    record: str
    name: str
    period: str = ""
    index: int = -1

    @property
    def key(self) -> FactKey:
        """The key of the fact in the subject or record."""
        return (self.name, self.period) if self.period else self.name


@dataclass(frozen=True, slots=True)
class Part:
    """A condition of a measure compiled; `asked`: the subject may settle it, no office decides it."""

    node: Typed
    reading: Reading
    asked: bool


@dataclass(slots=True)
class Outline:
    """A measure laid out for being asked: its conditions on the subject, on the record, its amount, its caps."""

    measure: Measure
    shared: tuple[Part, ...]
    of_record: tuple[Part, ...]
    amount: Part | None
    caps: tuple[Part, ...]
    reads: frozenset[tuple[str, str]]
    """Record and name of every fact that it may read, definitions looked into."""
    reads_by_period: frozenset[tuple[str, str, str]]
    """The same with the period."""
    across: frozenset[str]
    """The records of which it reads all at once, as a count, a sum or whether there is one."""


@dataclass(slots=True)
class OpenFacts:
    """Finds what measures still lack. Holds nothing of a subject."""

    facts: FactDictionary
    judge: Judge
    in_definitions: frozenset[tuple[str, str]] = frozenset()
    """Record and name of every fact that a definition may read."""
    _outlines: dict[int, Outline] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        definitions = self.evaluator.definitions
        tests = [test for each in definitions.values() for test in tests_of(each)]
        self.in_definitions = frozenset(
            (record, name) for test in tests for record, name, _ in read_by(test, definitions)
        )

    @property
    def evaluator(self) -> Evaluator:
        """The reading that the judge uses."""
        return self.judge.evaluator

    def outline(self, measure: Measure) -> Outline:
        """Return the measure's outline."""
        found = self._outlines.get(id(measure))
        if found is None:
            found = self._outlines[id(measure)] = self._made(measure)
        return found

    def _made(self, measure: Measure) -> Outline:
        def part(node: Typed, asked: bool = True) -> Part:
            return Part(node, self.evaluator.reading(node), asked)

        conditions = [(part(each.test, not each.discretion), each.test) for each in measure.when]
        of_record = tuple(made for made, test in conditions if self.judge.reads_record(test))
        shared = tuple(made for made, test in conditions if not self.judge.reads_record(test))
        amount = part(measure.amount) if measure.amount is not None else None
        caps = tuple(part(each) for cap in measure.caps for each in (cap.amount, cap.by) if each is not None)
        everything = [*shared, *of_record, *caps, *([amount] if amount else [])]
        reads = {place for each in everything for place in read_by(each.node, self.evaluator.definitions)}
        reads |= {(measure.per, cap.whose, "") for cap in measure.caps if cap.whose}
        across = frozenset(name for record, name, _ in reads if record == RECORDS)
        reads |= {(RECORDS, measure.per, "")} if measure.per else set()
        plain = frozenset((record, name) for record, name, _ in reads)
        return Outline(measure, shared, of_record, amount, caps, plain, frozenset(reads), across)

    def open_shared(self, outline: Outline, s: Situation) -> list[Part] | None:
        """Return the open conditions on the subject that it may settle; None where one of them fails."""
        found: list[Part] = []
        for part in outline.shared:
            value = part.reading(s)
            if value is False:
                return None
            if value is None and part.asked:
                found.append(part)
        return found

    def waiting(self, outline: Outline, s: Situation, shared: Sequence[Part]) -> list[Part]:
        """Return the parts that the subject may settle and that are open for the record in scope, with those shared;
        none where the measure is settled there as far as the subject can settle it."""
        found = list(shared)
        for part in outline.of_record:
            value = part.reading(s)
            if value is False:
                return []
            if value is None and part.asked:
                found.append(part)
        if not found and outline.amount is not None:
            found = [each for each in (outline.amount, *outline.caps) if each.reading(s) is None]
        return found

    def missing(self, outline: Outline, s: Situation, seen: Seen | None = None) -> frozenset[Place]:
        """Return the facts that the subject may settle and that keep the measure, or its amount, open."""
        seen = {} if seen is None else seen
        shared = self.open_shared(outline, s)
        if shared is None:
            return frozenset()
        found: set[Place] = set()
        per = outline.measure.per
        rows = s.records.get(per) if per else ({},)
        if rows is None:
            return self.lacking(shared, s, -1, seen) | {Place(RECORDS, per)}
        for index, row in enumerate(rows):
            s.record = row
            found |= self.lacking(self.waiting(outline, s, shared), s, index, seen)
            s.record = {}
        return frozenset(found) or self.missing_for_caps(outline, s)

    def lacking(self, parts: Iterable[Part], s: Situation, index: int, seen: Seen) -> frozenset[Place]:
        """Return the facts that open parts wait for, with the record of that index in scope."""
        found: set[Place] = set()
        for part in parts:
            self._collect(part.node, s, index, seen, found)
        return frozenset(found)

    def missing_for_caps(self, outline: Outline, s: Situation) -> frozenset[Place]:
        """Return what a cap waits for beyond figures, where nothing else is missing: whose a record is."""
        found: set[Place] = set()
        if not outline.measure.caps:
            return frozenset()
        judgement = self.judge.judge(outline.measure, s)
        for need in judgement.needs:
            if need.record in (SUBJECT, LISTS):
                continue
            for claim in judgement.claims:
                if claim.index is not None and claim.amount is not None and claim.row.get(need.name) is None:
                    found.add(Place(need.record, need.name, need.period, claim.index))
        return frozenset(found)

    def place_of(self, node: FactOf, s: Situation, index: int) -> Place:
        """Return where a fact stands; the plain value of a fact by period is that of the last period."""
        fact = self.facts.fact(node.record, node.name)
        period = node.period
        if not period and fact is not None and fact.period:
            period = latest_period(fact.period, s.as_of)
        return Place(node.record, node.name, period, -1 if node.record == SUBJECT else index)

    def _collect(self, node: Typed, s: Situation, index: int, seen: Seen, found: set[Place]) -> None:
        """Add the unknown facts that keep a node unknown; nothing where it is settled."""
        value = self.evaluator.reading(node)(s)
        if value is not None and not isinstance(value, frozenset):
            return
        if isinstance(node, FactOf):
            found.add(self.place_of(node, s, index))
        elif isinstance(node, Defined):
            definition = self.evaluator.definitions[node.name]
            key = (node.name, index if definition.per else -1)
            if key not in seen:
                of_definition: set[Place] = set()
                self._collect_of_definition(definition, s, index, seen, of_definition)
                seen[key] = frozenset(of_definition)
            found |= seen[key]
        elif isinstance(node, Listed):
            found.add(Place(LISTS, node.list_id))
        elif isinstance(node, If):
            chosen = self.evaluator.reading(node.condition)(s)
            if chosen is None:
                self._collect(node.condition, s, index, seen, found)
            if chosen is not False:
                self._collect(node.then, s, index, seen, found)
            if chosen is not True:
                self._collect(node.otherwise, s, index, seen, found)
        elif isinstance(node, Over):
            self._collect_over(node, s, seen, found)
        elif isinstance(node, (InIndustries, InRegions)) and isinstance(node.of, FactOf):
            found.add(self.place_of(node.of, s, index))  # not known, or not deep enough to answer
        else:
            for child in children(node):
                self._collect(child, s, index, seen, found)

    def _collect_of_definition(
        self, definition: Definition, s: Situation, index: int, seen: Seen, found: set[Place]
    ) -> None:
        if definition.test is not None:
            self._collect(definition.test, s, index, seen, found)
        for case in definition.cases:
            if case.test is None:
                continue
            holds = self.evaluator.reading(case.test)(s)
            if holds is True:
                return
            if holds is None:
                self._collect(case.test, s, index, seen, found)

    def _collect_over(self, node: Over, s: Situation, seen: Seen, found: set[Place]) -> None:
        rows = s.records.get(node.record)
        if rows is None:
            found.add(Place(RECORDS, node.record))
            return
        outer = s.record
        try:
            for index, row in enumerate(rows):
                s.record = row
                holds = True if node.condition is None else self.evaluator.reading(node.condition)(s)
                if holds is None and node.condition is not None:
                    self._collect(node.condition, s, index, seen, found)
                if holds is not False and node.amount is not None:
                    self._collect(node.amount, s, index, seen, found)
        finally:
            s.record = outer


def copied(situation: Situation) -> Situation:
    """Return a situation of its own, so that changing it leaves the one given as it was."""
    return Situation(
        situation.as_of,
        situation.kind,
        dict(situation.subject),
        {name: tuple(dict(row) for row in rows) for name, rows in situation.records.items()},
        dict(situation.lists),
        dict(situation.given),
        dict(situation.origins),
    )


def read_by(
    node: Typed, definitions: Mapping[str, Definition], seen: frozenset[str] = frozenset()
) -> Iterator[tuple[str, str, str]]:
    """Yield record, name and period of every fact that a node may read, looking into definitions."""
    for each in walk(node):
        if isinstance(each, FactOf):
            yield (each.record, each.name, each.period)
        elif isinstance(each, Listed):
            yield (LISTS, each.list_id, "")
        elif isinstance(each, Over):
            yield (RECORDS, each.record, "")
        elif isinstance(each, Defined) and each.name not in seen:
            for test in tests_of(definitions[each.name]):
                yield from read_by(test, definitions, seen | {each.name})


def roots_of(measure: Measure) -> Iterator[Typed]:
    """Yield the conditions, the amount and the caps of a measure."""
    yield from (each.test for each in measure.when)
    if measure.amount is not None:
        yield measure.amount
    yield from (each for cap in measure.caps for each in (cap.amount, cap.by) if each is not None)


def read_places(library: PolicyLibrary) -> frozenset[tuple[str, str, str]]:
    """Return record, name and period of every fact that some measure reads."""
    return frozenset(
        place
        for measure in library.measures
        for root in roots_of(measure)
        for place in read_by(root, library.definitions)
    )


def tests_of(definition: Definition) -> Iterator[Typed]:
    """Yield the tests of a definition."""
    if definition.test is not None:
        yield definition.test
    for case in definition.cases:
        if case.test is not None:
            yield case.test


def plain_periods(place: Place, facts: FactDictionary, as_of: datetime.date) -> tuple[FactKey, ...]:
    """Return the keys under which a value at the place is known: by its period, and plainly if that is the last."""
    fact = facts.fact(place.record, place.name)
    if place.period and fact is not None and latest_period(fact.period, as_of) == place.period:
        return (place.key, place.name)
    return (place.key,)
