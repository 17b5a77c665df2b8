"""Measures as the catalogue shows and searches them."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from huiqi.policies.library import PolicyDocument, PolicyLibrary
from huiqi.portal.catalogue.words import FactWords, title_of
from huiqi.rules.examples import Example
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import NEVER, Measure, Source
from huiqi.rules.positions import Mapping, Scalar
from huiqi.rules.reasons import LISTS
from huiqi.rules.render_measure import RenderedMeasure, clause_name, rendered_measure
from huiqi.rules.typed import FactOf, Listed, walk
from huiqi.rules.verdicts import VERDICTS

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause that a measure stands on, with its deciding words; `number` is how conditions name it."""

    number: int
    document: PolicyDocument | None
    clause: str
    words: str


@dataclass(frozen=True, slots=True)
class Card:
    """A measure in Chinese, part by part, and all the text that a search looks into."""

    measure: Measure
    page: RenderedMeasure
    sources: tuple[Cited, ...]
    text: str

    def address(self) -> str:
        """The measure's page."""
        return reverse("policy", kwargs={"region": self.measure.region, "name": self.measure.id})

    @property
    def title(self) -> str:
        """The title in the language of the visit."""
        return title_of(self.measure)

    @property
    def last_day(self) -> datetime.date | None:
        """The last day it holds, None where no end is set."""
        to = self.measure.in_force.to
        return None if to == NEVER else to - _DAY

    def state(self, day: datetime.date) -> str:
        """Whether it holds on a day: now, ended or later."""
        if self.measure.in_force.holds(day):
            return "now"
        return "later" if day < self.measure.in_force.first else "ended"


class Cards:
    """Every measure of a library as a card."""

    def __init__(self, library: PolicyLibrary) -> None:
        self.library = library
        self.all = tuple(_card(library, each) for variants in library.by_id.values() for each in variants)
        self._by_key = {(each.measure.region, each.measure.id): each for each in self.all}

    def get(self, region: str, name: str) -> Card | None:
        """Return a region's variant of a measure, or None."""
        return self._by_key.get((region, name))

    def of(self, measure: Measure) -> Card:
        """Return a measure's card."""
        return self._by_key[(measure.region, measure.id)]


@dataclass(frozen=True, slots=True)
class Shown:
    """An example in words: what differs from the common facts, what comes out, the arithmetic."""

    name: str
    changes: tuple[tuple[str, str], ...]
    without: tuple[str, ...]
    verdict: str
    amount: str
    because: str

    @property
    def result(self) -> str:
        """The verdict in the language of the visit."""
        return gettext(VERDICTS[self.verdict]) if self.verdict in VERDICTS else self.verdict


def common_facts(card: Card, words: FactWords) -> tuple[tuple[str, str], ...]:
    """Return the facts that all examples of a measure share."""
    return tuple(_lines(card.measure.examples.base, words))


def shown_examples(card: Card, words: FactWords) -> tuple[Shown, ...]:
    """Return a measure's examples in words."""
    return tuple(_shown(each, words) for each in card.measure.examples.cases)


def _shown(example: Example, words: FactWords) -> Shown:
    without = tuple(words.label(*_place(each)) for each in example.without)
    because = example.because.replace("*", "×").replace(" / ", " ÷ ")
    changes = tuple(_lines(example.changes, words))
    return Shown(example.name, changes, without, example.verdict, example.amount, because)


def _place(dotted: str) -> tuple[str, str]:
    record, _, name = dotted.rpartition(".")
    return (LISTS if record == "lists" else record or SUBJECT), name


def _lines(node: Mapping, words: FactWords) -> Iterator[tuple[str, str]]:
    for name, inner in node.entries.items():
        if name in ("as_of", "subject") and isinstance(inner, Scalar):
            yield name, inner.text
        else:
            yield from words.written(SUBJECT, name, inner)


def _card(library: PolicyLibrary, measure: Measure) -> Card:
    page = rendered_measure(library, measure)
    sources = tuple(cited(library, number, each) for number, each in enumerate(measure.sources, 1))
    return Card(measure, page, sources, folded(" ".join(_searched(library, measure, page, sources))))


def cited(library: PolicyLibrary, number: int, source: Source) -> Cited:
    """Return a source as one would cite it."""
    document = library.documents.get(source.document)
    plans = document.plans if document is not None else ()
    return Cited(number, document, clause_name(source.clause, plans), source.words)


def _searched(
    library: PolicyLibrary, measure: Measure, page: RenderedMeasure, sources: tuple[Cited, ...]
) -> Iterator[str]:
    yield from (
        measure.id,
        measure.title,
        measure.english,
        page.region,
        page.kind,
        page.delivery,
        page.subjects,
    )
    for condition in page.conditions:
        yield from (condition.text, condition.rule, condition.words)
    for definition in page.definitions:
        yield from (definition.title, *definition.lines)
    if page.amount is not None:
        yield from (page.amount.name, *page.amount.formula, *page.amount.caps)
        yield from (part for term in page.amount.terms for part in term)
    yield from page.offices
    yield from (text for _, text in page.practical)
    for each in sources:
        yield from (each.clause, each.words)
        if each.document is not None:
            yield from (
                each.document.title,
                each.document.english,
                each.document.number,
                each.document.issuer,
            )
    nodes = [each.test for each in measure.when] + ([measure.amount] if measure.amount is not None else [])
    for node in (inner for each in nodes for inner in walk(each)):
        if isinstance(node, FactOf):
            fact = library.facts.fact(node.record, node.name)
            if fact is not None:
                yield from (fact.label, fact.english)
        elif isinstance(node, Listed):
            yield library.lists[node.list_id].title


def folded(text: str) -> str:
    """Return a text as a search compares it: full and half width alike, small letters."""
    return unicodedata.normalize("NFKC", text).casefold()
