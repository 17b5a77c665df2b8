"""How far a run is, step by step, with the time left; and the notice that it was stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from huiqi.portal.jobs.registry import Report
from huiqi.portal.screenings.folders import RunFolder

FILE = "progress.json"
STEPS = ("read", "screen", "report", "store")
_SHARES = {"read": 35, "screen": 25, "report": 35, "store": 5}
"""About how much of a run's time each step takes, in percent."""
_WRITE_EVERY = timedelta(seconds=1)


class Stopped(Exception):
    """Somebody stopped the run: what is done stays, the rest is left."""


@dataclass
class Progress:
    """Tells the job's report and the run's page how far a run is; raises Stopped where the run no longer goes on."""

    folder: RunFolder
    report: Report
    goes_on: Callable[[], bool]
    pulse: Callable[[], datetime] = timezone.now
    """The machine's own clock: how fast a run is has nothing to do with the day it is done for."""
    _step: str = STEPS[0]
    _began: datetime | None = None
    _first: int = 0
    _written: datetime | None = None
    _done: int = field(default=0)

    def begin(self, step: str) -> None:
        """Begin a step."""
        self._step, self._began, self._written, self._done = step, None, None, 0
        self.tell(0, 0)

    def tell(self, done: int, total: int) -> None:
        """Say what is done of the step, and the whole of it (0: not known)."""
        now = self.pulse()
        if self._began is None or (total and not self._done):
            self._began, self._first = now, done
        self._done = done
        if self._written is not None and now - self._written < _WRITE_EVERY and done < total:
            return
        self._written = now
        if not self.goes_on():
            raise Stopped
        before = sum(_SHARES[each] for each in STEPS[: STEPS.index(self._step)])
        self.report(before + (_SHARES[self._step] * done // total if total else 0), 100)
        said = {
            "step": self._step,
            "done": done,
            "total": total,
            "first": self._first,
            "began": self._began.isoformat(),
            "at": now.isoformat(),
        }
        self.folder.write(FILE, said)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a run is: the step, what is done of it, and about how many seconds it still takes (None: not known)."""

    step: str
    number: int
    done: int
    total: int
    seconds_left: int | None

    @property
    def minutes_left(self) -> int:
        """The minutes the step still takes, begun ones whole; 0 where that is not known."""
        return -(-(self.seconds_left or 0) // 60)

    @property
    def percent(self) -> int:
        """How far the step is."""
        return min(100, 100 * self.done // self.total) if self.total else 0


def standing(folder: RunFolder) -> Standing | None:
    """Return how far a run under way is, None where nothing was told yet."""
    said = folder.read(FILE)
    if said is None:
        return None
    gone = said["done"] - said["first"]
    spent = datetime.fromisoformat(said["at"]) - datetime.fromisoformat(said["began"])
    left = None
    if gone > 0 and said["total"] and spent >= timedelta(seconds=2):
        left = spent // timedelta(seconds=1) * (said["total"] - said["done"]) // gone
    return Standing(said["step"], STEPS.index(said["step"]) + 1, said["done"], said["total"], left)
