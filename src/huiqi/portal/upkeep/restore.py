"""A site made from a backup, on either database: all checked first, then put in place at once, or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from huiqi.findings import BadInput, Finding
from huiqi.portal.keys import encryption_keys, keys_file
from huiqi.portal.upkeep.emptying import empty_schema, relations
from huiqi.portal.upkeep.loading import fill_postgresql, fill_sqlite
from huiqi.portal.upkeep.manifest import Manifest
from huiqi.portal.upkeep.reading import Backup, backup_at
from huiqi.portal.upkeep.schema import state_of_database
from huiqi.portal.upkeep.tables import FURNITURE, LEFT_OUT, tables_of
from huiqi.portal.upkeep.uploads import uploads

_PART = ".restoring-"
_PIECE = 1 << 20

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and whether the database was then brought from an earlier version to this one."""

    manifest: Manifest
    brought_forward: bool


def restore(
    path: Path, *, replace: bool = False, without_keys: bool = False, progress: Progress | None = None
) -> Restored:
    """Make the site of the settings that of the backup.

    Everything in the file is checked before anything is touched. The database and the files change when all is
    ready; until then the site is as it was. Raises BadInput: the file is damaged or changed, of a later version or
    other keys; the site is not empty and `replace` was not said; somebody works on it.
    """
    tell = progress or (lambda *_: None)
    _sweep(settings.DATA)
    with backup_at(path, None if without_keys else _keys()) as backup:
        _refuse_later(path, backup.manifest)
        _refuse_what_stands(replace)
        _refuse_small_disk(backup.manifest)
        backup.check(lambda what, done, total: tell(f"check {what}", done, total))
        with _staged(backup, settings.DATA, tell) as folder:
            if connection.vendor == "sqlite":
                _into_sqlite(backup, folder, tell)
            else:
                _into_postgresql(backup, folder, tell)
        forward = bool(state_of_database().missing)
        call_command("migrate", interactive=False, verbosity=0)
        return Restored(backup.manifest, forward)


def _into_sqlite(backup: Backup, staged: Path, tell: Progress) -> None:
    place = Path(connection.settings_dict["NAME"])
    place.parent.mkdir(parents=True, exist_ok=True)
    made = place.parent / f"{_PART}{os.getpid()}.sqlite3"
    connection.close()
    connection.settings_dict["NAME"] = str(made)
    try:
        _migrated(backup)
        connection.close()
        fill_sqlite(str(made), backup, tell)
        made.chmod(0o600)
        _flush(made)
        _alone(place)
        _put_files(staged, settings.DATA)
        made.replace(place)
        _forget_other_files(backup, settings.DATA)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(place)
        for ending in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                Path(f"{made}{ending}").unlink()


def _into_postgresql(backup: Backup, staged: Path, tell: Progress) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Changes of tables and of rows share the transaction: no reference may wait for its end.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            empty_schema(cursor)
        _migrated(backup)
        fill_postgresql(connection.connection, backup, tell)
        _put_files(staged, settings.DATA)
    _forget_other_files(backup, settings.DATA)


def _migrated(backup: Backup) -> None:
    """Make the tables as they were when the backup was made. Raises BadInput where it holds others."""
    executor = MigrationExecutor(connection)
    applied = [each for each in backup.manifest.migrations if each in executor.loader.graph.nodes]
    executor.migrate(applied)
    state = MigrationExecutor(connection).loader.project_state(applied)
    expected = {each.name: each for each in tables_of(state.apps)}
    found = {each.name: each.table() for each in backup.manifest.tables}
    for name in sorted(expected.keys() | found.keys()):
        one, other = expected.get(name), found.get(name)
        if one is None or other is None or set(one.columns) != set(other.columns):
            what = "the backup does not hold the tables of its version"
            raise _refused(backup.path, "backup-other-form", what, name, "use the version that made it")


def _refuse_later(path: Path, manifest: Manifest) -> None:
    known = MigrationExecutor(None).loader.disk_migrations
    # Where several changes were put into one, a site of today names them all.
    replaced = {each for migration in known.values() for each in migration.replaces}
    if later := [each for each in manifest.migrations if each not in known and each not in replaced]:
        what = f"this backup was made by a later version of Huiqi, {manifest.huiqi}"
        mend = f"install Huiqi {manifest.huiqi} or later"
        raise _refused(path, "backup-later", what, f"{later[0][0]}.{later[0][1]} is not known here", mend)


