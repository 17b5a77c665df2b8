"""Random draws in whole numbers only: the same seed gives the same population on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Bools = NDArray[np.bool_]

POINTS = (0, 100_000, 250_000, 500_000, 750_000, 900_000, 970_000, 995_000, 1_000_000)
"""At which millionths of cases `quantiles` gives its values."""
MILLION = POINTS[-1]


class Draws:
    """A stream of draws named by a seed and a path of numbers, such as the block."""

    def __init__(self, *path: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(list(path))))

    def below(self, bound: int, count: int) -> Whole:
        """Return `count` whole numbers from 0 to before `bound`, each alike."""
        return self._generator.integers(0, bound, count, dtype=np.int64)

    def holds(self, millionths: int | Whole, count: int) -> Bools:
        """Return yes with that probability."""
        drawn = self._generator.integers(0, MILLION, count, dtype=np.uint32)
        return np.asarray(drawn < millionths, dtype=np.bool_)

    def among(self, weights: Sequence[int], count: int) -> Whole:
        """Return places, each as often as its weight says."""
        sums = np.cumsum(np.asarray(weights, dtype=np.int64))
        drawn = self._generator.integers(0, int(sums[-1]), count, dtype=np.int64)
        return np.searchsorted(sums, drawn, side="right").astype(np.int64)

    def quantiles(self, values: Sequence[int], count: int) -> Whole:
        """Return whole numbers distributed by the values at `POINTS`, with straight lines between them."""
        points, at = np.asarray(POINTS, dtype=np.int64), np.asarray(values, dtype=np.int64)
        drawn = self._generator.integers(0, MILLION, count, dtype=np.int64)
        place = np.searchsorted(points, drawn, side="right") - 1
        steps, widths = np.diff(at), np.diff(points)
        made: Any = at[place] + steps[place] * (drawn - points[place]) // widths[place]
        return np.asarray(made, dtype=np.int64)
