"""All tables as they stand at one moment, read row by row while the site goes on working."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from django.db import connection

from huiqi.findings import BadInput, Finding
from huiqi.portal.upkeep.values import NotExact, Table, Value, from_postgresql, from_sqlite


class Snapshot(Protocol):
    """One moment of the database."""

    def rows(self, table: Table) -> Iterator[list[Value]]:
        """Yield a table's rows by its key."""

    def count(self, table: Table) -> int:
        """Return how many rows a table has."""

    def counted_to(self, table: Table) -> int:
        """Return the greatest key the database gave out, even where its row is gone; 0 where it gave none."""

    def migrations(self) -> list[tuple[str, str]]:
        """Return the changes that were applied to the database, as (app, name)."""

    def head(self) -> tuple[int, str]:
        """Return the chain's head: the number of the last event, and its digest."""


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Open the site's database at this moment; what is written meanwhile is not seen."""
    if connection.vendor == "sqlite":
        # A connection of its own: in a transaction that only reads, SQLite shows one moment (WAL).
        reader = sqlite3.connect(connection.settings_dict["NAME"], timeout=20, isolation_level=None)
        try:
            reader.execute("PRAGMA query_only=ON")
            reader.execute("BEGIN")
            yield _OfSQLite(reader)
        finally:
            reader.close()
        return
    from psycopg import IsolationLevel

    reader = connection.get_new_connection(connection.get_connection_params())
    try:
        reader.isolation_level = IsolationLevel.REPEATABLE_READ
        reader.read_only = True
        reader.autocommit = False
        reader.execute("SET LOCAL TIME ZONE 'UTC'")
        reader.execute("SET LOCAL DateStyle TO ISO")
        reader.execute("SET LOCAL bytea_output TO hex")
        yield _OfPostgreSQL(reader)
    finally:
        reader.close()


class _OfSQLite:
    def __init__(self, reader: sqlite3.Connection) -> None:
        self._reader = reader

    def rows(self, table: Table) -> Iterator[list[Value]]:
        kinds = [each.kind for each in table.columns]
        for row in self._reader.execute(_select(table)):
            try:
                yield [from_sqlite(value, kind) for value, kind in zip(row, kinds, strict=True)]
            except (NotExact, ValueError) as error:
                raise _odd(table, row[_place(table)], str(error)) from None

    def count(self, table: Table) -> int:
        return int(self._reader.execute(f"SELECT count(*) FROM {_quoted(table.name)}").fetchone()[0])

    def counted_to(self, table: Table) -> int:
        found = self._reader.execute(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)
        ).fetchone()
        return int(found[0]) if found else 0

    def migrations(self) -> list[tuple[str, str]]:
        return list(self._reader.execute("SELECT app, name FROM django_migrations ORDER BY id"))

    def head(self) -> tuple[int, str]:
        found: tuple[int, str] = self._reader.execute("SELECT sequence, digest FROM acts_head").fetchone()
        return found


class _OfPostgreSQL:
    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def rows(self, table: Table) -> Iterator[list[Value]]:
        kinds = [each.kind for each in table.columns]
        with self._reader.cursor().copy(f"COPY ({_select(table)}) TO STDOUT") as copied:
            for row in copied.rows():
                yield [from_postgresql(text, kind) for text, kind in zip(row, kinds, strict=True)]

    def count(self, table: Table) -> int:
        return int(self._reader.execute(f"SELECT count(*) FROM {_quoted(table.name)}").fetchone()[0])

    def counted_to(self, table: Table) -> int:
        found = self._reader.execute(
            "SELECT pg_get_serial_sequence(%s, %s)", (_quoted(table.name), table.key)
        ).fetchone()
        if not table.counted or found[0] is None:
            return 0
        last, given = self._reader.execute(f"SELECT last_value, is_called FROM {found[0]}").fetchone()
        return int(last) if given else 0

    def migrations(self) -> list[tuple[str, str]]:
        return list(self._reader.execute("SELECT app, name FROM django_migrations ORDER BY id"))

    def head(self) -> tuple[int, str]:
        found: tuple[int, str] = self._reader.execute("SELECT sequence, digest FROM acts_head").fetchone()
        return found


def _select(table: Table) -> str:
    columns = ", ".join(_quoted(each.name) for each in table.columns)
    return f"SELECT {columns} FROM {_quoted(table.name)} ORDER BY {_quoted(table.key)}"


def _place(table: Table) -> int:
    return table.columns.index(next(each for each in table.columns if each.name == table.key))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _odd(table: Table, key: object, why: str) -> BadInput:
    what = f"the row {key} of {table.name} cannot be kept exactly"
    mend = "find out who wrote it: the site does not write such values"
    return BadInput([Finding("", 0, "", "row-not-exact", what, why, mend)])
