"""For a measure that is not granted: the smallest changes of facts that would grant it, and who could make them.

Worked out over the rule's own form: of conditions that must all hold, each failing one is mended; of alternatives,
each is tried alone; a comparison is mended by the nearest value that passes. Every set found is applied and judged
again, and no part of it can be left out.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations, product

from huiqi.policies.check.domains import step_of
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.evaluate import CALENDAR
from huiqi.rules.facts import SUBJECT, Fact
from huiqi.rules.judge import Claim, Judgement
from huiqi.rules.measure import NEVER, Measure
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import FactKey, Record, Situation, Value
from huiqi.rules.typed import (
    And,
    AsOf,
    Compare,
    Defined,
    Exact,
    FactOf,
    If,
    InIndustries,
    InRegions,
    Listed,
    Named,
    Not,
    Or,
    Over,
    Typed,
    children,
    exact,
)
from huiqi.rules.types import Kind
from huiqi.rules.units import DAY as DAYS
from huiqi.rules.units import MONTH, YEAR
from huiqi.rules.verdicts import BEST_FIRST, ELIGIBLE, LIKELY
from huiqi.screening.open_facts import RECORDS, Place, copied, plain_periods, read_by, tests_of

DAY = datetime.timedelta(days=1)
TODAY = "as_of"
DEFINITION = "definition"
MOST_WAYS = 5
MOST_CHANGES = 4
MOST_MONTHS = 60
_MOST_SETS = 12
_MOST_VALUES = 5
_MOST_PLACES = 5
_MOST_COPIES = 20
_MOST_ROWS = 3
_MOST_DAYS = 36_525
_BY = ("firm", "time", "never")

_Put = Value | tuple[Record, ...]
_Set = dict[Place, _Put]


@dataclass(frozen=True, slots=True)
class Change:
    """One fact changed. `place.record` may also be "as_of" (the day itself) or "definition" (a class that the case
    gives). For a whole list `before` and `after` are the numbers of its records."""

    place: Place
    before: Value | None
    after: Value
    by: str
    """firm: the firm can do it; time: it comes by itself; never: it cannot change."""


@dataclass(frozen=True, slots=True)
class Way:
    """One smallest set of changes. Money is fen."""

    changes: tuple[Change, ...]
    by: str
    """never if one of the changes cannot be, time if one must be waited for, else firm."""
    day: datetime.date | None
    """The day on which time brings it, where that is known."""
    verdict: str
    amount: int | None
    """What the measure would bring more, None where no figure can be told."""
    last_day: datetime.date | None
    """The last day on which it would still be granted, None where no end is set."""


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A measure not granted, or its record that fails (`index`), with the ways to it, the easiest first."""

    measure: Measure
    index: int | None
    ways: tuple[Way, ...]


@dataclass(slots=True)
class _Read:
    """What a node reads: facts in scope, the comparisons with them, lists it counts, whether it reads the day."""

    places: tuple[Place, ...]
    comparisons: tuple[tuple[tuple[str, str], Typed], ...]
    lists: tuple[Over, ...]
    codes: tuple[str, ...]
    given: tuple[str, ...]
    today: bool


