"""Which clauses of two long texts are worth comparing: those that share rare words, or stand near one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from huiqi.documents.align.views import ClauseView

_ALL = 3_000
"""Pairs up to which every one is compared."""
_COMMON = 12
"""Clauses from which on a gram says nothing of where it came from."""
_BEST = 10
_NEAR = 12
"""Places around the own one in which a translated clause is looked for."""


class Candidates:
    """The pairs worth comparing; of short texts all of them."""

    def __init__(self, above: Sequence[ClauseView], below: Sequence[ClauseView]) -> None:
        self._few = len(above) * len(below) <= _ALL
        self._likely: dict[str, frozenset[str]] = {}
        self._rows = {each.path: at for at, each in enumerate(above)}
        self._columns = {each.path: at for at, each in enumerate(below)}
        if self._few:
            return
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, view in enumerate(below):
            for gram in view.grams:
                holders[gram].append(number)
        rare = {gram: numbers for gram, numbers in holders.items() if len(numbers) <= _COMMON}
        for view in above:
            votes = Counter(number for gram in view.grams for number in rare.get(gram, ()))
            best = sorted(votes, key=lambda number: (-votes[number], number))[:_BEST]
            self._likely[view.path] = frozenset(below[number].path for number in best)

    def likely(self, one: ClauseView, other: ClauseView) -> bool:
        """Whether a clause above and one below should be compared."""
        if self._few or other.path in self._likely.get(one.path, ()):
            return True
        if not (one.english or other.english or one.hollow or other.hollow):
            return False
        here = self._rows[one.path] * len(self._columns) // len(self._rows)
        return abs(here - self._columns[other.path]) <= _NEAR
