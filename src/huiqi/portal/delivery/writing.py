"""Lines written in bulk: streamed by COPY on PostgreSQL, many rows a statement on SQLite."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection
from django.db.models import JSONField

from huiqi.portal.delivery.models import Line

_AT_ONCE = 500


def write(lines: Sequence[Line]) -> None:
    """Add new lines; their numbers are not told back."""
    if connection.vendor != "postgresql":
        Line.objects.bulk_create(lines, batch_size=_AT_ONCE)
        return
    fields = [each for each in Line._meta.concrete_fields if not each.primary_key]
    names = ", ".join(f'"{each.column}"' for each in fields)
    structured = [isinstance(each, JSONField) for each in fields]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {Line._meta.db_table} ({names}) FROM STDIN") as copy,
    ):
        for line in lines:
            values = (getattr(line, each.attname) for each in fields)
            copy.write_row(
                [
                    json.dumps(value, ensure_ascii=False) if is_structured else value
                    for value, is_structured in zip(values, structured, strict=True)
                ]
            )
