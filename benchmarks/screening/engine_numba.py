"""Numba: all measures fused into one loop over the firms, compiled before it is timed. Optional: it compiles for minutes."""

from __future__ import annotations

from typing import Any

import numba
from flat_measures import FIELDS
from population import load
from printing import PYTHON
from task import Act, Task, Totals, in_threads
from whole_numbers import whole

_NAMES = list(FIELDS)


def prepared(task: Task) -> Act:
    """Compile one function of all columns and return what runs it. All facts must be known."""
    assert not task.unknown
    firms = load(task.at / "columns", task.words)
    lines = []
    for place, each in enumerate(whole(measure, task.words) for measure in task.flat()):
        test = " and ".join(PYTHON.condition(condition) for condition in each.when)
        lines.append(f"    if {test}:")
        lines.append(f"      eligible[{place}, region[i]] += 1")
        lines.append(f"      fen[{place}, region[i]] += {PYTHON.number(each.amount)}")
    source = f"def fused(first, stop, eligible, fen, {', '.join(_NAMES)}):\n  for i in range(first, stop):\n"
    found: dict[str, Any] = {}
    exec(source + "\n".join(lines), found)
    fused = numba.njit(nogil=True)(found["fused"])
    columns = [firms.values[name] for name in _NAMES]

    def share(first: int, stop: int) -> Totals:
        made = Totals.none(task)
        fused(first, stop, made.eligible, made.fen, *columns)
        return made

    share(0, min(1, task.firms))
    return lambda: in_threads(task, share)
