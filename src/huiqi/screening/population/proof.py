"""A population that proves the two readings equal: the examples of the rules, overlaid, moved and thinned.

Every measure's examples show each condition deciding alone and both sides of each boundary. A subject here starts
from one example, takes over what other examples say that agrees with it, so that many measures apply at once, and is
then changed in a few facts (to a boundary, one unit beside it, another choice) or loses some. It is no picture of any
region: `huiqi population` makes that.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from huiqi.policies.check.report import Notes
from huiqi.policies.check.situations import Situations, rule_subjects
from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT, Fact
from huiqi.rules.measure import Definition, Measure
from huiqi.rules.situation import FactKey, Record, Situation, Value
from huiqi.rules.typed import exact
from huiqi.rules.types import Kind
from huiqi.rules.verdicts import ELIGIBLE, LIKELY
from huiqi.screening.assess import judge_one
from huiqi.screening.population.boundaries import boundaries, in_column, industries_named
from huiqi.screening.prepared import BLOCK_ROWS
from huiqi.screening.situations import block_of, scale_of

_EPOCH = datetime.date(1970, 1, 1)
_COARSE = ("530000", "532500")
_COUNTIES = ("532503", "532501", "530102", "140213", "140214", "110105")
_MOST_COMPANIONS = 36
_INTACT = 50
"""Of a hundred subjects, those whose facts are not touched; in the first round through the specimens none is."""


@dataclass(frozen=True, slots=True)
class Specimen:
    """An example at the day of the population; the counties where its file speaks, and those where it is granted."""

    name: str
    situation: Situation
    regions: tuple[str, ...]
    granted: tuple[str, ...]


class ProofPopulation:
    """Subjects drawn from the examples of a library that was read with them. The same seed gives the same subjects."""

    def __init__(self, library: PolicyLibrary, as_of: datetime.date, seed: int) -> None:
        self.library = library
        self.as_of = as_of
        self.seed = seed
        self.specimens = tuple(_specimens(library, as_of))
        if not self.specimens:
            raise ValueError(
                "the library was read without its examples; read it with read_library(root, examples=True)"
            )
        self._granted = _by_place(self.specimens)
        self._places = sorted(self._granted)
        self._boundaries = boundaries(library)
        self._industries = industries_named(library)
        self._measures = tuple(sorted(library.by_id))

    def blocks(self, count: int, block_rows: int = BLOCK_ROWS) -> Iterator[Block]:
        """Yield `count` subjects in blocks."""
        for first in range(0, count, block_rows):
            stop = min(first + block_rows, count)
            yield block_of([self.situation(row) for row in range(first, stop)], self.library, first)

    def situation(self, row: int) -> Situation:
        """Return the subject of a row."""
        draw = Random(f"{self.seed}:{row}")
        if row % 2:
            # These go through the specimens in turn, so that none is left out once there are rows enough.
            specimen = self.specimens[row // 2 % len(self.specimens)]
            region = draw.choice(specimen.granted or specimen.regions)
        else:
            # What is granted is rarest: here each kind of subject in each place has the same chance.
            place = draw.choice(self._places)
            specimen, region = draw.choice(draw.choice(self._granted[place])), place[1]
        made = _copied(specimen.situation)
        if not row % 2 or draw.randrange(2) or "region" not in made.subject:
            made.subject["region"] = region
        self._join(made, draw)
        is_first_round = row % 2 and row // 2 < len(self.specimens)
        if not is_first_round and draw.randrange(100) >= _INTACT:
            self._move(made, draw)
            self._thin(made, draw)
        return made

    def _join(self, made: Situation, draw: Random) -> None:
        """Take over what other examples say, as far as it agrees with what is there."""
        place = (made.kind, str(made.subject.get("region")))
        groups = self._granted.get(place, [])
        for _ in range(draw.randrange(_MOST_COMPANIONS + 1) if groups else 0):
            other = draw.choice(draw.choice(groups)).situation
            agrees = all(
                made.subject.get(key, value) == value
                for key, value in other.subject.items()
                if key != "region"
            )
            if not agrees and draw.randrange(2):
                continue
            for key, value in other.subject.items():
                made.subject.setdefault(key, value)
            records = _mutable(made.records)
            for name, rows in other.records.items():
                standing = records.get(name)
                if standing is None:
                    records[name] = tuple(dict(each) for each in rows)
                elif len(standing) < 6 and draw.randrange(2):
                    records[name] = (*standing, *(dict(each) for each in rows))
            _mutable(made.lists).update(
                {key: value for key, value in other.lists.items() if key not in made.lists}
            )

    def _move(self, made: Situation, draw: Random) -> None:
        """Change a few facts of the subject or of a record."""
        for _ in range(draw.randrange(1, 4)):
            holder, record = self._some_record(made, draw)
            keys = sorted(holder, key=str)
            if not keys:
                continue
            key = draw.choice(keys)
            name = key[0] if isinstance(key, tuple) else key
            fact = self.library.facts.fact(record, name)
            if fact is not None:
                holder[key] = self._other(fact, holder[key], draw)
                _keep_periods(holder, key)

    def _some_record(self, made: Situation, draw: Random) -> tuple[Record, str]:
        standing = [(row, name) for name, rows in sorted(made.records.items()) for row in rows]
        if standing and draw.randrange(2):
            return draw.choice(standing)
        return made.subject, SUBJECT

    def _other(self, fact: Fact, value: Value, draw: Random) -> Value:
        kind = fact.type.kind
        if kind is Kind.TRUTH:
            return not value
        if kind is Kind.CHOICE:
            return draw.choice(sorted(fact.type.values))
        if kind is Kind.INDUSTRY:
            return draw.choice(self._industries)
        if kind is Kind.REGION:
            return draw.choice((*_COUNTIES, *_COUNTIES, *_COARSE))
        if kind is Kind.TEXT:
            return draw.choice(self._measures) if fact.name == "measure" else f"p{draw.randrange(3)}"
        return self._moved(fact, value, draw)

    def _moved(self, fact: Fact, value: Value, draw: Random) -> Value:
        lines = self._boundaries.get((fact.record, fact.name), ())
        stored = in_column(fact, value)
        at = draw.choice(lines) if lines and draw.randrange(3) else stored if stored is not None else 0
        at += draw.choice((-1, 0, 1)) if draw.randrange(3) else draw.choice((-scale_of(fact), scale_of(fact)))
        if fact.type.kind is Kind.DATE:
            return _EPOCH + datetime.timedelta(days=at)
        if not draw.randrange(20):
            at = draw.choice((0, fact.most * scale_of(fact), draw.randrange(1_000_000)))
        at = min(max(at, 1 if fact.positive else 0), fact.most * scale_of(fact))
        if fact.decimals == 0:
            at -= at % scale_of(fact)
        if fact.unit is not None and fact.unit.power("yuan") == 1:
            return at
        return exact(Fraction(at, scale_of(fact)))

    def _thin(self, made: Situation, draw: Random) -> None:
        """Take some facts away, and seldom a whole list."""
        most = 12 if not draw.randrange(5) else 3
        for _ in range(draw.randrange(most)):
            holder, _ = self._some_record(made, draw)
            if holder:
                key = draw.choice(sorted(holder, key=str))
                del holder[key]
                _keep_periods(holder, key)
        records = _mutable(made.records)
        if records and not draw.randrange(5):
            name = draw.choice(sorted(records))
            if draw.randrange(2):
                del records[name]
            else:
                records[name] = ()
        lists = _mutable(made.lists)
        if not draw.randrange(4):
            for name in self.library.lists:
                lists[name] = not draw.randrange(2)
        elif lists and not draw.randrange(4):
            lists.clear()


def _by_place(specimens: Sequence[Specimen]) -> dict[tuple[str, str], list[list[Specimen]]]:
    """Return the specimens that are granted, by kind of subject and region and within that by rule, so that rules weigh alike."""
    found: dict[tuple[str, str], dict[str, list[Specimen]]] = {}
    for each in specimens:
        for region in each.granted:
            place = found.setdefault((each.situation.kind, region), {})
            place.setdefault(each.name.partition("/")[0], []).append(each)
    return {place: list(rules.values()) for place, rules in found.items()}


def _specimens(library: PolicyLibrary, as_of: datetime.date) -> Iterator[Specimen]:
    notes = Notes()
    reader = Situations(library, notes)
    rules: list[Measure | Definition] = [*library.measures, *library.definitions.values()]
    for rule in rules:
        regions = _regions(library, rule, as_of)
        for example in rule.examples.cases:
            found = reader.situation(rule.examples, example, rule_subjects(rule.subject))
            if found is None or not regions:
                continue
            situation = replace(found, as_of=as_of, memo={}, origins={})
            holding = tuple(each for each in regions if _holds(library, rule, situation, each))
            yield Specimen(
                f"{rule.id}@{getattr(rule, 'region', '')}/{example.name}", situation, regions, holding
            )


def _holds(library: PolicyLibrary, rule: Measure | Definition, situation: Situation, region: str) -> bool:
    if isinstance(rule, Definition):
        return False
    in_place = _copied(situation)
    in_place.subject["region"] = region
    return judge_one(library, rule.id, in_place).verdict in (ELIGIBLE, LIKELY)


def _regions(library: PolicyLibrary, rule: Measure | Definition, as_of: datetime.date) -> tuple[str, ...]:
    """Return the counties in which this file speaks, and not a lower or a higher one."""
    if isinstance(rule, Definition):
        return _COUNTIES
    return tuple(each for each in _COUNTIES if rule in library.possible(rule.id, each, as_of)[0])


def _copied(s: Situation) -> Situation:
    records = {name: tuple(dict(row) for row in rows) for name, rows in s.records.items()}
    return Situation(s.as_of, s.kind, dict(s.subject), records, dict(s.lists), dict(s.given))


def _mutable(mapping: Mapping[str, Any]) -> dict[str, Any]:
    assert isinstance(mapping, dict)
    return mapping


def _keep_periods(holder: Record, key: FactKey) -> None:
    """A fact by period stands twice where its latest period is known; after a change only what was changed stands."""
    if isinstance(key, tuple):
        holder.pop(key[0], None)
    else:
        for other in [each for each in holder if isinstance(each, tuple) and each[0] == key]:
            del holder[other]
