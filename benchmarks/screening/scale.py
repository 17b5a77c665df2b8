"""A whole province through all measures with records, from Parquet: time and memory from 0.1 to 50 million subjects.

First a small population (a region's, and one drawn from the rules' examples) is screened by processes and judged
subject by subject: verdicts, amounts and their sums by county, section and size must be the same. Then synthetic
populations of Yunnan are written block by block and screened, each in fresh processes. Printed for each: seconds by
the clock and of all cores together per million subjects, the peak of memory of all processes added up (pages that
they share count in each), and the time of a fixed loop on one core before and after, so that runs on other or busier
machines compare. Last what must hold: each further million costs the same, and memory at 50 million is that at 5.

Run: .venv/bin/python benchmarks/screening/scale.py [--millions 0.1 0.5 5] [--fifty] [--processes 2] [--whole]
`--whole` times the command `huiqi screen` with its report and lists (no workbooks) instead of the screening alone.
Populations stay in --folder for the next run: 5 million subjects take 0.7 GB, 50 million 7 GB and their results 6 GB.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from huiqi.policies.library import PolicyLibrary, read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.policies.size import SIZE
from huiqi.rules.columns.frame import Block
from huiqi.rules.facts import SUBJECT
from huiqi.rules.typed import Defined
from huiqi.rules.verdicts import NOT_HERE, NOT_IN_FORCE
from huiqi.screening.assess import assess, judge_one
from huiqi.screening.cell_sums import Cell
from huiqi.screening.population.proof import ProofPopulation
from huiqi.screening.population.region import RegionPopulation, write_population
from huiqi.screening.prepared import PreparedWriter, describe, read_blocks
from huiqi.screening.run import in_processes, screen_prepared
from huiqi.screening.situations import situations_of
from huiqi.screening.totals import Totals

AS_OF = datetime.date(2022, 7, 31)
REGION, SEED = "530000", 7
SMALL = 3_000
PAGE = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Check a small population, then screen each size and print what it took."""
    options = _options()
    if options.screen:
        screen_prepared(
            options.screen, _library(), AS_OF, options.out, engine=in_processes(options.processes)
        )
        return
    folder: Path = options.folder or Path(tempfile.mkdtemp(prefix="huiqi-scale-"))
    folder.mkdir(parents=True, exist_ok=True)
    print(
        f"{check(folder, options.processes)} subjects judged one by one: every verdict, amount and sum equal"
    )
    runs = []
    for millions in [*options.millions, *([50.0] if options.fifty else [])]:
        runs.append(measured(population(folder, millions), folder, options.processes, options.whole))
        print(runs[-1].line(), flush=True)
    _print_ratios(runs)
    if options.json:
        options.json.write_text(json.dumps([asdict(run) for run in runs], indent=1) + "\n", encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Time and memory of screening from 0.1 to 50 million subjects."
    )
    parser.add_argument("--millions", type=float, nargs="*", default=[0.1, 0.5, 5.0])
    parser.add_argument("--fifty", action="store_true", help="50 million too")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument(
        "--whole", action="store_true", help="the command with its report, not the screening alone"
    )
    parser.add_argument(
        "--folder", type=Path, help="where populations lie and stay (by default a new folder)"
    )
    parser.add_argument("--json", type=Path, help="where to write the figures")
    parser.add_argument("--screen", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _library() -> PolicyLibrary:
    library, findings = read_library(shipped_policies(), examples=True)
    assert not findings
    return library


@dataclass(frozen=True)
class Run:
    """What one size took. Seconds by the clock, of all cores, and of the yardstick; memory in millions of bytes."""

    subjects: int
    records: int
    seconds: float
    core_seconds: float
    yardstick: float
    peak_mb: float
    processes: int

    def per_million(self, seconds: float) -> float:
        """Return seconds per million subjects."""
        return seconds / self.subjects * 1e6

    def line(self) -> str:
        """Return the figures in one line."""
        return (
            f"{self.subjects / 1e6:6.1f} million subjects, {self.records / 1e6:6.1f} million records: "
            f"{self.seconds:8.1f} s ({self.per_million(self.seconds):5.1f} s a million; "
            f"{self.per_million(self.core_seconds):5.1f} core seconds a million), "
            f"peak {self.peak_mb:6.0f} MB in {self.processes} processes, yardstick {self.yardstick:.3f} s"
        )


def _print_ratios(runs: Sequence[Run]) -> None:
    # To start processes and compile the rules costs the same for any size: the cost of a further million leaves it out.
    for run, larger in pairwise(runs):
        further = (larger.core_seconds - run.core_seconds) / (larger.subjects - run.subjects) * 1e6
        print(
            f"from {run.subjects / 1e6:g} to {larger.subjects / 1e6:g} million: "
            f"{further:.1f} core seconds a further million"
        )
    five = next((run for run in runs if run.subjects == 5_000_000), None)
    fifty = next((run for run in runs if run.subjects == 50_000_000), None)
    if five and fifty:
        print(f"memory at 50 million / at 5 million = {fifty.peak_mb / five.peak_mb:.2f}")


def population(folder: Path, millions: float) -> Path:
    """Return the prepared population of a size, written if it is not there yet."""
    subjects = int(Fraction(str(millions)) * 1_000_000)
    path = folder / f"population-{subjects}"
    if not path.exists():
        write_population(RegionPopulation(_library(), REGION, subjects, SEED, AS_OF), path)
    return path


def measured(prepared: Path, folder: Path, processes: int, whole: bool) -> Run:
    """Screen a population in fresh processes and return what it took."""
    out = folder / "results"
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, __file__, "--screen", str(prepared), "--out", str(out)]
    command += ["--processes", str(processes)]
    if whole:
        command = [
            sys.executable,
            "-c",
            "from huiqi.cli import main; main()",
            "screen",
            str(prepared),
            "--as-of",
            AS_OF.isoformat(),
        ]
        command += ["--out", str(out), "--without-workbooks", "--json"]
    loops = [yardstick()]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        memory = _Memory(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
    memory.stop()
    if process.returncode:
        raise SystemExit(f"screening has failed with exit status {process.returncode}")
    loops.append(yardstick())
    shutil.rmtree(out)
    rows = describe(prepared, _library()).rows
    return Run(
        rows[SUBJECT],
        sum(rows.values()) - rows[SUBJECT],
        seconds,
        used.ru_utime + used.ru_stime,
        statistics.mean(loops),
        memory.peak / 1e6,
        memory.processes,
    )


class _Memory:
    """Watches the resident memory of a process and all it starts, twenty times a second."""

    def __init__(self, root: int) -> None:
        self.peak = 0
        self.processes = 0
        self._root = root
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watch no more."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            family = set(_family(self._root))
            self.processes = max(self.processes, len(family))
            self.peak = max(self.peak, sum(map(_resident, family)))


def _family(root: int) -> Iterator[int]:
    waiting = [root]
    while waiting:
        process = waiting.pop()
        yield process
        for tasks in Path(f"/proc/{process}/task").glob("*/children"):
            try:
                waiting += map(int, tasks.read_text().split())
            except OSError:
                continue


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0


def yardstick() -> float:
    """Return the seconds of a fixed loop on one core: Python's own numbers, then NumPy's."""
    begun = time.perf_counter()
    total = 0
    for number in range(3_000_000):
        total += number % 7
    numbers = np.arange(1_000_000, dtype=np.int64)
    for _ in range(50):
        numbers = (numbers * 3 + 1) % 1_000_003
    assert total == 8_999_994 and numbers.min() >= 0
    return time.perf_counter() - begun


def check(folder: Path, processes: int) -> int:
    """Screen two small populations both ways and compare; return their subjects. AssertionError where they differ."""
    library = _library()
    blocks = {
        "region": RegionPopulation(library, REGION, SMALL, SEED, AS_OF).blocks(),
        "proof": ProofPopulation(library, AS_OF, SEED).blocks(SMALL, SMALL // 4),
    }
    for name, drawn in blocks.items():
        with tempfile.TemporaryDirectory(dir=folder, prefix="check-") as temporary:
            prepared = Path(temporary) / name
            _write(prepared, library, list(drawn))
            out = Path(temporary) / "results"
            run = screen_prepared(prepared, library, AS_OF, out, engine=in_processes(processes))
            _compare(prepared, library, run.totals)
    return SMALL * len(blocks)


def _write(prepared: Path, library: PolicyLibrary, blocks: Sequence[Block]) -> None:
    columns: dict[str, list[str]] = {}
    for block in blocks:
        for record, batch in ((SUBJECT, block.firms), *block.records.items()):
            columns.setdefault(record, []).extend(batch.schema.names)
    with PreparedWriter(prepared, library, True, "scale", columns) as writer:
        for block in blocks:
            writer.write(block)


def _compare(prepared: Path, library: PolicyLibrary, totals: Totals) -> None:
    """Hold the totals of a screening against every subject judged by itself."""
    size = Defined(type=library.definitions[SIZE].type, name=SIZE)
    verdicts: Counter[tuple[str, str]] = Counter()
    in_cells: Counter[tuple[str, str, Cell]] = Counter()
    fen: Counter[tuple[str, Cell]] = Counter()
    for block in read_blocks(prepared, library):
        for situation in situations_of(block, library, AS_OF):
            region, section = (str(situation.subject.get(name) or "") for name in ("region", "industry"))
            class_ = library.evaluator.value(size, situation)
            cell = (region, section[:1], class_ if isinstance(class_, str) else "")
            assessment = assess(library, situation)
            for measure, _, amount in assessment.bundle.chosen:
                fen[measure.id, cell] += amount or 0
            applying = {each.measure.id: each.judgement for each in assessment.measures}
            for name in library.by_id:
                verdict = (applying.get(name) or judge_one(library, name, situation)).verdict
                verdicts[name, verdict] += 1
                if verdict not in (NOT_HERE, NOT_IN_FORCE):
                    in_cells[name, verdict, cell] += 1
    assert totals.verdicts == verdicts
    assert {
        (name, verdict, cell): count for name, verdict, cell, count in totals.cells.subjects()
    } == in_cells
    assert {(name, cell): sum_ for name, cell, sum_ in totals.cells.fen()} == +fen


if __name__ == "__main__":
    main()
