"""What if a figure, a date or a whole policy folder were another: who gains, who loses, what it costs, to the fen.

A population goes through two libraries block by block. It is read once; the second library screens only the measures
that it changes, the others are taken over.

A measure is owed to a subject where the subject is eligible and, if the measure has an amount, that is not nought after
exclusions, or not known. Money is what is surely owed: paid and saved, after exclusions and caps.
"""

from __future__ import annotations

import datetime
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from huiqi.policies.library import PolicyLibrary
from huiqi.policies.size import SIZE
from huiqi.rules.columns.frame import Block, Bools
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.facts import SUBJECT
from huiqi.rules.typed import Defined
from huiqi.rules.verdicts import ELIGIBLE, NOT_HERE
from huiqi.screening.assess import COUNTED
from huiqi.screening.block_run import BlockRun, ScreenedBlock
from huiqi.screening.budgets import Budget, Owed, Spending, owed
from huiqi.screening.prepared import FIRMS, Description, describe, field_of, read_blocks
from huiqi.screening.results import identity_of
from huiqi.screening.rule_changes import changed_measures, same_columns
from huiqi.screening.run import Progress
from huiqi.screening.totals import cells_of

CHANGES = "changes.parquet"
_ELIGIBLE, _NOT_HERE = ORDER.index(ELIGIBLE), ORDER.index(NOT_HERE)
_WORDS = pa.dictionary(pa.int32(), pa.string())
CHANGE_SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("firm", pa.string()),
        ("name", pa.string()),
        ("county", _WORDS),
        ("measure", _WORDS),
        ("before", _WORDS),
        ("after", _WORDS),
        ("before_fen", pa.int64()),
        ("after_fen", pa.int64()),
        ("change", _WORDS),
    ]
)
CHANGED = ("newly_owed", "no_longer_owed", "more", "less", "verdict_only")
"""What a change is for one subject and measure; `verdict_only` where nothing owed differs."""
ALL = ""
"""In place of a measure: all of them together, paid and saved."""
Cell = tuple[str, str, str]
"""County, section of industry, size class."""


@dataclass(slots=True)
class Differences:
    """What differs between two readings of policies on a population. Fen; parts add up to the whole."""

    subjects: int = 0
    sums: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(measure, what): fen `before` and `after`; subjects `owed_before`, `owed_after` and each of CHANGED.

    The measure ALL is what is paid and saved together, with the subjects that `gain` and `lose`.
    """
    cells: Counter[tuple[str, str, Cell]] = field(default_factory=Counter)
    """The same by cell, and `subjects`, for ALL and for measures that differ: all measures would be millions."""
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """(measure, verdict before, verdict after) to subjects, where the two differ."""

    def add(self, other: Differences) -> None:
        """Add the differences of another part."""
        self.subjects += other.subjects
        self.sums.update(other.sums)
        self.cells.update(other.cells)
        self.moves.update(other.moves)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What came of a comparison. `changed` are the measures that the two libraries judge differently."""

    about: Description
    changed: frozenset[str]
    differences: Differences
    before: tuple[Spending, ...]
    after: tuple[Spending, ...]
    """How far each budget reaches, by each library."""


def what_if(
    prepared: Path,
    before: PolicyLibrary,
    after: PolicyLibrary,
    as_of: datetime.date,
    *,
    budgets: Sequence[Budget] = (),
    changes: Path | None = None,
    threads: int = 2,
    progress: Progress | None = None,
) -> WhatIf:
    """Return what `after` changes for a prepared population; `changes` is a Parquet file with a row a change.

    Raises BadInput where the folder is not prepared, or cannot be read by one of the libraries.
    """
    about = describe(prepared, before)
    comparison = Comparison(before, after, as_of, budgets)
    found = Differences()
    spendings = tuple([Spending(each) for each in budgets] for _ in range(2))
    writer = pq.ParquetWriter(changes, CHANGE_SCHEMA, compression="zstd") if changes is not None else None
    try:
        for part in _in_order(
            about.row_groups,
            lambda number: list(
                _compared(prepared, comparison, range(number, number + 1), writer is not None)
            ),
            threads,
        ):
            for each in part:
                found.add(each.differences)
                for spending, claims in zip(spendings, each.owed, strict=True):
                    for one, of_block in zip(spending, claims, strict=True):
                        one.take(of_block)
                if writer is not None and each.rows is not None:
                    writer.write_table(each.rows)
            if progress is not None:
                progress(found.subjects, about.rows[SUBJECT])
    finally:
        if writer is not None:
            writer.close()
    return WhatIf(about, comparison.changed, found, tuple(spendings[0]), tuple(spendings[1]))


@dataclass(frozen=True, slots=True)
class ComparedBlock:
    """One block by both libraries: the differences, what each budget is asked for before and after, the changes."""

    differences: Differences
    owed: tuple[tuple[Owed, ...], tuple[Owed, ...]]
    rows: pa.Table | None


