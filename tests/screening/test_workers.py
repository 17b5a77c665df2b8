"""Processes that screen parts: what is done stays done when one is killed or the run is stopped, and none is left over."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from huiqi.findings import BadInput
from huiqi.screening.run import Job, in_processes, in_this_process, screen_prepared
from huiqi.screening.workers import WorkerFailed, screen_in_processes

# Without a guard for `__main__`: a program that starts processes need not know how they are started.
# Where it is to be stopped it waits after the first part, so that nothing hangs on how fast the machine is.
PROGRAM = """
import datetime, signal, sys, time
from pathlib import Path
from huiqi.policies.library import read_library
from huiqi.policies.shipped import shipped_policies
from huiqi.screening.run import in_processes, screen_prepared

# As in a terminal: where tests run in the background the signal is ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
library, _ = read_library(shipped_policies(), examples=True)

def waiting(done, total):
    if done and len(sys.argv) > 4:
        time.sleep(60)

screen_prepared(Path(sys.argv[1]), library, datetime.date.fromisoformat(sys.argv[2]), Path(sys.argv[3]),
                engine=in_processes(2), progress=waiting)
"""


def job_of(prepared, parts: Path) -> Job:
    return Job(prepared.folder, parts, prepared.library, prepared.as_of, False)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def children_of(process: int) -> set[int]:
    """The processes that a process has started and that still run."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        state, parent, *_ = rest.split()
        if int(parent) == process and state != "Z":
            found.add(int(name.split()[0]))
    return found


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(6_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("this did not happen within a minute")


def runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def program(prepared, tmp_path: Path, request):
    """A program that screens by two processes, in a group of its own as in a terminal."""
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    command = [sys.executable, str(path), str(prepared.folder), str(prepared.as_of), str(tmp_path / "out")]
    command += getattr(request, "param", [])
    with subprocess.Popen(command, process_group=0, stderr=subprocess.PIPE, text=True) as process:
        yield process, tmp_path / "out"
        process.kill()


def assert_it_goes_on_to_the_same_bytes(prepared, working: Path, whole: Path) -> None:
    arguments = (prepared.folder, prepared.library, prepared.as_of)
    screen_prepared(*arguments, working, engine=in_this_process)
    screen_prepared(*arguments, whole, engine=in_this_process)
    assert files(working) == files(whole)


def test_a_program_without_a_guard_screens_in_processes(prepared, program, tmp_path):
    process, out = program
    assert (process.wait(), process.stderr.read()) == (0, "")
    assert_it_goes_on_to_the_same_bytes(prepared, out, tmp_path / "whole")


@pytest.mark.parametrize("program", [["waits"]], indirect=True)
def test_after_ctrl_c_no_process_is_left_and_the_run_can_go_on(prepared, program, tmp_path):
    process, out = program
    wait_until(lambda: len(children_of(process.pid)) == 2)
    workers = children_of(process.pid)
    wait_until(lambda: any((out / "parts").glob("*.json")))
    os.killpg(process.pid, signal.SIGINT)
    said = process.stderr.read()
    assert process.wait() != 0
    assert said.count("Traceback") == 1
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert not any(map(runs, workers))
    assert not (out / "results.parquet").exists()
    assert_it_goes_on_to_the_same_bytes(prepared, out, tmp_path / "whole")


@pytest.mark.parametrize("program", [["waits"]], indirect=True)
def test_when_the_program_is_killed_its_processes_end_by_themselves(program):
    process, _ = program
    wait_until(lambda: len(children_of(process.pid)) == 2)
    workers = children_of(process.pid)
    process.kill()
    wait_until(lambda: not any(map(runs, workers)))


def test_a_process_that_is_killed_is_told_in_one_line_and_what_is_done_stays(prepared, tmp_path):
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if done and not killed:
            killed.append(min(children_of(os.getpid()) - before))
            os.kill(killed[0], signal.SIGKILL)

    before = children_of(os.getpid())
    with pytest.raises(
        BadInput, match=r"has ended by signal 9 .*run the same command again.*\[worker-ended\]"
    ):
        screen_prepared(
            prepared.folder,
            prepared.library,
            prepared.as_of,
            tmp_path / "out",
            engine=in_processes(1),
            progress=kill_one,
        )
    assert children_of(os.getpid()) == before
    assert not (tmp_path / "out" / "results.parquet").exists()
    assert 0 < len(list((tmp_path / "out" / "parts").glob("*.json"))) < prepared.parts
    assert_it_goes_on_to_the_same_bytes(prepared, tmp_path / "out", tmp_path / "whole")


def test_what_is_wrong_with_a_population_comes_back_as_a_finding(prepared, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(prepared.folder, broken)
    leases = pq.read_table(broken / "leases.parquet")
    pq.write_table(leases.take(list(reversed(range(leases.num_rows)))), broken / "leases.parquet")
    with pytest.raises(BadInput, match="sort the table by `firm`"):
        screen_prepared(broken, prepared.library, prepared.as_of, tmp_path / "out", engine=in_processes(2))
    assert not (tmp_path / "out" / "results.parquet").exists()


def test_an_error_of_the_program_says_where_it_came_from(prepared, tmp_path):
    job = replace(job_of(prepared, tmp_path), parts=tmp_path / "gone")
    with pytest.raises(WorkerFailed, match=r"Traceback[\s\S]*FileNotFoundError"):
        list(screen_in_processes(job, [0], 1))


def test_there_are_no_more_processes_than_parts(prepared, tmp_path):
    before = children_of(os.getpid())
    screening = screen_in_processes(job_of(prepared, tmp_path), [2, 4], 8)
    first = next(screening)
    assert len(children_of(os.getpid()) - before) == 2
    assert {first.number, *(part.number for part in screening)} == {2, 4}
    assert children_of(os.getpid()) == before
