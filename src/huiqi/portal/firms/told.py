"""A firm's facts as its page tells them: what counts, who said it when, who says otherwise, how it came to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huiqi.policies.library import PolicyLibrary
from huiqi.policies.size import SIZE
from huiqi.portal.catalogue.words import FactWords
from huiqi.portal.firms.case import case_of
from huiqi.portal.firms.claims import Claim, counting
from huiqi.portal.firms.models import CONFIRMED, IN_REGISTER, FactChange, Firm
from huiqi.portal.firms.queries import size_titles
from huiqi.portal.firms.source_words import source_title
from huiqi.reference.money import format_yuan_grouped
from huiqi.reference.size_classes import FACTS, SizeInputError, SizeVerdict, classify
from huiqi.rules.facts import SUBJECT
from huiqi.rules.reasons import LISTS
from huiqi.rules.types import Kind

_MOST_RECORDS = 50


@dataclass(frozen=True, slots=True)
class Said:
    """What one source says of a fact, in words."""

    value: str
    source: str
    date: str
    counts: bool
    settled: bool


@dataclass(slots=True)
class FactRow:
    """One fact: what is said of it, the claim that counts first, and its history."""

    key: str
    label: str
    said: list[Said]
    disagree: bool
    history: list[FactChange] = field(default_factory=list)

    @property
    def best(self) -> Said:
        """What counts."""
        return self.said[0]


@dataclass(frozen=True, slots=True)
class RecordList:
    """A complete list of records: its headings, its rows in words, whose word it is."""

    label: str
    headings: list[str]
    rows: list[list[str]]
    more: int
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Threshold:
    """One criterion of the size class: the bounds of its three upper classes and the firm's own figure."""

    label: str
    bounds: list[tuple[str, str, bool | None]]
    value: str


@dataclass(frozen=True, slots=True)
class SizeTold:
    """The size class with its way: the row of the standard, the criteria, what is missing."""

    title: str
    row: str
    note: str
    thresholds: list[Threshold]
    missing: list[str]


