"""The rows in play, sorted by county, subject and measure in constant memory, from results in population order.

Results are written block by block, so the row groups of one stretch of subjects stand together. Each stretch is sorted
in memory and spilled county by county; read county by county, the spill is sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from huiqi.rules.columns.judge import ORDER
from huiqi.screening.report.ahead import in_order
from huiqi.screening.report.groups import groups_of
from huiqi.screening.report.measure_texts import MeasureTexts
from huiqi.screening.report.received import ReceiptReader

MOST_AT_ONCE = 2_000_000
"""Rows of results that are held at once."""
_IN_PLAY = 3
_READ = pa.ipc.IpcReadOptions(use_threads=False)
_COLUMNS = (
    *("row", "firm", "name", "county", "measure", "variant", "verdict"),
    *("amount_fen", "counted_fen", "missing"),
)
SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("firm", pa.string()),
        ("name", pa.string()),
        ("rule", pa.int32()),
        ("verdict", pa.int8()),
        ("group", pa.int8()),
        ("amount", pa.int64()),
        ("counted", pa.int64()),
        ("received", pa.int64()),
        ("missing", pa.int32()),
    ]
)


@dataclass(slots=True)
class Stretch:
    """Rows in play of some subjects, whole and in order of row and rule. Money is fen, 0 where not known."""

    row: NDArray[np.int64]
    county: NDArray[np.int32]
    rule: NDArray[np.int32]
    verdict: NDArray[np.int8]
    group: NDArray[np.int8]
    amount: NDArray[np.int64]
    known: NDArray[np.bool_]
    counted: NDArray[np.int64]
    received: NDArray[np.int64]
    received_known: NDArray[np.bool_]
    missing: NDArray[np.int32]
    """A number in `SortedRows.missing`."""


@dataclass(frozen=True, slots=True)
class Slab:
    """Rows of the spill, and each one's county as a place in `SortedRows.counties`."""

    batch: pa.RecordBatch
    county: NDArray[np.int32]

    def filter(self, wanted: NDArray[np.bool_]) -> Slab:
        """Return the rows that are wanted."""
        return Slab(self.batch.filter(pa.array(wanted)), self.county[wanted])


@dataclass
class SortedRows:
    """The spill. `missing` and `counties` are the words that numbers stand for; an empty word is not known."""

    path: Path
    missing: list[str] = field(default_factory=lambda: [""])
    counties: list[str] = field(default_factory=lambda: [""])
    _batches: dict[str, list[int]] = field(default_factory=dict)

    def in_order(self) -> Iterator[str]:
        """Yield the counties that have rows, by code; the unknown one last."""
        yield from sorted(self._batches, key=lambda code: (not code, code))

    def batches(self, county: str) -> Iterator[pa.RecordBatch]:
        """Yield the rows of a county in order; a subject's rows never lie in two batches."""
        with pa.memory_map(str(self.path)) as mapped:
            reader = pa.ipc.open_file(mapped, options=_READ)
            for number in self._batches.get(county, ()):
                yield reader.get_batch(number)

    def slabs(self, rows: int) -> Iterator[Slab]:
        """Yield all rows in order, at least so many at once but for the last ones."""
        held: list[pa.RecordBatch] = []
        counties: list[NDArray[np.int32]] = []
        waiting = 0
        for county in self.in_order():
            place = self.counties.index(county)
            for batch in self.batches(county):
                held.append(batch)
                counties.append(np.full(batch.num_rows, place, dtype=np.int32))
                waiting += batch.num_rows
                if waiting >= rows:
                    yield _slab(held, counties)
                    held, counties, waiting = [], [], 0
        if held:
            yield _slab(held, counties)


def _slab(batches: list[pa.RecordBatch], counties: list[NDArray[np.int32]]) -> Slab:
    joined = pa.Table.from_batches(batches, SCHEMA).combine_chunks().to_batches()
    return Slab(joined[0] if joined else batches[0], np.concatenate(counties))


def sort_rows(
    results: Path,
    spill: Path,
    texts: MeasureTexts,
    receipts: ReceiptReader | None,
    see: Callable[[Stretch, SortedRows], None],
    progress: Callable[[int, int], None] | None = None,
) -> SortedRows:
    """Sort the rows in play of `results` into `spill`; `see` is called with every stretch on the way."""
    made = SortedRows(spill)
    options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
    with pa.OSFile(str(spill), "wb") as sink, pa.ipc.new_file(sink, SCHEMA, options=options) as writer:
        if not results.exists():
            return made
        file = pq.ParquetFile(results)
        total, done, number = file.metadata.num_rows, 0, 0
        for table, rows in in_order(lambda piece: (_read(file, piece), piece.rows), _pieces(file), threads=1):
            if table.num_rows:
                stretch, taken = _stretch(table, made, texts, receipts)
                see(stretch, made)
                for county, batch in _by_county(stretch, taken, made):
                    writer.write_batch(batch)
                    made._batches.setdefault(county, []).append(number)
                    number += 1
            done += rows
            if progress is not None:
                progress(done, total)
    return made


@dataclass(frozen=True, slots=True)
class _Piece:
    """Row groups that are sorted together, of them the subjects `between`; `rows` count once all pieces are read."""

    groups: list[int]
    between: tuple[int, int] | None
    rows: int


