"""Pairs of clauses within a pair of plans: in order first, then parts of one another, then out of order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from huiqi.documents.align.candidates import Candidates
from huiqi.documents.align.likeness import inside, likeness, words
from huiqi.documents.align.model import Likeness, Way
from huiqi.documents.align.views import ClauseView, Weights

LEAST = 30
"""Below this score two clauses in order are not taken for one another."""
LEAST_OUT_OF_ORDER = 42
LEAST_INSIDE = 38
LEAST_INSIDE_TRANSLATED = 66
LEAST_SPLIT_TRANSLATED = 37
LEAST_ELSEWHERE = 50
_LEAST_SECTION = 22
_SHORT = 30
"""Characters below which a clause's words alone prove nothing elsewhere in the text."""


@dataclass
class Match:
    """A clause above and those below it, while pairing goes on.

    `against` are the clauses below that differences are looked for in, where that is more than `below`.
    """

    above: ClauseView
    below: list[ClauseView]
    likeness: Likeness
    way: Way
    against: list[ClauseView] = field(default_factory=list)


class Pairing:
    """Pairs the clauses of one pair of plans."""

    def __init__(self, above: Sequence[ClauseView], below: Sequence[ClauseView], weights: Weights) -> None:
        self._above = above
        self._below = below
        self._weights = weights
        self.matches: dict[str, Match] = {}
        self._answered: set[str] = set()
        self._candidates = Candidates(list(_flat(above)), list(_flat(below)))
        self._sections: list[tuple[frozenset[str], frozenset[str]]] = []
        # The views outlive the pairing, so their identity names them.
        self._wholes: dict[int, tuple[Counter[str], int]] = {}
        self._known: dict[tuple[str, str], Likeness] = {}

    def run(self) -> Pairing:
        """Pair what can be paired."""
        sections = _monotone(self._above, self._below, self._section, LEAST)
        self._sections = [
            (frozenset(each.path for each in _flat([one])), frozenset(each.path for each in _flat([other])))
            for one, other in sections
        ]
        for one, other in sections:
            self._pair_section(one, other)
        self._out_of_order()
        self._parts()
        return self

    def free_above(self) -> list[ClauseView]:
        """Clauses above without a pair."""
        return [each for each in _flat(self._above) if each.path not in self.matches]

    def free_below(self) -> list[ClauseView]:
        """Clauses below without a pair."""
        return [each for each in _flat(self._below) if each.path not in self._answered]

    def join(self, one: ClauseView, other: ClauseView, way: Way) -> None:
        """Pair two clauses, or add one below to a pair that stands."""
        match = self.matches.get(one.path)
        if match is None:
            self.matches[one.path] = Match(one, [other], self._likeness(one, other), way)
        else:
            match.below.append(other)
            match.below.sort(key=lambda each: each.order)
            if match.way == "same-place":
                match.way = "split"
        self._answered.add(other.path)

    def _likeness(self, one: ClauseView, other: ClauseView) -> Likeness:
        key = (one.path, other.path)
        if key not in self._known:
            self._known[key] = likeness(one, other, self._weights)
        return self._known[key]

    def _section(self, one: ClauseView, other: ClauseView) -> int:
        """The likeness of two parts of the first level, with all that stands below them."""
        if (
            not one.clause.clause.printed
            and not other.clause.clause.printed
            and not one.heading
            and not other.heading
        ):
            return 100
        if not self._candidates.likely(one, other) and not (one.children or other.children):
            return 0
        own = self._likeness(one, other).score
        if not one.children and not other.children:
            return own
        common = self._common(one, other)
        if max(own, common) < _LEAST_SECTION:
            # Parts of unrelated texts are no pair, however alike their places are.
            return 0
        place = max(100 - 25 * abs(one.place_in - other.place_in), 0)
        return max((own + 2 * common + place) // 3, common)

    def _common(self, one: ClauseView, other: ClauseView) -> int:
        """The likeness of the words of two clauses with all below them, 0 to 100."""
        (first, size), (second, other_size) = self._whole(one), self._whole(other)
        whole = size + other_size
        return 200 * self._weights.shared(first, second) // whole if whole else 0

    def _whole(self, view: ClauseView) -> tuple[Counter[str], int]:
        known = self._wholes.get(id(view))
        if known is None:
            merged = _merged(view)
            known = self._wholes[id(view)] = merged, self._weights.size(merged)
        return known

    def _pair_section(self, one: ClauseView, other: ClauseView) -> None:
        above, below = list(_flat(one.children)), list(_flat(other.children))
        if one.hollow == other.hollow:
            self.join(one, other, "same-place")
        elif one.hollow:
            below = [other, *below]
        else:
            above = [one, *above]
        if not one.hollow and other.hollow:
            self._split_into(one, [each for each in below if not each.hollow])
            if one.path not in self.matches:
                self.join(one, other, "same-place")
            return
        for first, second in _monotone(above, below, self._in_order, LEAST):
            self.join(first, second, "same-place")

    def _split_into(self, one: ClauseView, below: Sequence[ClauseView]) -> None:
        for each in below:
            least = LEAST_SPLIT_TRANSLATED if one.english or each.english else LEAST_INSIDE * 3 // 4
            if inside(each, one, self._weights) >= least:
                self.join(one, each, "split")

    def _in_order(self, one: ClauseView, other: ClauseView) -> int:
        if one.hollow != other.hollow or not self._candidates.likely(one, other):
            return 0
        found = self._likeness(one, other).score
        if one.hollow:
            # Heads of parts say little: what stands below them tells more.
            return max(found, self._common(one, other))
        return found

    def _out_of_order(self) -> None:
        """The likest pairs first, whatever stands between them."""
        scored = []
        for one in self.free_above():
            for other in self.free_below():
                if one.hollow or other.hollow or one.english or other.english:
                    continue
                if not self._candidates.likely(one, other):
                    continue
                points = self._likeness(one, other).score
                if points >= LEAST_OUT_OF_ORDER:
                    scored.append((-points, one.order, other.order, one, other))
        for _, _, _, one, other in sorted(scored, key=lambda each: each[:3]):
            if one.path not in self.matches and other.path not in self._answered:
                self.join(one, other, "elsewhere")

    def _parts(self) -> None:
        """Clauses that went into another one, or came out of it."""
        for other in [each for each in self.free_below() if not each.hollow]:
            best = self._best(
                other, [each for each in _flat(self._above) if not each.hollow], part_is_below=True
            )
            if best is not None:
                self.join(best, other, "split")
        for one in [each for each in self.free_above() if not each.hollow]:
            best = self._best(
                one, [each for each in _flat(self._below) if not each.hollow], part_is_below=False
            )
            if best is not None:
                self.join(one, best, "merged")

    def _best(
        self, part: ClauseView, wholes: Sequence[ClauseView], *, part_is_below: bool
    ) -> ClauseView | None:
        scored = []
        for each in wholes:
            one, other = (each, part) if part_is_below else (part, each)
            if (part.english or each.english) and not self._in_one_section(one, other):
                continue
            if not self._candidates.likely(one, other):
                continue
            points = inside(part, each, self._weights)
            if points >= self._least_inside(part, each):
                scored.append((points, -abs(each.order - part.order), each))
        if not scored:
            return None
        return max(scored, key=lambda each: each[:2])[2]

    def _in_one_section(self, one: ClauseView, other: ClauseView) -> bool:
        """Whether a clause above and one below stand in parts of the first level that are a pair."""
        return any(one.path in first and other.path in second for first, second in self._sections)

    def _least_inside(self, one: ClauseView, other: ClauseView) -> int:
        return LEAST_INSIDE_TRANSLATED if one.english or other.english else LEAST_INSIDE


def pair_elsewhere(pairings: Sequence[Pairing], weights: Weights) -> list[Match]:
    """Pairs across plans, of clauses that no plan of their own could pair; only long texts of much likeness."""
    above = [each for pairing in pairings for each in pairing.free_above() if _speaks(each)]
    below = [each for pairing in pairings for each in pairing.free_below() if _speaks(each)]
    candidates = Candidates(above, below)
    scored = []
    for one in above:
        for other in below:
            if not candidates.likely(one, other):
                continue
            points = words(one, other, weights)
            if points >= LEAST_ELSEWHERE:
                scored.append((-points, one.path, other.path, one, other))
    found: list[Match] = []
    taken: set[str] = set()
    for _, _, _, one, other in sorted(scored, key=lambda each: each[:3]):
        if one.path not in taken and other.path not in taken:
            taken |= {one.path, other.path}
            found.append(Match(one, [other], likeness(one, other, weights), "elsewhere"))
    return found


def _speaks(view: ClauseView) -> bool:
    return not view.hollow and not view.english and len(view.words) >= _SHORT


def _flat(views: Sequence[ClauseView]) -> Iterator[ClauseView]:
    for each in views:
        yield each
        yield from _flat(each.children)


def _merged(view: ClauseView) -> Counter[str]:
    merged = Counter(view.grams)
    for each in view.children:
        merged.update(_merged(each))
    return merged


def _monotone(
    above: Sequence[ClauseView],
    below: Sequence[ClauseView],
    score: Callable[[ClauseView, ClauseView], int],
    least: int,
) -> list[tuple[ClauseView, ClauseView]]:
    """The pairs in order, each clause at most once, whose scores above `least` have the greatest sum."""
    rows, columns = len(above), len(below)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    gain = [[0] * columns for _ in range(rows)]
    for row in range(rows - 1, -1, -1):
        for column in range(columns - 1, -1, -1):
            points = score(above[row], below[column])
            gain[row][column] = points - least if points >= least else -1
            best[row][column] = max(best[row + 1][column], best[row][column + 1])
            if gain[row][column] >= 0:
                best[row][column] = max(best[row][column], best[row + 1][column + 1] + gain[row][column] + 1)
    pairs = []
    row = column = 0
    while row < rows and column < columns:
        if gain[row][column] >= 0 and best[row][column] == best[row + 1][column + 1] + gain[row][column] + 1:
            pairs.append((above[row], below[column]))
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1
    return pairs
