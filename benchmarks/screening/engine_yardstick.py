"""A fixed piece of work, timed beside every engine: how fast the machine was at that moment.

It depends on neither Huiqi nor the firms: whole-number arithmetic in NumPy over the same blocks, a process a core.
"""

from __future__ import annotations

import numpy as np
from shares import in_processes
from task import Act, Task, Totals

_ROWS = 65_536
_BLOCKS = 16
_TIMES = 60


def prepared(task: Task) -> Act:
    """Return the work."""
    generator = np.random.default_rng(0)
    left = generator.integers(0, 1_000_000, (_BLOCKS, _ROWS))
    right = generator.integers(0, 1_000_000, (_BLOCKS, _ROWS))

    def share(_: int) -> Totals:
        for _ in range(_TIMES):
            for one, other in zip(left, right, strict=True):
                product = one * 3 + other
                np.count_nonzero((product > 1_500_000) & (one <= other))
        return Totals.none(task)

    return in_processes(task, share, [(number,) for number in range(task.threads)])
