"""The operations that columns are computed by: each knows where it runs, its denominator and its bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from huiqi.rules.columns.frame import Column, Frame, gathered

MOST_BITS = 62
"""Above this an operation runs in Python integers, which are exact at any size and slow."""

Run = Callable[[Frame], Column]


@dataclass(slots=True, eq=False)
class Operation:
    """One step. A number is `value / (denominator * over)`; `low` and `high` bound the numerator `value`.

    `record` is the record whose facts it reads, empty for the subject; `varies` tells that `over` exists, bounded
    by 1 and `over_high`. `constant` is the exact value (numerator) where nothing is read.
    """

    place: int
    record: str
    run: Run
    denominator: int = 1
    low: int = 0
    high: int = 0
    varies: bool = False
    over_high: int = 1
    wide: bool = False
    constant: int | None = None
    lacks: Callable[..., None] | None = field(default=None, repr=False)
    """Notes the missing facts of rows in which this is unknown."""

    def on(self, frame: Frame) -> Column:
        """Return the column of this operation in a frame, computed once."""
        found = frame.remembered.get(self.place)
        if found is not None:
            return found
        parent = frame.parent
        if frame.is_selection and not self.wide:
            assert parent is not None
            assert frame.index is not None
            made = gathered(self.on(parent), frame.index)
        elif not frame.is_selection and frame.record and self.record != frame.record:
            assert parent is not None
            assert frame.index is not None
            made = gathered(self.on(parent), frame.index)
        elif frame.is_selection and not self.record and frame.record:
            made = self._through(frame)
        else:
            made = self.run(frame)
        frame.remembered[self.place] = made
        return made

    def _through(self, frame: Frame) -> Column:
        """Return a wide operation over subjects in a selection of records, computed for the selected rows."""
        return self.run(frame)


def fits(*bounds: int) -> bool:
    """Tell whether numbers of these sizes are safe in int64."""
    return all(abs(bound).bit_length() <= MOST_BITS for bound in bounds)