def _pieces(file: pq.ParquetFile) -> Iterator[_Piece]:
    for groups, low, high in _together(file):
        rows = sum(file.metadata.row_group(each).num_rows for each in groups)
        parts = min(-(-rows // MOST_AT_ONCE), high - low + 1)
        for part in range(parts):
            first = low + (high - low + 1) * part // parts
            stop = low + (high - low + 1) * (part + 1) // parts
            yield _Piece(groups, None if parts == 1 else (first, stop), rows if part == parts - 1 else 0)


def _read(file: pq.ParquetFile, piece: _Piece) -> pa.Table:
    return pa.concat_tables(_in_play(file, each, piece.between) for each in piece.groups)


def _together(file: pq.ParquetFile) -> Iterator[tuple[list[int], int, int]]:
    """Yield row groups that may share a subject, with their least and greatest row."""
    held: list[int] = []
    low = high = 0
    for place in range(file.num_row_groups):
        if not file.metadata.row_group(place).num_rows:
            continue
        least, greatest = _bounds(file, place)
        if held and least > high:
            yield held, low, high
            held = []
        low = min(low, least) if held else least
        high = max(high, greatest) if held else greatest
        held.append(place)
    if held:
        yield held, low, high


def _bounds(file: pq.ParquetFile, place: int) -> tuple[int, int]:
    group = file.metadata.row_group(place)
    statistics = group.column(file.schema_arrow.get_field_index("row")).statistics
    if statistics is not None and statistics.has_min_max:
        return int(statistics.min), int(statistics.max)
    bounds = pc.min_max(file.read_row_group(place, columns=["row"]).column(0)).as_py()
    return int(bounds["min"]), int(bounds["max"])


def _in_play(file: pq.ParquetFile, place: int, between: tuple[int, int] | None) -> pa.Table:
    table = file.read_row_group(place, columns=list(_COLUMNS))
    verdicts = pa.array(ORDER[:_IN_PLAY])
    wanted = pc.is_in(table.column("verdict").cast(pa.string()), value_set=verdicts)
    if between is not None:
        row = table.column("row")
        wanted = pc.and_(wanted, pc.and_(pc.greater_equal(row, between[0]), pc.less(row, between[1])))
    return table.filter(wanted)


def _stretch(
    table: pa.Table, made: SortedRows, texts: MeasureTexts, receipts: ReceiptReader | None
) -> tuple[Stretch, pa.Table]:
    """Return the rows as columns of numbers, in order, with the subjects' names in the same order."""
    row = _numbers(table, "row")
    rule = _rules(table, texts)
    order = np.lexsort((rule, row))
    county = _codes(table, "county", made.counties)
    verdict = _codes(table, "verdict", list(ORDER)).astype(np.int8)
    missing = _codes(table, "missing", made.missing)
    known = np.asarray(table.column("amount_fen").is_valid().to_numpy(), dtype=np.bool_)
    amount, counted = _numbers(table, "amount_fen"), _numbers(table, "counted_fen")
    row, rule, known = row[order], rule[order], known[order]
    verdict, counted = verdict[order], counted[order]
    received, received_known = np.zeros(len(row), dtype=np.int64), np.zeros(len(row), dtype=np.bool_)
    if receipts is not None:
        received, received_known = receipts.received(row, rule)
    group = groups_of(texts, rule, verdict, known, counted)
    stretch = Stretch(
        *(row, county[order], rule, verdict, group, amount[order], known, counted),
        *(received, received_known, missing[order]),
    )
    return stretch, table.select(["firm", "name"]).take(pa.array(order))


def _by_county(stretch: Stretch, taken: pa.Table, made: SortedRows) -> Iterator[tuple[str, pa.RecordBatch]]:
    order = np.argsort(stretch.county, kind="stable")
    county = stretch.county[order]
    begins = np.flatnonzero(np.concatenate(([True], county[1:] != county[:-1])))
    ends = np.append(begins[1:], len(county))
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        places = order[begin:end]
        names = taken.take(pa.array(places))
        arrays = [
            pa.array(stretch.row[places]),
            names.column("firm").combine_chunks(),
            names.column("name").combine_chunks(),
            pa.array(stretch.rule[places]),
            pa.array(stretch.verdict[places]),
            pa.array(stretch.group[places]),
            pa.array(stretch.amount[places], mask=~stretch.known[places]),
            pa.array(stretch.counted[places]),
            pa.array(stretch.received[places], mask=~stretch.received_known[places]),
            pa.array(stretch.missing[places]),
        ]
        yield made.counties[int(county[begin])], pa.record_batch(arrays, schema=SCHEMA)


def _rules(table: pa.Table, texts: MeasureTexts) -> NDArray[np.int32]:
    measures: list[str] = [""]
    variants: list[str] = [""]
    measure = _codes(table, "measure", measures)
    variant = _codes(table, "variant", variants)
    pair = measure.astype(np.int64) * len(variants) + variant
    pairs, inverse = np.unique(pair, return_inverse=True)
    numbers = [
        texts.number_of(measures[each // len(variants)], variants[each % len(variants)] or None)
        for each in pairs.tolist()
    ]
    return np.array(numbers, dtype=np.int32)[inverse]


def _numbers(table: pa.Table, name: str) -> NDArray[np.int64]:
    return np.asarray(table.column(name).fill_null(0).to_numpy(), dtype=np.int64)


def _codes(table: pa.Table, name: str, words: list[str]) -> NDArray[np.int32]:
    """Return a column of words as places in `words`, which grows by words that are new; null is the empty word."""
    place_of = {word: place for place, word in enumerate(words)}
    parts = []
    for chunk in table.column(name).chunks:
        encoded = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        codes = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
        known = encoded.dictionary.to_pylist()
        numbers = np.zeros(len(known) + 1, dtype=np.int32)
        for code in np.unique(codes[codes >= 0]).tolist():
            word = known[code]
            if word not in place_of:
                place_of[word] = len(words)
                words.append(word)
            numbers[code] = place_of[word]
        parts.append(numbers[codes])
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
