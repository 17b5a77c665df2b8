"""One engine in a process of its own: answers once, then once more and timed for every line it is sent.

Run by compare.py: run_engine.py ENGINE TASK ANSWER
"""

from __future__ import annotations

import importlib
import resource
import sys
import time
from pathlib import Path

import numpy as np
from task import Task


def main() -> None:
    """Prepare, answer, then time."""
    name, task_path, answer_path = sys.argv[1:]
    task = Task.read(Path(task_path))
    act = importlib.import_module(f"engine_{name}").prepared(task)
    totals = act()
    saved = {"eligible": totals.eligible, "undetermined": totals.undetermined, "fen": totals.fen}
    if totals.amounts is not None:
        saved["amounts"] = totals.amounts
    np.savez(answer_path, **saved)
    print("answered", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        act()
        taken = time.perf_counter() - start
        print(taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)


if __name__ == "__main__":
    main()
