"""One measure in an interview: for which records it is still open, what it lacks, what an answer would leave open.

What is settled stays settled whatever else is told (Kleene), so settled records are not looked at again. Of the
open ones only the first few are, as many as it takes to choose a question: a list of thousands is asked from its top.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huiqi.rules.measure import Measure
from huiqi.rules.situation import Record, Situation
from huiqi.screening.open_facts import RECORDS, OpenFacts, Outline, Part, Place, Seen

_AHEAD = 8
"""Records with something to ask that are looked at before the first of them is settled."""
_MONEY = ("paid", "saved")
_MUCH = 1_000_000
"""Fen beside which a known amount counts: 10,000 yuan count half as much again as any amount can."""
_ITSELF: tuple[Record, ...] = ({},)


class OpenMeasure:
    """One measure for one firm."""

    def __init__(self, outline: Outline, finder: OpenFacts) -> None:
        self.outline = outline
        self.finder = finder
        self.missing: frozenset[Place] = frozenset()
        """What it waits for, of the records looked at."""
        self.openness = 0
        """How many parts of it are open, over the records looked at."""
        self.weight = 0
        """How much settling it counts."""
        self.amount: int | None = None
        """Fen at stake where the rule's amount can be worked out already."""
        self.version = 0
        """Rises each time it is judged."""
        self._shared: list[Part] = []
        self._open: dict[int, int] = {}  # the open records looked at, and how many parts are open for each
        self._left: list[int] | None = None  # the records not known to be settled; None where all are
        self._whole = True  # all of those were looked at

    @property
    def measure(self) -> Measure:
        """The measure."""
        return self.outline.measure

    @property
    def name(self) -> str:
        """The measure's id and its region, since one id has a variant for each."""
        return f"{self.measure.id}@{self.measure.region}"

    def reads(self, place: Place) -> bool:
        """Tell whether it may read a fact, or facts of a list."""
        reads = self.outline.reads
        whole = place.record == RECORDS and any(record == place.name for record, _ in reads)
        return whole or (place.record, place.name) in reads

    def forget(self) -> None:
        """Take nothing for settled: something that was known is known no more."""
        self._left = None
        self.amount = None

    def judge(self, s: Situation, askable: Callable[[Place], bool], seen: Seen) -> None:
        """Work out what is open, now that something more is known. `seen` is emptied when a fact changes."""
        self.version += 1
        self._open, self._whole, found = {}, True, frozenset[Place]()
        shared = self.finder.open_shared(self.outline, s)
        rows = self._rows(s)
        if shared is None:
            self._left, self._shared, self.openness = [], [], 0
        elif rows is None:
            self._shared, self.openness = shared, len(shared) + 1
            found = self.finder.lacking(shared, s, -1, seen) | {Place(RECORDS, self.measure.per)}
        else:
            self._shared = shared
            found = self._look(s, rows, askable, seen) or self._for_caps(s)
            self.openness = sum(self._open.values())
        self.missing = found
        if self.amount is None:
            self.amount = self._worked_out(s)
        self.weight = 20 if self.measure.amount_is in _MONEY else 10 if self.measure.amount is None else 15
        if self.amount:
            self.weight += 20 * self.amount // (self.amount + _MUCH)

    def _look(
        self, s: Situation, rows: Sequence[Record], askable: Callable[[Place], bool], seen: Seen
    ) -> frozenset[Place]:
        left = range(len(rows)) if self._left is None else self._left
        of_subject = self.finder.lacking(self._shared, s, -1, seen)
        found: set[Place] = set()
        still: list[int] = []
        ahead = 0
        for at, index in enumerate(left):
            if ahead == _AHEAD:
                still.extend(left[at:])
                self._whole = False
                break
            s.record = rows[index]
            parts = self.finder.waiting(self.outline, s, self._shared)
            if parts:
                own = self.finder.lacking(parts[len(self._shared) :], s, index, seen)
                found |= own
                ahead += any(askable(place) for place in own) or any(askable(place) for place in of_subject)
                self._open[index] = len(parts)
                still.append(index)
            s.record = {}
        self._left = still
        return frozenset(found | of_subject) if self._open else frozenset()

    def _for_caps(self, s: Situation) -> frozenset[Place]:
        return self.finder.missing_for_caps(self.outline, s)

    def left_open(self, s: Situation, place: Place) -> int:
        """Return how many parts stay open while the situation holds some answer about a place; 0: it is settled."""
        per = self.measure.per
        if place.index >= 0 and place.record == per and per not in self.outline.across:
            others = self.openness - self._open.get(place.index, 0)
            return others + self._of_record(s, self._shared, place.index) or self._of_the_rest(
                s, self._shared
            )
        shared = self.finder.open_shared(self.outline, s)
        if shared is None:
            return 0
        rows = self._rows(s)
        if rows is None:
            return len(shared) + 1
        if place == Place(RECORDS, per):
            return sum(self._of_record(s, shared, index) for index in range(len(rows)))
        return sum(self._of_record(s, shared, index) for index in self._open) or self._of_the_rest(s, shared)

    def _of_record(self, s: Situation, shared: Sequence[Part], index: int) -> int:
        rows = self._rows(s)
        assert rows is not None
        s.record = rows[index]
        parts = self.finder.waiting(self.outline, s, shared)
        s.record = {}
        return len(parts)

    def _of_the_rest(self, s: Situation, shared: Sequence[Part]) -> int:
        """Return what is open of the first open record among those not looked at."""
        rest = [] if self._whole or self._left is None else self._left[len(self._open) :]
        return next((found for index in rest if (found := self._of_record(s, shared, index))), 0)

    def _rows(self, s: Situation) -> tuple[Record, ...] | None:
        return s.records.get(self.measure.per) if self.measure.per else _ITSELF

    def _worked_out(self, s: Situation) -> int | None:
        if self.outline.amount is None:
            return None
        total = 0
        for row in self._rows(s) or ():
            s.record = row
            value = self.outline.amount.reading(s)
            s.record = {}
            if value is None:
                return None
            total += max(0, int(value))
        return total or None
