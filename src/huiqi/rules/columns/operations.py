"""The operations that columns are computed by: each knows where it runs, its denominator and its bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from huiqi.rules.columns.frame import Column, Frame, Number, Truth, gathered

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
    reads_block: bool = False
    """Whether it reads columns or records of the block itself, not only other operations."""
    uses: int = 0
    """How many operations, measures and caps read it."""
    constant: int | None = None
    lacks: Callable[..., None] | None = field(default=None, repr=False)
    """Notes the missing facts of rows in which this is unknown."""

    def on(self, frame: Frame) -> Column:
        """Return the column of this operation in a frame, computed once; what is not asked for again is not kept.

        Some rows of a frame take what was computed for all of them, or what stands in the block; the rest is computed
        for these rows alone. Records take over what belongs to their subject.
        """
        found = frame.remembered.get(self.place)
        if found is not None:
            return found
        parent = frame.parent
        if frame.is_selection:
            is_taken = parent is not None and (self.reads_block or self.place in parent.remembered)
        else:
            is_taken = bool(frame.record) and self.record != frame.record
        if is_taken:
            assert parent is not None
            assert frame.index is not None
            made = gathered(self.on(parent), frame.index)
        else:
            made = self.run(frame)
        if self.uses > 1 or _may_be_asked_for(made):
            frame.remembered[self.place] = made
        return made


def _may_be_asked_for(column: Column) -> bool:
    """Tell whether a column with one use is read again: where a truth is open, what is missing is asked for later.

    All else gives its memory to the next operation, which finds it in the processor's cache.
    """
    return not isinstance(column, Number) and not (isinstance(column, Truth) and column.no is None)


def fits(*bounds: int) -> bool:
    """Tell whether numbers of these sizes are safe in int64."""
    return all(abs(bound).bit_length() <= MOST_BITS for bound in bounds)
