"""Where a run's files lie: `HUIQI_DATA/screenings/<number>/`, and the lock that lets one worker at them.

While a run is under way: plan.json, progress.json, chunks/, population/, working/, counties/. When it is finished:
results/ (results.parquet, manifest.json, totals.json, report.html, …), counties/<code>/ (lists and report of each
county), measures/<id>.parquet (firms by measure) and firms.parquet.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from huiqi.portal.jobs.registry import TryLater

_UNDER_WAY = ("chunks", "population", "working", "tallies", "plan.json", "progress.json")


class RunFolder:
    """The folder of one run."""

    def __init__(self, run: int) -> None:
        house: Path = settings.DATA / "screenings"
        self.path = house / str(run)
        self.chunks = self.path / "chunks"
        self.population = self.path / "population"
        self.working = self.path / "working"
        self.tallies = self.path / "tallies"
        self.results = self.path / "results"
        self.counties = self.path / "counties"
        self.measures = self.path / "measures"
        self.charts = self.path / "charts"
        self.firms = self.path / "firms.parquet"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder alone; the lock goes with the process. Raises TryLater where another worker holds it."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise TryLater("another worker is at this run") from None
            yield

    def read(self, name: str) -> Any | None:
        """Return a JSON file of the folder, None where it is not there or not whole."""
        try:
            return json.loads((self.path / name).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def write(self, name: str, value: object) -> None:
        """Write a JSON file of the folder; it appears whole."""
        part = self.path / f".{name}.{os.getpid()}"
        part.write_text(json.dumps(value, ensure_ascii=False, sort_keys=True), "utf-8")
        part.replace(self.path / name)

    def begin_anew(self) -> None:
        """Take away everything but the lock."""
        for path in self.path.iterdir():
            if path.name != "lock":
                _take_away(path)

    def tidy(self) -> None:
        """Take away what only a run under way needs, and what an attempt that was killed left half written."""
        for path in self.path.iterdir():
            if path.name in _UNDER_WAY or path.name.startswith("."):
                _take_away(path)

    def discard(self) -> None:
        """Take the whole folder away."""
        shutil.rmtree(self.path, ignore_errors=True)


def _take_away(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