class NearMisses:
    """Finds near misses over one library; holds nothing of a subject."""

    def __init__(self, library: PolicyLibrary) -> None:
        self.library = library
        self.judge = library.judge
        self.evaluator = library.evaluator
        self._reads: dict[int, _Read] = {}
        self._inside: dict[int, tuple[Place, ...]] = {}

    def of(self, situation: Situation) -> tuple[NearMiss, ...]:
        """Return the near misses of a subject over all measures of its county, in force or about to begin."""
        s = copied(situation)
        found: list[NearMiss] = []
        for measure_id in sorted(self.library.by_id):
            variants, perhaps_none = self.library.possible(measure_id, s.region, s.as_of)
            if len(variants) == 1 and not perhaps_none:
                found.extend(self._of(variants[0], s))
        return tuple(found)

    def of_measure(self, measure: Measure, situation: Situation) -> tuple[NearMiss, ...]:
        """Return the near misses of one measure: one for each record that fails, or one for the subject."""
        return tuple(self._of(measure, copied(situation)))

    def _of(self, measure: Measure, s: Situation) -> Iterator[NearMiss]:
        if s.kind not in measure.subject or measure.in_force.to <= s.as_of:
            return
        search = _Search(self, measure, s)
        if not measure.per:
            if search.fails(None):
                yield NearMiss(measure, None, search.ways(None))
            return
        rows = s.records.get(measure.per)
        if rows is None:
            return
        if not rows:
            yield NearMiss(measure, None, search.ways_of_new_record())
        for index in range(len(rows)):
            if search.fails(index):
                yield NearMiss(measure, index, search.ways(index))

    def inside(self, over: Over) -> tuple[Place, ...]:
        """Return the facts of its records that a count or total reads."""
        found = self._inside.get(id(over))
        if found is None:
            parts = [each for each in (over.condition, over.amount) if each is not None]
            reads = (each for part in parts for each in read_by(part, self.library.definitions))
            found = tuple(dict.fromkeys(Place(*each) for each in reads if each[0] == over.record))
            self._inside[id(over)] = found
        return found

    def read(self, node: Typed, given: Mapping[str, Value]) -> _Read:
        """Return what a node reads, looking into definitions that the case does not give."""
        found = self._reads.get(id(node)) if not given else None
        if found is None:
            places: dict[Place, None] = {}
            comparisons: list[tuple[tuple[str, str], Typed]] = []
            lists: list[Over] = []
            codes: list[str] = []
            names: dict[str, None] = {}
            today = False
            waiting: list[Typed] = [node]
            seen: set[str] = set()
            while waiting:
                each = waiting.pop()
                if isinstance(each, FactOf):
                    places[Place(each.record, each.name, each.period)] = None
                elif isinstance(each, Listed):
                    places[Place(LISTS, each.list_id)] = None
                elif isinstance(each, AsOf):
                    today = True
                elif isinstance(each, Over):
                    lists.append(each)
                    today = today or _reads_today(each)
                elif isinstance(each, Defined):
                    if each.name in given:
                        names[each.name] = None
                    elif each.name not in seen:
                        seen.add(each.name)
                        waiting.extend(tests_of(self.library.definitions[each.name]))
                else:
                    if isinstance(each, Compare):
                        comparisons.extend(_compared(each))
                    elif isinstance(each, InIndustries):
                        codes.extend(each.members)
                    elif isinstance(each, InRegions):
                        codes.extend(each.codes)
                    waiting.extend(children(each))
            found = _Read(
                tuple(places),
                tuple(comparisons),
                tuple(lists),
                tuple(dict.fromkeys(codes)),
                tuple(names),
                today,
            )
            if not given:
                self._reads[id(node)] = found
        return found


