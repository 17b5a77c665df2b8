"""The demonstration's site: set up once in its folder, asked for its pages, served on this machine only."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import click

from huiqi.findings import BadInput, Finding

if TYPE_CHECKING:
    from huiqi.portal.demonstration.people import Known

TODAY = "2022-08-01"
"""The day that the site shows: the policies of that year hold."""
FIRMS = 20_000
_HOST = "127.0.0.1"
_LEAST = 500
"""Bytes that no page has fewer of."""
_SECONDS_TO_ANSWER = 60
_LINK = re.compile(rb'<a href="(/[^"?#]*)"[^>]*>')


def demo_site(folder: Path, language: str) -> list[Known]:
    """Set the site up in `folder` unless it stands there already; return its users."""
    os.environ |= {"HUIQI_DATA": str(folder.resolve()), "HUIQI_NOW": TODAY, "DATABASE_URL": ""}
    for name in ("HUIQI_HOSTS", "HUIQI_HTTPS"):
        os.environ.pop(name, None)
    firms = _firms()
    if not (folder / "demonstration-users.json").exists() and folder.exists():
        # What an interrupted set-up left; anything else in the place is not ours to delete.
        if not (folder / "demonstration").exists() and any(folder.iterdir()):
            what = "there is something in the demonstration's folder that is no demonstration"
            raise BadInput(
                [Finding(str(folder), 0, "--out", "folder-taken", what, "", "name another folder")]
            )
        shutil.rmtree(folder)
    from huiqi.cli.site import open_site

    open_site(migrated=False)
    from django.core.management import call_command

    from huiqi.portal.demonstration.setting_up import people_of, set_up

    known = people_of(folder)
    if known is not None:
        call_command("migrate", interactive=False, verbosity=0)
        return known
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "demonstration").touch()
    call_command("migrate", interactive=False, verbosity=0)

    def say(chinese: str, english: str) -> None:
        click.echo(
            f"  {time.monotonic() - began:5.0f} s  {chinese if language == 'zh' else english}", err=True
        )

    return set_up(firms, say)


def print_people(people: Sequence[Known], address: str, language: str) -> None:
    """Print where to sign in, and as whom."""
    zh = language == "zh"
    click.echo()
    click.echo(f"{'网站' if zh else 'Site'}  {address}")
    click.echo(f"{'登录' if zh else 'Sign in'}  {address}sign-in/")
    for each in people:
        click.echo(f"  {each.name:<22} {each.password:<14} {each.what[0] if zh else each.what[1]}")
    click.echo(
        "以上单位、用户、企业均为虚构，仅限本机使用。" if zh else "All made up, for this machine only."
    )


def ask_for_pages(people: Sequence[Known]) -> int:
    """Serve the site for a moment and ask for its pages as each user would; return how many answered.

    The first user of each role follows every link to a page that was not seen yet, the others those of their first page.
    """
    kinds: set[str] = set()
    with _serving() as port:
        asked = _pages_of(port, {}, whole=True)
        for each in people:
            kind = each.what[1].partition(",")[0]
            asked += _pages_of(port, _signed_in(port, each), whole=kind not in kinds)
            kinds.add(kind)
    return asked


def _pages_of(port: int, cookies: dict[str, str], *, whole: bool) -> int:
    """Ask for the first page and what it leads to, each kind of page once; it must answer and hold something."""
    waiting, met = ["/"], set()
    while waiting:
        path = waiting.pop(0)
        name = _name_of(path)
        if not name or name in met:
            continue
        met.add(name)
        status, body, _ = _ask(port, "GET", path, cookies)
        if status == HTTPStatus.FOUND:
            continue
        is_page = body.lstrip().startswith(b"<!DOCTYPE html>")
        _must(status == HTTPStatus.OK and len(body) > (_LEAST if is_page else 0), path, status)
        if is_page and (whole or path == "/"):
            waiting += sorted({link.decode() for link in _LINK.findall(body)})
    return len(met)


def _name_of(path: str) -> str:
    """The name of the page at an address, "" where there is none."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(path).url_name or ""
    except Resolver404:
        return ""


def _signed_in(port: int, user: Known) -> dict[str, str]:
    _, body, cookies = _ask(port, "GET", "/sign-in/", {})
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)
    _must(token is not None, "/sign-in/", 200)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1].decode(), "username": user.name, "password": user.password}
    status, _, more = _ask(port, "POST", "/sign-in/", cookies, urllib.parse.urlencode(form))
    _must(status == HTTPStatus.FOUND, f"/sign-in/ ({user.name})", status)
    return cookies | more


def _ask(
    port: int, method: str, path: str, cookies: dict[str, str], body: str = ""
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection(_HOST, port, timeout=60)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    content = answer.read()
    set_now = [
        value.partition(";")[0].partition("=")
        for name, value in answer.getheaders()
        if name.lower() == "set-cookie"
    ]
    connection.close()
    return answer.status, content, {name: value for name, _, value in set_now}


def _must(holds: bool, page: str, status: int) -> None:
    if not holds:
        what = f"the demonstration's page {page} answered {status}, or is empty"
        raise BadInput([Finding(page, 0, "", "demonstration-page", what, "", "report this with the version")])


@contextmanager
def _serving() -> Iterator[int]:
    with socket.socket() as free:
        free.bind((_HOST, 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-c", "from huiqi.cli import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(port, server)
            yield port
        finally:
            server.terminate()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _SECONDS_TO_ANSWER
    while time.monotonic() < end and server.poll() is None:
        try:
            _ask(port, "GET", "/sign-in/", {})
            return
        except OSError:
            time.sleep(0.3)
    raise BadInput(
        [
            Finding(
                "", 0, "", "demonstration-server", "the demonstration's site did not answer", "", "see above"
            )
        ]
    )


def _firms() -> int:
    given = os.environ.get("HUIQI_DEMO_FIRMS", "")
    if not given:
        return FIRMS
    if not given.isdecimal() or not 100 <= int(given) <= FIRMS:
        what = f"HUIQI_DEMO_FIRMS is {given[:20]}"
        raise BadInput([Finding("HUIQI_DEMO_FIRMS", 0, "", "bad-option", what, "", f"write 100 to {FIRMS}")])
    return int(given)
