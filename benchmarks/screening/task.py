"""What every engine is told: where the firms lie, which measures, how many threads; and what it must answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from flat_measures import FlatMeasure, make_measures
from numpy.typing import NDArray

Act = Callable[[], "Totals"]
PARQUET = "flat.parquet"
"""The columns of whole numbers as one table, for engines that read Parquet."""
PREPARED = "prepared"
POLICIES = "policies"
BLOCK_ROWS = 65_536
SAMPLE = 20_000
"""Firms whose amounts are compared one by one, where an engine adds up floats."""
OPENFISCA_FIRMS = 1_000_000
"""Firms of one simulation at most: of more, OpenFisca keeps some 1.5 GB a million."""


@dataclass(frozen=True)
class Task:
    """One comparison. `words` are the words of each column of codes, in their order."""

    folder: str
    firms: int
    measures: int
    seed: int
    threads: int
    unknown: float
    source: str
    words: dict[str, list[str]]
    areas: list[str]
    industries: list[str]
    options: dict[str, str] = field(default_factory=dict)

    def flat(self) -> list[FlatMeasure]:
        """Return the measures."""
        return make_measures(self.measures, self.seed, tuple(self.industries), tuple(self.areas))

    @property
    def counties(self) -> int:
        """How many counties there are."""
        return len(self.words["region"])

    @property
    def at(self) -> Path:
        """The folder with the columns, the tables and the rules."""
        return Path(self.folder)

    def write(self, path: Path) -> None:
        """Write it for a process."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Task:
        """Read what was written."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass
class Totals:
    """By measure and county: firms that are eligible, firms for which it is open, fen that the eligible are owed.

    The fen are those of amounts that are known. `rows` scales an engine that took only the first firms.
    """

    eligible: NDArray[np.int64]
    undetermined: NDArray[np.int64]
    fen: NDArray[np.int64]
    amounts: NDArray[np.int64] | None = None
    """Of the first firms (measure x firm), -1 where not eligible: for engines on floats."""

    @classmethod
    def none(cls, task: Task) -> Totals:
        """Return totals with nothing added."""
        shape = (task.measures, task.counties)
        return cls(*(np.zeros(shape, dtype=np.int64) for _ in range(3)))

    def add(self, other: Totals) -> None:
        """Add those of other firms."""
        self.eligible += other.eligible
        self.undetermined += other.undetermined
        self.fen += other.fen


def in_threads(task: Task, act: Callable[[int, int], Totals]) -> Totals:
    """Return the totals of `act(first, stop)` over equal shares of the firms, one thread each."""
    bounds = [task.firms * part // task.threads for part in range(task.threads + 1)]
    totals = Totals.none(task)
    with ThreadPoolExecutor(task.threads) as pool:
        for part in pool.map(act, bounds[:-1], bounds[1:]):
            totals.add(part)
    return totals