class Comparison:
    """Two libraries for one day, compiled; blocks may be compared in several threads."""

    def __init__(
        self,
        before: PolicyLibrary,
        after: PolicyLibrary,
        as_of: datetime.date,
        budgets: Sequence[Budget] = (),
    ) -> None:
        self.libraries = (before, after)
        self.shares_columns = same_columns(before, after)
        self.changed = changed_measures(before, after)
        self.budgets = tuple(budgets)
        dated = {each.measure for each in budgets if each.by}
        self.runs = tuple(BlockRun(library, as_of, dated) for library in self.libraries)
        size = Defined(type=before.definitions[SIZE].type, name=SIZE)
        self._size = self.runs[0].screener.compiler.operation(size)
        self._sums = tuple(
            {name for name, variants in library.by_id.items() if variants[0].amount_is in COUNTED}
            for library in self.libraries
        )

    def compare(self, block: Block, other: Block | None = None, with_rows: bool = False) -> ComparedBlock:
        """Return what differs for a block; `other` is the same block as the second library reads it, where that differs."""
        first = self.runs[0].run(block)
        cells, names = cells_of(first.frame, self._size)
        if other is None:
            second = self.runs[1].run_after(first, self.changed) if self.changed else first
        else:
            second = self.runs[1].run(other)
        made = Differences(subjects=first.frame.rows)
        sides = (_sides(first), _sides(second))
        _add_all(made, sides, self._sums, cells, names)
        tables = []
        identity = identity_of(first) if with_rows or self.budgets else None
        for measure in sorted(sides[0].keys() | sides[1].keys()):
            old, new = (side.get(measure) or _nowhere(first.frame.rows) for side in sides)
            change = _change(old, new)
            _add_measure(made, measure, (old, new), change, cells, names)
            if with_rows and identity is not None:
                tables.append(_rows(measure, old, new, change, identity))
        firms = () if identity is None else tuple(identity["firm"].to_pylist())
        claims = tuple(
            tuple(self._owed(each, screened, side, firms) for each in self.budgets)
            for screened, side in zip((first, second), sides, strict=True)
        )
        first.release()
        second.release()
        rows = pa.concat_tables(tables).unify_dictionaries().combine_chunks() if tables else None
        return ComparedBlock(made, (claims[0], claims[1]), rows)

    def _owed(
        self, budget: Budget, screened: ScreenedBlock, sides: dict[str, _Side], firms: tuple[str, ...]
    ) -> Owed:
        for each in screened.measures:
            if each.id == budget.measure:
                side = sides[each.id]
                return owed(budget, each, side.fen, side.owed, firms, screened.block.first)
        nothing = np.zeros(0, dtype=np.int64)
        return Owed(nothing, nothing, nothing if budget.by else None, ())


@dataclass(slots=True)
class _Side:
    """A measure by one library: verdicts, fen after exclusions where known, and where it is owed."""

    verdict: NDArray[np.int8]
    fen: NDArray[np.int64]
    known: Bools
    owed: Bools


def _sides(screened: ScreenedBlock) -> dict[str, _Side]:
    made = {}
    for each in screened.measures:
        fen = screened.counted[each.id]
        eligible = each.verdict == _ELIGIBLE
        is_owed = eligible & ((fen > 0) | ~each.known) if each.has_amount else eligible
        made[each.id] = _Side(each.verdict, fen, each.known & eligible, is_owed)
    return made


def _nowhere(rows: int) -> _Side:
    nothing = np.zeros(rows, dtype=np.bool_)
    return _Side(np.full(rows, _NOT_HERE, dtype=np.int8), np.zeros(rows, dtype=np.int64), nothing, nothing)


def _change(old: _Side, new: _Side) -> NDArray[np.int8]:
    """Return for each subject its place in CHANGED, -1 where nothing differs."""
    if old.verdict is new.verdict and old.fen is new.fen:
        return np.full(len(old.verdict), -1, dtype=np.int8)
    both = old.owed & new.owed
    kinds = (
        new.owed & ~old.owed,
        old.owed & ~new.owed,
        both & (new.fen > old.fen),
        both & (new.fen < old.fen),
        old.verdict != new.verdict,
    )
    return np.select(kinds, [np.int8(place) for place in range(len(kinds))], np.int8(-1)).astype(np.int8)


def _add_all(
    made: Differences,
    sides: tuple[dict[str, _Side], dict[str, _Side]],
    sums: Sequence[set[str]],
    cells: NDArray[np.int64],
    names: Sequence[Cell],
) -> None:
    rows = len(cells)
    totals = []
    for side, counted in zip(sides, sums, strict=True):
        total = np.zeros(rows, dtype=np.int64)
        for name in sorted(counted & side.keys()):
            total += side[name].fen
        totals.append(total)
    old, new = totals
    _add(made, ALL, {"before": old, "after": new, "gain": new > old, "lose": new < old}, cells, names)
    _add(made, ALL, {"subjects": np.ones(rows, dtype=np.bool_)}, cells, names)