class Teller:
    """Tells firms in the words of one library."""

    def __init__(self, library: PolicyLibrary, words: FactWords) -> None:
        self.library = library
        self.words = words

    def facts(self, firm: Firm, changes: Iterable[FactChange]) -> list[FactRow]:
        """Return the firm's facts by label; the history of each newest first."""
        rows = {key: self._fact(key, claims) for key, claims in firm.facts.items() if claims}
        for change in changes:
            if change.fact in rows:
                rows[change.fact].history.append(self._told(change))
        order = {name: place for place, name in enumerate(self.library.facts.subject)}
        return sorted(
            rows.values(), key=lambda each: (order.get(each.key.partition("@")[0], len(order)), each.key)
        )

    def lists(self, firm: Firm) -> list[RecordList]:
        """Return the firm's lists of records as the source that counts gives them."""
        return [self._list(name, claims) for name, claims in sorted(firm.records.items()) if claims]

    def entered(self, changes: Iterable[FactChange]) -> list[FactChange]:
        """Return when the firm entered or left the register."""
        return [each for each in changes if each.fact == IN_REGISTER]

    def size(self, firm: Firm, day: date) -> SizeTold:
        """Return the size class and its way."""
        subject = case_of(firm, self.library, day, only=(*FACTS, "industry")).situation.subject
        known: dict[str, Any] = {
            name: value for name in FACTS if type(value := subject.get(name)) is int and value >= 0
        }
        industry = subject.get("industry")
        try:
            verdict = classify(
                industry if isinstance(industry, str) else None,
                self_employed=firm.subject == "self_employed",
                **known,
            )
        except SizeInputError:
            verdict = classify(None, self_employed=firm.subject == "self_employed")
        titles = dict(size_titles())
        return SizeTold(
            titles.get(firm.size, ""),
            verdict.row.name if verdict.row else "",
            verdict.note,
            self._thresholds(verdict, titles),
            [self.words.label(SUBJECT, each) for each in verdict.missing],
        )

    def value(self, key: str, text: Any) -> str:
        """Return a fact's value in words."""
        name = key.partition("@")[0]
        fact = self.library.facts.subject.get(name)
        is_truth = name in self.library.lists or (fact is not None and fact.type.kind is Kind.TRUTH)
        if is_truth and str(text) in ("yes", "no"):
            return self.words.shown(fact, str(text) == "yes")
        if name == SIZE:
            return dict(size_titles()).get(str(text), str(text))
        return self.words.shown(fact, text)

    def label(self, key: str) -> str:
        """Return a fact's name in words."""
        name, _at, period = key.partition("@")
        if name == IN_REGISTER:
            return _("入册")
        if name == CONFIRMED:
            return _("再次确认")
        return self.words.label(LISTS if name in self.library.lists else SUBJECT, name, period)

    def _fact(self, key: str, claims: list[Claim]) -> FactRow:
        fact = self.library.facts.subject.get(key.partition("@")[0])
        counts = counting(claims, fact.known_by if fact is not None else "")
        ordered = sorted(claims, key=lambda each: (each is not counts, str(each["source"])))
        said = [
            Said(
                self.value(key, each.get("value")),
                source_title(str(each["source"])),
                str(each["date"]),
                each is counts,
                bool(each.get("settled")),
            )
            for each in ordered
        ]
        return FactRow(key, self.label(key), said, len({each.value for each in said}) > 1)

    def _told(self, change: FactChange) -> FactChange:
        def own(claims: list[Mapping[str, Any]] | None) -> str:
            mine = [each for each in claims or () if each["source"] == change.source]
            return self.value(change.fact, mine[0].get("value")) if mine else "—"

        change.was, change.became = own(change.before), own(change.after)  # type: ignore[attr-defined]
        change.by = source_title(change.source)  # type: ignore[attr-defined]
        return change

    def _list(self, name: str, claims: list[Claim]) -> RecordList:
        kind = self.library.facts.by_list.get(name)
        counts = counting(claims, "") or claims[0]
        rows: list[Mapping[str, str]] = list(counts.get("rows", ()))
        names = list(dict.fromkeys(key for row in rows for key in row))
        facts = kind.facts if kind is not None else {}
        record = kind.name if kind is not None else name
        shown = [
            [self._record_value(facts.get(key.partition("@")[0]), row.get(key)) for key in names]
            for row in rows[:_MOST_RECORDS]
        ]
        return RecordList(
            self.words.label(SUBJECT, name),
            [self.words.label(record, *key.partition("@")[::2]) for key in names],
            shown,
            max(0, len(rows) - _MOST_RECORDS),
            source_title(str(counts["source"])),
            str(counts["date"]),
        )

    def _record_value(self, fact: Any, text: str | None) -> str:
        if text is None:
            return "—"
        if fact is not None and fact.type.kind is Kind.TRUTH:
            return self.words.shown(fact, text == "yes")
        return self.words.shown(fact, text)

    def _thresholds(self, verdict: SizeVerdict, titles: Mapping[str, str]) -> list[Threshold]:
        by_fact: dict[str, Threshold] = {}
        for each in verdict.criteria:
            shown = self._figure(each.fact, each.value)
            row = by_fact.setdefault(
                each.fact, Threshold(self.words.label(SUBJECT, each.fact), [], shown or _("不清楚"))
            )
            row.bounds.append((titles[each.size], self._figure(each.fact, each.threshold), each.met))
        return list(by_fact.values())

    def _figure(self, fact: str, value: int | None) -> str:
        if value is None:
            return ""
        text = f"{value:,}" if fact == "employees" else format_yuan_grouped(value)
        unit = self.library.facts.subject[fact].unit
        return f"{text}{unit.chinese}" if unit is not None else text
