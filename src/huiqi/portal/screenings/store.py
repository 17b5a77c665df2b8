"""A run's results as officers look for them: one file a measure, its firms in the order of a list.

`measures/<id>.parquet` holds the firms in play (eligible, likely, undetermined), in that order and by money; after
them those that were eligible in the run before and are no longer. A page reads a few columns of one file and the
fifty rows it shows, which takes the same time for ten thousand firms as for a million; no database is filled.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.list_index import write_index
from huiqi.portal.screenings.progress import Progress
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.verdicts import ELIGIBLE, INELIGIBLE
from huiqi.screening.results import RESULTS

_WORDS = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        *(("pk", pa.int64()), ("code", pa.string()), ("name", pa.string()), ("county", _WORDS)),
        *(("section", _WORDS), ("size", _WORDS), ("verdict", pa.int8()), ("variant", _WORDS)),
        *(
            ("amount_fen", pa.int64()),
            ("counted_fen", pa.int64()),
            ("missing", _WORDS),
            ("before", pa.int8()),
        ),
    ]
)
"""`verdict` is a place in ORDER. `before` is the verdict in the run before, NOT_IN_PLAY where that had none in play,
null where there is no run before."""
NOT_IN_PLAY = ORDER.index(INELIGIBLE)
GROUP = 16_384
"""Rows of a group: a page reads those that its fifty rows lie in."""
_ELIGIBLE = ORDER.index(ELIGIBLE)
_MOST_AT_ONCE = 3_000_000
_COLUMNS = ("row", "measure", "variant", "verdict", "amount_fen", "counted_fen", "missing")


@dataclass(slots=True)
class Difference:
    """Firms that a measure newly grants, and no longer grants, by county, compared with the run before."""

    begun: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)


def write_measures(folder: RunFolder, before: RunFolder | None, progress: Progress) -> dict[str, Difference]:
    """Write the files of all measures; return how each differs from the run before (none where there is none)."""
    part = folder.path / ".measures"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    firms = pq.read_table(folder.firms, columns=["pk", "code", "name", "county", "section", "size"])
    results = pq.ParquetFile(folder.results / RESULTS)
    found: dict[str, Difference] = {}
    rows = _rows_by_measure(results)
    if before is not None:
        # A measure that nobody has in play any more differs too.
        rows = dict.fromkeys((path.stem for path in before.measures.glob("*.parquet")), 0) | rows
    done, total = 0, sum(rows.values())
    for together in _batches(rows):
        for measure, table in _of_measures(results, together):
            earlier = _earlier(before, measure)
            found[measure] = _write(part / f"{measure}.parquet", table, firms, earlier)
            done += table.num_rows
            progress.tell(done, total)
    shutil.rmtree(folder.measures, ignore_errors=True)
    part.rename(folder.measures)
    return found if before is not None else {}


def firms_by_county(file: Path) -> dict[str, NDArray[np.int64]]:
    """Return the firms that a run took in, by county, each county's in rising order."""
    table = pq.read_table(file, columns=["pk", "county"])
    made: dict[str, NDArray[np.int64]] = {}
    for county in pc.unique(table.column("county")).to_pylist():
        chosen = table.filter(pc.equal(table.column("county"), county)).column("pk")
        made[county] = np.sort(chosen.to_numpy())
    return made


def _rows_by_measure(results: pq.ParquetFile) -> dict[str, int]:
    counts: dict[str, int] = {}
    for place in range(results.num_row_groups):
        measures = results.read_row_group(place, columns=["measure"]).column(0)
        for each in pc.value_counts(measures.cast(pa.string())).to_pylist():
            counts[each["values"]] = counts.get(each["values"], 0) + each["counts"]
    return counts


def _batches(rows: Mapping[str, int]) -> Iterator[list[str]]:
    """Yield measures together as long as their rows fit into memory."""
    held: list[str] = []
    size = 0
    for measure in sorted(rows):
        if held and size + rows[measure] > _MOST_AT_ONCE:
            yield held
            held, size = [], 0
        held.append(measure)
        size += rows[measure]
    if held:
        yield held


