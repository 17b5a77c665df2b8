"""What a row of the results says in Chinese of its measure: title, nature, delivery, basis, open conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import AMOUNT_IS, DELIVERIES, Condition, Measure, Source
from huiqi.rules.reasons import LISTS, MissingFact
from huiqi.rules.typed import Defined, FactOf, Listed, Over, Typed, walk
from huiqi.screening.answer import Answerer

BY_FIRM = "由企业申明"
BY_OFFICE = "由部门或第三方认定"


@dataclass(frozen=True, slots=True)
class OpenConditions:
    """The declared and discretionary conditions that keep a row likely."""

    text: str
    who: str
    declared_only: bool


class MeasureTexts:
    """Texts of every file of every measure; `rules` is their order, by id and region."""

    def __init__(self, library: PolicyLibrary) -> None:
        self.library = library
        self.rules: tuple[Measure, ...] = tuple(
            sorted(library.measures, key=lambda each: (each.id, each.region))
        )
        self.number = {(each.id, each.region): place for place, each in enumerate(self.rules)}
        self._answerer = Answerer(library)
        self._soft: dict[int, list[tuple[Condition, frozenset[tuple[str, str]]]]] = {}
        self._open: dict[tuple[int, tuple[MissingFact, ...]], OpenConditions] = {}

    def number_of(self, measure: str, variant: str | None) -> int:
        """Return the place of a measure's file in `rules`; of its widest where no file is named."""
        if variant is None:
            variant = self.library.by_id[measure][0].region
        return self.number[(measure, variant)]

    def nature(self, measure: Measure) -> str:
        """Return what the amount is."""
        return AMOUNT_IS[measure.amount_is]

    def delivery(self, measure: Measure) -> str:
        """Return how it is delivered (兑现方式)."""
        return DELIVERIES[measure.delivery]

    def basis(self, measure: Measure) -> str:
        """Return document and clause of its origin (依据)."""
        return self.source(measure.sources[0])

    def source(self, source: Source) -> str:
        """Return document and clause of a source."""
        document = self.library.documents.get(source.document)
        if document is None:
            return f"{source.document} {source.clause}"
        return f"{document.number or f'《{document.title}》'} {source.clause}".strip()

    def open_conditions(self, rule: int, missing: tuple[MissingFact, ...]) -> OpenConditions:
        """Return which soft conditions of a file the missing facts leave open; all where none reads them."""
        key = (rule, missing)
        found = self._open.get(key)
        if found is None:
            found = self._open[key] = self._find_open(rule, missing)
        return found

    def _find_open(self, rule: int, missing: tuple[MissingFact, ...]) -> OpenConditions:
        if rule not in self._soft:
            measure = self.rules[rule]
            self._soft[rule] = [
                (each, frozenset(self._read(each.test))) for each in measure.when if each.soft
            ]
        lacking = {(each.record, each.name) for each in missing}
        soft = self._soft[rule]
        chosen = [condition for condition, reads in soft if reads & lacking]
        chosen = chosen or [condition for condition, _ in soft]
        who = {BY_FIRM if each.declared else BY_OFFICE: None for each in chosen}
        text = "；".join(self._answerer.text(each, self.rules[rule]) for each in chosen)
        return OpenConditions(text, "、".join(who), all(each.declared for each in chosen))

    def _read(self, node: Typed) -> Iterator[tuple[str, str]]:
        for each in walk(node):
            if isinstance(each, FactOf):
                yield each.record, each.name
            elif isinstance(each, Listed):
                yield LISTS, each.list_id
            elif isinstance(each, Over):
                yield SUBJECT, each.record
            elif isinstance(each, Defined):
                yield SUBJECT, each.name
                definition = self.library.definitions[each.name]
                tests = (definition.test, *(case.test for case in definition.cases))
                for test in tests:
                    if test is not None:
                        yield from self._read(test)
