"""Counts and exact sums by group, for totals that never hold what they add up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Groups = NDArray[np.intp]
_EXACT_BITS = 53
"""Doubles add whole numbers exactly as long as no sum reaches 2 ** 53."""
_LOW_BITS = 31


def sums_by_group(groups: Groups, values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the sum of the values of each of `count` groups; `groups` names that of each value. Values are not below 0.

    NumPy adds by group in doubles only. Where a sum could reach what they hold exactly, the upper and the lower bits
    are added apart.
    """
    if not len(values):
        return np.zeros(count, dtype=np.int64)
    if (int(values.max()) * len(values)).bit_length() <= _EXACT_BITS:
        return np.bincount(groups, weights=values, minlength=count).astype(np.int64)
    high = values >> _LOW_BITS
    low = values & ((1 << _LOW_BITS) - 1)
    return (sums_by_group(groups, high, count) << _LOW_BITS) + sums_by_group(groups, low, count)