def _of_measures(results: pq.ParquetFile, measures: list[str]) -> Iterator[tuple[str, pa.Table]]:
    """Yield the rows of some measures, read in one pass."""
    wanted = pa.array(measures)
    pieces = [results.schema_arrow.empty_table().select(_COLUMNS)]
    for place in range(results.num_row_groups):
        table = results.read_row_group(place, columns=list(_COLUMNS))
        pieces.append(table.filter(pc.is_in(table.column("measure").cast(pa.string()), value_set=wanted)))
    table = pa.concat_tables(pieces).unify_dictionaries().combine_chunks()
    names = table.column("measure").cast(pa.string())
    for measure in measures:
        yield measure, table.filter(pc.equal(names, measure))


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The run before of one measure: firms in rising order, with verdict and county."""

    pk: NDArray[np.int64]
    verdict: NDArray[np.int8]
    county: list[str]

    def of(self, pk: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return the verdict of each firm in that run, NOT_IN_PLAY where it has no row."""
        found = np.full(len(pk), NOT_IN_PLAY, dtype=np.int8)
        if len(self.pk):
            at = np.minimum(np.searchsorted(self.pk, pk), len(self.pk) - 1)
            met = self.pk[at] == pk
            found[met] = self.verdict[at[met]]
        return found


def _earlier(before: RunFolder | None, measure: str) -> _Earlier | None:
    if before is None:
        return None
    file = before.measures / f"{measure}.parquet"
    if not file.exists():
        return _Earlier(np.zeros(0, np.int64), np.zeros(0, np.int8), [])
    table = pq.read_table(file, columns=["pk", "verdict", "county"]).sort_by("pk")
    return _Earlier(
        table.column("pk").to_numpy(),
        table.column("verdict").to_numpy().astype(np.int8),
        table.column("county").cast(pa.string()).to_pylist(),
    )


def _write(path: Path, table: pa.Table, firms: pa.Table, earlier: _Earlier | None) -> Difference:
    rows = table.column("row").to_numpy()
    who = firms.take(pa.array(rows))
    verdict = _codes(table.column("verdict"))
    columns = {name: who.column(name) for name in ("pk", "code", "name", "county", "section", "size")}
    columns |= {name: table.column(name) for name in ("variant", "amount_fen", "counted_fen", "missing")}
    columns |= {"verdict": pa.array(verdict), "before": pa.nulls(len(rows), pa.int8())}
    difference = Difference()
    left = None
    if earlier is not None:
        pk = who.column("pk").to_numpy()
        before = earlier.of(pk)
        columns["before"] = pa.array(before)
        begun = (verdict == _ELIGIBLE) & (before != _ELIGIBLE)
        difference.begun = _counted(who.column("county").filter(pa.array(begun)).to_pylist())
        was = earlier.pk[earlier.verdict == _ELIGIBLE]
        counties = [
            each for each, one in zip(earlier.county, earlier.verdict, strict=True) if one == _ELIGIBLE
        ]
        still = np.isin(was, pk[verdict == _ELIGIBLE])
        difference.ended = _counted([each for each, kept in zip(counties, still, strict=True) if not kept])
        left = _no_longer(firms, was[~np.isin(was, pk)])
    made = _cast(pa.table(columns))
    if left is not None and left.num_rows:
        made = pa.concat_tables([made, left]).unify_dictionaries()
    order = [("verdict", "ascending"), ("counted_fen", "descending"), ("amount_fen", "descending")]
    made = made.sort_by([*order, ("pk", "ascending")])
    pq.write_table(made, path, row_group_size=GROUP, compression="zstd")
    write_index(path, made)
    return difference


def _no_longer(firms: pa.Table, was: NDArray[np.int64]) -> pa.Table:
    """Return rows for the firms that were eligible before, are still in the register, and are not in play now."""
    who = firms.filter(pc.is_in(firms.column("pk"), value_set=pa.array(was)))
    rows = who.num_rows
    columns = {name: who.column(name) for name in ("pk", "code", "name", "county", "section", "size")}
    columns |= {name: pa.nulls(rows, pa.int64()) for name in ("amount_fen", "counted_fen")}
    columns |= {name: pa.nulls(rows, pa.string()) for name in ("variant", "missing")}
    columns["verdict"] = pa.array(np.full(rows, NOT_IN_PLAY, dtype=np.int8))
    columns["before"] = pa.array(np.full(rows, _ELIGIBLE, dtype=np.int8))
    return _cast(pa.table(columns))


def _cast(table: pa.Table) -> pa.Table:
    arrays = []
    for each in SCHEMA:
        column = table.column(each.name)
        if pa.types.is_dictionary(each.type) and not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        arrays.append(column.cast(each.type))
    return pa.table(arrays, schema=SCHEMA)


def _codes(verdicts: pa.ChunkedArray) -> NDArray[np.int8]:
    places = pc.index_in(verdicts.cast(pa.string()), value_set=pa.array(ORDER))
    return np.asarray(places.to_numpy(), dtype=np.int8)


def _counted(words: list[str]) -> dict[str, int]:
    made: dict[str, int] = {}
    for word in words:
        made[word] = made.get(word, 0) + 1
    return made