class _Search:
    """The search over one measure and one subject."""

    def __init__(self, house: NearMisses, measure: Measure, s: Situation) -> None:
        self.house = house
        self.library = house.library
        self.evaluator = house.evaluator
        self.measure = measure
        self.s = s
        self.row: Record = {}
        self.index = -1
        self.given = s.given

    # What fails, what is granted

    def fails(self, index: int | None) -> bool:
        """Tell whether the measure is not granted on the record: a condition fails, or it has not begun."""
        self._stand_on(index)
        begun = self.measure.in_force.holds(self.s.as_of)
        return not begun or any(self._value(each.test) is False for each in self.measure.when)

    def ways(self, index: int | None) -> tuple[Way, ...]:
        """Return the smallest sets of changes for a record, the easiest first."""
        self._stand_on(index)
        with self._begun() as waited_from:
            failing = [each.test for each in self.measure.when if self._value(each.test) is False]
            sets = self._product([self._mends(test, True) for test in failing])
            return self._weighed(sets, index, waited_from)

    def ways_of_new_record(self) -> tuple[Way, ...]:
        """Return the ways for a subject without a record: to come by one, and to mend what fails beside it."""
        place = Place(RECORDS, self.measure.per)
        new: Record = {}
        with self._applied({place: (new,)}):
            self._stand_on(0)
            with self._begun() as waited_from:
                failing = [each.test for each in self.measure.when if self._value(each.test) is False]
                sets = self._product([self._mends(test, True) for test in failing])
                inner = self._weighed(sets, 0, waited_from)
        by = self.library.facts.records[place.name].changes
        change = Change(place, 0, 1, by)
        return tuple(
            replace(each, changes=(change, *each.changes), by=max(by, each.by, key=_BY.index))
            for each in inner
            if len(each.changes) < MOST_CHANGES
        )

    @contextmanager
    def _begun(self) -> Iterator[datetime.date | None]:
        """Stand on the measure's first day where it has not begun yet."""
        first = self.measure.in_force.first
        if self.s.as_of >= first:
            yield None
            return
        today, self.s.as_of = self.s.as_of, first
        self.s.memo.clear()
        try:
            yield today
        finally:
            self.s.as_of = today
            self.s.memo.clear()

    def _stand_on(self, index: int | None) -> None:
        self.index = -1 if index is None else index
        self.row = {} if index is None else self.s.records[self.measure.per][index]

    def _value(self, node: Typed) -> Value | None:
        self.s.record = self.row
        value: Value | None = self.evaluator.reading(node)(self.s)
        self.s.record = {}
        return value

    def _granted(self) -> bool:
        in_force = self.measure.in_force.holds(self.s.as_of)
        return in_force and all(self._value(each.test) is not False for each in self.measure.when)

    def _judgement(self) -> tuple[Claim | None, Judgement]:
        judgement = self.house.judge.judge(self.measure, self.s)
        place = max(self.index, 0)
        return (judgement.claims[place] if place < len(judgement.claims) else None), judgement

    # Sets of changes

    def _mends(self, node: Typed, wanted: bool) -> list[_Set]:
        """Return sets of changes after each of which the node comes out as wanted; an open node is left open."""
        if self._value(node) is not (not wanted):
            return [{}]
        match node:
            case Not():
                return self._mends(node.of, not wanted)
            case Named():
                return self._mends(node.body, wanted)
            case And() | Or() if isinstance(node, And) is wanted:
                return self._product([self._mends(each, wanted) for each in node.of])
            case And() | Or():
                return _least([found for each in node.of for found in self._mends(each, wanted)])
            case Defined() if node.name not in self.given:
                test = self.library.definitions[node.name].test
                return self._mends(test, wanted) if test is not None else self._mends_leaf(node, wanted)
            case If():
                chosen = self._value(node.condition)
                if isinstance(chosen, bool):
                    here, there = (node.then, node.otherwise) if chosen else (node.otherwise, node.then)
                    turned = self._product(
                        [self._mends(node.condition, not chosen), self._mends(there, wanted)]
                    )
                    return _least([*self._mends(here, wanted), *turned])
        return self._mends_leaf(node, wanted)

    def _product(self, parts: Sequence[list[_Set]]) -> list[_Set]:
        made: list[_Set] = [{}]
        for alternatives in parts:
            joined: list[_Set] = []
            for one, other in product(made, alternatives):
                joined.append({**one, **other})
                if any(one[place] != other[place] for place in one.keys() & other.keys()):
                    joined.append({**other, **one})
            made = _least(joined)
        return made

    def _mends_leaf(self, node: Typed, wanted: bool) -> list[_Set]:
        read = self.house.read(node, self.given)
        options: dict[Place, list[_Put]] = {}
        found: list[_Set] = []
        for place in self._places(read):
            options[place] = []
            for value in self._values(place, read, node, wanted):
                with self._applied({place: value}):
                    passes = self._value(node) is wanted
                if passes:
                    found.append({place: value})
                    break
                options[place].append(value)
        if found or len(options) > _MOST_PLACES:
            return found
        for one, other in combinations(options, 2):
            pairs = product(options[one][:_MOST_VALUES], options[other][:_MOST_VALUES])
            for value, value_else in pairs:
                tried = {one: value, other: value_else}
                with self._applied(tried):
                    passes = self._value(node) is wanted
                if passes:
                    found.append(tried)
                    break
        return found

    def _places(self, read: _Read) -> Iterator[Place]:
        for place in read.places:
            yield replace(place, index=self.index) if place.record not in (SUBJECT, LISTS) else place
        for over in read.lists:
            yield Place(RECORDS, over.record)
            rows = self.s.records.get(over.record, ())
            for index in range(min(len(rows), _MOST_ROWS)):
                for inner in self.house.inside(over):
                    yield replace(inner, index=index)
        for name in read.given:
            yield Place(DEFINITION, name)
        if read.today:
            yield Place(TODAY, TODAY)

    # Values to try, the nearest first

    def _values(self, place: Place, read: _Read, node: Typed, wanted: bool) -> Iterable[_Put]:
        if place.record == TODAY:
            return self._later_days(node, wanted)
        if place.record == RECORDS:
            return self._longer_lists(place, read)
        if place.record == DEFINITION:
            type_ = self.library.definitions[place.name].type
            values: list[_Put] = [*(value for value, _ in type_.choices)] or [True, False]
            return [each for each in values if each != self.given[place.name]]
        now = self._now(place)
        if now is None:
            return []
        if place.record == LISTS:
            return [not now]
        fact = self.library.facts.fact(place.record, place.name)
        if fact is None:
            return []
        match fact.type.kind:
            case Kind.TRUTH:
                return [not now]
            case Kind.CHOICE:
                return [value for value, _ in fact.type.choices if value != now]
            case Kind.INDUSTRY | Kind.REGION:
                return sorted(read.codes, key=lambda code: (-_shared(code, str(now)), code))
            case Kind.NUMBER | Kind.DATE:
                return self._beside_thresholds(place, fact, now, read, node, wanted)
            case _:
                return []

    def _now(self, place: Place) -> Value | None:
        return self._holder(place).get(place.key)

    def _beside_thresholds(
        self, place: Place, fact: Fact, now: Value, read: _Read, node: Typed, wanted: bool
    ) -> Iterator[_Put]:
        thresholds = {
            self._value(each) for key, each in read.comparisons if key == (place.record, place.name)
        }
        if isinstance(now, datetime.date):
            days = {
                each + shift * DAY
                for each in thresholds
                if isinstance(each, datetime.date) and datetime.date.min < each < datetime.date.max
                for shift in (-1, 0, 1)
            }
            yield from sorted(days - {now}, key=lambda each: (abs(each - now), each))
            for shift in self._searched(
                lambda days: self._passes_with(place, _days_after(now, days), node, wanted),
                _MOST_DAYS,
                _MOST_DAYS,
            ):
                yield _days_after(now, shift)
            return
        assert isinstance(now, (int, Fraction))
        step, most = step_of(fact), fact.most * (fact.unit.scale if fact.unit else 1)
        least = step if fact.positive else 0
        numbers: set[Exact] = set()
        for each in thresholds:
            if isinstance(each, (int, Fraction)) and not isinstance(each, bool):
                whole = exact(Fraction(each) // step * step)
                numbers.update(exact(whole + shift * step) for shift in (-1, 0, 1))
        tried = [each for each in numbers if least <= each <= most and each != now]
        yield from sorted(tried, key=lambda each: (abs(each - now), each))
        above, below = (int((Fraction(each) - Fraction(now)) // Fraction(step)) for each in (most, least))
        for shift in self._searched(
            lambda steps: self._passes_with(place, exact(now + steps * step), node, wanted), above, -below
        ):
            yield exact(now + shift * step)

    def _passes_with(self, place: Place, value: Value, node: Typed, wanted: bool) -> bool:
        with self._applied({place: value}):
            return self._value(node) is wanted

    @staticmethod
    def _searched(passes: Callable[[int], bool], above: int, below: int) -> Iterator[int]:
        """Yield the smallest step either way that passes, for what no threshold is written for: the distance is
        doubled until it passes, then halved."""
        for room, sign in ((above, 1), (below, -1)):
            if room < 1 or not passes(sign * room):
                continue
            fails_at, passes_at = 0, 1
            while passes_at < room and not passes(sign * passes_at):
                fails_at, passes_at = passes_at, min(passes_at * 2, room)
            while passes_at - fails_at > 1:
                middle = (passes_at + fails_at) // 2
                if passes(sign * middle):
                    passes_at = middle
                else:
                    fails_at = middle
            yield sign * passes_at

    def _later_days(self, node: Typed, wanted: bool) -> Iterator[datetime.date]:
        """Yield the first later day, while the measure is in force, on which the node comes out as wanted."""
        last = min(self.measure.in_force.to, self._month_on(MOST_MONTHS)) - DAY
        before = self.s.as_of
        for months in range(1, MOST_MONTHS + 1):
            after = min(self._month_on(months), last)
            if after <= before:
                return
            if self._on(after, node) is wanted:
                while (after - before).days > 1:
                    middle = before + (after - before) / 2
                    if self._on(middle, node) is wanted:
                        after = middle
                    else:
                        before = middle
                yield after
                return
            before = after

    def _month_on(self, months: int) -> datetime.date:
        return _months_after(self.s.as_of, months)

    def _on(self, day: datetime.date, node: Typed) -> Value | None:
        with self._applied({Place(TODAY, TODAY): day}):
            return self._value(node)

    def _longer_lists(self, place: Place, read: _Read) -> Iterator[tuple[Record, ...]]:
        """Yield the list with more records like one that counts already."""
        rows = self.s.records.get(place.name)
        if not rows:
            return
        for over in read.lists:
            if over.record != place.name:
                continue
            for row in rows:
                self.s.record = row
                counts = over.condition is None or self.evaluator.reading(over.condition)(self.s) is True
                self.s.record = {}
                if counts:
                    for more in range(1, _MOST_COPIES + 1):
                        yield (*rows, *(dict(row) for _ in range(more)))
                    break

    # Applying and weighing

    @contextmanager
    def _applied(self, changes: Mapping[Place, _Put]) -> Iterator[None]:
        undo: list[tuple[Record, FactKey, Value | None]] = []
        s = self.s
        today, records, given, row = s.as_of, s.records, s.given, self.row
        for place, value in changes.items():
            if place.record == TODAY:
                assert isinstance(value, datetime.date)
                s.as_of = value
            elif place.record == RECORDS:
                assert isinstance(value, tuple)
                s.records = {**s.records, place.name: value}
            elif place.record == DEFINITION:
                assert not isinstance(value, tuple)
                s.given = {**s.given, place.name: value}
            else:
                assert not isinstance(value, tuple)
                holder = self._holder(place)
                for key in plain_periods(place, self.library.facts, today):
                    undo.append((holder, key, holder.get(key)))
                    holder[key] = value
        s.memo.clear()
        try:
            yield
        finally:
            for holder, key, old in reversed(undo):
                if old is None:
                    holder.pop(key, None)
                else:
                    holder[key] = old
            s.as_of, s.records, s.given, self.row = today, records, given, row
            s.memo.clear()

    def _holder(self, place: Place) -> Record:
        if place.record == LISTS:
            assert isinstance(self.s.lists, dict)
            return self.s.lists
        return self.s.subject if place.record == SUBJECT else self.s.records[place.record][place.index]

    def _weighed(
        self, sets: Iterable[_Set], index: int | None, waited_from: datetime.date | None
    ) -> tuple[Way, ...]:
        """Return the sets that grant the measure, cut to what is needed, each weighed, the easiest first."""
        had = self._judgement()[1] if waited_from is None else None
        before = (had.amount_if_declared or 0) if had is not None else 0
        kept: list[_Set] = []
        for each in sets:
            with self._applied(each):
                granted = self._granted()
            if granted:
                needed = self._without_needless(each)
                if len(needed) <= MOST_CHANGES and needed not in kept:
                    kept.append(needed)
        kept = [each for each in kept if not any(_within(other, each) for other in kept)]
        nearest: dict[frozenset[Place], _Set] = {}
        for each in sorted(kept, key=self._distance):
            nearest.setdefault(frozenset(each), each)
        kept = list(nearest.values())
        ways = [self._way(each, before, waited_from) for each in kept]
        ways.sort(key=lambda way: (_BY.index(way.by), len(way.changes), BEST_FIRST.index(way.verdict)))
        return tuple(ways[:MOST_WAYS])

    def _distance(self, changes: _Set) -> Fraction:
        """Return how far figures and days move; other changes count nothing."""
        far = Fraction(0)
        for place, value in changes.items():
            if place.record in (TODAY, RECORDS, DEFINITION, LISTS):
                continue
            now = self._now(place)
            if isinstance(value, datetime.date) and isinstance(now, datetime.date):
                far += abs((value - now).days)
            elif isinstance(value, (int, Fraction)) and isinstance(now, (int, Fraction)):
                far += abs(Fraction(value) - Fraction(now))
        return far

    def _without_needless(self, changes: _Set) -> _Set:
        needed = dict(changes)
        for place in changes:
            less = {key: value for key, value in needed.items() if key != place}
            with self._applied(less):
                if self._granted():
                    needed = less
        return needed

    def _way(self, changes: _Set, before: int, waited_from: datetime.date | None) -> Way:
        made = [self._change(place, value) for place, value in changes.items()]
        days = [each for each in (self._day_of(change) for change in made) if each is not None]
        if waited_from is not None:
            day = next((each.after for each in made if each.place.record == TODAY), self.s.as_of)
            made = [each for each in made if each.place.record != TODAY]
            made.append(Change(Place(TODAY, TODAY), waited_from, day, "time"))
            days.append(self.s.as_of)
        with self._applied(changes):
            claim, judgement = self._judgement()
            verdict = claim.verdict if claim is not None else judgement.verdict
            total = judgement.amount_if_declared if verdict in (ELIGIBLE, LIKELY) else None
            last_day = self._last_day()
        made.sort(key=lambda each: (_BY.index(each.by), each.place))
        return Way(
            tuple(made),
            max((each.by for each in made), key=_BY.index, default="firm"),
            max(days, default=None),
            verdict,
            total - before if total is not None else None,
            last_day,
        )

    def _change(self, place: Place, value: _Put) -> Change:
        if place.record == TODAY:
            assert isinstance(value, datetime.date)
            return Change(place, self.s.as_of, value, "time")
        if place.record == RECORDS:
            assert isinstance(value, tuple)
            by = self.library.facts.records[place.name].changes
            return Change(place, len(self.s.records.get(place.name, ())), len(value), by)
        assert not isinstance(value, tuple)
        if place.record == DEFINITION:
            return Change(place, self.given[place.name], value, "firm")
        if place.record == LISTS:
            return Change(place, self._now(place), value, "never")
        fact = self.library.facts.fact(place.record, place.name)
        now, by = self._now(place), fact.changes if fact is not None else "never"
        if by == "time" and isinstance(now, (int, Fraction)) and isinstance(value, (int, Fraction)):
            # A span that has grown does not shrink again.
            spans = fact is not None and fact.unit in (DAYS, MONTH, YEAR)
            by = "never" if spans and value < now else by
        return Change(place, now, value, by)

    def _day_of(self, change: Change) -> datetime.date | None:
        """Return the day on which time brings a change, None where that is not known."""
        if change.place.record == TODAY:
            assert isinstance(change.after, datetime.date)
            return change.after
        fact = self.library.facts.fact(change.place.record, change.place.name)
        if change.by != "time" or fact is None or fact.unit not in (DAYS, MONTH, YEAR):
            return None
        assert isinstance(change.after, (int, Fraction))
        assert isinstance(change.before, (int, Fraction))
        span = -(-(Fraction(change.after) - Fraction(change.before)) // 1)
        if fact.unit == DAYS:
            return self.s.as_of + int(span) * DAY
        return self._month_on(int(span) * (12 if fact.unit == YEAR else 1))

    def _last_day(self) -> datetime.date | None:
        """Return the last day on which what is granted today would still be, looking ahead some years."""
        to = self.measure.in_force.to
        end = None if to == NEVER else to - DAY
        if not any(self.house.read(each.test, self.given).today for each in self.measure.when):
            return end
        today, before = self.s.as_of, self.s.as_of
        horizon = self._month_on(MOST_MONTHS)
        last = min(end, horizon) if end is not None else horizon
        try:
            for months in range(1, MOST_MONTHS + 1):
                after = min(_months_after(today, months), last)
                if after <= before:
                    return end
                if not self._granted_on(after):
                    while (after - before).days > 1:
                        middle = before + (after - before) / 2
                        if self._granted_on(middle):
                            before = middle
                        else:
                            after = middle
                    return before
                before = after
            return end
        finally:
            self.s.as_of = today
            self.s.memo.clear()

    def _granted_on(self, day: datetime.date) -> bool:
        self.s.as_of = day
        self.s.memo.clear()
        return self._granted()


def _days_after(day: datetime.date, days: int) -> datetime.date:
    return datetime.date.fromordinal(max(1, min(day.toordinal() + days, NEVER.toordinal())))


def _months_after(day: datetime.date, months: int) -> datetime.date:
    after = CALENDAR["add_months"](day, months)
    assert isinstance(after, datetime.date)
    return after


def _compared(node: Compare) -> Iterator[tuple[tuple[str, str], Typed]]:
    for one, other in ((node.left, node.right), (node.right, node.left)):
        inner = one.body if isinstance(one, Named) else one
        if isinstance(inner, FactOf):
            yield (inner.record, inner.name), other


def _reads_today(node: Typed) -> bool:
    return isinstance(node, AsOf) or any(_reads_today(each) for each in children(node))


def _shared(one: str, other: str) -> int:
    """Return how many leading characters two codes share."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _within(one: _Set, other: _Set) -> bool:
    """Tell whether one set is a proper part of another."""
    return len(one) < len(other) and all(other.get(place) == value for place, value in one.items())


def _least(sets: Iterable[_Set]) -> list[_Set]:
    """Return the sets without doubles, the smallest first, no more than can be weighed."""
    found: list[_Set] = []
    for each in sorted(sets, key=len):
        if each not in found:
            found.append(each)
    return found[:_MOST_SETS]
