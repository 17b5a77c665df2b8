"""`huiqi screen`: a whole population through every measure, in constant memory, resumable, the same to the byte.

The work is cut at the row groups of the subjects' table. Each finished part lies in a working folder beside the
result, with its totals; an interrupted run goes on from there. The result appears whole or not at all.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from huiqi import __version__
from huiqi.findings import BadInput, Finding
from huiqi.policies.library import PolicyLibrary
from huiqi.policies.size import SIZE
from huiqi.rules.columns.operations import Operation
from huiqi.rules.facts import SUBJECT
from huiqi.rules.typed import Defined
from huiqi.screening.block_run import BlockRun
from huiqi.screening.prepared import describe, read_blocks
from huiqi.screening.results import RESULTS, long_rows, missing_by_measure
from huiqi.screening.totals import Totals, totals_of

Progress = Callable[[int, int], None]
"""Called with the subjects done and the subjects in all."""
_STATE = "state.json"


@dataclass(frozen=True, slots=True)
class ScreeningRun:
    """What a run came to: its totals and the folder that holds results.parquet and manifest.json."""

    totals: Totals
    folder: Path
    synthetic: bool
    source: str


@dataclass(frozen=True, slots=True)
class _Part:
    number: int
    subjects: int


def screen_prepared(
    prepared: Path,
    library: PolicyLibrary,
    as_of: datetime.date,
    working: Path,
    *,
    all_verdicts: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> ScreeningRun:
    """Screen a prepared population into `working` (results.parquet, manifest.json); an earlier unfinished run goes on.

    Raises BadInput where the folder is not prepared, or where `working` holds an unfinished run of something else.
    """
    about = describe(prepared, library)
    manifest = manifest_of(prepared, library, as_of, all_verdicts)
    parts_folder = working / "parts"
    parts_folder.mkdir(parents=True, exist_ok=True)
    _claim(working, manifest)
    run = BlockRun(library, as_of)
    size = run.screener.compiler.operation(Defined(type=library.definitions[SIZE].type, name=SIZE))
    groups = range(about.row_groups)
    total = about.rows[SUBJECT]
    done = [number for number in groups if (parts_folder / f"{number:06}.json").exists()]
    finished = sum(_subjects(parts_folder, number) for number in done)
    if progress is not None:
        progress(finished, total)
    waiting = [number for number in groups if number not in set(done)]
    for part in _in_threads(
        waiting,
        lambda number: _screen_part(prepared, library, run, size, parts_folder, number, all_verdicts),
        threads or os.cpu_count() or 1,
    ):
        finished += part.subjects
        if progress is not None:
            progress(finished, total)
    totals = _joined(parts_folder, groups, working / RESULTS)
    counts = {
        "subjects": totals.firms,
        "judged_one_by_one": totals.one_by_one,
        "excluded_one_by_one": totals.excluded_one_by_one,
        "rows": {library.facts.records[name].list_name or "firms": rows for name, rows in sorted(about.rows.items())},
    }
    _write_json(working / "manifest.json", {**manifest, "counts": counts})
    shutil.rmtree(parts_folder)
    (working / _STATE).unlink()
    return ScreeningRun(totals, working, about.synthetic, about.source)


def manifest_of(
    prepared: Path, library: PolicyLibrary, as_of: datetime.date, all_verdicts: bool
) -> dict[str, Any]:
    """Return what makes the run reproducible: rule digests, as-of, the inputs' digests. No wall clock."""
    inputs = {path.name: digest_of_file(path) for path in sorted(prepared.glob("*.parquet"))}
    rules = {f"{each.id}@{each.region}": each.digest for each in library.measures}
    return {
        "format": 1,
        "huiqi": __version__,
        "as_of": as_of.isoformat(),
        "all_verdicts": all_verdicts,
        "inputs": inputs,
        "rules": dict(sorted(rules.items())),
        "rules_digest": hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest(),
    }


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _claim(working: Path, manifest: dict[str, Any]) -> None:
    state = working / _STATE
    if state.exists() and json.loads(state.read_text("utf-8")) != manifest:
        what = "this folder holds an unfinished run of other input or other rules"
        mend = "finish that run, or delete the folder"
        raise BadInput([Finding(str(working), 0, "", "other-run", what, "", mend)])
    _write_json(state, manifest)


def _screen_part(
    prepared: Path,
    library: PolicyLibrary,
    run: BlockRun,
    size: Operation,
    folder: Path,
    number: int,
    all_verdicts: bool,
) -> _Part:
    totals = Totals()
    path = folder / f"{number:06}.parquet"
    writer: pq.ParquetWriter | None = None
    for block in read_blocks(prepared, library, groups=range(number, number + 1)):
        screened = run.run(block)
        missing = missing_by_measure(run.screener, screened)
        totals.add(totals_of(screened, size, ((name, facts) for name, facts, _ in missing)))
        table = long_rows(screened, missing, library, all_verdicts)
        if writer is None:
            writer = pq.ParquetWriter(path, table.schema, compression="zstd", compression_level=1)
        writer.write_table(table)
    if writer is not None:
        writer.close()
    # The totals come last: a part counts as done only with both.
    _write_json(folder / f"{number:06}.json", totals.as_state())
    return _Part(number, totals.firms)


def _in_threads(numbers: list[int], act: Callable[[int], _Part], threads: int) -> Iterator[_Part]:
    """Yield parts as they end; at most `threads` + 1 are under way, so memory stays constant."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: set[Future[_Part]] = set()
        queue = iter(numbers)
        try:
            for number in queue:
                waiting.add(pool.submit(act, number))
                if len(waiting) > threads:
                    ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (each.result() for each in ended)
            while waiting:
                ended, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in ended)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _subjects(folder: Path, number: int) -> int:
    return int(json.loads((folder / f"{number:06}.json").read_text("utf-8"))["firms"])


def _joined(folder: Path, groups: range, results: Path) -> Totals:
    """Join the parts in their order into one file and add up their totals."""
    totals = Totals()
    writer: pq.ParquetWriter | None = None
    unfinished = results.with_suffix(".part")
    for number in groups:
        totals.add(Totals.of_state(json.loads((folder / f"{number:06}.json").read_text("utf-8"))))
        path = folder / f"{number:06}.parquet"
        if not path.exists():
            continue
        part = pq.ParquetFile(path)
        if writer is None:
            writer = pq.ParquetWriter(unfinished, part.schema_arrow, compression="zstd", compression_level=1)
        for place in range(part.num_row_groups):
            writer.write_table(part.read_row_group(place))
        path.unlink()
    if writer is not None:
        writer.close()
        unfinished.rename(results)
    return totals


def _write_json(path: Path, value: object) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    unfinished.rename(path)
