"""What a measure reads: the facts of the firm, its lists of records and the lists that it may stand on, by name."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import Measure
from huiqi.rules.reasons import LISTS
from huiqi.rules.typed import Defined, Typed, walk
from huiqi.rules.types import Kind
from huiqi.screening.assess import RECEIPTS
from huiqi.screening.open_facts import RECORDS, read_by, roots_of, tests_of

COLUMNS = ("region", "industry")
"""Facts that have a column of their own in the register."""


@dataclass(frozen=True, slots=True)
class Reads:
    """Names of facts (definitions that a register may give among them), records by list name, and lists."""

    facts: frozenset[str]
    records: frozenset[str]
    lists: frozenset[str]
    shown: frozenset[str]
    """Of all these what a line may show: no text about a person."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names by which a change in the register touches the measure, in order."""
        return tuple(sorted(self.facts | self.records | self.lists))


def reads_of(library: PolicyLibrary, measures: tuple[Measure, ...]) -> Reads:
    """Return what the measures read together."""
    facts: set[str] = {"region"}
    records: set[str] = set()
    lists: set[str] = set()
    for measure in measures:
        if measure.per:
            records.add(measure.per)
        for root in roots_of(measure):
            facts |= set(_given_names(root, library))
            for record, name, _period in read_by(root, library.definitions):
                if record == SUBJECT:
                    facts.add(name)
                elif record == LISTS:
                    lists.add(name)
                else:
                    records.add(name if record == RECORDS else record)
    kinds = library.facts.records
    shown = {
        name
        for name in facts
        if name not in library.facts.subject or library.facts.subject[name].type.kind is not Kind.TEXT
    }
    of_records = frozenset(kinds[name].list_name for name in {*records, RECEIPTS} if name in kinds)
    return Reads(frozenset(facts), of_records, frozenset(lists), frozenset(shown | lists))


def variants_of(
    library: PolicyLibrary, measure: str, region: str, as_of: datetime.date
) -> tuple[Measure, ...]:
    """Return the variants of a measure that may hold somewhere in a region on a day."""
    return library.possible(measure, region, as_of)[0]


def _given_names(node: Typed, library: PolicyLibrary, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the definitions that a node uses: the register may give their value instead of their facts."""
    for each in walk(node):
        if isinstance(each, Defined) and each.name not in seen:
            yield each.name
            for test in tests_of(library.definitions[each.name]):
                yield from _given_names(test, library, seen | {each.name})
