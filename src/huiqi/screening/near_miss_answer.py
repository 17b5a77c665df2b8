"""Near misses as JSON and as lines to read: what to change, from what to what, what it brings, until when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from huiqi.policies.library import PolicyLibrary
from huiqi.reference.money import format_yuan, format_yuan_grouped
from huiqi.reference.regions import full_name
from huiqi.rules.facts import CHANGES, SUBJECT, Fact
from huiqi.rules.reasons import LISTS
from huiqi.rules.render import industry_name, plain
from huiqi.rules.situation import Value
from huiqi.rules.types import Kind
from huiqi.rules.verdicts import BEST_FIRST
from huiqi.screening.answer import json_value
from huiqi.screening.near_miss import DEFINITION, TODAY, Change, NearMiss, Way
from huiqi.screening.open_facts import RECORDS

MOST_LINES = 8
_FEW = 2


class NearMissAnswerer:
    """Puts near misses into words over one library."""

    def __init__(self, library: PolicyLibrary, language: str = "zh") -> None:
        self.library = library
        self.zh = language == "zh"

    def answer(self, misses: Iterable[NearMiss]) -> list[dict[str, Any]]:
        """Return near misses as JSON; money as text of yuan."""
        return [self._miss(each) for each in misses]

    def _miss(self, miss: NearMiss) -> dict[str, Any]:
        made: dict[str, Any] = {"id": miss.measure.id, "title": miss.measure.title}
        if miss.index is not None:
            made["record"], made["index"] = miss.measure.per, miss.index
        return {**made, "ways": [self._way(each) for each in miss.ways]}

    def _way(self, way: Way) -> dict[str, Any]:
        return {
            "by": way.by,
            "changes": [self._change(each) for each in way.changes],
            "day": way.day.isoformat() if way.day is not None else None,
            "verdict": way.verdict,
            "amount": format_yuan(way.amount) if way.amount is not None else None,
            "last_day": way.last_day.isoformat() if way.last_day is not None else None,
            "text": self.text(way),
        }

    def _change(self, change: Change) -> dict[str, Any]:
        place, fact = change.place, self._fact(change)
        record, name = place.record, place.name
        unit = fact.unit if fact is not None else None
        if record == RECORDS:
            record, name = SUBJECT, self.library.facts.records[place.name].list_name
        elif record == DEFINITION:
            record = SUBJECT
        made: dict[str, Any] = {"record": record, "name": name}
        if place.period:
            made["period"] = place.period
        if place.index >= 0:
            made["index"] = place.index
        return {
            **made,
            "label": self.label(change),
            "from": json_value(change.before, unit),
            "to": json_value(change.after, unit),
            "by": change.by,
        }

    def _fact(self, change: Change) -> Fact | None:
        return self.library.facts.fact(change.place.record, change.place.name)

    def label(self, change: Change) -> str:
        """Return what changes, in words."""
        place, fact = change.place, self._fact(change)
        if fact is not None:
            label = fact.label if self.zh else fact.english or fact.name
            return f"{place.period} {label}" if place.period else label
        if place.record == TODAY:
            return "办理之日" if self.zh else "the day"
        if place.record == LISTS:
            listed = self.library.lists[place.name]
            return listed.title if self.zh else listed.english or listed.title
        if place.record == DEFINITION:
            definition = self.library.definitions[place.name]
            return definition.title if self.zh else definition.english or definition.title
        kind = self.library.facts.records[place.name]
        return kind.label if self.zh else kind.english or kind.name

    def text(self, way: Way) -> str:
        """Return a way in one line: `从业人员 305人 → 300人`."""
        return ("；" if self.zh else "; ").join(self._said(each) for each in way.changes)

    def _said(self, change: Change) -> str:
        label = self.label(change)
        place = change.place
        if place.record == TODAY:
            day = self._shown(change, change.after)
            return f"等到{day}" if self.zh else f"wait until {day}"
        if place.index >= 0:
            kind = self.library.facts.records[place.record]
            number = place.index + 1
            label = f"第{number}项{kind.label}的{label}" if self.zh else f"{kind.english} {number}: {label}"
        before, after = self._shown(change, change.before), self._shown(change, change.after)
        return f"{label}：{before} → {after}" if self.zh else f"{label}: {before} -> {after}"

    def _shown(self, change: Change, value: Value | None) -> str:
        fact = self._fact(change)
        if isinstance(value, bool):
            return ("是" if value else "否") if self.zh else ("yes" if value else "no")
        if change.place.record == RECORDS:
            return f"{value}笔" if self.zh else str(value)
        if change.place.record == DEFINITION:
            choices = dict(self.library.definitions[change.place.name].type.choices)
            return choices.get(str(value), str(value)) if self.zh else str(value)
        if fact is None:
            return str(value)
        if fact.type.kind is Kind.CHOICE and self.zh:
            return dict(fact.type.choices).get(str(value), str(value))
        if fact.type.kind is Kind.INDUSTRY and self.zh:
            return industry_name(str(value))
        if fact.type.kind is Kind.REGION:
            return full_name(str(value))
        if (
            fact.type.kind is Kind.NUMBER
            and fact.unit is not None
            and not isinstance(value, (str, frozenset))
        ):
            return self._number(fact, value)
        return str(value)

    def _number(self, fact: Fact, value: Value | None) -> str:
        unit = fact.unit
        assert unit is not None
        shown = json_value(value, unit)
        if unit.power("yuan") == 1 and isinstance(value, int):
            shown = format_yuan_grouped(value)
        if not unit.powers and isinstance(value, (int, Fraction)):
            return f"{plain(value * 100)}%"
        return f"{shown}{unit.chinese}" if self.zh else f"{shown} {unit}"

    def worth_telling(self, misses: Iterable[NearMiss]) -> list[tuple[NearMiss, Way]]:
        """Return what is worth telling a firm, the most money and the fewest changes first. Left out is what cannot
        change, what needs many changes or a new record."""
        worth: list[tuple[tuple[int, int, int, str], NearMiss, Way]] = []
        for miss in misses:
            for way in miss.ways:
                few = len(way.changes) <= _FEW and way.by != "never"
                if few and all(each.place.record != RECORDS for each in way.changes):
                    rank = (
                        BEST_FIRST.index(way.verdict),
                        -(way.amount or 0),
                        len(way.changes),
                        miss.measure.id,
                    )
                    worth.append((rank, miss, way))
                    break
        return [(miss, way) for _, miss, way in sorted(worth, key=lambda each: each[0])[:MOST_LINES]]

    def lines(self, misses: Iterable[NearMiss]) -> Iterator[tuple[str, str, str, str]]:
        """Yield what is worth telling a firm: title, what to change, what it brings, until when."""
        for miss, way in self.worth_telling(misses):
            measure = miss.measure
            title = measure.title if self.zh else measure.english or measure.title
            by = CHANGES[way.by] if self.zh else way.by
            amount = f"{format_yuan_grouped(way.amount)}" if way.amount else ""
            until = way.last_day.isoformat() if way.last_day is not None else ""
            yield title, f"{self.text(way)}（{by}）" if self.zh else f"{self.text(way)} ({by})", amount, until
