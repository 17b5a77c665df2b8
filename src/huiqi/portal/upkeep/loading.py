"""Tables filled from a backup in one transaction, with the triggers of append-only tables out of the way meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from huiqi.findings import BadInput, Finding
from huiqi.portal.upkeep.manifest import Head, TablePart
from huiqi.portal.upkeep.reading import Backup
from huiqi.portal.upkeep.tables import LEFT_OUT
from huiqi.portal.upkeep.values import to_postgresql, to_sqlite

Progress = Callable[[str, int, int], None]
_TELL_EVERY = 5_000


def fill_sqlite(file: str, backup: Backup, progress: Progress) -> None:
    """Fill the tables of a SQLite file. Raises BadInput, and nothing is filled then."""
    writer = sqlite3.connect(file, isolation_level=None)
    try:
        # The file is put in place only when it is whole: until then nothing need be safe on the disk.
        writer.execute("PRAGMA journal_mode=MEMORY")
        writer.execute("PRAGMA synchronous=OFF")
        writer.execute("PRAGMA foreign_keys=OFF")
        writer.execute("BEGIN IMMEDIATE")
        triggers = list(writer.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        for name, _sql in triggers:
            writer.execute(f"DROP TRIGGER {_quoted(name)}")
        for part in backup.manifest.tables:
            writer.execute(f"DELETE FROM {_quoted(part.name)}")
        for part in backup.manifest.tables:
            _fill_one_of_sqlite(writer, backup, part, progress)
        for _name, sql in triggers:
            writer.execute(sql)
        broken = writer.execute("PRAGMA foreign_key_check").fetchone()
        if broken is not None:
            raise _not_whole(
                f"the row {broken[1]} of {broken[0]} names a row of {broken[2]} that is not there"
            )
        verify(lambda sql: writer.execute(sql).fetchone(), backup)
        writer.execute("COMMIT")
        writer.execute("PRAGMA optimize")
    except sqlite3.Error as error:
        raise _not_whole(str(error)) from None
    finally:
        writer.close()


def _fill_one_of_sqlite(
    writer: sqlite3.Connection, backup: Backup, part: TablePart, progress: Progress
) -> None:
    kinds = [kind for _name, kind in part.columns]
    names = ", ".join(_quoted(name) for name, _kind in part.columns)
    places = ", ".join("?" * len(kinds))
    rows = (
        [to_sqlite(value, kind) for value, kind in zip(row, kinds, strict=True)]
        for row in _told(backup, part, progress)
    )
    writer.executemany(f"INSERT INTO {_quoted(part.name)} ({names}) VALUES ({places})", rows)
    if part.counted:
        writer.execute("DELETE FROM sqlite_sequence WHERE name = ?", (part.name,))
        newest = writer.execute(f"SELECT coalesce(max({_quoted(part.key)}), 0) FROM {_quoted(part.name)}")
        counted_to = max(part.counted_to, newest.fetchone()[0])
        writer.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (part.name, counted_to))


def fill_postgresql(writer: Any, backup: Backup, progress: Progress) -> None:
    """Fill the tables through a psycopg connection, in the transaction that it is in. Raises BadInput."""
    import psycopg

    tables = backup.manifest.tables
    try:
        writer.execute("SET CONSTRAINTS ALL DEFERRED")
        for part in tables:
            writer.execute(f"ALTER TABLE {_quoted(part.name)} DISABLE TRIGGER USER")
        # Who was signed in refers to users: whoever it was signs in again.
        names = [*(part.name for part in tables), *filter(partial(_stands, writer), sorted(LEFT_OUT))]
        writer.execute(f"TRUNCATE {', '.join(map(_quoted, names))}")
        for part in tables:
            _fill_one_of_postgresql(writer, backup, part, progress)
        # References are compared now, not at the end: what is wrong is told here.
        writer.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for part in tables:
            writer.execute(f"ALTER TABLE {_quoted(part.name)} ENABLE TRIGGER USER")
        verify(lambda sql: writer.execute(sql).fetchone(), backup)
    except psycopg.Error as error:
        raise _not_whole(str(error).splitlines()[0]) from None


def _stands(writer: Any, table: str) -> bool:
    """Whether the database has a table: an earlier version lacks some."""
    return writer.execute("SELECT to_regclass(%s)", [table]).fetchone()[0] is not None


def _fill_one_of_postgresql(writer: Any, backup: Backup, part: TablePart, progress: Progress) -> None:
    kinds = [kind for _name, kind in part.columns]
    names = ", ".join(_quoted(name) for name, _kind in part.columns)
    with writer.cursor().copy(f"COPY {_quoted(part.name)} ({names}) FROM STDIN") as copy:
        for row in _told(backup, part, progress):
            copy.write_row([to_postgresql(value, kind) for value, kind in zip(row, kinds, strict=True)])
    if part.counted:
        newest = writer.execute(f"SELECT coalesce(max({_quoted(part.key)}), 0) FROM {_quoted(part.name)}")
        counted_to = max(part.counted_to, newest.fetchone()[0])
        writer.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
            (_quoted(part.name), part.key, max(counted_to, 1), counted_to > 0),
        )


def verify(one: Callable[[str], Sequence[Any]], backup: Backup) -> None:
    """Compare what stands in the database with the manifest: rows, the head, the last event. Raises BadInput."""
    for part in backup.manifest.tables:
        rows = one(f"SELECT count(*) FROM {_quoted(part.name)}")[0]
        if rows != part.rows:
            raise _not_whole(f"{part.name} has {rows} rows, {part.rows} expected")
    head = Head(
        **dict(zip(("sequence", "digest"), one("SELECT sequence, digest FROM acts_head"), strict=True))
    )
    if head != backup.manifest.head:
        raise _not_whole(f"the chain's head is event {head.sequence} {head.digest}")


def _told(backup: Backup, part: TablePart, progress: Progress) -> Iterator[list[Any]]:
    for number, row in enumerate(backup.rows(part), 1):
        yield row
        if number % _TELL_EVERY == 0 or number == part.rows:
            progress(part.name, number, part.rows)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _not_whole(why: str) -> BadInput:
    what = "the backup cannot be put into this database"
    return BadInput([Finding("", 0, "", "restore-failed", what, why, "nothing was changed")])
