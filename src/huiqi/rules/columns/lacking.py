"""Which facts a row still lacks, for all rows of a frame at once: one bit a fact."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from huiqi.rules.columns.frame import Bools, Frame, Number, Possible, Truth
from huiqi.rules.reasons import MissingFact

if TYPE_CHECKING:
    from huiqi.rules.columns.operations import Operation

Lack = Callable[["LackNoter", Frame, Bools], None]


class LackNoter:
    """Collects, for the rows of one frame, which facts are missing; `facts` grows as facts are met."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.facts: dict[MissingFact, Bools] = {}

    def note(self, operation: Operation, frame: Frame, active: Bools) -> None:
        """Note what keeps an operation unknown in the active rows of a frame."""
        if not active.any():
            return
        if frame.record and not frame.is_selection and operation.record != frame.record:
            self.through_operation(operation, frame, active)
            return
        column = operation.on(frame)
        unknown: Bools | None
        if isinstance(column, Truth):
            unknown = column.unknown
        elif isinstance(column, Number):
            unknown = None if column.known is None else ~column.known
        elif isinstance(column, Possible):
            planes = list(column.planes.values())
            unknown = None if column.settled else np.sum(planes, axis=0) > 1
        else:
            unknown = column.codes < 0
        if unknown is None:
            return
        rows = active & unknown
        if rows.any() and operation.lacks is not None:
            operation.lacks(self, frame, rows)

    def through_operation(self, operation: Operation, frame: Frame, active: Bools) -> None:
        """Note for records what an operation over their subject lacks."""
        parent = frame.parent
        assert parent is not None
        inner = LackNoter(parent)
        inner.note(operation, parent, _of_parent(frame, active))
        for fact, rows in inner.facts.items():
            assert frame.index is not None
            self.fact(fact, frame, active & rows[frame.index])

    through = through_operation

    def fact(self, fact: MissingFact, frame: Frame, rows: Bools) -> None:
        """Note a missing fact in rows of a frame."""
        if not rows.any():
            return
        if frame is not self.frame:
            rows = self._brought(frame, rows)
        found = self.facts.get(fact)
        self.facts[fact] = rows if found is None else found | rows

    def _brought(self, frame: Frame, rows: Bools) -> Bools:
        """Return rows of a record frame as rows of its subjects' frame."""
        if frame.parent is self.frame:
            return _of_parent(frame, rows)
        assert self.frame.index is not None
        return rows[self.frame.index]


def _of_parent(frame: Frame, rows: Bools) -> Bools:
    assert frame.parent is not None
    assert frame.index is not None
    made = np.zeros(frame.parent.rows, dtype=np.bool_)
    made[frame.index[rows]] = True
    return made
