"""`huiqi serve`: the site of one office, with its database made ready and its jobs run."""

from __future__ import annotations

import ipaddress
import multiprocessing
import os
import socket
from pathlib import Path

import click

from huiqi.findings import BadInput, Finding

_SECONDS_TO_END = 5
_THREADS = 4
_WAITING = 128


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address of this machine to serve at.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port to serve at."
)
def serve_command(host: str, port: int) -> None:
    """Serve the site for one office until it is stopped: migrates the database, runs due jobs, answers.

    Data lie in the folder HUIQI_DATA (default huiqi-data). For a province run several servers of
    huiqi.portal.wsgi:application behind a proxy, and `huiqi jobs run` beside them.
    """
    _refuse_unreachable(host)
    serve_site(host, port)


def serve_site(host: str, port: int) -> None:
    """Serve the site of HUIQI_DATA until it is stopped. Raises BadInput where it cannot be, or must not be, served."""
    _refuse_taken(host, port)
    _refuse_demonstration(host)
    _refuse_set_clock()
    _make_ready()
    from granian import Granian
    from granian.constants import Interfaces

    from huiqi.portal.jobs.steady import SteadyJobs

    # Workers are started afresh: a forked one would hold what the thread of jobs held at that moment.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "huiqi.portal.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=_THREADS,
        backpressure=_WAITING,
        websockets=False,
        respawn_failed_workers=True,
        # A worker that does not end when it is told to is ended.
        workers_kill_timeout=_SECONDS_TO_END,
    )
    jobs = SteadyJobs()
    jobs.start()
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"惠企 Huiqi  http://{shown}:{port}/")
    try:
        server.serve()
    finally:
        jobs.stop()


def _refuse_unreachable(host: str) -> None:
    """Refuse to serve beyond this machine while the site would answer to no name but this machine's."""
    if _is_loopback(host) or os.environ.get("HUIQI_HOSTS"):
        return
    what = f"--host {host} serves beyond this machine, but HUIQI_HOSTS names no address"
    why = "the site answers only to names that it is told"
    mend = "set HUIQI_HOSTS=name.of.the.site (and HUIQI_HTTPS=1 behind HTTPS), or leave --host out"
    raise BadInput([Finding("", 0, "--host", "hosts-not-named", what, why, mend)])


def _refuse_demonstration(host: str) -> None:
    """Refuse to show a demonstration to other machines: its firms are made up, its users known to whoever began it."""
    from huiqi.portal.upkeep.demonstration import is_demonstration

    data = _data()
    names = [name for name in os.environ.get("HUIQI_HOSTS", "").split(",") if name.strip()]
    if not is_demonstration(data) or (_is_loopback(host) and all(map(_is_own_name, names))):
        return
    what = "a demonstration is served on this machine only"
    mend = "leave --host and HUIQI_HOSTS out, or set HUIQI_DATA to the folder of a real site"
    raise BadInput(
        [Finding(str(data), 0, "--host", "demonstration-elsewhere", what, "its data are made up", mend)]
    )


def _refuse_set_clock() -> None:
    """Refuse to serve a real site by a clock that somebody set: deadlines and events go by it."""
    from huiqi.portal.upkeep.demonstration import is_demonstration

    given = os.environ.get("HUIQI_NOW")
    if not given or is_demonstration(_data()):
        return
    what = f"HUIQI_NOW sets the clock to {given[:40]}"
    why = "only a demonstration may have another day than today"
    raise BadInput([Finding("HUIQI_NOW", 0, "", "clock-set", what, why, "leave HUIQI_NOW out")])


def _data() -> Path:
    return Path(os.environ.get("HUIQI_DATA") or "huiqi-data").resolve()


def _is_own_name(name: str) -> bool:
    return name.strip() in {"localhost", "127.0.0.1", "[::1]"}


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        what = f"--host {host[:60]} is no address"
        mend = "write an IP address of this machine, such as 127.0.0.1"
        raise BadInput([Finding("", 0, "--host", "not-an-address", what, "", mend)]) from None


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            what, why = (
                f"the site cannot be served at {host}:{port}",
                error.strerror or "the address is taken",
            )
            mend = "give another --port, or stop what listens there"
            raise BadInput([Finding("", 0, "--port", "address-taken", what, why, mend)]) from None


def _make_ready() -> None:
    """Set Django up and bring the database to this version. Raises BadInput where the database cannot be reached."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiqi.portal.settings")
    import django
    from django.core.management import call_command
    from django.db import OperationalError, connection

    django.setup()
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        reason = str(error).splitlines()[0]
        mend = "check DATABASE_URL and HUIQI_DATA"
        raise BadInput(
            [Finding("", 0, "", "database-away", "the database cannot be used", reason, mend)]
        ) from None
    finally:
        connection.close()
