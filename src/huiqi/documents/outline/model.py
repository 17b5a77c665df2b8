"""The outline: every clause with its offices, deadlines, figures and the class of each of its sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from huiqi.documents.agencies import AgencyMention, Place
from huiqi.documents.deadlines import Deadline
from huiqi.documents.model import Clause, Document, Plan
from huiqi.documents.quantities import Mismatch, Quantity
from huiqi.documents.sentences import ClassedSentence, Kind


@dataclass(frozen=True, slots=True)
class OutlinedClause:
    """One clause and what its own words hold; offsets count in `clause.text`.

    `agencies` are those that the clause prints, `implied` those that a general sentence of the document gives
    it. `agencies_at` is the path whose text the agencies' offsets count in: unit lines below the last child
    speak of the clause above. `flags` are counts and sums that do not agree.
    """

    clause: Clause
    agencies: tuple[AgencyMention, ...] = ()
    agencies_at: str = ""
    and_others: bool = False
    implied: tuple[AgencyMention, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    flags: tuple[Mismatch, ...] = ()
    sentences: tuple[ClassedSentence, ...] = ()

    @property
    def path(self) -> str:
        """The clause's path."""
        return self.clause.path

    @property
    def kind(self) -> Kind:
        """The weightiest class among the clause's own sentences; `heading` where it has nothing else."""
        kinds = {each.kind for each in self.sentences}
        return next((kind for kind in WEIGHT if kind in kinds), "heading")


WEIGHT: tuple[Kind, ...] = (
    *("benefit", "status", "target", "duty", "mechanism", "encouragement", "organisation", "publicity"),
    *("citation", "table", "closing", "attribution"),
)
"""Classes of sentences, the weightiest first: a clause is known by what it gives before what it asks."""


@dataclass(frozen=True, slots=True)
class OutlinedPlan:
    """One plan and its clauses in printed order, at every depth."""

    plan: Plan
    clauses: tuple[OutlinedClause, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A document read through. `place` tells whose text it is, as far as it says."""

    document: Document
    place: Place
    plans: tuple[OutlinedPlan, ...]
    letter: OutlinedClause | None = None

    def clauses(self) -> Iterator[OutlinedClause]:
        """All clauses in printed order, the covering letter first."""
        if self.letter is not None:
            yield self.letter
        for plan in self.plans:
            yield from plan.clauses
