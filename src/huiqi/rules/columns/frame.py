"""Columns of a block, as rules see them: the rows of subjects, the rows of a record kind, or some rows of either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Integers = NDArray[Any]
"""int64, or Python integers (dtype object) where a bound exceeds 63 bits."""


@dataclass(slots=True)
class Truth:
    """Two planes: surely yes, surely no. `no` None means that nothing is unknown."""

    yes: Bools
    no: Bools | None

    @property
    def surely_no(self) -> Bools:
        """The plane of no."""
        return ~self.yes if self.no is None else self.no

    @property
    def unknown(self) -> Bools | None:
        """The rows that are unknown, None where there are none."""
        return None if self.no is None else self.yes == self.no


@dataclass(slots=True)
class Number:
    """Numerators over the static denominator of their operation, times `over` row by row where there is one.

    `known` None means that every row is known; values of unknown rows mean nothing. Dates are days since 1970.
    """

    value: Integers
    known: Bools | None
    over: Integers | None = None


@dataclass(slots=True, eq=False)
class Words:
    """The words of a column in their order, so that codes of one section or prefecture stand together.

    Columns with the same words share one, so that what is worked out for them once holds for every block.
    """

    words: tuple[str, ...]


@dataclass(slots=True)
class Codes:
    """A column of words: `codes` index `words`, -1 is unknown. `known` None means that every row is known."""

    codes: NDArray[Any]
    vocabulary: Words
    known: Bools | None

    @property
    def words(self) -> tuple[str, ...]:
        """The words that codes stand for."""
        return self.vocabulary.words


@dataclass(slots=True)
class Possible:
    """A class as planes: for each of its values the rows in which it is still possible."""

    planes: Mapping[str, Bools]
    settled: bool


Column = Truth | Number | Codes | Possible


class Frame:
    """Rows of one kind. `index` maps them to rows of `parent`; values are remembered per operation.

    A record frame's parent is the subjects' frame; a selection's parent is the frame it selects from, and the same
    operations are read there.
    """

    def __init__(
        self,
        rows: int,
        batch: pa.RecordBatch | None,
        parent: Frame | None = None,
        index: NDArray[np.int64] | None = None,
        record: str = "",
        is_selection: bool = False,
    ) -> None:
        self.rows = rows
        self.batch = batch
        self.parent = parent
        self.index = index
        self.record = record
        self.is_selection = is_selection
        self.records: dict[str, Frame | None] = {}
        self.remembered: dict[int, Column] = {}
        self.masks: dict[object, Bools] = {}
        """Rows by what picks them out, for those who ask for the same ones again."""
        self._columns: dict[str, Column | None] = {}
        self._starts: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    @property
    def subjects(self) -> Frame:
        """The frame of subjects."""
        frame = self
        while frame.parent is not None:
            frame = frame.parent
        return frame

    def column(self, name: str, is_text: bool) -> Column | None:
        """Return a column as numbers, planes or codes; None where the block has none."""
        if name not in self._columns:
            self._columns[name] = self._read(name, is_text)
        return self._columns[name]

    def _read(self, name: str, is_text: bool) -> Column | None:
        if self.batch is None:
            return None
        place = self.batch.schema.get_field_index(name)
        if place < 0:
            return None
        array = self.batch.column(place)
        if pa.types.is_dictionary(array.type):
            return _codes(array)
        if is_text:
            return _codes(array.dictionary_encode())
        known = _known(array)
        if pa.types.is_boolean(array.type):
            return truth(_bits(array, 1), known)
        if pa.types.is_date32(array.type):
            days = _stored(array, pa.int32())
            return Number(np.multiply(days, 1 if known is None else known, dtype=np.int64), known)
        return Number(_stored(array, array.type).astype(np.int64, copy=False), known)

    def segments(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return, of records sorted by firm, the firms that have any and the place where each begins."""
        if self._starts is None:
            assert self.index is not None
            if not self.rows:
                empty = np.zeros(0, dtype=np.int64)
                self._starts = (empty, empty)
            else:
                begins = np.flatnonzero(np.concatenate(([True], self.index[1:] != self.index[:-1])))
                self._starts = (self.index[begins], begins)
        return self._starts

    def selection(self, rows: NDArray[np.int64]) -> Frame:
        """Return some rows of this frame."""
        return Frame(len(rows), None, self, rows, self.record, is_selection=True)


