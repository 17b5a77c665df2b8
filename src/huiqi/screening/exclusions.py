"""Exclusions over a block: of claims that exclude each other the one worth most stays, as in the best bundle of one.

Measures that exclude each other on one record (or for one firm) form a small graph; of its lawful sets the one worth
most is taken row by row. Money counts before other amounts, then the number of claims; between equals the measure
whose id comes first stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from huiqi.rules.measure import Exclusion, Measure

COUNTED = ("paid", "saved")


@dataclass(frozen=True, slots=True)
class Rival:
    """A measure among those that exclude each other: the rows where it is claimed, and what each is worth (fen)."""

    measure: Measure
    claimed: NDArray[np.bool_]
    worth: NDArray[np.int64]


def rivalries(measures: Iterable[Measure]) -> list[tuple[str, tuple[str, ...], frozenset[tuple[str, str]]]]:
    """Return groups of measure ids tied by exclusions of one level: level, ids in order, the excluding pairs."""
    pairs: dict[str, set[tuple[str, str]]] = {}
    for measure in measures:
        for each in measure.not_with:
            pairs.setdefault(_level(each, measure), set()).add(
                (min(measure.id, each.measure), max(measure.id, each.measure))
            )
    groups: list[tuple[str, tuple[str, ...], frozenset[tuple[str, str]]]] = []
    for level, of_level in sorted(pairs.items()):
        left = set(of_level)
        while left:
            group = set(left.pop())
            tied = {pair for pair in of_level if set(pair) & group}
            while any(set(pair) - group for pair in tied):
                group |= {name for pair in tied for name in pair}
                tied = {pair for pair in of_level if set(pair) & group}
            left -= tied
            groups.append((level, tuple(sorted(group)), frozenset(tied)))
    return sorted(groups, key=lambda each: (each[0], each[1]))


def _level(exclusion: Exclusion, measure: Measure) -> str:
    return exclusion.level if exclusion.level != "record" else f"record {measure.per}"


def kept(rivals: Sequence[Rival], excluding: frozenset[tuple[str, str]]) -> list[NDArray[np.bool_]]:
    """Return for each rival the rows in which its claim stays."""
    names = [each.measure.id for each in rivals]
    count = len(rivals)
    sets = [
        chosen
        for size in range(count + 1)
        for chosen in combinations(range(count), size)
        if not any((names[a], names[b]) in excluding for a, b in combinations(chosen, 2))
    ]
    sets.sort(reverse=True)
    rows = len(rivals[0].claimed)
    best = np.full(rows, -1, dtype=np.int64)
    best_worth: list[NDArray[np.int64]] = [np.full(rows, -1, dtype=np.int64) for _ in range(3)]
    for place, chosen in enumerate(sets):
        possible = np.ones(rows, dtype=np.bool_)
        worth = [np.zeros(rows, dtype=np.int64) for _ in range(3)]
        for each in chosen:
            possible &= rivals[each].claimed
            worth[0 if rivals[each].measure.amount_is in COUNTED else 1] += rivals[each].worth
            worth[2] += 1
        better = _not_below(worth, best_worth) & possible
        best[better] = place
        for old, new in zip(best_worth, worth, strict=True):
            old[better] = new[better]
    stays = [np.zeros(rows, dtype=np.bool_) for _ in rivals]
    for place, chosen in enumerate(sets):
        at = best == place
        for each in chosen:
            stays[each] |= at
    return stays


def _not_below(one: Sequence[NDArray[np.int64]], other: Sequence[NDArray[np.int64]]) -> NDArray[np.bool_]:
    """Tell in which rows one is at least the other, the first part weighing most."""
    result = np.ones(len(one[0]), dtype=np.bool_)
    for a, b in zip(reversed(one), reversed(other), strict=True):
        result = (a > b) | ((a == b) & result)
    return result