def _refuse_what_stands(replace: bool) -> None:
    state = state_of_database()
    if state.away:
        raise _refused(
            Path(), "database-away", "the database cannot be used", state.away, "check DATABASE_URL"
        )
    if state.unknown:
        why = f"{state.unknown[0]} is applied there"
        mend = "give an empty database"
        raise _refused(Path(), "database-later", "the database is of a later version", why, mend)
    if replace:
        return
    if connection.vendor == "postgresql" and (foreign := _first_of_others()):
        why, mend = (
            f"it holds {foreign}",
            "give an empty database, or --replace to give up all that lies in its schema",
        )
        raise _refused(Path(), "schema-not-empty", "the database is not the site's alone", why, mend)
    mend = "give an empty folder and database, or --replace to give up what stands there"
    if not state.is_new and (full := _first_full_table()):
        raise _refused(Path(), "site-not-empty", "a site stands here already", f"{full} has rows", mend)
    first = next(uploads(settings.DATA), None)
    if first is not None:
        raise _refused(
            Path(), "site-not-empty", "a site stands here already", f"it has the file {first[0]}", mend
        )


def _first_full_table() -> str:
    with connection.cursor() as cursor:
        standing = set(connection.introspection.table_names(cursor))
        for table in tables_of(apps):
            if table.name in standing and table.name not in FURNITURE:
                cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table.name)} LIMIT 1")
                if cursor.fetchone():
                    return table.name
    return ""


def _first_of_others() -> str:
    """Return the first table or view that is not the site's, "" where there is none."""
    ours = {each.name for each in tables_of(apps)} | LEFT_OUT | {"django_migrations"}
    with connection.cursor() as cursor:
        others = sorted(set(relations(cursor)) - ours)
    return others[0] if others else ""


def _refuse_small_disk(manifest: Manifest) -> None:
    needed = manifest.files_bytes
    if connection.vendor == "sqlite":
        needed += 2 * sum(each.bytes for each in manifest.tables)
    free = shutil.disk_usage(settings.DATA).free
    if free < needed:
        why = f"{needed >> 20} MB are needed, {free >> 20} MB are free"
        raise _refused(settings.DATA, "disk-full", "there is not room enough", why, "make room")


def _alone(place: Path) -> None:
    """Refuse while another process has the database open; puts away what SQLite keeps beside it."""
    if not place.exists():
        return
    standing = sqlite3.connect(place, timeout=2, isolation_level=None)
    try:
        standing.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        mend = "stop `huiqi serve` and what else works on it"
        raise _refused(place, "site-in-use", "the site is in use", str(error), mend) from None
    except sqlite3.DatabaseError:
        # No database of SQLite's, or a broken one: nobody works on it.
        return
    finally:
        standing.close()


@contextmanager
def _staged(backup: Backup, data: Path, tell: Progress) -> Iterator[Path]:
    """Unpack the files into a folder beside their place."""
    folder = Path(tempfile.mkdtemp(prefix=_PART, dir=data))
    try:
        for number, part in enumerate(backup.files(), 1):
            place = folder / part.path
            place.parent.mkdir(parents=True, exist_ok=True)
            with backup.file(part) as entry, place.open("xb") as file:
                while piece := entry.read(_PIECE):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            tell("files", number, backup.manifest.files)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_files(staged: Path, data: Path) -> None:
    for name, path in uploads(staged):
        place = data / name
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(place)


def _forget_other_files(backup: Backup, data: Path) -> None:
    kept = {part.path for part in backup.files()}
    for name, path in list(uploads(data)):
        if name not in kept:
            path.unlink()


def _keys() -> dict[str, str]:
    file = keys_file(settings.DATA)
    if not file.exists():
        what = "the keys of the site are not in their place"
        why = "without them no personal value can be read, and the backup's seal cannot be checked"
        mend = "put your copy of the keys there (HUIQI_KEYS); where it is lost, give --without-keys"
        raise _refused(file, "keys-missing", what, why, mend)
    return encryption_keys(settings.DATA)


def _sweep(data: Path) -> None:
    """Take away what a restoration that was cut off has left."""
    for left in data.glob(f"{_PART}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _refused(path: Path, code: str, what: str, why: str, mend: str) -> BadInput:
    place = "" if path == Path() else str(path)
    return BadInput([Finding(place, 0, "", code, what, why, mend)])
