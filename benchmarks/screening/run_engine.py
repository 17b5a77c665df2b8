"""One engine in a process of its own: answers once, then once more and timed for every line it is sent.

Run by compare.py: run_engine.py ENGINE TASK ANSWER
"""

from __future__ import annotations

import importlib
import os
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
        start, before = time.perf_counter(), _cpu_seconds()
        act()
        print(time.perf_counter() - start, _cpu_seconds() - before, flush=True)


def _cpu_seconds() -> float:
    """Return the seconds that all cores have worked for this process and for those it forked."""
    own = os.times()
    ticks = 0
    for children in Path("/proc/self/task").glob("*/children"):
        for child in children.read_text(encoding="utf-8").split():
            # After the name in brackets: the 12th and 13th are the ticks in its own code and in the system's.
            fields = Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return own.user + own.system + ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
