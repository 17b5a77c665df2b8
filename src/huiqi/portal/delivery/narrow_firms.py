"""Firms with only what a measure reads of them: a firm's row holds all that the register knows, most of it for others."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from django.db import connection

from huiqi.portal.firms.models import Firm

_COLUMNS = ("id", "credit_code", "subject", "name", "region", "industry")
_NAMES = (*_COLUMNS, "facts", "records")
_PART = "(SELECT jsonb_object_agg(key, value) FROM jsonb_each({}) WHERE {} = ANY(%s))"
_NARROWLY = (
    f"SELECT {', '.join(_COLUMNS)}, "
    + _PART.format("facts", "split_part(key, '@', 1)")
    + ", "
    + _PART.format("records", "key")
    + " FROM firms_firm WHERE id = ANY(%s) AND listed"
)


def narrow_firms(numbers: Sequence[int], facts: Collection[str], records: Collection[str]) -> dict[int, Firm]:
    """Return by number the firms that stand in the register, not to be saved.

    On PostgreSQL the database takes out of each row the facts (of all periods) and records that are named: to send and
    read the whole of it took half of a run's drawing. SQLite lies in this process and gives it all.
    """
    if connection.vendor != "postgresql":
        rows = Firm.objects.for_site("a run's own firms").filter(pk__in=numbers, listed=True)
        return {each.pk: each for each in rows}
    with connection.cursor() as cursor:
        cursor.execute(_NARROWLY, [list(facts), list(records), list(numbers)])
        return {row[0]: _firm(row) for row in cursor}


def _firm(row: Sequence[object]) -> Firm:
    *columns, facts, records = row
    return Firm.from_db(connection.alias, _NAMES, [*columns, _read(facts), _read(records)])


def _read(said: object) -> dict[str, object]:
    # Nothing of what was asked for: the database says NULL.
    return dict(json.loads(said)) if isinstance(said, str) else {}
