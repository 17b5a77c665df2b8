"""Compare Huiqi's column kernel with other engines, in one run on one machine: agreement first, then time.

    .venv/bin/python benchmarks/screening/compare.py --firms 5000000

Prints Markdown and writes it to a file. Exits with status 1, and times nothing, where exact engines disagree.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from checking import Wrong, differences, wrong
from engine_huiqi import amounts_of_first
from environments import NotMade, compiler, python_of
from flat_measures import FIELDS
from population import load, make_firms, save
from reporting import Results, Section, markdown
from rule_files import write_policies
from running import EngineFailed, Entrant, Running, started, time_in_turns
from task import OPENFISCA_FIRMS, POLICIES, SAMPLE, Task

from huiqi.reference import industries, regions

_PROVINCE = "530000"
_UNKNOWN = 0.05
_OTHERS = ("polars", "duckdb", "openfisca", "zen")


@dataclass(frozen=True)
class Case:
    """One question put to some engines: the firms that it is asked about lie in the folder of its task."""

    title: str
    entrants: list[Entrant]


def main() -> int:
    """Make the firms, let the engines answer, check, time, print."""
    options = _options()
    began = time.perf_counter()
    at: Path = options.at.resolve()
    at.mkdir(parents=True, exist_ok=True)
    (at / ".gitignore").write_text("*\n", encoding="utf-8")
    left_out: list[str] = []
    pythons: dict[str, Path] = {}
    for engine in (*_OTHERS, *(("numba",) if options.numba else ())):
        if engine in options.without:
            left_out.append(f"{engine}, as asked")
            continue
        try:
            pythons[engine] = python_of(engine, at)
        except NotMade as error:
            left_out.append(str(error))
    if compiler() is None:
        left_out.append("no C compiler (gcc) on this machine: C is left out, and ratios are to Huiqi")
    known = _task(options, at / "known", 0.0)
    unknown = _task(options, at / "unknown", _UNKNOWN)
    for task in (known, unknown):
        _make(task)
    sections = []
    try:
        for case in (_all_known(known, pythons, options), _some_unknown(unknown, known, pythons)):
            section = _compared(case, at, options.repeats)
            if isinstance(section, list):
                print("The engines disagree; nothing was timed.", *section, sep="\n", file=sys.stderr)
                return 1
            sections.append(section)
    except EngineFailed as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        for task in (known, unknown):
            shutil.rmtree(task.at, ignore_errors=True)
    results = Results(
        options.firms,
        options.measures,
        options.threads,
        options.repeats,
        left_out,
        sections,
        time.perf_counter() - began,
    )
    text = markdown(results)
    (options.out or at / "results.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument("--measures", type=int, default=80)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=5, help="each engine's best of so many, in turns")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--numba", action="store_true", help="Numba too: it compiles for a minute")
    parser.add_argument("--without", nargs="*", default=[], choices=_OTHERS, help="engines to leave out")
    parser.add_argument("--at", type=Path, default=Path(__file__).parents[2] / ".benchmarks")
    parser.add_argument(
        "--out", type=Path, help="where to write the results (default: results.md in that folder)"
    )
    options = parser.parse_args()
    if options.firms < 1 or options.measures < 1 or options.repeats < 1 or options.threads < 1:
        parser.error("firms, measures, repeats and threads are at least 1")
    return options


def _task(options: argparse.Namespace, folder: Path, unknown: float) -> Task:
    words = {field.name: sorted(field.words) for field in FIELDS.values() if field.kind == "choice"}
    words["industry"] = [each.code for each in industries.listed("group")]
    words["region"] = sorted(each.code for each in regions.descendants(_PROVINCE) if each.level == "county")
    return Task(
        folder=str(folder),
        firms=options.firms,
        measures=options.measures,
        seed=options.seed,
        threads=options.threads,
        unknown=unknown,
        source="memory",
        words=words,
        areas=[each.code for each in regions.children(_PROVINCE)],
        industries=[each.code for each in industries.listed("division")],
    )


def _make(task: Task) -> None:
    """Make the firms and the rule files of a task anew."""
    shutil.rmtree(task.at, ignore_errors=True)
    task.at.mkdir(parents=True)
    measures = task.flat()
    write_policies(task.at / POLICIES, measures)
    save(make_firms(task.firms, task.seed, task.unknown, task.words, measures), task.at / "columns")


def _entrant(name: str, module: str, task: Task, python: Path | None = None, **options: str) -> Entrant:
    return Entrant(name, module, python or Path(sys.executable), replace(task, options=options), task.firms)


def _all_known(task: Task, pythons: dict[str, Path], options: argparse.Namespace) -> Case:
    entrants = []
    if compiler() is not None:
        entrants.append(_entrant("C, one loop a measure", "c", task))
        entrants.append(
            _entrant("C in blocks, for this processor", "c", task, flags="-O3 -march=native", rows="65536")
        )
    entrants.append(_entrant("Huiqi", "huiqi", task))
    entrants.append(_entrant("Huiqi in threads", "huiqi", task, threads="yes"))
    if options.numba and "numba" in pythons:
        entrants.append(_entrant("Numba, fused", "numba", task, pythons["numba"]))
    entrants.extend(_tables(task, pythons))
    if "openfisca" in pythons:
        for name, processes in (
            ("OpenFisca, a process a core", {}),
            ("OpenFisca as it comes, one core", {"processes": "1"}),
        ):
            made = _entrant(name, "openfisca", task, pythons["openfisca"], **processes)
            entrants.append(replace(made, taken=min(task.firms, OPENFISCA_FIRMS), is_exact=False))
    if "zen" in pythons:
        made = _entrant("zen-engine", "zen", task, pythons["zen"])
        entrants.append(replace(made, taken=min(task.firms, SAMPLE), is_exact=False, most_repeats=2))
    return Case("All facts known", entrants)


def _some_unknown(task: Task, known: Task, pythons: dict[str, Path]) -> Case:
    entrants = []
    if compiler() is not None:
        entrants.append(_entrant("C, all facts known", "c", known))
        entrants.append(_entrant("C, three-valued", "c", task))
    entrants.append(_entrant("Huiqi", "huiqi", task))
    entrants.append(_entrant("Huiqi in threads", "huiqi", task, threads="yes"))
    entrants.extend(_tables(task, pythons))
    return Case(f"{_UNKNOWN:.0%} of facts unknown, three-valued in every engine", entrants)


def _tables(task: Task, pythons: dict[str, Path]) -> list[Entrant]:
    return [
        _entrant(name, module, task, pythons[module])
        for name, module in (("Polars", "polars"), ("DuckDB", "duckdb"))
        if module in pythons
    ]


def _compared(case: Case, at: Path, repeats: int) -> Section | list[str]:
    """Return a case's results, or where its exact engines differ."""
    answers = at / "answers"
    answers.mkdir(exist_ok=True)
    running: list[Running] = []
    yardstick = None
    try:
        for entrant in case.entrants:
            print(f"{case.title}: {entrant.name} answers", file=sys.stderr, flush=True)
            running.append(started(entrant, answers))
        mine = next(each for each in running if each.entrant.module == "huiqi")
        found = [
            f"{each.entrant.name} and {mine.entrant.name}: {difference}"
            for each in running
            if each.entrant.is_exact and each.entrant.task.folder == mine.entrant.task.folder
            for difference in differences(each.totals, mine.totals)
        ]
        if found:
            return found
        floats = _floats(mine.entrant.task, running)
        yardstick = started(_entrant("yardstick", "yardstick", mine.entrant.task), answers)
        print(f"{case.title}: all agree; timing, best of {repeats}", file=sys.stderr, flush=True)
        time_in_turns(running, yardstick, repeats)
        return Section(
            case.title, running, floats, int(mine.totals.eligible.sum()), int(mine.totals.fen.sum())
        )
    finally:
        for each in (*running, *(() if yardstick is None else (yardstick,))):
            each.end()
        shutil.rmtree(answers, ignore_errors=True)


def _floats(task: Task, running: list[Running]) -> dict[str, Wrong]:
    """Return, for each engine on floats, what it got wrong of the first firms."""
    others = [each for each in running if each.totals.amounts is not None]
    if not others:
        return {}
    right = amounts_of_first(task, load(task.at / "columns", task.words, SAMPLE))
    return {
        each.entrant.name: wrong(each.totals.amounts[:, : right.shape[1]], right)
        for each in others
        if each.totals.amounts is not None
    }


if __name__ == "__main__":
    sys.exit(main())
