"""A site of a test's own, with its folder and its database, for what only real processes show.

SQLite in a file, or a database of its own on the PostgreSQL that DATABASE_URL names.
"""

import atexit
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import uuid
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from forked import Forked

SECONDS = 90
_MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
_BEGIN = "import datetime, json, os, sys\n"
_COMMANDS = """
import contextlib, io
from huiqi.cli import main

told = []
for words in json.loads(sys.argv[1]):
    out, errors, status = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            main(words)
        except SystemExit as ended:
            status = ended.code
    told.append([status, out.getvalue(), errors.getvalue()])
print(json.dumps(told))
"""
SERVER = os.environ.get("DATABASE_URL", "")


@dataclass
class OwnSite:
    """One site; `url` is empty on SQLite."""

    data: Path
    url: str = ""
    now: str = "2022-08-01T10:00:00+08:00"

    @property
    def environment(self):
        here = Path(__file__).parent
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("HUIQI_", "DJANGO_"))
        }
        return {
            **kept,
            "HUIQI_DATA": str(self.data),
            "DATABASE_URL": self.url,
            "HUIQI_NOW": self.now,
            "PYTHONPATH": os.pathsep.join([str(here), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }

    @property
    def file(self) -> Path:
        return self.data / "huiqi.sqlite3"

    def huiqi(self, *arguments):
        """Run a command; (status, what it printed, its errors)."""
        ran = self.start("from huiqi.cli import main; main()", *arguments)
        out, errors = ran.communicate(timeout=SECONDS)
        return ran.returncode, out, errors

    def afresh(self, *arguments):
        """Run a command in a process that begins with nothing; as `huiqi`."""
        command = [sys.executable, "-c", "from huiqi.cli import main; main()", *map(str, arguments)]
        ran = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return ran.returncode, ran.stdout, ran.stderr

    def commands(self, *commands):
        """Run several commands one after another in one process; for each (status, what it printed, its errors)."""
        return self.python(_COMMANDS, json.dumps([[str(word) for word in each] for each in commands]))

    def answer(self, *arguments):
        """Run a command with --json; its answer."""
        status, out, errors = self.huiqi(*arguments, "--json")
        assert status in {0, 1}, errors
        return json.loads(out)

    def start(self, code, *arguments):
        """Start a Python program on the site; it talks by its standard streams."""
        return Forked(_BEGIN + code, [str(each) for each in arguments], self.environment)

    def python(self, code, *arguments, seconds=SECONDS):
        """Run a Python program on the site; what it printed, read as JSON where it printed any."""
        started = self.start(code, *arguments)
        out, errors = started.communicate(timeout=seconds)
        assert started.returncode == 0, errors
        return json.loads(out) if out.strip() else None

    def sql(self, *statements):
        """Run SQL past the site; the rows of the last statement."""
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as connection:
                for statement in statements:
                    cursor = connection.execute(statement)
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.file, timeout=20, isolation_level=None)) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall()


def new_site(folder: Path, *, empty: bool = False) -> OwnSite:
    """Make a site, migrated unless it is to be empty."""
    return on_sqlite(folder, empty=empty) if not SERVER else on_postgresql(folder, SERVER, empty=empty)


def on_sqlite(folder: Path, *, empty: bool = False) -> OwnSite:
    site = OwnSite(folder / f"site-{uuid.uuid4().hex[:8]}")
    site.data.mkdir(parents=True)
    if not empty:
        shutil.copy(_sqlite_template(), site.file)
    return site


def on_postgresql(folder: Path, server: str, *, empty: bool = False) -> OwnSite:
    name = f"huiqi_{uuid.uuid4().hex[:12]}"
    template = "template0" if empty else _postgresql_template(server)
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
    atexit.register(_on_server, server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    data = folder / name
    data.mkdir(parents=True)
    return OwnSite(data, _named(server, name))


@cache
def _sqlite_template() -> Path:
    site = OwnSite(Path(tempfile.mkdtemp(prefix="huiqi-template-")))
    atexit.register(shutil.rmtree, site.data, ignore_errors=True)
    site.python(_MIGRATE)
    # The file alone is copied: what waits beside it is put in first.
    with closing(sqlite3.connect(site.file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    return site.file


@cache
def _postgresql_template(server: str) -> str:
    name = f"huiqi_template_{uuid.uuid4().hex[:8]}"
    _on_server(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    atexit.register(_on_server, server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    with tempfile.TemporaryDirectory() as folder:
        OwnSite(Path(folder), _named(server, name)).python(_MIGRATE)
    return name


def _on_server(server, statement):
    try:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(statement)
    except psycopg.OperationalError:
        # At the end of a run the server may be gone, and everything on it.
        if not statement.startswith("DROP"):
            raise


def _named(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
