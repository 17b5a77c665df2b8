"""What to ask a firm next: the fact that settles most measures, and most money, for the least burden.

A fact is asked only if a measure in force there waits for it, so that no question is asked which cannot change the
answer; what an office decides is not asked of the firm. The value of a question is worked out by answering it, in
thought, once for each way in which rules read the fact, and judging again the measures that wait for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.case import latest_period
from huiqi.rules.facts import KNOWN_BY, SUBJECT, Fact, FactDictionary, RecordKind
from huiqi.rules.measure import Measure
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import FactKey, Record, Situation, Value
from huiqi.rules.types import Kind
from huiqi.screening.branch_values import BranchValues
from huiqi.screening.open_facts import RECORDS, OpenFacts, Place, Seen, copied, plain_periods
from huiqi.screening.open_measure import OpenMeasure

Answer = Value | tuple[Record, ...]
"""A value; a yes or no for membership of a list; for a whole list of records, its records (none: an empty tuple)."""

OTHERS = ("bank", "guarantor", "landlord", "office", "firm")
REGISTERS = tuple(each for each in KNOWN_BY if each not in OTHERS)
"""Who keeps registers that an office can look into without asking the firm."""
_EFFORT = {Kind.TRUTH: 2, Kind.CHOICE: 2, Kind.REGION: 2}
_USUAL_EFFORT = 3
_REACH = {"firm": 3, **dict.fromkeys(REGISTERS, 2)}
"""How far off a fact is for the firm: what registers know is looked up, what others know must be found out."""
_FAR = 4
_GAIN = 1_000_000
_REGION = Place(SUBJECT, "region")


@dataclass(frozen=True, slots=True)
class Settling:
    """What a question decides of one measure: the answers (shown) that alone settle it, and its money if known."""

    measure: Measure
    settled_by: tuple[Value | bool, ...]
    amount: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """The next thing to ask, why, and of what burden (small is light)."""

    place: Place
    fact: Fact | None
    """The fact, None for a whole list of records or the membership of a dated list."""
    record: RecordKind | None
    known_by: str
    burden: int
    score: int
    decides: tuple[Settling, ...]

    @property
    def settles_at_best(self) -> tuple[int, Value | bool | None]:
        """How many measures the best single answer settles, and that answer (for a list: False is none)."""
        counts: dict[Value | bool, int] = {}
        for each in self.decides:
            for value in each.settled_by:
                counts[value] = counts.get(value, 0) + 1
        best = max(counts, key=lambda value: counts[value], default=None)
        return (counts[best], best) if best is not None else (0, None)


@dataclass(slots=True)
class _Step:
    """What was done, with what stood there before."""

    place: Place
    before: dict[FactKey, Value | None] = field(default_factory=dict)
    rows: tuple[Record, ...] | None = None
    answered: bool = True


class Interviewer:
    """Interviews over one library. Holds what is the same for all firms; safe to keep as long as the library."""

    def __init__(self, library: PolicyLibrary) -> None:
        self.library = library
        self.open_facts = OpenFacts(library.facts, library.judge)
        self.values = BranchValues(library)

    def begin(self, situation: Situation, ask: Collection[str] = tuple(KNOWN_BY)) -> Interview:
        """Return an interview that goes on from what is known; the situation given stays as it is.

        `ask` tells whose facts (a `known_by`) may be put to the firm; what only others know stays open.
        """
        return Interview(self, situation, frozenset(ask))


class Interview:
    """One firm being asked. `situation` holds what is known by now."""

    def __init__(self, interviewer: Interviewer, situation: Situation, ask: frozenset[str]) -> None:
        self.library = interviewer.library
        self.open_facts = interviewer.open_facts
        self.values = interviewer.values
        self.ask = ask
        self.situation = copied(situation)
        self.declined: set[Place] = set()
        self.steps: list[_Step] = []
        self._answered: set[Place] = set()
        self._items: list[OpenMeasure] = []
        self._seen: Seen = {}
        self._gains: dict[tuple[Place, str], tuple[int, int, Settling]] = {}
        self._begin()

    # What there is to ask

    @property
    def asked(self) -> int:
        """How many questions were answered or declined."""
        return len(self.steps)

    def askable(self, place: Place) -> bool:
        """Tell whether a fact may be put to this firm: it is one to ask, not asked before, and of its kind."""
        if place in self.declined or place in self._answered or self.known_by(place) not in self.ask:
            return False
        return self._of_this_kind(place)

    def known_by(self, place: Place) -> str:
        """Return who knows a fact."""
        return known_by(place, self.library.facts)

    def next(self) -> Question | None:
        """Return the question to ask now, None where nothing that the firm may be asked can change the answer."""
        if self._hinges_on_region() and self.askable(_REGION):
            measures = tuple(Settling(each.measure, (), None) for each in self._items)
            return self._question(_REGION, measures, 0)
        candidates = self._candidates()
        if not candidates:
            return None
        best: tuple[int, int, Place] | None = None
        for place, items in candidates.items():
            burden = self.burden(place)
            score = self._gain(place, items) * _GAIN // burden
            key = (-score, burden, place)
            if best is None or key < best:
                best = key
        assert best is not None
        place = best[2]
        decides = tuple(self._gains[(place, item.name)][2] for item in candidates[place])
        decides = tuple(sorted(decides, key=lambda each: (-len(each.settled_by), each.measure.id)))
        return self._question(place, decides, -best[0])

    def open(self) -> list[Measure]:
        """Return the measures that still wait for a fact, whoever knows it, apart from what offices decide."""
        return [item.measure for item in self._items if item.missing]

    def waits_for(self, measure: Measure) -> frozenset[Place]:
        """Return the facts that the measure waits for, apart from what offices decide."""
        found = next((item for item in self._items if item.measure is measure), None)
        if found is None:
            return frozenset()
        return self.open_facts.missing(found.outline, self.situation, self._seen)

    def at_stake(self, measure: Measure) -> int | None:
        """Return the money of an open measure (fen) where its rule's amount can be worked out already."""
        return next((item.amount for item in self._items if item.measure is measure), None)

    def readable(self) -> frozenset[Place]:
        """Return every fact that the measures in force there may read of this firm and that may be put to it or,
        where only an office decides with it, to the office; facts of records for each record there is."""
        s = self.situation
        places: set[Place] = set()
        for item in self._items:
            for record, name, period in item.outline.reads_by_period:
                fact = self.library.facts.fact(record, name)
                by_period = fact.period if fact is not None else ""
                of = period or (latest_period(by_period, s.as_of) if by_period else "")
                if record in (SUBJECT, LISTS, RECORDS):
                    places.add(Place(record, name, of))
                else:
                    places.update(Place(record, name, of, n) for n in range(len(s.records.get(record, ()))))
        return frozenset(
            each for each in places if self.known_by(each) in self.ask and self._of_this_kind(each)
        )

    def _of_this_kind(self, place: Place) -> bool:
        fact = self.library.facts.fact(place.record, place.name)
        return fact is None or not fact.subjects or self.situation.kind in fact.subjects

    def burden(self, place: Place) -> int:
        """Return how heavy a question is: 4 for a yes or no that a register knows, 12 for a figure that others know."""
        fact = self.library.facts.fact(place.record, place.name)
        effort = _EFFORT.get(fact.type.kind, _USUAL_EFFORT) if fact is not None else _EFFORT[Kind.TRUTH]
        return effort * _REACH.get(self.known_by(place), _FAR)

    # What is answered

    def answer(self, place: Place, value: Answer) -> None:
        """Take an answer; only measures that read the fact are judged again."""
        s = self.situation
        step = _Step(place)
        if place.record == RECORDS:
            assert isinstance(value, tuple)
            step.rows = s.records.get(place.name)
            self._put_rows(place.name, tuple(dict(row) for row in value))
        else:
            assert not isinstance(value, tuple)
            row = self._row(place)
            for key in self._keys(place):
                step.before[key] = row.get(key)
                row[key] = value
        self.steps.append(step)
        self._answered.add(place)
        self._changed(place, undone=False)

    def decline(self, place: Place) -> None:
        """Take it that the firm does not know, or does not want to say; it is not asked again."""
        self.declined.add(place)
        self.steps.append(_Step(place, answered=False))
        if place == _REGION:
            self._begin()
        else:
            self._judge_waiting(place)

    def undo(self) -> Place | None:
        """Take back the last answer; return what it was about, None where nothing was answered."""
        if not self.steps:
            return None
        step = self.steps.pop()
        place = step.place
        if not step.answered:
            self.declined.discard(place)
            if place == _REGION:
                self._begin()
            else:
                self._judge_reading(place)
            return place
        self._answered.discard(place)
        if place.record == RECORDS:
            self._put_rows(place.name, step.rows)
        else:
            _restore(self._row(place), step.before)
        self._changed(place, undone=True)
        return place

    # How it is worked out

    def _begin(self) -> None:
        s = self.situation
        self._gains.clear()
        self._forget_worked_out()
        self._items = []
        for variants in self.library.applying(s.region, s.as_of):
            _, perhaps_none = self.library.possible(variants[0].id, s.region, s.as_of)
            certain = len(variants) == 1 and not perhaps_none
            if not certain and not self.askable(_REGION):
                continue  # it stays undetermined, whatever else the firm says
            for measure in variants:
                if s.kind in measure.subject and measure.in_force.holds(s.as_of):
                    item = OpenMeasure(self.open_facts.outline(measure), self.open_facts)
                    item.judge(s, self.askable, self._seen)
                    self._items.append(item)

    def _hinges_on_region(self) -> bool:
        s = self.situation
        for variants in self.library.applying(s.region, s.as_of):
            _, perhaps_none = self.library.possible(variants[0].id, s.region, s.as_of)
            if len(variants) > 1 or perhaps_none:
                return True
        return False

    def _forget_worked_out(self) -> None:
        self.situation.memo.clear()
        self._seen.clear()

    def _changed(self, place: Place, undone: bool) -> None:
        """Judge again what reads a fact that is now known, or known no more; a new list may be either."""
        if place == _REGION:
            self._begin()
            return
        self._forget_worked_out()
        for item in self._items:
            if (undone or place.record == RECORDS) and item.reads(place):
                item.forget()
        self._judge_reading(place)

    def _judge_reading(self, place: Place) -> None:
        for item in self._items:
            if item.reads(place):
                item.judge(self.situation, self.askable, self._seen)

    def _judge_waiting(self, place: Place) -> None:
        """Look further in what waits for a fact that is not to be had."""
        for item in self._items:
            if place in item.missing:
                item.judge(self.situation, self.askable, self._seen)

    def _candidates(self) -> dict[Place, list[OpenMeasure]]:
        """Return what may be asked now with the measures that wait for it: of a list, its first open record."""
        waiting: dict[Place, list[OpenMeasure]] = {}
        for item in self._items:
            for place in item.missing:
                if self.askable(place):
                    waiting.setdefault(place, []).append(item)
        first: dict[str, int] = {}
        for place in waiting:
            if place.index >= 0:
                first[place.record] = min(place.index, first.get(place.record, place.index))
        return {
            place: items
            for place, items in waiting.items()
            if place.index < 0 or place.index == first[place.record]
        }

    def _gain(self, place: Place, items: Iterable[OpenMeasure]) -> int:
        """Return how much the answers settle on average, in hundredths of a measure times its weight."""
        stale = [each for each in items if self._gains.get((place, each.name), (-1,))[0] != each.version]
        if stale:
            self._probe(place, stale)
        return sum(self._gains[(place, each.name)][1] for each in items)

    def _probe(self, place: Place, items: list[OpenMeasure]) -> None:
        s = self.situation
        progress = dict.fromkeys(range(len(items)), 0)
        settled: dict[int, list[Value | bool]] = {n: [] for n in range(len(items))}
        weights = 0
        for value, weight in self._with_each_value(place):
            weights += weight
            for n, item in enumerate(items):
                left = item.left_open(s, place)
                if not left:
                    settled[n].append(value)
                    progress[n] += 100 * weight
                elif left < item.openness:
                    progress[n] += 30 * weight * (item.openness - left) // item.openness
        for n, item in enumerate(items):
            gain = progress[n] * item.weight // weights if weights else item.weight
            known = Settling(item.measure, tuple(settled[n]), item.amount)
            self._gains[(place, item.name)] = (item.version, gain, known)

    def _with_each_value(self, place: Place) -> Iterator[tuple[Value | bool, int]]:
        """Yield each branch value while the situation holds it; for a whole list, none (False) and one record."""
        s = self.situation
        if place.record == RECORDS:
            before = s.records.get(place.name)
            for some in (False, True):
                self._put_rows(place.name, ({},) if some else ())
                s.memo.clear()
                yield some, 1
            self._put_rows(place.name, before)
            s.memo.clear()
            return
        row, keys = self._row(place), self._keys(place)
        values = self.values.at(place, s)
        before_values = {key: row.get(key) for key in keys}
        in_definitions = (place.record, place.name) in self.open_facts.in_definitions
        for value, weight in values:
            row.update(dict.fromkeys(keys, value))
            if in_definitions:
                s.memo.clear()
            yield value, weight
        _restore(row, before_values)
        if in_definitions:
            s.memo.clear()

    def _keys(self, place: Place) -> tuple[FactKey, ...]:
        return plain_periods(place, self.library.facts, self.situation.as_of)

    def _row(self, place: Place) -> dict[FactKey, Value]:
        s = self.situation
        if place.record == LISTS:
            assert isinstance(s.lists, dict)
            return s.lists
        return s.subject if place.record == SUBJECT else s.records[place.record][place.index]

    def _put_rows(self, name: str, rows: tuple[Record, ...] | None) -> None:
        records = dict(self.situation.records)
        if rows is None:
            records.pop(name, None)
        else:
            records[name] = rows
        self.situation.records = records

    def _question(self, place: Place, decides: tuple[Settling, ...], score: int) -> Question:
        facts = self.library.facts
        fact = facts.fact(place.record, place.name) if place.record not in (LISTS, RECORDS) else None
        record = facts.records.get(place.name if place.record == RECORDS else place.record)
        return Question(place, fact, record, self.known_by(place), self.burden(place), score, decides)


def known_by(place: Place, facts: FactDictionary) -> str:
    """Return who knows a fact: for a whole list, who knows its first fact; for a dated list, an office."""
    if place.record == LISTS:
        return "office"
    if place.record == RECORDS:
        of_record = facts.records[place.name].facts.values()
        return next((each.known_by for each in of_record if each.type.kind is not Kind.TEXT), "firm")
    fact = facts.fact(place.record, place.name)
    return fact.known_by if fact is not None else "firm"


def _restore(row: dict[FactKey, Value], before: Mapping[FactKey, Value | None]) -> None:
    for key, value in before.items():
        if value is None:
            row.pop(key, None)
        else:
            row[key] = value
