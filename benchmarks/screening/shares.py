"""Equal shares of the firms, each in a forked process: for engines that hold Python's lock while they work."""

from __future__ import annotations

import itertools
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np
from task import Act, Task, Totals

_here: dict[str, Callable[..., Totals]] = {}


def _part(arguments: Sequence[Any]) -> Totals:
    return _here["act"](*arguments)


def in_processes(task: Task, act: Callable[..., Totals], parts: Sequence[Sequence[Any]]) -> Act:
    """Return what adds up `act(*part)` over the parts; the processes are forked once and share what is loaded."""
    _here["act"] = act
    pool = ProcessPoolExecutor(task.threads, mp_context=multiprocessing.get_context("fork"))

    def run() -> Totals:
        totals = Totals.none(task)
        for each in pool.map(_part, parts):
            totals.add(each)
            if each.amounts is not None:
                # Each part fills in the firms it took; the others are -1.
                before = totals.amounts
                totals.amounts = each.amounts if before is None else np.maximum(before, each.amounts)
        return totals

    return run


def bounds(task: Task, count: int) -> list[tuple[int, int]]:
    """Return the first and last of as many shares as there are threads."""
    cuts = [count * part // task.threads for part in range(task.threads + 1)]
    return list(itertools.pairwise(cuts))
