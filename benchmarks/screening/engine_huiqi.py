"""Huiqi's own column kernel: the rule files as they are, read, compiled and screened in blocks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
from flat_measures import AS_OF, FIELDS
from numpy.typing import NDArray
from population import Firms, load
from shares import in_processes
from task import BLOCK_ROWS, POLICIES, PREPARED, SAMPLE, Act, Task, Totals

from huiqi.policies.library import PolicyLibrary, load_library
from huiqi.rules.columns.adding import sums_by_group
from huiqi.rules.columns.compile import Compiler
from huiqi.rules.columns.frame import Block, Codes
from huiqi.rules.columns.judge import ColumnMeasure
from huiqi.screening.prepared import describe, read_blocks

_ELIGIBLE, _UNDETERMINED = 0, 2
_OTHER_SUBJECTS = ("enterprise",)


def batch_of(firms: Firms, first: int, stop: int) -> pa.RecordBatch:
    """Return some firms in the shape of a prepared population (docs/screening.md), without copies."""
    arrays, names = [], []
    for field in FIELDS.values():
        values = firms.values[field.name][first:stop]
        known = firms.known.get(field.name)
        unknown = None if known is None else ~known[first:stop]
        if field.kind in ("choice", "industry", "region"):
            made = pa.DictionaryArray.from_arrays(
                pa.array(values, mask=unknown), pa.array(firms.words[field.name])
            )
        elif field.kind == "date":
            made = pa.array(values, mask=unknown).cast(pa.date32())
        else:
            made = pa.array(values, mask=unknown)
        arrays.append(made)
        names.append(field.name)
    codes = pa.array(np.zeros(stop - first, dtype=np.int8))
    arrays.append(pa.DictionaryArray.from_arrays(codes, pa.array(_OTHER_SUBJECTS)))
    return pa.record_batch(arrays, names=[*names, "subject"])


def screened(measures: list[ColumnMeasure], block: Block, task: Task) -> Totals:
    """Return the totals of a block, one measure after the other: nothing is kept of it but its sums."""
    made = Totals.none(task)
    frame = block.frame()
    region = frame.column("region", True)
    assert isinstance(region, Codes)
    county = region.codes.astype(np.intp)
    for number, measure in enumerate(measures):
        found = measure.screen(frame)
        rows, fen = found.eligible()
        assert fen is not None
        where = county.take(rows)
        made.eligible[number] = np.bincount(where, minlength=task.counties)
        made.fen[number] = sums_by_group(where, fen, task.counties)
        if task.unknown:
            open_rows = np.flatnonzero(found.verdict == _UNDETERMINED)
            made.undetermined[number] = np.bincount(county.take(open_rows), minlength=task.counties)
    return made


def compiled(task: Task, library: PolicyLibrary) -> list[ColumnMeasure]:
    """Return the measures compiled for columns; what they share is computed once."""
    compiler = Compiler(library.facts, library.evaluator, AS_OF)
    return [ColumnMeasure(library.by_id[each.id][0], compiler) for each in task.flat()]


def prepared(task: Task) -> Act:
    """Compile the rules, load the firms, return what screens them."""
    library = load_library(task.at / POLICIES)
    measures = compiled(task, library)
    if task.source == "parquet":
        return _from_parquet(task, library, measures)
    firms = load(task.at / "columns", task.words)
    rows = int(task.options.get("rows", BLOCK_ROWS))
    blocks = [
        Block(batch_of(firms, first, min(first + rows, task.firms)), {}, first)
        for first in range(0, task.firms, rows)
    ]
    return _over(task, lambda place: screened(measures, blocks[place], task), len(blocks))


def _over(task: Task, act: Callable[[int], Totals], count: int) -> Act:
    """Return what adds up the parts, in processes side by side, or in threads where `options.threads` says so."""
    if "threads" not in task.options:
        return in_processes(task, act, [(place,) for place in range(count)])

    def run() -> Totals:
        totals = Totals.none(task)
        with ThreadPoolExecutor(task.threads) as pool:
            for each in pool.map(act, range(count)):
                totals.add(each)
        return totals

    return run


def _from_parquet(task: Task, library: PolicyLibrary, measures: list[ColumnMeasure]) -> Act:
    folder = task.at / PREPARED

    def part(number: int) -> Totals:
        made = Totals.none(task)
        for block in read_blocks(folder, library, groups=range(number, number + 1)):
            made.add(screened(measures, block, task))
        return made

    return _over(task, part, describe(folder, library).row_groups)


def amounts_of_first(task: Task, firms: Firms) -> NDArray[np.int64]:
    """Return what each measure owes the first firms (measure x firm), -1 where it owes nothing."""
    measures = compiled(task, load_library(task.at / POLICIES))
    count = min(SAMPLE, task.firms)
    frame = Block(batch_of(firms, 0, count), {}, 0).frame()
    made = np.full((task.measures, count), -1, dtype=np.int64)
    for number, each in enumerate(measures):
        found = each.screen(frame)
        assert found.amount is not None
        assert found.known is not None
        owed = (found.verdict == _ELIGIBLE) & found.known
        made[number, owed] = found.amount[owed]
    return made
