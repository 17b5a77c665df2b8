"""Which rows hold one of some words: worked out for the words of a column once, then told for rows by their codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huiqi.rules.columns.frame import Bools, Codes, Truth, Words, truth

_MOST_RANGES = 3
"""Two comparisons of narrow codes for each range cost less than a look into a table, up to about so many ranges."""
_MOST_REMEMBERED = 256


@dataclass(frozen=True, slots=True, eq=False)
class CodeSet:
    """The codes of some words: a table over all codes, its last place that of -1, and the closed ranges they make up."""

    table: Bools
    ranges: tuple[tuple[int, int], ...]

    def of(self, codes: NDArray[np.signedinteger]) -> Bools:
        """Return the rows whose code is one of these, in an array of their own."""
        if len(self.ranges) > _MOST_RANGES or codes.itemsize > np.dtype(np.int16).itemsize:
            looked_up: Bools = self.table[codes]
            return looked_up
        if not self.ranges:
            return np.zeros(len(codes), dtype=np.bool_)
        made = _within(codes, *self.ranges[0], len(self.table) - 2)
        for low, high in self.ranges[1:]:
            np.logical_or(made, _within(codes, low, high, len(self.table) - 2), out=made)
        return made


class Members:
    """A test of words: `answer` tells of one whether it is meant, None where the word is too coarse to tell."""

    def __init__(self, answer: Callable[[str], bool | None]) -> None:
        self.answer = answer
        self._planes: dict[Words, tuple[CodeSet, CodeSet | None]] = {}

    def of(self, column: Codes) -> Bools:
        """Return the rows that surely hold a word that is meant."""
        return self._of(column.vocabulary)[0].of(column.codes)

    def truth(self, column: Codes) -> Truth:
        """Return the planes of yes and no."""
        yes, no = self._of(column.vocabulary)
        if no is None:
            return truth(yes.of(column.codes), column.known)
        return Truth(yes.of(column.codes), no.of(column.codes))

    def _of(self, vocabulary: Words) -> tuple[CodeSet, CodeSet | None]:
        """Return the words that are meant and those that are not; the latter None where no word leaves it open."""
        found = self._planes.get(vocabulary)
        if found is None:
            answers = [self.answer(word) for word in vocabulary.words]
            no = code_set([each is False for each in answers]) if None in answers else None
            found = code_set([each is True for each in answers]), no
            if len(self._planes) >= _MOST_REMEMBERED:
                self._planes.clear()
            self._planes[vocabulary] = found
        return found


def code_set(is_member: Sequence[bool], with_unknown: bool = False) -> CodeSet:
    """Return the codes of the words that are members; `with_unknown` adds -1, which stands for no word."""
    table = np.array([*is_member, with_unknown], dtype=np.bool_)
    changes = np.flatnonzero(np.diff(table[:-1].astype(np.int8), prepend=0, append=0))
    ranges = [(int(low), int(high) - 1) for low, high in zip(changes[::2], changes[1::2], strict=True)]
    return CodeSet(table, tuple([(-1, -1), *ranges] if with_unknown else ranges))


def _within(codes: NDArray[np.signedinteger], low: int, high: int, last: int) -> Bools:
    made: Bools = np.equal(codes, low) if low == high else np.greater_equal(codes, low)
    if low < high < last:
        np.logical_and(made, np.less_equal(codes, high), out=made)
    return made
