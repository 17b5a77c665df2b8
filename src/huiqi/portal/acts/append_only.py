"""Tables that only grow, held by the database itself on SQLite and PostgreSQL: no row is changed or deleted."""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = """
CREATE TRIGGER {table}_keeps_{word} BEFORE {operation} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION huiqi_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER {table}_keeps_rows BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION huiqi_append_only();
CREATE TRIGGER {table}_keeps_all BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION huiqi_append_only();
"""


def keep_rows(table: str) -> migrations.RunPython:
    """Return the migration step that forbids UPDATE, DELETE and TRUNCATE on a table."""

    def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            for operation, word in (("UPDATE", "rows"), ("DELETE", "all")):
                editor.execute(_SQLITE.format(table=table, operation=operation, word=word))
        else:
            editor.execute(_POSTGRESQL.format(table=table), params=None)

    def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        place = "" if editor.connection.vendor == "sqlite" else f" ON {table}"
        for word in ("rows", "all"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_keeps_{word}{place}")

    return migrations.RunPython(forwards, backwards)
