"""A table of a roster before anything is understood: its first rows, and its cells as text in chunks of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiqi.rules.columns.frame import Bools
from huiqi.rules.values import BadValue
from huiqi.screening.roster.doubts import Place

MOST_COLUMNS = 1_000
HEAD_ROWS = 12


class Unreadable(BadValue):
    """A file or table that cannot be read on; `row` is where, 0 if that is unknown."""

    def __init__(self, code: str, what: str, why: str, mend: str, row: int = 0) -> None:
        super().__init__(code, what, why, mend)
        self.row = row


@dataclass(slots=True)
class Cells:
    """Cells of one column as trimmed text; null is an empty cell.

    `numeric` marks cells that hold a number of a spreadsheet (fifteen digits). `broken` holds, by place in the chunk,
    cells that have no value at all: an error such as #REF!, or a formula that was never computed.
    """

    text: pa.Array
    numeric: Bools | None = None
    broken: dict[int, BadValue] = field(default_factory=dict)


@dataclass(slots=True)
class RowFault:
    """A row that is no row of the table, such as one with too many cells."""

    row: int
    value: str
    error: BadValue


@dataclass(slots=True)
class Chunk:
    """Some rows in order. `rows` are their numbers in the file, from 1; blank rows are left out."""

    rows: NDArray[np.int64]
    columns: list[Cells]
    faults: list[RowFault] = field(default_factory=list)


class Source(Protocol):
    """A table that can be read several times. Both methods raise Unreadable."""

    place: Place
    size: int
    """Bytes, roughly, to choose how many parts it is sorted in."""
    position: int
    """How many of them `chunks` has read."""

    def head(self) -> list[list[str]]:
        """Return the first rows."""

    def chunks(self, header_row: int, width: int) -> Iterator[Chunk]:
        """Yield the rows below the header, `width` columns of them."""


def without_blank_rows(chunk: Chunk) -> Chunk:
    """Return the chunk without rows in which every cell is empty."""
    filled = np.zeros(len(chunk.rows), dtype=np.bool_)
    for cells in chunk.columns:
        filled |= cells.text.is_valid().to_numpy(zero_copy_only=False)
        filled[list(cells.broken)] = True
    if filled.all():
        return chunk
    places = np.flatnonzero(filled)
    moved = {int(old): new for new, old in enumerate(places)}
    columns = [
        Cells(
            cells.text.take(pa.array(places)),
            None if cells.numeric is None else cells.numeric[places],
            {moved[place]: error for place, error in cells.broken.items()},
        )
        for cells in chunk.columns
    ]
    return Chunk(chunk.rows[places], columns, chunk.faults)
