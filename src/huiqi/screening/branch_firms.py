"""Made-up firms for proofs: each fact takes one of its branch values, so that every branch of every rule is met.

They are not plausible and stand for no population; `huiqi population` makes plausible ones.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Collection, Mapping

from huiqi.policies.library import PolicyLibrary
from huiqi.reference.industries import listed
from huiqi.reference.regions import children
from huiqi.rules.case import latest_period
from huiqi.rules.facts import SUBJECT, Fact
from huiqi.rules.reasons import LISTS
from huiqi.rules.situation import FactKey, Record, Situation, Value
from huiqi.rules.types import Kind
from huiqi.screening.branch_values import BranchValues
from huiqi.screening.interview import known_by
from huiqi.screening.open_facts import RECORDS, Place, copied, read_places

MOST_RECORDS = 3
_YEARS_BACK = 3
_CLASS = len("C2211")
_NAMES = ("measure", "name", "credit_code")


class BranchFirms:
    """Draws firms over one library."""

    def __init__(self, library: PolicyLibrary, values: BranchValues) -> None:
        self.library = library
        self.values = values
        self.periods: dict[tuple[str, str], set[str]] = {}
        for record, name, period in read_places(library):
            self.periods.setdefault((record, name), set()).add(period)

    def draw(
        self, chance: random.Random, as_of: datetime.date, kind: str = "enterprise", area: str = "532500"
    ) -> Situation:
        """Return a firm of a county of the area, of which everything that rules read is known."""
        counties = [each.code for each in children(area)] or [area]
        s = Situation(as_of, kind, {"region": chance.choice(counties)}, {}, {}, {})
        s.records = {
            name: tuple({} for _ in range(chance.choice((0, 0, 1, MOST_RECORDS))))
            for name in self.library.facts.records
            if name != SUBJECT
        }
        return self.completed(s, chance)

    def completed(self, firm: Situation, chance: random.Random) -> Situation:
        """Return a firm with a value for all that is not known of it; a list that is not known is empty."""
        s = copied(firm)
        facts = self.library.facts
        industry = s.subject.get("industry")
        if isinstance(industry, str):
            s.subject["industry"] = self._class_of(industry, chance)
        for fact in facts.subject.values():
            if not fact.subjects or s.kind in fact.subjects:
                self._fill(s.subject, fact, -1, s, chance)
        s.records = {name: s.records.get(name, ()) for name in facts.records if name != SUBJECT}
        for record, rows in s.records.items():
            for index, row in enumerate(rows):
                for fact in facts.records[record].facts.values():
                    self._fill(row, fact, index, s, chance)
        s.lists = {name: s.lists.get(name, chance.random() < 1 / 2) for name in self.library.lists}
        return s

    def _fill(self, row: Record, fact: Fact, index: int, s: Situation, chance: random.Random) -> None:
        read = self.periods.get((fact.record, fact.name))
        if fact.type.kind is Kind.TEXT:
            if fact.name not in _NAMES:
                row.setdefault(fact.name, f"{fact.record}-{chance.randrange(MOST_RECORDS)}")
            return
        if not read or fact.name == "region":
            return
        latest = latest_period(fact.period, s.as_of) if fact.period else ""
        for period in sorted({each or latest for each in read}):
            place = Place(fact.record, fact.name, period, index)
            if place.key in row:
                continue
            value = self._value(place, s, chance)
            if value is None:
                continue
            row[place.key] = value
            if period == latest:
                row[fact.name] = value

    def _value(self, place: Place, s: Situation, chance: random.Random) -> Value | None:
        values = self.values.at(place, s)
        if not values:
            return None
        chosen = chance.choices([value for value, _ in values], [weight for _, weight in values])[0]
        if isinstance(chosen, str) and (place.record, place.name) == (SUBJECT, "industry"):
            return self._class_of(chosen, chance)
        if isinstance(chosen, datetime.date) and chance.random() < 1 / 2:
            return chosen - datetime.timedelta(days=chance.randrange(365 * _YEARS_BACK))
        return chosen

    def _class_of(self, code: str, chance: random.Random) -> str:
        """Return a class of an industry, so that it is known in full."""
        if len(code) == _CLASS and not code.endswith("0"):
            return code
        classes = [each.code for each in listed("class") if each.code.startswith(code)]
        groups = [each.code for each in listed("group") if each.code.startswith(code)]
        # A group of one class lends it its digits; of other groups some classes are on record.
        alone = [f"{group}0" for group in groups if not any(each.startswith(group) for each in classes)]
        found = [*classes, *alone]
        return chance.choice(found) if found else code


def known_to(library: PolicyLibrary, firm: Situation, who: Collection[str]) -> Situation:
    """Return what some (values of `known_by`) know of a firm; texts come with whatever they name."""
    facts = library.facts

    def kept(row: Mapping[FactKey, Value], record: str) -> Record:
        found: Record = {}
        for key, value in row.items():
            fact = facts.fact(record, key if isinstance(key, str) else key[0])
            if fact is None or fact.known_by in who or fact.type.kind is Kind.TEXT:
                found[key] = value
        return found

    records = {
        name: tuple(kept(row, name) for row in rows)
        for name, rows in firm.records.items()
        if known_by(Place(RECORDS, name), facts) in who
    }
    lists = dict(firm.lists) if known_by(Place(LISTS, ""), facts) in who else {}
    return Situation(firm.as_of, firm.kind, kept(firm.subject, SUBJECT), records, lists)
