"""`huiqi serve` makes a database, answers, runs due jobs and ends when told; what cannot work is told first."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

import pytest

from huiqi.cli import main
from huiqi.portal.upkeep.demonstration import mark_demonstration


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def test_it_serves_from_an_empty_folder_runs_daily_jobs_and_ends(tmp_path):
    port = free_port()
    environment = {**os.environ, "HUIQI_DATA": str(tmp_path / "data")}
    environment.pop("DATABASE_URL", None)
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-c", "from huiqi.cli import main; main()", "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        page = _asked(f"http://127.0.0.1:{port}/policies/", server)
        assert "政策库" in page
        style = _asked(f"http://127.0.0.1:{port}/static/huiqi/answers.css", server)
        assert ".entitlements" in style
        assert _jobs_done(tmp_path / "data" / "huiqi.sqlite3")
    finally:
        server.send_signal(signal.SIGTERM)
        out, _ = server.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}/" in out


def _asked(address, server, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the site does not answer")


def _jobs_done(file, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with sqlite3.connect(file) as database:
            found = database.execute("select state from jobs_job").fetchall()
        if found and all(state == "done" for (state,) in found):
            return found
        time.sleep(0.2)
    raise AssertionError(f"the jobs are {found}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "HUIQI_HOSTS"),
        (["--host", "no/address"], "is no address"),
        (["--port", "0"], "--port"),
        (["--port", "70000"], "--port"),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_made(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HUIQI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("HUIQI_HOSTS", raising=False)
    with pytest.raises(SystemExit) as ended:
        main(["serve", *arguments])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_taken_port_is_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HUIQI_DATA", str(tmp_path / "data"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(SystemExit) as ended:
            main(["serve", "--port", str(taken.getsockname()[1])])
    assert ended.value.code == 2
    assert "another --port" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "names"),
    [(["--host", "0.0.0.0"], "relief.example"), ([], "relief.example"), (["--host", "0.0.0.0"], "localhost")],
)
def test_a_demonstration_is_served_on_this_machine_only(tmp_path, monkeypatch, capsys, options, names):
    mark_demonstration(tmp_path)
    monkeypatch.setenv("HUIQI_DATA", str(tmp_path))
    monkeypatch.setenv("HUIQI_HOSTS", names)
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--port", str(free_port()), *options])
    assert ended.value.code == 2
    assert "demonstration-elsewhere" in capsys.readouterr().err
