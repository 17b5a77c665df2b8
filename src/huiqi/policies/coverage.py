"""Which sentences of a document the measures encode, and which promises nobody has encoded yet.

A citation is bound to the sentences that hold its words. Every sentence has exactly one class
(huiqi.documents.sentences), so that a benefit sentence is either bound to a measure or listed as unencoded.
"""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from huiqi.documents import Clause, Document, DocumentFolder, UnknownClause, normalise
from huiqi.documents.sentences import ClassedSentence, Kind, class_sentences
from huiqi.rules.measure import Measure, Source

GIVING: frozenset[Kind] = frozenset({"benefit", "status", "target"})
"""Classes that a measure's citation may lie in."""


@dataclass(frozen=True, slots=True)
class Place:
    """One sentence of a document: the path of its clause and its place there, counted from 0."""

    path: str
    index: int


@dataclass(frozen=True, slots=True)
class Citation:
    """What a measure cites of the document: `number` is that of its source, from 1; `places` hold the words."""

    measure: str
    region: str
    number: int
    source: Source
    places: tuple[Place, ...]


class DocumentSentences:
    """The classed sentences of a document, found by the words that a rule cites."""

    def __init__(
        self, document: Document, sentences: Mapping[str, tuple[ClassedSentence, ...]] | None = None
    ) -> None:
        self.document = document
        self.sentences: Mapping[str, tuple[ClassedSentence, ...]] = (
            class_sentences(document) if sentences is None else sentences
        )
        self._clauses = {clause.path: clause for clause in document.clauses()}

    @cached_property
    def _spans(self) -> list[tuple[int, int, Place]]:
        """Where each sentence stands in the source, in printed order."""
        return sorted(
            (*self._clauses[path].source_span(each.start, each.end), Place(path, index))
            for path, sentences in self.sentences.items()
            for index, each in enumerate(sentences)
        )

    def sentence(self, place: Place) -> ClassedSentence:
        """Return the sentence at a place."""
        return self.sentences[place.path][place.index]

    def text(self, place: Place) -> str:
        """Return the words of the sentence at a place."""
        sentence = self.sentence(place)
        return self._clauses[place.path].text[sentence.start : sentence.end]

    def places(self) -> Iterator[Place]:
        """Yield every sentence in printed order."""
        for path, sentences in self.sentences.items():
            for index in range(len(sentences)):
                yield Place(path, index)

    def holding(self, path: str, words: str) -> tuple[Place, ...]:
        """Return the sentences that hold the words in the clause `path` or below it, none where they are not.

        Words that stand several times are found each time. Raises UnknownClause.
        """
        wanted = normalise(words)
        if not wanted:
            return ()
        places = list(self._below(self.document.clause(path)))
        forms = [normalise(self.text(place)) for place in places]
        begins = [0]
        for form in forms:
            begins.append(begins[-1] + len(form))
        # A figure is never found inside a longer one, as huiqi.documents counts words.
        before = r"(?<![0-9])(?<![0-9]\.)" if wanted[0].isascii() and wanted[0].isdigit() else ""
        after = r"(?![0-9])" if wanted[-1].isascii() and wanted[-1].isdigit() else ""
        found: dict[Place, None] = {}
        for match in re.finditer(before + re.escape(wanted) + after, "".join(forms)):
            first = bisect.bisect_right(begins, match.start()) - 1
            last = bisect.bisect_left(begins, match.end())
            found.update(dict.fromkeys(places[first:last]))
        return tuple(found)

    def _below(self, clause: Clause) -> Iterator[Place]:
        """Yield the sentences of a clause and of those below it; of a point, those that its words stand in."""
        if clause.path in self.sentences:
            for each in clause.walk():
                for index in range(len(self.sentences[each.path])):
                    yield Place(each.path, index)
            return
        for start, end, place in self._spans:
            if start < clause.end and clause.start < end:
                yield place

    @cached_property
    def by_class(self) -> Mapping[Kind, int]:
        """How many sentences there are of each class that occurs."""
        return Counter(each.kind for sentences in self.sentences.values() for each in sentences)


