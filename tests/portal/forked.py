"""Real processes on a site, quickly: forked from one that has read the site's code and its policies already.

What runs in them is as in a process begun anew: their own environment, settings, database connection, streams; they
can be killed. `Forked` is used like subprocess.Popen.
"""

import atexit
import contextlib
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from functools import cache
from pathlib import Path


class Forked:
    """A process that runs a Python program on a site."""

    def __init__(self, code, arguments, environment):
        self._parent = socket.socket(socket.AF_UNIX)
        self._parent.connect(_source())
        theirs, ours = [], []
        for mode in ("w", "r", "r"):
            reading, writing = os.pipe()
            theirs.append(reading if mode == "w" else writing)
            ours.append(os.fdopen(writing if mode == "w" else reading, mode, buffering=1, encoding="utf-8"))
        self.stdin, self.stdout, self.stderr = ours
        asked = json.dumps({"code": code, "arguments": arguments, "environment": environment}).encode()
        socket.send_fds(self._parent, [len(asked).to_bytes(8, "big")], theirs)
        self._parent.sendall(asked)
        for each in theirs:
            os.close(each)
        self.pid = int.from_bytes(_exactly(self._parent, 8), "big")
        self.returncode = None

    def poll(self):
        """The status where it has ended, else None."""
        if self.returncode is None and select.select([self._parent], [], [], 0)[0]:
            self._ended()
        return self.returncode

    def wait(self, timeout=None):
        """Wait until it has ended; its status."""
        if self.returncode is None:
            if not select.select([self._parent], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a forked process", timeout)
            self._ended()
        return self.returncode

    def kill(self):
        """Kill it, with signal 9."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)

    def communicate(self, timeout=None):
        """Wait for its end; what it wrote and is not read yet."""
        with contextlib.suppress(BrokenPipeError):
            self.stdin.close()
        told = ["", ""]

        def read(place, stream):
            told[place] = stream.read()

        readers = [threading.Thread(target=read, args=each) for each in enumerate((self.stdout, self.stderr))]
        for each in readers:
            each.start()
        try:
            self.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            self.wait()
            raise
        finally:
            for each in readers:
                each.join()
            self.stdout.close()
            self.stderr.close()
        return tuple(told)

    def _ended(self):
        self.returncode = int.from_bytes(_exactly(self._parent, 8), "big", signed=True)
        self._parent.close()


@cache
def _source() -> str:
    """The address of the process that the others are forked from, begun once."""
    folder = tempfile.mkdtemp(prefix="huiqi-forked-")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HUIQI_", "DJANGO_", "DATABASE_"))
    }
    paths = [str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    started = subprocess.Popen(
        [sys.executable, __file__, f"{folder}/socket"],
        env={**kept, "HUIQI_DATA": f"{folder}/data", "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(started.kill)
    assert started.stdout.readline() == "ready\n"
    return f"{folder}/socket"


def _exactly(connection, size):
    read = b""
    while len(read) < size:
        piece = connection.recv(size - len(read))
        if not piece:
            raise EOFError("the process that forks has ended")
        read += piece
    return read


def _serve(address):
    """Fork a process for each that is asked for, and tell its number and, later, its status."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "own_settings"
    django.setup()
    import huiqi.cli  # noqa: F401
    from huiqi.portal.catalogue.shelf import library

    library()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    woken, wake = os.pipe()
    for each in (woken, wake):
        os.set_blocking(each, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    children = {}
    while True:
        ready, _, _ = select.select([listener, woken], [], [])
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 4096)
        while children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            with children.pop(pid) as connection, contextlib.suppress(OSError):
                connection.sendall(os.waitstatus_to_exitcode(status).to_bytes(8, "big", signed=True))
        if listener in ready:
            connection, _ = listener.accept()
            size, streams, _, _ = socket.recv_fds(connection, 8, 3)
            asked = json.loads(_exactly(connection, int.from_bytes(size, "big")))
            pid = os.fork()
            if pid == 0:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                for each in (listener, connection, *children.values()):
                    each.close()
                os._exit(_run(asked, streams))
            for each in streams:
                os.close(each)
            connection.sendall(pid.to_bytes(8, "big"))
            children[pid] = connection


def _run(asked, streams):
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    sys.stdin = os.fdopen(0, "r", encoding="utf-8", closefd=False)
    sys.stdout, sys.stderr = (os.fdopen(place, "w", 1, encoding="utf-8", closefd=False) for place in (1, 2))
    status = 0
    try:
        os.environ.clear()
        os.environ.update(asked["environment"], DJANGO_SETTINGS_MODULE="own_settings")
        _settle()
        sys.argv = ["-c", *asked["arguments"]]
        exec(compile(asked["code"], "<program>", "exec"), {"__name__": "__main__"})
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:
        traceback.print_exc()
        status = 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    return status & 0xFF


def _settle():
    """Take the settings anew, from the environment of this process."""
    import own_settings
    from django.conf import settings
    from django.db import connections

    import huiqi.portal.settings

    importlib.reload(huiqi.portal.settings)
    fresh = importlib.reload(own_settings)
    for name in dir(fresh):
        if name.isupper():
            setattr(settings, name, getattr(fresh, name))
    connections._settings = None
    connections.__dict__.pop("settings", None)
    for alias in list(connections.databases):
        with contextlib.suppress(AttributeError):
            del connections[alias]


if __name__ == "__main__":
    _serve(sys.argv[1])
