"""`huiqi screen`: a whole population through every measure, in constant memory, resumable, the same to the byte.

The work is cut at the row groups of the subjects' table. Each finished part lies in a working folder beside the
result, with its totals; an interrupted run goes on from there. The result appears whole or not at all. Parts are
screened in this process, by processes of this machine (`huiqi.screening.workers`), or by workers on other machines
that share both folders (`huiqi.screening.spark`); the results are the same to the byte.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from huiqi import __version__
from huiqi.findings import BadInput, Finding
from huiqi.policies.library import PolicyLibrary
from huiqi.policies.size import SIZE
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT
from huiqi.rules.typed import Defined
from huiqi.screening.block_run import BlockRun
from huiqi.screening.cell_sums import CellSums
from huiqi.screening.prepared import PreparedReader, describe
from huiqi.screening.results import RESULTS, SCHEMA, long_rows, missing_by_measure
from huiqi.screening.totals import Totals, totals_of

Progress = Callable[[int, int], None]
"""Called with the subjects done and the subjects in all."""
EachPart = Callable[[int, Totals], None]
"""Called with the number of a part and its totals, part by part in their order, from the first on in every attempt."""
_STATE = "state.json"
_PARTS = "parts"


@dataclass(frozen=True, slots=True)
class ScreeningRun:
    """What a run came to: its totals and the folder that holds results.parquet and manifest.json."""

    totals: Totals
    folder: Path
    synthetic: bool
    source: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part that is done: the number of its row group and its subjects."""

    number: int
    subjects: int


@dataclass(frozen=True, slots=True)
class Job:
    """What it takes to screen any part of a population; `parts` is the folder that the finished ones lie in."""

    prepared: Path
    parts: Path
    library: PolicyLibrary
    as_of: datetime.date
    all_verdicts: bool

    def screener(self) -> Callable[[int], Part]:
        """Return what screens a part by its number; rules are compiled and the population is opened once."""
        run = BlockRun(self.library, self.as_of)
        population = PreparedReader(self.prepared, self.library)
        size = run.screener.compiler.operation(Defined(type=self.library.definitions[SIZE].type, name=SIZE))

        def screen_block(block: Block) -> tuple[Totals, pa.Table]:
            screened = run.run(block)
            missing = missing_by_measure(run.screener, screened)
            totals = totals_of(screened, size, ((name, facts) for name, facts, _ in missing))
            rows = long_rows(screened, missing, self.library, self.all_verdicts)
            screened.release()
            return totals, rows

        def screen(number: int) -> Part:
            totals = Totals()
            # Two workers may screen one part where the first was given up too early: each writes its own file.
            path = _unfinished(self.parts, "rows")
            writer = pq.ParquetWriter(path, SCHEMA, **_COMPRESSION)
            with writer:
                for block in population.blocks(range(number, number + 1), _ROWS_AT_ONCE):
                    of_block, rows = screen_block(block)
                    totals.add(of_block)
                    writer.write_table(rows)
            path.replace(_rows_of(self.parts, number))
            path = _unfinished(self.parts, "cells")
            pq.write_table(totals.cells.as_table(), path, **_COMPRESSION, write_statistics=False)
            path.replace(_cells_of(self.parts, number))
            # The totals come last: a part counts as done only with all three.
            _write_json(self.parts, _totals_of(self.parts, number), totals.as_state())
            return Part(number, totals.firms)

        return screen

    def done(self) -> list[int]:
        """Return the numbers of the parts that lie in the folder."""
        return sorted(int(path.stem) for path in self.parts.glob("*.json"))

    def part(self, number: int) -> Part:
        """Return a part that is done."""
        return Part(number, int(_read_json(_totals_of(self.parts, number))["firms"]))


Engine = Callable[[Job, Sequence[int]], Generator[Part, None, None]]
"""Screens the parts of these numbers and yields each when it is done, in any order; closed early, it ends its work."""
_COMPRESSION: dict[str, Any] = {"compression": "zstd", "compression_level": 1}
_ROWS_AT_ONCE = 32_768
"""What a block of subjects comes to takes ten times its own memory: half a block takes a quarter less, hardly slower."""
_FEW = 30_000
"""So many subjects are screened sooner than other processes have started."""


