"""Parts of a population screened by several processes of this machine; `python -m huiqi.screening.workers` is one.

A process, unlike a thread, waits for no other's Python. Each is a fresh interpreter that imports nothing of the
program which started it, is sent the job once and then numbers of parts, and ends when its parent does. What a part
comes to lies in the parts' folder, so a process may be ended at any time and the run goes on from there.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from multiprocessing.connection import Connection, Pipe, wait
from types import TracebackType
from typing import TYPE_CHECKING

import pyarrow as pa

from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.screening.run import Job, Part

_ENDED = (EOFError, ConnectionError)


class WorkerFailed(RuntimeError):
    """An error of the program itself in a process; the message holds where."""


def screen_in_processes(
    job: Job, numbers: Sequence[int], workers: int | None = None
) -> Generator[Part, None, None]:
    """Screen parts by `workers` processes at once (None: one a core) and yield each part when it is done.

    Raises BadInput for what is wrong with the input, and where a process was ended from outside.
    """
    sent = sendable(job)
    left = list(reversed(numbers))
    with ExitStack() as stack:
        busy: dict[Connection, _Worker] = {}
        for _ in range(min(workers or cores(), len(numbers))):
            worker = stack.enter_context(_Worker(sent))
            busy[worker.connection] = worker
            worker.begin(left.pop())
        while busy:
            for connection in wait(list(busy)):
                worker = busy[connection]  # type: ignore[index]
                part = worker.ended()
                if left:
                    worker.begin(left.pop())
                else:
                    del busy[worker.connection]
                yield part


def sendable(job: Job) -> bytes:
    """Return a job as bytes for another process."""
    # What a library has compiled for itself cannot be sent; it is compiled again where it arrives.
    return pickle.dumps(replace(job, library=replace(job.library, _possible={})))


def cores() -> int:
    """Return the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """The parent's side of one process."""

    def __init__(self, sent: bytes) -> None:
        self.connection, there = Pipe()
        self.number = -1
        with there:
            # A group of its own: Ctrl-C reaches the parent alone, which then ends it.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", __name__, str(there.fileno())],
                stdin=subprocess.DEVNULL,
                pass_fds=[there.fileno()],
                process_group=0,
            )
        self._send(sent)

    def __enter__(self) -> _Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        if kind is not None:
            # It may be in the midst of a part, which is nothing until it is whole.
            self._process.kill()
        self._process.wait()

    def begin(self, number: int) -> None:
        """Let it screen a part."""
        self.number = number
        self._send(pickle.dumps(number))

    def ended(self) -> Part:
        """Return the part that it has screened."""
        try:
            answer: Part | tuple[Finding, ...] | str = self.connection.recv()
        except _ENDED:
            raise self._killed() from None
        if isinstance(answer, str):
            raise WorkerFailed(answer)
        if isinstance(answer, tuple):
            raise BadInput(answer)
        return answer

    def _send(self, message: bytes) -> None:
        try:
            self.connection.send_bytes(message)
        except ConnectionError:
            raise self._killed() from None

    def _killed(self) -> BadInput:
        code = self._process.wait()
        how = f"by signal {-code} ({signal.strsignal(-code)})" if code < 0 else f"with exit status {code}"
        what = f"a process that screened part {self.number} has ended {how}"
        why = "somebody ended it, or memory ran out"
        mend = "run the same command again: it goes on with the parts that are not done"
        return BadInput([Finding("", 0, "", "worker-ended", what, why, mend)])


def main(descriptor: int) -> None:
    """Screen the parts whose numbers come in, until the other end is closed."""
    # It gives memory back after each block, where Arrow's own keeps it.
    pa.set_memory_pool(pa.system_memory_pool())
    with Connection(descriptor) as parent:
        try:
            job: Job = pickle.loads(parent.recv_bytes())
            screen = None
            while True:
                number = pickle.loads(parent.recv_bytes())
                answer: Part | tuple[Finding, ...] | str
                try:
                    screen = screen or job.screener()
                    answer = screen(number)
                except BadInput as error:
                    answer = error.findings
                except Exception:
                    answer = traceback.format_exc()
                parent.send(answer)
        except _ENDED:
            return


if __name__ == "__main__":
    main(int(sys.argv[1]))