def _add_measure(
    made: Differences,
    measure: str,
    sides: tuple[_Side, _Side],
    change: NDArray[np.int8],
    cells: NDArray[np.int64],
    names: Sequence[Cell],
) -> None:
    old, new = sides
    if old.verdict is new.verdict and old.fen is new.fen:
        fen, count = int(old.fen.sum()), int(old.owed.sum())
        made.sums.update({(measure, "before"): fen, (measure, "after"): fen})
        made.sums.update({(measure, "owed_before"): count, (measure, "owed_after"): count})
        return
    columns = {"before": old.fen, "after": new.fen, "owed_before": old.owed, "owed_after": new.owed}
    _add(made, measure, columns, cells, names)
    _add(made, measure, {kind: change == place for place, kind in enumerate(CHANGED)}, cells, names)
    moved = np.flatnonzero(old.verdict != new.verdict)
    pairs = old.verdict[moved].astype(np.int64) * len(ORDER) + new.verdict[moved]
    for pair, count in enumerate(np.bincount(pairs).tolist()):
        if count:
            made.moves[(measure, ORDER[pair // len(ORDER)], ORDER[pair % len(ORDER)])] += count


def _add(
    made: Differences,
    measure: str,
    columns: Mapping[str, NDArray[Any]],
    cells: NDArray[np.int64],
    names: Sequence[Cell],
) -> None:
    """Add up columns of fen, or of subjects that something holds for, in all and by cell."""
    for what, column in columns.items():
        for cell, total in _sums(cells, column):
            made.sums[(measure, what)] += total
            made.cells[(measure, what, names[cell])] += total


def _sums(cells: NDArray[np.int64], column: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """Yield each cell with its sum, exactly."""
    rows = np.flatnonzero(column)
    if not len(rows):
        return
    order = rows[np.argsort(cells[rows], kind="stable")]
    of_cell = cells[order]
    begins = np.flatnonzero(np.concatenate(([True], of_cell[1:] != of_cell[:-1])))
    sums = np.add.reduceat(column[order].astype(np.int64), begins)
    yield from zip(of_cell[begins].tolist(), sums.tolist(), strict=True)


def _rows(
    measure: str, old: _Side, new: _Side, change: NDArray[np.int8], identity: dict[str, pa.Array]
) -> pa.Table:
    rows = np.flatnonzero(change >= 0)
    places = pa.array(rows)
    columns = {name: array.take(places) for name, array in identity.items()}
    columns["measure"] = _coded(np.zeros(len(rows), dtype=np.int32), (measure,))
    columns["before"] = _coded(old.verdict[rows], ORDER)
    columns["after"] = _coded(new.verdict[rows], ORDER)
    columns["before_fen"] = pa.array(old.fen[rows], mask=~old.known[rows])
    columns["after_fen"] = pa.array(new.fen[rows], mask=~new.known[rows])
    columns["change"] = _coded(change[rows], CHANGED)
    return pa.table([columns[name] for name in CHANGE_SCHEMA.names], schema=CHANGE_SCHEMA)


def _coded(codes: NDArray[np.int8] | NDArray[np.int32], words: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32)), pa.array(list(words), pa.string())
    )


def _compared(
    prepared: Path, comparison: Comparison, groups: range, with_rows: bool
) -> Iterator[ComparedBlock]:
    before, after = comparison.libraries
    if comparison.shares_columns:
        for block in read_blocks(prepared, before, groups=groups):
            yield comparison.compare(block, with_rows=with_rows)
        return
    readings = (read_blocks(prepared, each, _columns(prepared, each), groups) for each in (before, after))
    for block, other in zip(*readings, strict=True):
        yield comparison.compare(block, other, with_rows)


def _columns(prepared: Path, library: PolicyLibrary) -> dict[str, list[str]]:
    """Return the columns of a population that a library knows: another one's facts are not its business."""
    found = {}
    for record in library.facts.records.values():
        table = prepared / f"{FIRMS if record.name == SUBJECT else record.list_name}.parquet"
        if table.is_file():
            names = pq.read_schema(table).names
            found[record.name] = [name for name in names if field_of(library, record.name, name) is not None]
    return found


def _in_order(
    count: int, act: Callable[[int], list[ComparedBlock]], threads: int
) -> Iterator[list[ComparedBlock]]:
    """Yield what `act` makes of 0, 1, 2, …, several at work at once, in order; few wait, so memory stays constant."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[list[ComparedBlock]]] = deque()
        for number in range(count):
            waiting.append(pool.submit(act, number))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
