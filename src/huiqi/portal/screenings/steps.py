"""A run step by step: read the register, screen, report. Each step is taken up where an earlier attempt left it."""

from __future__ import annotations

import shutil
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyarrow.parquet as pq

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.lists import write_lists
from huiqi.portal.screenings.models import Screening
from huiqi.portal.screenings.progress import Progress
from huiqi.portal.screenings.reading import REGISTERED, Plan, blocks_by_county, read_register
from huiqi.portal.screenings.tallies import Tallies, kept_totals, whole
from huiqi.screening.report.write import write_report
from huiqi.screening.results import RESULTS, SCHEMA
from huiqi.screening.run import screen_prepared

_DONE = "done"


@dataclass(frozen=True, slots=True)
class Course:
    """A run under way: its row, folder, plan, rules and what it tells its progress to."""

    run: Screening
    folder: RunFolder
    plan: Plan
    library: PolicyLibrary
    progress: Progress

    @property
    def source(self) -> str:
        """Where the firms come from, as reports say it."""
        return f"企业名册（{self.plan.read_from[:10]}，第{self.plan.event}号事件时）"


def go_through(course: Course) -> None:
    """Read, screen and report; the results lie in the run's folder then."""
    if course.folder.results.is_dir():
        return
    course.progress.begin("read")
    read_register(course.run, course.folder, course.plan, course.library, course.progress)
    course.progress.begin("screen")
    _screen(course)
    course.progress.begin("report")
    _report(course)
    # Last of all, so that results that stand there are whole.
    course.folder.working.rename(course.folder.results)


def _screen(course: Course) -> None:
    folder = course.folder
    if (folder.tallies / _DONE).exists():
        return
    tallies = Tallies(blocks_by_county(folder.population))
    screen_prepared(
        folder.population,
        course.library,
        course.run.as_of,
        folder.working,
        progress=course.progress.tell,
        each_part=tallies.add,
    )
    shutil.copyfile(folder.population / REGISTERED, folder.firms)
    tallies.keep(folder.tallies)
    (folder.tallies / _DONE).touch()


def _report(course: Course) -> None:
    folder, run = course.folder, course.run
    totals = kept_totals(folder.tallies)
    firms = _counties(folder.firms)
    if not folder.counties.is_dir():
        _split(folder, firms)
    # The whole is told once, and each county once with its workbooks, which take twice as long. Pages are drawn when
    # somebody asks for them.
    done, about = 0, 3 * sum(firms.values())

    if not (folder.working / "totals.json").exists():
        write_report(
            folder.working,
            whole(totals),
            course.library,
            run.as_of,
            folder.population,
            False,
            course.source,
            _Share(course.progress, 0, sum(firms.values()), about),
            workbooks=False,
            page=False,
        )
    done += sum(firms.values())
    for county, number in firms.items():
        place = folder.counties / county
        if not (place / _DONE).exists():
            write_report(
                place,
                totals[county],
                course.library,
                run.as_of,
                folder.population,
                False,
                course.source,
                _Share(course.progress, done, 2 * number, about),
                page=False,
            )
            write_lists(place, course.library, run.as_of)
            (place / RESULTS).unlink()
            (place / _DONE).touch()
        done += 2 * number


@dataclass(frozen=True, slots=True)
class _Share:
    """A part of a step's progress, of so much weight after so much done."""

    progress: Progress
    done: int
    weight: int
    total: int

    def __call__(self, done: int, total: int) -> None:
        part = self.weight * done // total if total else 0
        self.progress.tell(self.done + part, self.total)


def _split(folder: RunFolder, firms: dict[str, int]) -> None:
    """Cut the results at the counties' borders: rows come in the population's order, which is the counties'."""
    part = folder.path / ".counties"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    ends = list(accumulate(firms.values()))
    writers: list[pq.ParquetWriter] = []
    with _closing(writers):
        for county in firms:
            (part / county).mkdir()
            writers.append(pq.ParquetWriter(part / county / RESULTS, SCHEMA, compression="zstd"))
        file = pq.ParquetFile(folder.working / RESULTS)
        for place in range(file.num_row_groups):
            table = file.read_row_group(place)
            if table.num_rows:
                # A part of a run, and so a group of rows, lies in one county.
                writers[bisect_right(ends, table.column("row")[0].as_py())].write_table(table)
    part.rename(folder.counties)


@contextmanager
def _closing(writers: list[pq.ParquetWriter]) -> Iterator[None]:
    try:
        yield
    finally:
        for each in writers:
            each.close()


def _counties(firms: Path) -> dict[str, int]:
    """Return the firms of each county in the population, in its order."""
    return dict(Counter(pq.read_table(firms, columns=["county"]).column("county").to_pylist()))
