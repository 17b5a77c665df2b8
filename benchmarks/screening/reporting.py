"""The results as Markdown: what was compared, ratios, absolute seconds beside the yardstick, what floats got wrong."""

from __future__ import annotations

import datetime
import platform
from dataclasses import dataclass
from pathlib import Path

from checking import Wrong
from environments import compiler, versions
from running import Running


@dataclass(frozen=True)
class Section:
    """One case: its engines in the order they ran, the first is what the others are measured by."""

    title: str
    running: list[Running]
    wrong: dict[str, Wrong]
    eligible: int
    fen: int


@dataclass(frozen=True)
class Results:
    """A whole run."""

    firms: int
    measures: int
    threads: int
    repeats: int
    left_out: list[str]
    sections: list[Section]
    seconds: float


def markdown(results: Results) -> str:
    """Return the results as a page."""
    said = [f"{name} {version}" for name, version in _machine().items()]
    lines = [
        f"{results.firms:,} firms, {results.measures} flat measures (6 to 13 facts each), sums per county and measure, "
        f"in memory, {results.threads} cores for every engine, best of {results.repeats} in turns. "
        f"{datetime.datetime.now(tz=datetime.UTC):%Y-%m-%d}; the whole run took {results.seconds / 60:.1f} minutes.",
        "",
        f"Machine: {'; '.join(said)}. Compiler: {compiler() or 'none'}. "
        f"Engines: {', '.join(versions().values())}.",
    ]
    lines += [f"\nLeft out: {each}." for each in results.left_out]
    for section in results.sections:
        lines += ["", *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> list[str]:
    base = section.running[0]
    mine = next(each for each in section.running if each.entrant.module == "huiqi")
    lines = [
        f"### {section.title}",
        "",
        f"Checked before timing: {section.eligible:,} eligible pairs and {section.fen / 100:,.2f} yuan, every count and "
        "every fen the same in all exact engines.",
        "",
        f"| engine | ratio to {base.entrant.name} | Huiqi is faster by | seconds | yardstick beside it | seconds / yardstick "
        f"| seconds of work, all cores | ratio of work to {base.entrant.name} | amounts |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for each in section.running:
        wrong = section.wrong.get(each.entrant.name)
        scaled = "" if each.entrant.scale == 1 else f" (on {each.entrant.taken:,}, scaled)"
        amounts = wrong.text() if wrong else "exact" if each.entrant.is_exact else "not checked"
        lines.append(
            f"| {each.entrant.name}{scaled} | {each.seconds / base.seconds:.2f} | {each.seconds / mine.seconds:.2f} "
            f"| {each.seconds:.2f} | {each.best.yardstick:.2f} | {each.seconds / each.best.yardstick:.2f} "
            f"| {each.cpu:.2f} | {each.cpu / base.cpu:.2f} | {amounts} |"
        )
    return lines


def _machine() -> dict[str, str]:
    """Return what the processor calls itself, and the Python that runs Huiqi."""
    names = [
        line.partition(":")[2].strip()
        for path in (Path("/proc/cpuinfo"),)
        if path.exists()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return {"processor": names[0] if names else platform.machine(), "Python": platform.python_version()}
