"""At which version the database stands, against the software at hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """`away` says why the database cannot be used, else "". `missing` are changes not applied yet, `unknown` those
    that the database has and this software does not know; `is_new` tells that nothing was applied at all."""

    away: str = ""
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    is_new: bool = False


def state_of_database() -> DatabaseState:
    """Look at the database; a file of SQLite that is not there is not made."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return DatabaseState(missing=("all",), is_new=True)
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        applied = executor.loader.applied_migrations
    except DatabaseError as error:
        return DatabaseState(away=str(error).strip().splitlines()[0])
    known = executor.loader.disk_migrations
    return DatabaseState(
        missing=tuple(f"{each.app_label}.{each.name}" for each, _back in plan),
        unknown=tuple(sorted(f"{app}.{name}" for app, name in applied.keys() - known.keys())),
        is_new=not applied,
    )
