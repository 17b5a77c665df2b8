"""A PostgreSQL schema emptied before a site is restored into it, so that it is exactly the site's afterwards.

Left over from a later version, or made by hand, a table, a function or a trigger would go on working on the restored rows.
What extensions own stays, and so do the schema itself and who may use it.
"""

from __future__ import annotations

from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper

from huiqi.findings import BadInput, Finding

_NOT_OF_EXTENSIONS = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')"
_HERE = "current_schema()::regnamespace"
_RELATIONS = f"""
SELECT CASE o.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
  WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, o.relname, o.oid::regclass::text
FROM pg_class o WHERE o.relnamespace = {_HERE} AND o.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {_NOT_OF_EXTENSIONS}
ORDER BY o.relname
"""
# Functions last among what tables use, and types after functions that take them.
_ROUTINES = f"""
SELECT 'ROUTINE', o.proname, o.oid::regprocedure::text FROM pg_proc o
WHERE o.pronamespace = {_HERE} AND {_NOT_OF_EXTENSIONS} ORDER BY o.proname
"""
_TYPES = f"""
SELECT CASE o.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, o.typname, o.oid::regtype::text FROM pg_type o
LEFT JOIN pg_class c ON c.oid = o.typrelid
WHERE o.typnamespace = {_HERE} AND (o.typtype IN ('e', 'd', 'r') OR (o.typtype = 'c' AND c.relkind = 'c'))
AND {_NOT_OF_EXTENSIONS} ORDER BY o.typname
"""


def relations(cursor: CursorWrapper) -> list[str]:
    """Return the names of the tables and views that lie in the schema, whosesoever they are."""
    cursor.execute(_RELATIONS)
    return [name for kind, name, _ in cursor.fetchall() if kind != "SEQUENCE"]


def empty_schema(cursor: CursorWrapper) -> None:
    """Drop all that lies in the schema. Part of a transaction. Raises BadInput where something belongs to another role."""
    for query in (_RELATIONS, _ROUTINES, _TYPES):
        cursor.execute(query)
        for kind, _, name in cursor.fetchall():
            try:
                with transaction.atomic():
                    cursor.execute(f"DROP {kind} IF EXISTS {name} CASCADE")
            except DatabaseError as error:
                what = "the database holds what the site may not take away"
                mend = "let its owner drop it, or restore into a database of the site's own"
                why = f"{kind.lower()} {name}: {str(error).splitlines()[0]}"
                raise BadInput([Finding("", 0, "", "schema-not-ours", what, why, mend)]) from None
    assert not relations(cursor), connection.settings_dict["NAME"]
