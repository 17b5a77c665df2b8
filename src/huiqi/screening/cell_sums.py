"""Whole numbers by measure and cell of a population (county, section of industry, size class), dense and exact.

Only the cells and the lines that occur take room, so a province comes to some tens of megabytes however many subjects
it has. Money is held as two numbers a cell, its multiples of 2^32 fen and the rest: below 2^31 subjects neither can
overflow, whatever the amounts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Cell = tuple[str, str, str]
"""County, section of industry, size class; empty where it is not known."""
Line = tuple[str, str]
"""A measure and what is counted of it: a verdict, `fen` or `fen_high`."""
FEN, FEN_HIGH = "fen", "fen_high"
_LIMB = 32
_LOW = (1 << _LIMB) - 1
_CELL = ("county", "section", "size")


def limbs(fen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return amounts as multiples of 2^32 and what is left of each (0 to 2^32 - 1)."""
    return fen >> _LIMB, fen & _LOW


def exact_sum(fen: NDArray[np.int64]) -> int:
    """Return the sum of at most 2^31 amounts, which may exceed 63 bits."""
    high, low = limbs(fen)
    return (int(high.sum()) << _LIMB) + int(low.sum())


class CellSums:
    """A table of int64: one line a measure and what is counted of it, one column a cell."""

    __slots__ = ("_cells", "_lines", "_sums")

    def __init__(
        self,
        cells: Sequence[Cell] = (),
        lines: Mapping[Line, NDArray[np.int64]] | None = None,
    ) -> None:
        """Take over lines of one number a cell. A line of nothing but zeros is left out."""
        given = {line: sums for line, sums in (lines or {}).items() if sums.any()}
        self._cells = {cell: place for place, cell in enumerate(cells)}
        self._lines = {line: place for place, line in enumerate(given)}
        self._sums: NDArray[np.int64] = (
            np.stack(list(given.values())) if given else np.zeros((0, len(self._cells)), dtype=np.int64)
        )

    def add(self, other: CellSums) -> None:
        """Add the sums of another part of the population."""
        before = self._sums.shape
        lines = _places(self._lines, other._lines)
        cells = _places(self._cells, other._cells)
        after = (len(self._lines), len(self._cells))
        if after != before:
            grown = np.zeros(after, dtype=np.int64)
            grown[: before[0], : before[1]] = self._sums
            self._sums = grown
        self._sums[lines[:, None], cells] += other._sums

    def subjects(self) -> Iterator[tuple[str, str, Cell, int]]:
        """Yield measure, verdict, cell and subjects wherever there are any."""
        names = list(self._cells)
        for (measure, what), place in self._lines.items():
            if what not in (FEN, FEN_HIGH):
                for cell in np.flatnonzero(self._sums[place]).tolist():
                    yield measure, what, names[cell], int(self._sums[place, cell])

    def fen(self) -> Iterator[tuple[str, Cell, int]]:
        """Yield measure, cell and fen wherever there are any."""
        names = list(self._cells)
        for measure, fen in self._money(np.arange(len(names)), names):
            for cell, sum_ in fen.items():
                yield measure, cell, sum_

    def subjects_by(self, place: int) -> Counter[tuple[str, str]]:
        """Return subjects by label and verdict over all measures; place 0 is the county, 1 the section, 2 the size."""
        groups, labels = self._groups(place)
        found: Counter[tuple[str, str]] = Counter()
        for (_, what), line in self._lines.items():
            if what not in (FEN, FEN_HIGH):
                for label, count in zip(labels, _added(self._sums[line], groups, len(labels)), strict=True):
                    found[label, what] += count
        return +found

    def fen_by(self, place: int) -> Counter[tuple[str, str]]:
        """Return fen by label and measure; `place` as in `subjects_by`."""
        groups, labels = self._groups(place)
        found: Counter[tuple[str, str]] = Counter()
        for measure, fen in self._money(groups, labels):
            for label, sum_ in fen.items():
                found[label, measure] = sum_
        return found

    def fen_by_measure(self) -> Counter[str]:
        """Return fen by measure over all cells."""
        groups = np.zeros(len(self._cells), dtype=np.int64)
        return Counter({measure: fen[""] for measure, fen in self._money(groups, [""])})

    def _money(
        self, groups: NDArray[np.int64], labels: Sequence[Any]
    ) -> Iterator[tuple[str, dict[Any, int]]]:
        """Yield each measure's fen by label, `groups` giving each cell's place among the labels."""
        measures = sorted({measure for measure, what in self._lines if what in (FEN, FEN_HIGH)})
        for measure in measures:
            low, high = (self._lines.get((measure, what)) for what in (FEN, FEN_HIGH))
            made = [0] * len(labels)
            for line, shift in ((low, 0), (high, _LIMB)):
                if line is not None:
                    sums = _added(self._sums[line], groups, len(labels))
                    made = [one + (other << shift) for one, other in zip(made, sums, strict=True)]
            fen = {label: sum_ for label, sum_ in zip(labels, made, strict=True) if sum_}
            if fen:
                yield measure, fen

    def _groups(self, place: int) -> tuple[NDArray[np.int64], list[str]]:
        labels = sorted({cell[place] for cell in self._cells})
        of_label = {label: number for number, label in enumerate(labels)}
        return np.array([of_label[cell[place]] for cell in self._cells], dtype=np.int64), labels

    def __eq__(self, other: object) -> bool:
        """Tell whether all sums are the same, whatever order they came in."""
        if not isinstance(other, CellSums):
            return NotImplemented
        return bool(self.as_table().equals(other.as_table()))

    __hash__ = None  # type: ignore[assignment]

    def as_table(self) -> pa.Table:
        """Return a row a cell, a column a line (`measure verdict`), in order and without what is zero everywhere."""
        lines = sorted(line for line, place in self._lines.items() if self._sums[place].any())
        used: NDArray[np.bool_] = np.any(self._sums, axis=0)
        cells = sorted(cell for cell, place in self._cells.items() if used[place])
        places = np.array([self._cells[cell] for cell in cells], dtype=np.int64)
        columns = {
            name: pa.array([cell[number] for cell in cells], pa.string()).dictionary_encode()
            for number, name in enumerate(_CELL)
        }
        for line in lines:
            columns[" ".join(line)] = pa.array(self._sums[self._lines[line]][places])
        return pa.table(columns)

    @classmethod
    def of_table(cls, table: pa.Table) -> CellSums:
        """Return the sums of a table as `as_table` makes it."""
        labels = [table.column(name).to_pylist() for name in _CELL]
        lines = {_line(name): table.column(name).to_numpy() for name in table.column_names[len(_CELL) :]}
        return cls(list(zip(*labels, strict=True)), lines)


def _line(name: str) -> Line:
    measure, _, what = name.partition(" ")
    return measure, what


def _places(own: dict[Any, int], others: Collection[Any]) -> NDArray[np.int64]:
    """Return the place of each label among the own ones; those that are new come after them."""
    return np.array([own.setdefault(label, len(own)) for label in others], dtype=np.int64)


def _added(sums: NDArray[np.int64], groups: NDArray[np.int64], count: int) -> list[int]:
    made = np.zeros(count, dtype=np.int64)
    np.add.at(made, groups, sums)
    found: list[int] = made.tolist()
    return found
