"""Whether engines agree, before anything is timed: every count and every fen by measure and county, and amounts one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from task import Totals


@dataclass(frozen=True)
class Wrong:
    """Of an engine on floats, over the first firms: amounts that are owed, those of them that are wrong, wrong verdicts."""

    owed: int
    amounts: int
    verdicts: int
    pairs: int

    def text(self) -> str:
        """Return it as a sentence for the results."""
        share = f"{self.amounts / self.owed:.2%}" if self.owed else "none"
        return (
            f"{self.amounts:,} of {self.owed:,} amounts wrong ({share}), "
            f"{self.verdicts:,} of {self.pairs:,} verdicts wrong"
        )


def differences(one: Totals, other: Totals) -> list[str]:
    """Return what differs between two answers, by kind; empty where every cell is the same."""
    found = []
    for name in ("eligible", "undetermined", "fen"):
        cells = getattr(one, name) != getattr(other, name)
        if cells.any():
            measure, county = (int(each[0]) for each in np.nonzero(cells))
            values = getattr(one, name)[measure, county], getattr(other, name)[measure, county]
            found.append(
                f"{name}: {int(cells.sum())} of {cells.size} cells, first measure {measure} county {county}: "
                f"{values[0]} and {values[1]}"
            )
    return found


def wrong(amounts: NDArray[np.int64], right: NDArray[np.int64]) -> Wrong:
    """Compare amounts one by one (measure x firm, -1 where nothing is owed)."""
    owed = right >= 0
    both = owed & (amounts >= 0)
    return Wrong(
        int(both.sum()),
        int((amounts[both] != right[both]).sum()),
        int(((amounts >= 0) != owed).sum()),
        right.size,
    )
