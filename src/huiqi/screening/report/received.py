"""What subjects already received, read block by block beside the results: for the list of those who were missed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT
from huiqi.screening.assess import RECEIPTS
from huiqi.screening.prepared import FIRM, describe, read_blocks
from huiqi.screening.report.measure_texts import MeasureTexts

_HAS = "has.receipts"


def has_receipts(prepared: Path, library: PolicyLibrary) -> bool:
    """Tell whether a prepared population says what was received."""
    return RECEIPTS in describe(prepared, library).rows


@dataclass(slots=True)
class _Received:
    """Sums of a stretch of subjects from `first` to before `stop`, by the key row x measures + measure."""

    first: int
    stop: int
    knows: NDArray[np.bool_]
    """By row: the list of receipts is complete, and every receipt names its measure."""
    key: NDArray[np.int64]
    fen: NDArray[np.int64]
    clear: NDArray[np.bool_]


@dataclass(slots=True)
class ReceiptReader:
    """Gives the fen received for rows and measures; rows must be asked for in rising stretches.

    As in an assessment, where a cap is yearly only receipts of the year of as-of count.
    """

    prepared: Path
    texts: MeasureTexts
    as_of: datetime.date
    _names: dict[str, int] = field(default_factory=dict)
    _yearly: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    _number: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    _blocks: Iterator[Block] | None = None
    _held: list[_Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        library = self.texts.library
        self._names = {name: place for place, name in enumerate(sorted(library.by_id))}
        yearly = {each.id for each in library.measures if any(cap.yearly for cap in each.caps)}
        self._yearly = np.array([name in yearly for name in self._names], dtype=np.bool_)
        self._number = np.array([self._names[each.id] for each in self.texts.rules], dtype=np.int64)
        columns = {SUBJECT: [_HAS], RECEIPTS: ["measure", "received_amount", "received_on"]}
        self._blocks = read_blocks(self.prepared, library, columns)

    def received(
        self, row: NDArray[np.int64], rule: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the fen received for each row's measure, and where that is known."""
        fen = np.zeros(len(row), dtype=np.int64)
        known = np.zeros(len(row), dtype=np.bool_)
        if not len(row):
            return fen, known
        self._advance(int(row.min()), int(row.max()))
        for held in self._held:
            inside = np.flatnonzero((row >= held.first) & (row < held.stop))
            if not len(inside):
                continue
            place = row[inside] - held.first
            known[inside] = held.knows[place]
            if not len(held.key):
                continue
            wanted = place * len(self._names) + self._number[rule[inside]]
            at = np.minimum(np.searchsorted(held.key, wanted), len(held.key) - 1)
            met = held.key[at] == wanted
            fen[inside] = np.where(met, held.fen[at], 0)
            known[inside] &= ~met | held.clear[at]
        return fen, known

    def _advance(self, low: int, high: int) -> None:
        self._held = [each for each in self._held if each.stop > low]
        assert self._blocks is not None
        while not self._held or self._held[-1].stop <= high:
            block = next(self._blocks, None)
            if block is None:
                return
            if block.first + block.firms.num_rows > low:
                self._held.append(self._summed(block))

    def _summed(self, block: Block) -> _Received:
        rows = block.firms.num_rows
        knows = np.zeros(rows, dtype=np.bool_)
        place = block.firms.schema.get_field_index(_HAS)
        if place >= 0:
            column = block.firms.column(place).fill_null(False)
            knows = np.array(column.to_numpy(zero_copy_only=False), dtype=np.bool_)
        nothing = np.zeros(0, dtype=np.int64)
        made = _Received(
            block.first, block.first + rows, knows, nothing, nothing, np.zeros(0, dtype=np.bool_)
        )
        batch = block.records.get(RECEIPTS)
        if batch is None or not batch.num_rows:
            return made
        firm = _column(batch, FIRM, -1)
        measure = self._measures(batch)
        # A receipt of an unknown measure may be one of any: nothing is known of that subject.
        knows[firm[measure < 0]] = False
        amount, on = _column(batch, "received_amount", -1), _years(batch)
        counts = (measure >= 0) & (measure < len(self._names))
        yearly = np.zeros(len(firm), dtype=np.bool_)
        yearly[counts] = self._yearly[measure[counts]]
        counts &= ~yearly | (on == self.as_of.year) | (on < 0)
        clear = (amount >= 0) & (~yearly | (on >= 0))
        key = (firm * len(self._names) + measure)[counts]
        made.key, inverse = np.unique(key, return_inverse=True)
        made.fen = np.zeros(len(made.key), dtype=np.int64)
        np.add.at(made.fen, inverse, np.maximum(amount[counts], 0))
        unclear = np.bincount(inverse[~clear[counts]], minlength=len(made.key))
        made.clear = unclear == 0
        return made

    def _measures(self, batch: pa.RecordBatch) -> NDArray[np.int64]:
        """Return each receipt's measure number; -1 where it is not known, a number beyond for other programmes."""
        place = batch.schema.get_field_index("measure")
        if place < 0:
            return np.full(batch.num_rows, -1, dtype=np.int64)
        encoded = batch.column(place)
        if not pa.types.is_dictionary(encoded.type):
            encoded = encoded.dictionary_encode()
        beyond = len(self._names)
        numbers = [self._names.get(word, beyond) for word in encoded.dictionary.to_pylist()]
        table = np.array([*numbers, -1], dtype=np.int64)
        codes: NDArray[np.int64] = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return table[codes]


def _column(batch: pa.RecordBatch, name: str, missing: int) -> NDArray[np.int64]:
    place = batch.schema.get_field_index(name)
    if place < 0:
        return np.full(batch.num_rows, missing, dtype=np.int64)
    return np.asarray(batch.column(place).fill_null(missing).to_numpy(zero_copy_only=False), dtype=np.int64)


def _years(batch: pa.RecordBatch) -> NDArray[np.int64]:
    """Return the year of each receipt, -1 where its day is not known."""
    place = batch.schema.get_field_index("received_on")
    if place < 0:
        return np.full(batch.num_rows, -1, dtype=np.int64)
    years = pc.year(batch.column(place)).fill_null(-1)
    return np.asarray(years.to_numpy(zero_copy_only=False), dtype=np.int64)
