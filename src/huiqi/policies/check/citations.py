"""Do the cited clauses exist, do the words stand in them once, do the words contain their figures?"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from huiqi.documents import DocumentError, DocumentFolder, find_words, normalise
from huiqi.policies.check.report import Notes
from huiqi.policies.check.rule_parts import Part, Rule, all_parts, own_literals, own_nodes
from huiqi.policies.check.written import written, written_value
from huiqi.policies.coverage import GIVING, FolderSentences
from huiqi.policies.library import PolicyDocument, PolicyLibrary
from huiqi.reference.amounts import find_quantities, numbers_in
from huiqi.reference.dates import find_dates
from huiqi.rules.measure import Measure, Source
from huiqi.rules.positions import Position
from huiqi.rules.typed import Arithmetic, Exact, Literal
from huiqi.rules.units import YEAR, Unit

LEAST_CHARACTERS = 6
_UNDECIDING = (0, 1)
"""Numbers that need no backing: nothing and one."""


class Citations:
    """Checks citations against the library's documents, and against their texts where those are given."""

    def __init__(
        self,
        library: PolicyLibrary,
        texts: DocumentFolder | None,
        sentences: FolderSentences | None,
        notes: Notes,
    ) -> None:
        self.library = library
        self.texts = texts
        self.sentences = sentences
        self.notes = notes

    def check(self, rule: Rule) -> None:
        """Note what is wrong with the citations of a rule."""
        for source in rule.sources:
            document = self.library.documents.get(source.document)
            if document is None:
                what = f"there is no document {source.document}"
                mend = f"add policies/{source.document}/document.yaml"
                self.notes.error(source.at, "sources", "document-undescribed", what, "", mend)
                continue
            self._words(source, source.words, source.at, "sources")
        for place, words, source_number, at in _own_words(rule):
            if words and rule.sources:
                self._words(rule.sources[source_number - 1], words, at, place)
        self._figures(rule)
        if isinstance(rule, Measure):
            self._promises(rule)

    def _promises(self, measure: Measure) -> None:
        """Do the sources' words lie in sentences that give something, name a title or set an aim?

        The first source is where the measure is promised: elsewhere than in such a sentence is an error. A
        later one restates it or names offices for it: that is worth a note.
        """
        for number, source in enumerate(measure.sources, 1):
            document = self.library.documents.get(source.document)
            if self.sentences is None or document is None or not document.at_hand:
                continue
            try:
                sentences = self.sentences.of(source.document)
                places = sentences.holding(source.clause, source.words)
            except DocumentError:
                continue  # noted with the words
            kinds = dict.fromkeys(sentences.sentence(place).kind for place in places)
            if not places or GIVING.intersection(kinds):
                continue
            what = f"the words “{source.words}” lie in no sentence of benefit, status or target"
            why = f"{source.document} {source.clause} says it in a sentence of {', '.join(kinds)}"
            say = self.notes.error if number == 1 else self.notes.tell
            say(source.at, "sources", "citation-astray", what, why, "cite the words of the promise")

    def _words(self, source: Source, words: str, at: Position, cell: str) -> None:
        if not words:
            return
        if len(normalise(words)) < LEAST_CHARACTERS:
            what = f"the words “{words}” have fewer than {LEAST_CHARACTERS} characters"
            self.notes.error(
                at, cell, "words-too-short", what, "so few could stand anywhere", "cite more of the clause"
            )
        document = self.library.documents.get(source.document)
        if self.texts is None or document is None or not document.at_hand:
            return
        try:
            found = find_words(self.texts.document(source.document), source.clause, words)
        except DocumentError as error:
            self.notes.error(at, cell, error.code, f"{source.clause}: {error.what}", error.why, error.mend)
            return
        where = f"{source.document} {source.clause}"
        if found == 0:
            what = f"the words “{words}” do not stand in {where}"
            self.notes.error(at, cell, "words-not-found", what, "", "copy them from the clause")
        elif found > 1:
            what = f"the words “{words}” stand {found} times in {where}"
            self.notes.error(at, cell, "words-not-once", what, "", "cite a longer span, or the clause below")

    def _figures(self, rule: Rule) -> None:
        for part in all_parts(rule):
            months_of_year = set(_months_of_year(part))
            for literal in own_literals(part.node):
                if id(literal) not in months_of_year:
                    self._figure(rule, part, literal)
        for parameter in rule.parameters:
            words = [parameter.words] if parameter.words else _words_of(rule, parameter.source)
            day = self._document_day(rule, parameter.source)
            for dated in parameter.values:
                if not _backed(dated.value, parameter.unit, words, day):
                    shown = written_value(dated.value, parameter.unit, dated.percent)
                    what = f"the value {shown} does not stand in its words “{'” “'.join(words)}”"
                    mend = "cite the words that contain it"
                    self.notes.error(
                        parameter.at, f"parameters.{parameter.name}", "figure-not-in-words", what, "", mend
                    )

    def _figure(self, rule: Rule, part: Part, literal: Literal) -> None:
        if literal.value in _UNDECIDING or isinstance(literal.value, bool):
            return
        words = [part.words] if part.words else _words_of(rule, part.source)
        day = self._document_day(rule, part.source or 1)
        if not _backed(literal.value, literal.type.unit, words, day):
            what = f"{written(literal)} does not stand in the words “{'” “'.join(words)}”"
            mend = "cite the words that contain it, or make it a parameter with its own words"
            self.notes.error(part.at, part.place, "figure-not-in-words", what, "", mend)

    def _document_day(self, rule: Rule, source_number: int) -> datetime.date | None:
        if not rule.sources:
            return None
        document = self.library.documents.get(rule.sources[source_number - 1].document)
        return document_day(document) if document is not None else None


