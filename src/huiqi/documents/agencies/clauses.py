"""The offices of every clause of a document, unit lines below the last child given to the clause they speak of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huiqi.documents.agencies.model import AgencyReading, Declared
from huiqi.documents.agencies.reader import read_agencies
from huiqi.documents.model import Clause, Document
from huiqi.reference.agencies import Place


@dataclass(frozen=True, slots=True)
class ClauseAgencies:
    """What a clause prints. `at` is the path of the clause whose text the offsets of `reading` count in."""

    reading: AgencyReading
    at: str


def document_agencies(document: Document, place: Place, declared: Declared) -> dict[str, ClauseAgencies]:
    """The offices of each clause by its path, clauses without any left out.

    Lines such as 责任单位：… behind the last of several children belong to the clause above, where none of the
    children has lines of its own.
    """
    clauses = document.clauses()
    readings = {each.path: read_agencies(each.text, place, declared) for each in clauses}
    found = {path: ClauseAgencies(reading, path) for path, reading in readings.items() if reading.mentions}
    for clause in reversed(clauses):
        if len(clause.children) < 2 or clause.path in found:
            continue
        last = clause.children[-1]
        others = (each.path in found for each in _all_below(clause.children[:-1]))
        own = found.get(last.path)
        if own is not None and own.at == last.path and not any(others) and _in_lines(last, own.reading):
            found[clause.path] = found.pop(last.path)
    return found


def _all_below(clauses: Iterable[Clause]) -> Iterable[Clause]:
    for clause in clauses:
        yield from clause.walk()


def _in_lines(clause: Clause, reading: AgencyReading) -> bool:
    """Whether every passage is a line of its own, not a bracket or a sentence."""
    return all(
        start > 0 and clause.text[:start].rstrip(" *—-【[").endswith("\n") for start, _ in reading.spans
    )