class FolderSentences:
    """The sentences of a folder's documents, each classed when it is first asked for."""

    def __init__(self, texts: DocumentFolder) -> None:
        self._texts = texts
        self._classed: dict[str, DocumentSentences] = {}

    def of(self, document_id: str) -> DocumentSentences:
        """Return the sentences of a document. Raises DocumentError as the folder does."""
        if document_id not in self._classed:
            self._classed[document_id] = DocumentSentences(self._texts.document(document_id))
        return self._classed[document_id]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of the sentences of one document.

    `bound` are the measures (id, region) that cite each sentence; `astray` the citations that lie in no
    benefit, status or target sentence; `unencoded` the benefit sentences that no measure cites.
    """

    sentences: DocumentSentences
    bound: Mapping[Place, tuple[tuple[str, str], ...]]
    astray: tuple[Citation, ...]
    unencoded: tuple[Place, ...]

    def as_json(self) -> dict[str, object]:
        """Return counts by class, the bound and the unencoded sentences by clause, for programs."""
        return {
            "document": self.sentences.document.id,
            "sentences": sum(self.sentences.by_class.values()),
            "by_class": dict(self.sentences.by_class),
            "bound": [
                {"path": place.path, "sentence": place.index, "measures": [list(each) for each in measures]}
                for place, measures in self.bound.items()
            ],
            "unencoded": [{"path": place.path, "sentence": place.index} for place in self.unencoded],
            "astray": [
                {"measure": each.measure, "region": each.region, "source": each.number}
                for each in self.astray
            ],
        }


def cover(measures: Iterable[Measure], sentences: DocumentSentences) -> Coverage:
    """Bind the measures' citations of a document to its sentences.

    Words of a source and those of its parts bind a sentence alike; only a source's words may stray. Citations
    of other documents are passed over, words or clauses that are not there bind nothing.
    """
    bound: dict[Place, dict[tuple[str, str], None]] = {}
    astray: list[Citation] = []
    for measure in measures:
        key = (measure.id, measure.region)
        for citation in citations(measure, sentences):
            if not lies_well(citation, sentences):
                astray.append(citation)
            for place in citation.places:
                bound.setdefault(place, {})[key] = None
        for source, words in part_words(measure):
            if source.document == sentences.document.id:
                for place in _places(sentences, source.clause, words):
                    bound.setdefault(place, {})[key] = None
    order = list(sentences.places())
    return Coverage(
        sentences,
        {place: tuple(bound[place]) for place in order if place in bound},
        tuple(astray),
        tuple(place for place in order if place not in bound and sentences.sentence(place).kind == "benefit"),
    )


def citations(measure: Measure, sentences: DocumentSentences) -> Iterator[Citation]:
    """Yield the citations of this document by a measure's sources whose words stand in it."""
    for number, source in enumerate(measure.sources, 1):
        if source.document == sentences.document.id and source.words:
            places = _places(sentences, source.clause, source.words)
            if places:
                yield Citation(measure.id, measure.region, number, source, places)


def lies_well(citation: Citation, sentences: DocumentSentences) -> bool:
    """Whether the words lie, at least in part, in a sentence that gives something, names a title or an aim."""
    return any(sentences.sentence(place).kind in GIVING for place in citation.places)


def part_words(measure: Measure) -> Iterator[tuple[Source, str]]:
    """Yield the words that conditions, parameters and other parts cite, with their source."""
    if not measure.sources:
        return
    cited: list[tuple[str, int]] = []
    cited += ((each.words, each.source) for each in measure.parameters)
    cited += ((each.words, each.source) for each in measure.let)
    cited += ((each.words, each.source) for each in measure.when)
    cited += ((each.words, each.source) for each in measure.caps)
    cited += ((each.words, each.source) for each in measure.not_with)
    for words, number in cited:
        if words:
            yield measure.sources[number - 1], words


def _places(sentences: DocumentSentences, path: str, words: str) -> tuple[Place, ...]:
    try:
        return sentences.holding(path, words)
    except UnknownClause:
        return ()
