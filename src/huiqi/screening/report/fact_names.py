"""Missing facts as results write them (lease.landlord, revenue[2021], leases, list.risk-county-2022), for people."""

from __future__ import annotations

from dataclasses import dataclass, field

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.facts import KNOWN_BY, SUBJECT
from huiqi.rules.reasons import LISTS, MissingFact
from huiqi.rules.wording import written_period

SEPARATOR = "; "


@dataclass
class FactNames:
    """Reads written names and gives each fact its Chinese label and who knows it; remembers what it has read."""

    library: PolicyLibrary
    _facts: dict[str, MissingFact] = field(default_factory=dict)

    def all_of(self, text: str) -> tuple[MissingFact, ...]:
        """Return the facts of a joined text, in its order."""
        return tuple(self.fact(name) for name in text.split(SEPARATOR) if name)

    def fact(self, name: str) -> MissingFact:
        """Return the fact that a written name stands for."""
        found = self._facts.get(name)
        if found is None:
            found = self._facts[name] = self._read(name)
        return found

    def _read(self, name: str) -> MissingFact:
        stem, _, period = name.removesuffix("]").partition("[")
        record, dot, rest = stem.partition(".")
        if dot:
            return MissingFact(record, rest, period)
        kind = self.library.facts.by_list.get(stem)
        return MissingFact(SUBJECT, stem if kind is None else kind.name, period)

    def label(self, fact: MissingFact) -> str:
        """Return the Chinese label: 2021年营业收入, 租赁：出租方, 租赁清单."""
        facts = self.library.facts
        if fact.record == LISTS:
            found = self.library.lists.get(fact.name)
            return f"是否列入“{found.title}”" if found else fact.name
        if fact.record == SUBJECT and fact.name in facts.records:
            return f"{facts.records[fact.name].label}清单"
        known = facts.fact(fact.record, fact.name)
        if known is None:
            definition = self.library.definitions.get(fact.name)
            return definition.title if definition else fact.name
        period = written_period(fact.period) if fact.period else ""
        label = f"{period}{known.label}"
        return label if fact.record == SUBJECT else f"{facts.records[fact.record].label}：{label}"

    def english(self, fact: MissingFact) -> str:
        """Return the English label."""
        facts = self.library.facts
        if fact.record == LISTS:
            found = self.library.lists.get(fact.name)
            return found.english if found else fact.name
        if fact.record == SUBJECT and fact.name in facts.records:
            return f"{facts.records[fact.name].english} records"
        known = facts.fact(fact.record, fact.name)
        if known is None:
            return fact.name
        label = f"{known.english} {fact.period}".strip()
        return label if fact.record == SUBJECT else f"{facts.records[fact.record].english}: {label}"

    def who(self, fact: MissingFact) -> str:
        """Return who knows it, in Chinese."""
        if fact.record == LISTS:
            found = self.library.lists.get(fact.name)
            return found.kept_by if found and found.kept_by else KNOWN_BY["office"]
        known = self.library.facts.fact(fact.record, fact.name)
        return KNOWN_BY[known.known_by] if known else KNOWN_BY["firm"]
