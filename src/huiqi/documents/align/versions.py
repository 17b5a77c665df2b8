"""Two versions of one text: which clauses changed, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huiqi.documents.agencies import AgencyMention
from huiqi.documents.align.aligning import align
from huiqi.documents.align.model import Alignment, ClausePair, Side
from huiqi.documents.comparison import normalise
from huiqi.documents.deadlines import Deadline
from huiqi.documents.outline import Outline


@dataclass(frozen=True)
class Amendment:
    """What an amended text changed: pairs of the old clause with the new, repealed and new clauses."""

    alignment: Alignment
    changed: tuple[ClausePair, ...]
    repealed: tuple[Side, ...]
    new: tuple[Side, ...]

    @property
    def touched(self) -> tuple[Side, ...]:
        """The clauses of the old version that changed or went."""
        return (*(pair.superior for pair in self.changed), *self.repealed)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a touched clause makes an office do: who, until when."""

    clause: Side
    agencies: tuple[AgencyMention, ...]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class Hanging:
    """Clauses of a lower text that carry out a touched clause of the old version."""

    clause: Side
    lower: tuple[Side, ...]


def amend(before: Outline, after: Outline) -> Amendment:
    """Compare two versions of one text. Widths, quotes, line breaks and renumbering change nothing."""
    alignment = align(before, after)
    changed = tuple(pair for pair in alignment.pairs if _words_changed(alignment, pair))
    return Amendment(alignment, changed, alignment.dropped, alignment.added)


def duties(amendment: Amendment) -> tuple[Duty, ...]:
    """The duties that the touched clauses print."""
    found = []
    for side in amendment.touched:
        clause = amendment.alignment.above(side)
        if clause.agencies or clause.deadlines:
            found.append(Duty(side, clause.agencies or clause.implied, clause.deadlines))
    return tuple(found)


def hanging_below(amendment: Amendment, lower: Iterable[ClausePair]) -> tuple[Hanging, ...]:
    """The clauses of a lower text that hang on touched clauses; `lower` pairs the old version with that text."""
    answers = {pair.superior: pair.subordinate for pair in lower}
    return tuple(Hanging(side, answers[side]) for side in amendment.touched if side in answers)


def _words_changed(alignment: Alignment, pair: ClausePair) -> bool:
    before = normalise(alignment.above(pair.superior).clause.text)
    after = "".join(normalise(alignment.below(side).clause.text) for side in pair.subordinate)
    return before != after
