"""Engines in processes of their own: started one after the other, answering first, then timed in turns."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from task import Task, Totals

_HERE = Path(__file__).resolve().parent


class EngineFailed(RuntimeError):
    """An engine ended before it answered; the message holds its last words."""


@dataclass(frozen=True)
class Entrant:
    """An engine as it takes part: `module` runs in `python`; `taken` firms of `task.firms` are timed, the rest scaled.

    `most_repeats` spares a slow engine turns that would tell nothing more.
    """

    name: str
    module: str
    python: Path
    task: Task
    taken: int
    is_exact: bool = True
    most_repeats: int | None = None

    @property
    def scale(self) -> float:
        """How many times the firms that it takes make all of them."""
        return self.task.firms / self.taken


@dataclass(frozen=True)
class Timing:
    """Seconds of one run, those that all cores worked for it, and those of the yardstick just before it."""

    seconds: float
    cpu: float
    yardstick: float


@dataclass
class Running:
    """An entrant that has answered and waits to be timed."""

    entrant: Entrant
    process: subprocess.Popen[str]
    totals: Totals
    timings: list[Timing] = field(default_factory=list)

    @property
    def best(self) -> Timing:
        """The fastest run."""
        return min(self.timings, key=lambda each: each.seconds)

    @property
    def seconds(self) -> float:
        """Seconds of the fastest run, scaled to all firms."""
        return self.best.seconds * self.entrant.scale

    @property
    def cpu(self) -> float:
        """Seconds of work of the run with the least, scaled to all firms."""
        return min(each.cpu for each in self.timings) * self.entrant.scale

    def once(self) -> tuple[float, float]:
        """Run once more and return the seconds it took, and those of work."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        taken, cpu = line_of(self.process, self.entrant.name).split()
        return float(taken), float(cpu)

    def end(self) -> None:
        """Let it end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def line_of(process: subprocess.Popen[str], name: str) -> str:
    """Return the next line that an engine prints. Raises EngineFailed where it has ended."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise EngineFailed(f"{name} ended with exit status {process.wait()}; what it said is above")
    return line


def started(entrant: Entrant, folder: Path) -> Running:
    """Start an entrant and return it with its answer."""
    stem = entrant.name.replace(" ", "-").replace(",", "").replace("/", "")
    task_path, answer_path = folder / f"{stem}.json", folder / f"{stem}.npz"
    entrant.task.write(task_path)
    command = [
        str(entrant.python),
        str(_HERE / "run_engine.py"),
        entrant.module,
        str(task_path),
        str(answer_path),
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    while line_of(process, entrant.name).strip() != "answered":
        pass
    with np.load(answer_path) as saved:
        amounts = saved.get("amounts")
        totals = Totals(saved["eligible"], saved["undetermined"], saved["fen"], amounts)
    return Running(entrant, process, totals)


def time_in_turns(running: list[Running], yardstick: Running, repeats: int) -> None:
    """Time each once, then each once more: what slows the machine for a while slows all alike."""
    for round_ in range(repeats):
        for each in running:
            if each.entrant.most_repeats is not None and round_ >= each.entrant.most_repeats:
                continue
            before, _ = yardstick.once()
            each.timings.append(Timing(*each.once(), before))
