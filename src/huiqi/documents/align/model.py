"""What an alignment of two texts holds: pairs of clauses, what differs in each, what was dropped and added."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

from huiqi.documents.outline import Outline, OutlinedClause

Kind = Literal["figure", "date", "rhythm", "agency", "scope", "promise"]
Change = Literal["weakened", "strengthened", "changed"]
Way = Literal["same-place", "split", "merged", "elsewhere", "carried"]


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """One clause of one of the texts. `plan` is the plan's short name, None in a text of a single plan.

    `path` is the whole path, as `document.clause(path)` cites it.
    """

    plan: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a clause: `text[start:end]` of the clause at `path` (offsets count in the clause's own text)."""

    path: str
    printed: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the two levels say differently.

    `superior` and `subordinate` are the words of each side, None where a side says nothing of it: then it was
    left out below, or added below. `change` is what it means for those whom the text serves. `why` says in
    Chinese how the two were compared.
    """

    kind: Kind
    superior: Passage | None
    subordinate: Passage | None
    change: Change
    why: str

    @property
    def how(self) -> Literal["left-out", "added", "from-to"]:
        """Whether one side is silent."""
        return "added" if self.superior is None else "left-out" if self.subordinate is None else "from-to"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two clauses are, 0 to 100, and the parts that made it: name -> (points of 100, weight)."""

    score: int
    parts: tuple[tuple[str, int, int], ...] = ()

    def __str__(self) -> str:
        return "；".join(f"{name} {points}×{weight}" for name, points, weight in self.parts)


@dataclass(frozen=True, slots=True)
class ClausePair:
    """A clause of the superior text and the clauses below that answer to it.

    `way`: same-place (in order, in the paired part), split (one clause above, several below), merged (several
    above, one below), elsewhere (out of order, found by its words alone), carried (a whole plan below carries out
    the one clause above; what the plan adds is then no difference).
    """

    superior: Side
    subordinate: tuple[Side, ...]
    likeness: Likeness
    way: Way
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanPair:
    """A plan above and the plan below that carries it out; `root` is the clause above where that is no plan."""

    superior: str | None
    subordinate: str | None
    root: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Demand:
    """A sentence above that tells others to issue plans of their own by a day."""

    side: Side
    printed: str
    last_day: datetime.date | None
    issued: datetime.date | None

    @property
    def days_late(self) -> int | None:
        """Calendar days after the last day; 0 in time, None where a day is not known."""
        if self.last_day is None or self.issued is None:
            return None
        return max((self.issued - self.last_day).days, 0)


@dataclass(frozen=True)
class Alignment:
    """Two texts side by side, the superior's order."""

    superior: Outline
    subordinate: Outline
    plans: tuple[PlanPair, ...]
    missing_plans: tuple[str, ...]
    added_plans: tuple[str, ...]
    pairs: tuple[ClausePair, ...]
    dropped: tuple[Side, ...]
    added: tuple[Side, ...]
    demands: tuple[Demand, ...] = ()
    _above: dict[str, OutlinedClause] = field(default_factory=dict, repr=False, compare=False)
    _below: dict[str, OutlinedClause] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._above.update({each.path: each for each in self.superior.clauses()})
        self._below.update({each.path: each for each in self.subordinate.clauses()})

    def above(self, side: Side) -> OutlinedClause:
        """The clause of the superior text."""
        return self._above[side.path]

    def below(self, side: Side) -> OutlinedClause:
        """The clause of the subordinate text."""
        return self._below[side.path]
