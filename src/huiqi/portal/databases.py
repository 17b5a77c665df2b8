"""The database from its address: SQLite in the data folder by default, PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db.backends.signals import connection_created

from huiqi.findings import BadInput, Finding

WAIT = 20
"""Seconds that a connection to SQLite waits for another's lock."""
_PAUSE = 0.02
ROOM = "16MB"
"""Memory of one sorting or searching step on PostgreSQL, at least."""


def database(url: str, data: Path) -> dict[str, Any]:
    """Return Django's settings of the database. Raises BadInput for an address of another kind."""
    if not url:
        return sqlite(data / "huiqi.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgresql", "postgres"}:
        what = f"DATABASE_URL begins with {parts.scheme or 'nothing'}"
        mend = "write postgresql://user:password@host:port/name, or leave it out for SQLite"
        raise BadInput([Finding("DATABASE_URL", 0, "", "database-unknown", what, "", mend)])
    connection_created.connect(_give_room, dispatch_uid="room for searches")
    # Behind ? stand libpq's own parameters: the folder of a socket as host, sslmode, sslrootcert.
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", str(parts.port or "")),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite(file: Path) -> dict[str, Any]:
    """Return the settings of one SQLite file: every transaction begins IMMEDIATE and waits its turn.

    A transaction that read first and wrote later could not wait: what it read might have changed. What was
    committed is on the disk (synchronous FULL): an act that was answered survives a power cut.
    """
    connection_created.connect(_keep_a_log, dispatch_uid="write-ahead log")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": WAIT,
            "init_command": "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _give_room(connection: Any, **_named: Any) -> None:
    """Let a new connection to PostgreSQL search within memory: a word that many firms' names hold finds so many rows that
    in the 4 MB of its default each must be looked at twice. Where the server gives more, that stands.
    """
    if connection.vendor == "postgresql":
        connection.connection.execute(
            "SELECT set_config('work_mem', %s, false) "
            "WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%s)",
            [ROOM, ROOM],
        )


def _keep_a_log(connection: Any, **_named: Any) -> None:
    """Let the file of a new connection keep a write-ahead log.

    Of several that turn a file to the log at the same moment SQLite fails all but one at once, without waiting as it
    does elsewhere: they are made to wait here, as long as for any other lock.
    """
    if connection.vendor != "sqlite":
        return
    until = time.monotonic() + WAIT
    while True:
        try:
            connection.connection.execute("PRAGMA journal_mode=WAL").fetchone()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                connection.close()
                raise
        time.sleep(_PAUSE)
