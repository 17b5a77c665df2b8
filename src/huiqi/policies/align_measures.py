"""The measures that an alignment touches: those that cite a paired, dropped, added or amended clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from huiqi.documents import Document, DocumentError, normalise
from huiqi.documents.align import Alignment, Side
from huiqi.documents.align.versions import Amendment
from huiqi.policies.library import PolicyDocument, PolicyLibrary
from huiqi.rules.measure import Measure


@dataclass(frozen=True, slots=True)
class Touched:
    """A measure and the clause that it cites. `region` tells the variant."""

    id: str
    title: str
    region: str
    document: str
    path: str


@dataclass(frozen=True)
class TouchedMeasures:
    """Measures by the clauses of either text, keyed by the clause's path."""

    superior: Mapping[str, tuple[Touched, ...]]
    subordinate: Mapping[str, tuple[Touched, ...]]

    def of_pair(self, superior: Side, subordinate: Iterable[Side]) -> tuple[Touched, ...]:
        """The measures that a pair touches, each once, in the order of their sources."""
        found = [*self.superior.get(superior.path, ())]
        found += [each for side in subordinate for each in self.subordinate.get(side.path, ())]
        return tuple(dict.fromkeys(found))


def measures_touched(library: PolicyLibrary, alignment: Alignment) -> TouchedMeasures:
    """Find the measures of a library that cite clauses of the two texts."""
    return TouchedMeasures(
        measures_citing(library, alignment.superior.document),
        measures_citing(library, alignment.subordinate.document),
    )


def measures_hanging(library: PolicyLibrary, amendment: Amendment) -> dict[str, tuple[Touched, ...]]:
    """Find the measures that cite clauses of the old version which changed or went, by path."""
    cited = measures_citing(library, amendment.alignment.superior.document)
    return {side.path: cited[side.path] for side in amendment.touched if side.path in cited}


def measures_citing(library: PolicyLibrary, document: Document) -> dict[str, tuple[Touched, ...]]:
    """Return the measures that cite each clause of a text, by the clause's path.

    The text is one of the library's documents when it has its id (the file's stem), its number, or its title. A
    citation of a clause that the text does not have is left out: `huiqi check` reports it.
    """
    known = policy_document(library, document)
    if known is None:
        return {}
    found: dict[str, dict[Touched, None]] = {}
    for measure in library.measures:
        for path in _paths(measure, known.id, document):
            touched = Touched(measure.id, measure.title, measure.region, known.id, path)
            found.setdefault(path, {})[touched] = None
    return {path: tuple(touched) for path, touched in found.items()}


def policy_document(library: PolicyLibrary, document: Document) -> PolicyDocument | None:
    """Return the library's document that this text is, None where it is none of them."""
    named = library.documents.get(document.id)
    if named is not None:
        return named
    for each in library.documents.values():
        if document.number and normalise(document.number) == normalise(each.number):
            return each
    titled = [each for each in library.documents.values() if _same_title(each, document)]
    return titled[0] if len(titled) == 1 else None


def _same_title(known: PolicyDocument, document: Document) -> bool:
    return bool(document.title and known.title) and normalise(document.title or "") == normalise(known.title)


def _paths(measure: Measure, document_id: str, document: Document) -> Iterator[str]:
    for source in measure.sources:
        if source.document != document_id:
            continue
        try:
            yield document.clause(source.clause).path
        except DocumentError:
            continue
