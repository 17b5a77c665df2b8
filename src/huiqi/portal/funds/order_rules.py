"""What the database itself holds of orders of money, on SQLite and PostgreSQL, as a migration's step.

An order that was decided stays as it was: its lines are not changed, deleted or added to, and it orders what it ordered.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DECIDED = "an order of money that was decided stays as it was"
_CONTENT = (
    *("kind", "programme_id", "year", "direct", "region", "agency", "document", "until", "final"),
    *("count", "total", "digest", "drafted_at", "decided_on"),
)
_OF_WHAT = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def _is_decided(row: str) -> str:
    return f"EXISTS (SELECT 1 FROM funds_fundorder o WHERE o.id = {row}.order_id AND o.state <> 'drafted')"


def _differs(is_not: str) -> str:
    return " OR ".join(f'NEW."{each}" {is_not} OLD."{each}"' for each in (*_CONTENT, "state"))


_SQLITE = (
    *(
        f"CREATE TRIGGER funds_orderline_{operation.lower()} BEFORE {operation} ON funds_fundorderline "
        f"WHEN {' OR '.join(map(_is_decided, rows))} BEGIN SELECT RAISE(ABORT, '{DECIDED}'); END"
        for operation, rows in _OF_WHAT.items()
    ),
    f"CREATE TRIGGER funds_order_stays BEFORE UPDATE ON funds_fundorder WHEN OLD.state <> 'drafted' "
    f"AND ({_differs('IS NOT')}) BEGIN SELECT RAISE(ABORT, '{DECIDED}'); END",
    "CREATE TRIGGER funds_order_is_kept BEFORE DELETE ON funds_fundorder WHEN OLD.state <> 'drafted' "
    f"BEGIN SELECT RAISE(ABORT, '{DECIDED}'); END",
)
_SQLITE_BACK = (
    *(f"DROP TRIGGER funds_orderline_{operation.lower()}" for operation in _OF_WHAT),
    "DROP TRIGGER funds_order_stays",
    "DROP TRIGGER funds_order_is_kept",
)
_POSTGRESQL = f"""
CREATE FUNCTION funds_orderline_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP <> 'INSERT' AND {_is_decided("OLD")}) OR (TG_OP <> 'DELETE' AND {_is_decided("NEW")}) THEN
    RAISE EXCEPTION '{DECIDED}' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER funds_orderline_stays BEFORE INSERT OR UPDATE OR DELETE ON funds_fundorderline
  FOR EACH ROW EXECUTE FUNCTION funds_orderline_stays();
CREATE FUNCTION funds_order_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '{DECIDED}' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER funds_order_stays BEFORE UPDATE ON funds_fundorder FOR EACH ROW
  WHEN (OLD.state <> 'drafted' AND ({_differs("IS DISTINCT FROM")})) EXECUTE FUNCTION funds_order_stays();
CREATE TRIGGER funds_order_is_kept BEFORE DELETE ON funds_fundorder FOR EACH ROW
  WHEN (OLD.state <> 'drafted') EXECUTE FUNCTION funds_order_stays();
"""
_POSTGRESQL_BACK = """
DROP TRIGGER funds_order_is_kept ON funds_fundorder;
DROP TRIGGER funds_order_stays ON funds_fundorder;
DROP FUNCTION funds_order_stays();
DROP TRIGGER funds_orderline_stays ON funds_fundorderline;
DROP FUNCTION funds_orderline_stays();
"""


def keep_decided_orders() -> migrations.RunPython:
    """Return the migration step that lets the database keep decided orders as they were."""

    def forwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _SQLITE if editor.connection.vendor == "sqlite" else (_POSTGRESQL,):
            editor.execute(statement, params=None)

    def backwards(_apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _SQLITE_BACK if editor.connection.vendor == "sqlite" else (_POSTGRESQL_BACK,):
            editor.execute(statement, params=None)

    return migrations.RunPython(forwards, backwards)