def screen_prepared(
    prepared: Path,
    library: PolicyLibrary,
    as_of: datetime.date,
    working: Path,
    *,
    all_verdicts: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
    each_part: EachPart | None = None,
) -> ScreeningRun:
    """Screen a prepared population into `working` (results.parquet, manifest.json); an earlier unfinished run goes on.

    `engine` screens the parts: `in_this_process`, `in_processes(n)`, or `on_spark(…)`; by default a process a core
    where there are subjects enough to be worth it.
    Raises BadInput where the folder is not prepared, or where `working` holds an unfinished run of something else.
    """
    about = describe(prepared, library)
    manifest = manifest_of(prepared, library, as_of, all_verdicts)
    job = Job(prepared, working / _PARTS, library, as_of, all_verdicts)
    _claim(working, manifest)
    groups = range(about.row_groups)
    total = about.rows[SUBJECT]
    done = job.done()
    finished = sum(job.part(number).subjects for number in done)
    if progress is not None:
        progress(finished, total)
    waiting = sorted(set(groups) - set(done))
    with _Joining(job.parts, len(groups), working / RESULTS, each_part) as joining:
        joining.go_on()
        screened_by = engine or (in_this_process if total <= _FEW or len(waiting) <= 1 else in_processes())
        with closing(screened_by(job, waiting) if waiting else _nothing()) as parts:
            for part in parts:
                finished += part.subjects
                if progress is not None:
                    progress(finished, total)
                joining.go_on()
    totals = joining.totals
    counts = {
        "subjects": totals.firms,
        "judged_one_by_one": totals.one_by_one,
        "excluded_one_by_one": totals.excluded_one_by_one,
        "rows": {
            library.facts.records[name].list_name or "firms": rows
            for name, rows in sorted(about.rows.items())
        },
    }
    _write_json(job.parts, working / "manifest.json", {**manifest, "counts": counts})
    # First the mark that the run is unfinished: what is left after it is no part of any run.
    (working / _STATE).unlink()
    shutil.rmtree(job.parts)
    return ScreeningRun(totals, working, about.synthetic, about.source)


class _Joining:
    """Joins parts in their order into one file and adds up their totals while later ones are still being screened.

    The parts stay until all is written, and the file takes its name at the end.
    """

    def __init__(self, parts: Path, count: int, results: Path, each_part: EachPart | None) -> None:
        self.totals = Totals()
        self._each_part = each_part
        self._parts = parts
        self._count = count
        self._results = results
        self._next = 0

    def __enter__(self) -> _Joining:
        for left in self._parts.glob("results.*"):
            left.unlink()
        self._unfinished = _unfinished(self._parts, "results")
        self._writer = pq.ParquetWriter(self._unfinished, SCHEMA, **_COMPRESSION)
        return self

    def go_on(self) -> None:
        """Take the parts that are done and follow on what is joined already."""
        while self._next < self._count and _totals_of(self._parts, self._next).exists():
            cells = CellSums.of_table(pq.read_table(_cells_of(self._parts, self._next), use_threads=False))
            totals = Totals.of_state(_read_json(_totals_of(self._parts, self._next)), cells)
            self.totals.add(totals)
            if self._each_part is not None:
                self._each_part(self._next, totals)
            part = pq.ParquetFile(_rows_of(self._parts, self._next))
            for place in range(part.num_row_groups):
                self._writer.write_table(part.read_row_group(place, use_threads=False))
            self._next += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        if kind is None:
            assert self._next == self._count, "the engine left parts undone"
            self._unfinished.replace(self._results)


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
    """Go on with the unfinished run that lies in the folder, or begin one."""
    state = working / _STATE
    if not state.exists():
        shutil.rmtree(working / _PARTS, ignore_errors=True)
    elif _read_json(state) != manifest:
        what = "this folder holds an unfinished run of other input or other rules"
        mend = "finish that run, or delete the folder"
        raise BadInput([Finding(str(working), 0, "", "other-run", what, "", mend)])
    (working / _PARTS).mkdir(parents=True, exist_ok=True)
    _write_json(working / _PARTS, state, manifest)


def _nothing() -> Generator[Part, None, None]:
    yield from ()


def in_this_process(job: Job, numbers: Sequence[int]) -> Generator[Part, None, None]:
    """Screen the parts one after the other."""
    yield from map(job.screener(), numbers)


def in_processes(workers: int | None = None) -> Engine:
    """Return the engine of this machine: so many processes at once, by default one a core."""
    from huiqi.screening.workers import screen_in_processes

    return partial(screen_in_processes, workers=workers)


def _rows_of(parts: Path, number: int) -> Path:
    return parts / f"{number:06}.parquet"


def _cells_of(parts: Path, number: int) -> Path:
    return parts / f"{number:06}.cells"


def _totals_of(parts: Path, number: int) -> Path:
    return parts / f"{number:06}.json"


def _unfinished(parts: Path, name: str) -> Path:
    """Return a name of its own to write under until a file is whole; what an end leaves there goes with the parts."""
    return parts / f"{name}.{uuid.uuid4().hex}"


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _write_json(parts: Path, path: Path, value: object) -> None:
    unfinished = _unfinished(parts, "json")
    unfinished.write_text(
        json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    unfinished.replace(path)