@dataclass(slots=True)
class Block:
    """At most 65,536 subjects with all their records (docs/screening.md); `first` is the row of the first subject."""

    firms: pa.RecordBatch
    records: dict[str, pa.RecordBatch] = field(default_factory=dict)
    first: int = 0

    def frame(self) -> Frame:
        """Return the frame of subjects with the frames of records below it."""
        frame = Frame(self.firms.num_rows, self.firms)
        for record, batch in self.records.items():
            place = batch.schema.get_field_index("firm")
            index = batch.column(place).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)
            frame.records[record] = Frame(batch.num_rows, batch, frame, index, record)
        return frame


def gathered(column: Column, index: NDArray[np.int64]) -> Column:
    """Return a column's rows at these places."""
    if isinstance(column, Truth):
        return Truth(column.yes.take(index), _taken(column.no, index))
    if isinstance(column, Number):
        value, known, over = (_taken(each, index) for each in (column.value, column.known, column.over))
        assert value is not None
        return Number(value, known, over)
    if isinstance(column, Codes):
        return Codes(column.codes.take(index), column.vocabulary, _taken(column.known, index))
    return Possible({name: plane[index] for name, plane in column.planes.items()}, column.settled)


def _taken(array: NDArray[Any] | None, index: NDArray[np.int64]) -> NDArray[Any] | None:
    """Return the rows at these places; a constant stays one number for all."""
    return array if array is None or array.ndim == 0 else array.take(index)


_MOST_SHARED_WORDS = 4_096
"""Of more words than this (names of persons) no column is alike: they keep their order and nothing is remembered."""


def _codes(array: pa.DictionaryArray) -> Codes:
    known = _known(array)
    codes = _stored(array.indices, array.indices.type)
    words = [str(word) for word in array.dictionary.to_pylist()]
    if len(words) > _MOST_SHARED_WORDS:
        return Codes(_unless(known, codes.astype(np.int32)), Words(tuple(words)), known)
    order = sorted(range(len(words)), key=words.__getitem__)
    # The narrowest integers are the fastest to compare.
    width = np.int8 if len(words) <= np.iinfo(np.int8).max else np.int16
    if order == list(range(len(words))):
        codes = codes.astype(width)
    else:
        places = np.empty(len(words), dtype=width)
        places[order] = np.arange(len(words), dtype=width)
        # What stands under a null is any number.
        codes = places.take(codes, mode="clip") if words else np.zeros(len(codes), dtype=width)
    return Codes(_unless(known, codes), _vocabulary(tuple(words[place] for place in order)), known)


def _unless(known: Bools | None, codes: NDArray[Any]) -> NDArray[Any]:
    """Return codes with -1 where they are not known."""
    if known is None:
        return codes
    made: NDArray[Any] = (codes + codes.dtype.type(1)) * known - codes.dtype.type(1)
    return made


def _known(array: pa.Array) -> Bools | None:
    """Return the rows that are not null, None for all."""
    return _bits(array, 0) if array.null_count else None


def _bits(array: pa.Array, buffer: int) -> Bools:
    """Return a bitmap of an array, 0 the one of its rows that are not null, 1 the one of its values, as a plane."""
    start = array.offset // 8
    stop = (array.offset + len(array) + 7) // 8
    packed = np.frombuffer(array.buffers()[buffer], dtype=np.uint8)[start:stop]
    bits = np.unpackbits(packed, bitorder="little")
    return bits[array.offset - 8 * start :][: len(array)].view(np.bool_)


def _stored(array: pa.Array, type_: pa.DataType) -> NDArray[Any]:
    """Return the numbers of an array as they lie in memory, whatever stands under its nulls."""
    bare = pa.Array.from_buffers(type_, len(array), [None, array.buffers()[1]], offset=array.offset)
    made: NDArray[Any] = bare.to_numpy()
    return made


@lru_cache(maxsize=1_024)
def _vocabulary(words: tuple[str, ...]) -> Words:
    return Words(words)


def truth(yes: Bools, known: Bools | None) -> Truth:
    """Return the planes of a plane `yes`, which is taken over, in the rows that are known."""
    if known is None:
        return Truth(yes, None)
    np.logical_and(yes, known, out=yes)
    return Truth(yes, np.not_equal(known, yes))
