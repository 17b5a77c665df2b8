"""The sentences of a pair of clauses, and which sentence below answers which above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from huiqi.documents.align.model import Passage
from huiqi.documents.align.neutral import neutral, spoken
from huiqi.documents.align.views import ClauseView, grams
from huiqi.documents.comparison import normalise
from huiqi.documents.sentences.model import Kind as SentenceKind
from huiqi.reference.agencies import Place

ANSWERS = 34
"""Likeness from which on a sentence below answers one above."""
MOST_PAIRS = 10_000
"""Pairs of sentences, figures or days of one clause up to which each is compared with each."""
_NEAR = 20
_AROUND = 14


@dataclass(frozen=True)
class Statement:
    """One sentence of a clause; `above` tells the side it stands on."""

    view: ClauseView
    place: Place
    start: int
    end: int
    kind: SentenceKind
    words: str
    counted: Counter[str]

    @property
    def printed(self) -> str:
        """The sentence as it stands."""
        return self.view.clause.clause.text[self.start : self.end].strip()

    def passage(self, start: int | None = None, end: int | None = None) -> Passage:
        """The sentence, or a part of its clause's text."""
        first = self.start if start is None else start
        last = self.end if end is None else end
        text = self.view.clause.clause.text
        return Passage(self.view.path, text[first:last].strip(), first, last)


class Statements:
    """All sentences of a pair."""

    def __init__(
        self,
        above: ClauseView,
        below: Sequence[ClauseView],
        sharers: Sequence[ClauseView],
        above_place: Place,
        below_place: Place,
    ) -> None:
        self.above = above
        self.below = tuple(below)
        self.sharers = tuple(sharers)
        self.above_place = above_place
        self.below_place = below_place
        self.translated = any(each.english for each in (above, *below))

    @cached_property
    def upper(self) -> list[Statement]:
        """The sentences of the clause above."""
        return _statements(self.above, self.above_place)

    @cached_property
    def lower(self) -> list[Statement]:
        """The sentences of the clauses below."""
        return [each for view in self.below for each in _statements(view, self.below_place)]

    @cached_property
    def sharing(self) -> list[Statement]:
        """The sentences of all clauses above that these clauses below answer."""
        return [each for view in self.sharers for each in _statements(view, self.above_place)]

    @cached_property
    def answers(self) -> list[tuple[Statement, Statement, int]]:
        """Pairs of sentences with their likeness, the likest first, each sentence at most once."""
        rows, columns = len(self.upper), len(self.lower)
        # Of very long clauses only sentences that stand about as far down are compared.
        near = columns if rows * columns <= MOST_PAIRS else _NEAR
        scored = [
            (dice(one.counted, self.lower[column].counted), -row, -column)
            for row, one in enumerate(self.upper)
            for column in range(
                max(row * columns // rows - near, 0), min(row * columns // rows + near + 1, columns)
            )
        ]
        pairs = []
        used: tuple[set[int], set[int]] = (set(), set())
        for points, row, column in sorted(scored, reverse=True):
            if points < ANSWERS:
                break
            if -row not in used[0] and -column not in used[1]:
                used[0].add(-row)
                used[1].add(-column)
                pairs.append((self.upper[-row], self.lower[-column], points))
        return pairs

    def answered(self, one: Statement | None, other: Statement | None) -> bool:
        """Whether the two sentences answer one another."""
        return any(first is one and second is other for first, second, _ in self.answers)

    def has_answer(self, one: Statement | None) -> bool:
        """Whether a sentence of either side has a counterpart."""
        return any(one is first or one is second for first, second, _ in self.answers)

    def at(self, view: ClauseView, offset: int) -> Statement | None:
        """The sentence of a clause that holds an offset."""
        every = self.upper if view is self.above else self.lower
        return next((each for each in every if each.view is view and each.start <= offset < each.end), None)

    def around(self, view: ClauseView, start: int, end: int) -> Counter[str]:
        """The grams of the words around a place, within its sentence, without level."""
        place = self.above_place if view is self.above else self.below_place
        text = view.clause.clause.text
        said = self.at(view, start)
        first = max(start - _AROUND, said.start if said else 0)
        last = min(end + _AROUND // 2, said.end if said else len(text))
        return grams(neutral(text[first:start], place)) + grams(neutral(text[end:last], place))

    @cached_property
    def upper_text(self) -> str:
        """All that the sharers above print, in comparison form."""
        return "".join(normalise(each.clause.clause.text) for each in (self.above, *self.sharers))

    @cached_property
    def lower_text(self) -> str:
        """All that the clauses below print, in comparison form."""
        return "".join(normalise(each.clause.clause.text) for each in self.below)


def dice(one: Counter[str], other: Counter[str]) -> int:
    """The share of grams in common, 0 to 100."""
    whole = one.total() + other.total()
    return 200 * (one & other).total() // whole if whole else 0


def _statements(view: ClauseView, place: Place) -> list[Statement]:
    text = view.clause.clause.text
    made = []
    for each in spoken(view.clause):
        words = neutral(text[each.start : each.end], place)
        made.append(Statement(view, place, each.start, each.end, each.kind, words, grams(words)))
    return made
