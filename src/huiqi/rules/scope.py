"""The names that an expression may use, and what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from huiqi.rules.facts import SUBJECT, SUBJECTS, FactDictionary
from huiqi.rules.typed import AsOf, Defined, FactOf, Named, SubjectIs, Typed, truth
from huiqi.rules.types import DATE, TRUTH, Type


@dataclass(frozen=True, slots=True)
class DefinedName:
    """A definition as others see it: its type, and the record it is judged on (empty: the subject)."""

    name: str
    type: Type
    record: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """Facts, definitions and lists of the house; the record in scope; the measure's own names."""

    facts: FactDictionary
    definitions: Mapping[str, DefinedName] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    record: str = ""
    own: Mapping[str, Named] = field(default_factory=dict)

    def within(self, record: str) -> Scope:
        """Return the scope inside count(…), total(…), exists(…): the record's facts become names."""
        return replace(self, record=record)

    def with_name(self, named: Named) -> Scope:
        """Return the scope with one more name of the measure's own."""
        return replace(self, own={**self.own, named.name: named})

    def find(self, name: str) -> Typed | None:
        """Return what a name means, or None."""
        if name in self.own:
            return self.own[name]
        if name in ("yes", "no"):
            return truth(name == "yes")
        if name == "as_of":
            return AsOf(type=DATE)
        if name in SUBJECTS:
            return SubjectIs(type=TRUTH, subject=name)
        for record in (self.record, SUBJECT):
            fact = self.facts.fact(record, name) if record else None
            if fact is not None:
                return FactOf(type=fact.type, record=record, name=name)
        definition = self.definitions.get(name)
        if definition is not None and definition.record in ("", self.record):
            return Defined(type=definition.type, name=name)
        return None

    def names(self) -> Iterator[str]:
        """Yield every name that could be meant, for hints."""
        yield from self.own
        yield from self.facts.subject
        if self.record and self.record in self.facts.records:
            yield from self.facts.records[self.record].facts
        yield from self.definitions
        yield from SUBJECTS
        yield from ("as_of", "yes", "no")
