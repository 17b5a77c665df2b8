"""From a document to its outline."""

from __future__ import annotations

import datetime

from huiqi.documents.agencies import (
    AgencyReading,
    Declared,
    Place,
    document_agencies,
    general_statements,
    implied_for,
    place_of,
)
from huiqi.documents.deadlines import read_deadlines
from huiqi.documents.model import Clause, Document
from huiqi.documents.outline.model import Outline, OutlinedClause, OutlinedPlan
from huiqi.documents.quantities import read_list_mismatches, read_mismatches, read_quantities
from huiqi.documents.sentences import ClassedSentence, class_sentences
from huiqi.reference.working_days import Calendar, published

_NONE = AgencyReading((), False, ())


def outline(document: Document, calendar: Calendar | None = None) -> Outline:
    """Read every clause of a document: offices, deadlines, figures, classes of sentences.

    Deadlines that hang on working days are counted on `calendar`, the published years by default.
    """
    return _Outliner(document, calendar or published()).outline()


class _Outliner:
    def __init__(self, document: Document, calendar: Calendar) -> None:
        self._document = document
        self._calendar = calendar
        self._place: Place = place_of(document)
        self._declared: Declared = general_statements(document, self._place)
        self._agencies = document_agencies(document, self._place, self._declared)
        self._sentences: dict[str, tuple[ClassedSentence, ...]] = class_sentences(document)
        self._issued: datetime.date | None = document.date

    def outline(self) -> Outline:
        document = self._document
        return Outline(
            document,
            self._place,
            tuple(
                OutlinedPlan(plan, tuple(self._clause(clause) for clause in plan.clauses))
                for plan in document.plans
            ),
            self._clause(document.letter) if document.letter else None,
        )

    def _clause(self, clause: Clause) -> OutlinedClause:
        own = self._agencies.get(clause.path)
        reading = own.reading if own else _NONE
        deadlines = read_deadlines(clause.text, self._issued, None, self._calendar)
        quantities = read_quantities(clause.text, deadlines)
        below = [each.heading for each in clause.children]
        return OutlinedClause(
            clause,
            reading.mentions,
            own.at if own else clause.path,
            reading.and_others,
            implied_for(self._declared, self._document, clause.path) if self._declared.implied else (),
            deadlines,
            quantities,
            (*read_mismatches(clause.text, quantities), *read_list_mismatches(clause.text, below)),
            self._sentences.get(clause.path, ()),
        )
