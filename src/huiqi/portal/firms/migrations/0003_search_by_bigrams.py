"""Two-character words of names are found by an index on PostgreSQL; SQLite reads the column."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_INDEX = "CREATE INDEX firm_bigrams ON firms_firm USING gin (to_tsvector('simple', bigrams))"


def _forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(_INDEX)


def _backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP INDEX IF EXISTS firm_bigrams")


class Migration(migrations.Migration):
    dependencies = [("firms", "0002_rosters_are_checked_taken_and_undone")]
    operations = [migrations.RunPython(_forwards, _backwards)]