def document_day(document: PolicyDocument) -> datetime.date | None:
    """Return the day a document bears, None where none is printed."""
    try:
        return datetime.date.fromisoformat(document.date)
    except ValueError:
        return None


def _months_of_year(part: Part) -> Iterator[int]:
    """Yield the twelves that turn months into years by * or /: the calendar backs them, not the clause."""
    for node in own_nodes(part.node):
        if isinstance(node, Arithmetic) and node.operator in "*/":
            for each in (node.left, node.right):
                if isinstance(each, Literal) and each.value == 12:
                    yield id(each)


def _own_words(rule: Rule) -> list[tuple[str, str, int, Position]]:
    """Return the words that parts of a rule cite by themselves, with the number of their source."""
    found = [(f"parameters.{each.name}", each.words, each.source, each.at) for each in rule.parameters]
    found += [(f"let.{each.name}", each.words, each.source, each.at) for each in rule.let]
    if isinstance(rule, Measure):
        found += [(f"when[{n}]", each.words, each.source, each.at) for n, each in enumerate(rule.when, 1)]
        found += [(f"cap[{n}]", each.words, each.source, each.at) for n, each in enumerate(rule.caps, 1)]
        found += [
            (f"not_with[{n}]", each.words, each.source, each.at) for n, each in enumerate(rule.not_with, 1)
        ]
    return found


def _words_of(rule: Rule, source_number: int | None) -> list[str]:
    if source_number is None or not rule.sources:
        return [each.words for each in rule.sources]
    return [rule.sources[source_number - 1].words]


def _backed(
    value: Exact | datetime.date | bool, unit: Unit | None, words: list[str], day: datetime.date | None
) -> bool:
    if isinstance(value, datetime.date):
        return any(value in _days_in(each, day) for each in words)
    written_number = Fraction(value) / (unit.scale if unit is not None else 1)
    return any(written_number in _numbers(each, unit == YEAR) for each in words)


@lru_cache(maxsize=4096)
def _numbers(words: str, dates: bool) -> frozenset[Fraction]:
    numbers = set(numbers_in(words, dates=dates))
    for quantity in find_quantities(words):
        if quantity.unit == "quarter":
            numbers.add(quantity.value * 3)
    return frozenset(numbers)


@lru_cache(maxsize=4096)
def _days_in(words: str, document_date: datetime.date | None) -> frozenset[datetime.date]:
    days: set[datetime.date] = set()
    for found in find_dates(words, document_date):
        days.update(each for each in (found.start, found.end, found.last_day) if each is not None)
    return frozenset(days)
