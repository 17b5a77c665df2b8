"""That entries say where their firms are and what they are called, held by the database, as steps of a migration.

A firm that moves or changes its name takes its entries with it, whoever changes it and however. SQLite drops a table's
triggers when a migration makes the table anew: one that changes the register's firms lets entries follow again.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from huiqi.portal.firms.models import Firm

_WORDS = "{firm}.bigrams || ' ' || lower({firm}.credit_code)"
_COLUMNS = ("region", "bigrams", "credit_code")
_FILLED = (
    "UPDATE lists_entry SET region = county WHERE firm_id IS NULL",
    f"""UPDATE lists_entry SET (region, words) = (SELECT region, {_WORDS.format(firm="firms_firm")}
      FROM firms_firm WHERE firms_firm.id = lists_entry.firm_id) WHERE firm_id IS NOT NULL""",
)
_FOLLOWED = (
    f"UPDATE lists_entry SET region = NEW.region, words = {_WORDS.format(firm='NEW')} WHERE firm_id = NEW.id"
)
_CHANGED = " OR ".join(f"NEW.{each} <> OLD.{each}" for each in _COLUMNS)
_SQLITE = f"""CREATE TRIGGER lists_entry_follows AFTER UPDATE OF {", ".join(_COLUMNS)} ON firms_firm
  WHEN {_CHANGED} BEGIN {_FOLLOWED}; END"""
_SQLITE_BACK = "DROP TRIGGER lists_entry_follows"
_POSTGRESQL = f"""
CREATE FUNCTION lists_entry_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  {_FOLLOWED};
  RETURN NULL;
END $$;
CREATE TRIGGER lists_entry_follows AFTER UPDATE OF {", ".join(_COLUMNS)} ON firms_firm FOR EACH ROW
  WHEN ({_CHANGED}) EXECUTE FUNCTION lists_entry_follows();
CREATE INDEX lists_entry_words ON lists_entry USING gin (to_tsvector('simple', words));
"""
_POSTGRESQL_BACK = """
DROP INDEX lists_entry_words;
DROP TRIGGER lists_entry_follows ON firms_firm;
DROP FUNCTION lists_entry_follows();
"""


def words_of(firm: Firm) -> str:
    """Return what a firm is searched for by: the pairs of its name, its credit code in lower case."""
    return f"{firm.bigrams} {firm.credit_code.lower()}"


def fill_entries() -> migrations.RunSQL:
    """Return the step that gives entries from before what they now say of their firm or county."""
    return migrations.RunSQL(list(_FILLED), migrations.RunSQL.noop)


def follow_firms() -> migrations.RunPython:
    """Return the step that lets entries follow their firms, and be found by their words."""

    def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        on_postgresql = editor.connection.vendor == "postgresql"
        editor.execute(_POSTGRESQL if on_postgresql else _SQLITE, params=None)

    def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        on_postgresql = editor.connection.vendor == "postgresql"
        editor.execute(_POSTGRESQL_BACK if on_postgresql else _SQLITE_BACK, params=None)

    return migrations.RunPython(forwards, backwards)
