"""The database from its address: SQLite in the data folder by default, PostgreSQL by URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from huiqi.findings import BadInput, Finding


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
    """Return the settings of one SQLite file: every writing transaction begins IMMEDIATE and waits its turn."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
