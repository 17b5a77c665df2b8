"""A table's values in a form that both databases give and take exactly: JSON's texts, whole numbers and truth values.

Days and moments are ISO 8601 texts (moments in UTC, to the microsecond), JSON columns are the JSON's own text,
bytes are base64. A column of a kind that could lose something on the way is an error, not an approximation.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from django.db import models

Kind = Literal["int", "bool", "text", "json", "moment", "day", "uuid", "bytes"]
Value = int | str | bool | None

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(
        ("AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField"), "int"
    ),
    **dict.fromkeys(("SmallIntegerField", "PositiveIntegerField", "PositiveBigIntegerField"), "int"),
    "PositiveSmallIntegerField": "int",
    "BooleanField": "bool",
    **dict.fromkeys(("CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField"), "text"),
    "FilePathField": "text",
    "JSONField": "json",
    "DateTimeField": "moment",
    "DateField": "day",
    "UUIDField": "uuid",
    "BinaryField": "bytes",
}


class NotExact(ValueError):
    """A value that its column's kind does not allow; the message says what was found."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column and the kind of its values."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the site: its columns, the key it is ordered by, and whether the database counts that key up."""

    name: str
    columns: tuple[Column, ...]
    key: str
    counted: bool


def table_of(model: type[models.Model]) -> Table:
    """Return a model's table. Raises NotExact for a field that has no exact form here."""
    columns = tuple(
        Column(field.column, _kind_of(field))
        for field in model._meta.local_concrete_fields
        if not field.generated
    )
    key = model._meta.pk
    counted = isinstance(key, models.AutoField | models.BigAutoField | models.SmallAutoField)
    return Table(model._meta.db_table, columns, key.column, counted)


def _kind_of(field: Any) -> Kind:
    while field.remote_field is not None:
        field = field.target_field
    kind = _KINDS.get(field.get_internal_type())
    if kind is None:
        raise NotExact(
            f"{field.model._meta.label}.{field.name}: a {field.get_internal_type()} has no exact form"
        )
    return kind


def fits(value: object, kind: Kind) -> bool:
    """Whether a value read from a backup is of its column's kind."""
    if value is None:
        return True
    if kind in {"int", "bool"}:
        return type(value) is (int if kind == "int" else bool)
    if not isinstance(value, str):
        return False
    try:
        _PARSE[kind](value)
    except (ValueError, RecursionError):
        return False
    return True


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


_PARSE: dict[Kind, Callable[[str], object]] = {
    "text": str,
    "json": json.loads,
    "moment": _moment,
    "day": date.fromisoformat,
    "uuid": uuid.UUID,
    "bytes": lambda text: base64.b64decode(text, validate=True),
}


def from_sqlite(value: Any, kind: Kind) -> Value:
    """Return a value of SQLite's. Raises NotExact: a column there may hold what it was not made for."""
    if value is None:
        return None
    if kind == "bytes" and isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if kind == "bool" and value in {0, 1}:
        return bool(value)
    if kind == "moment" and isinstance(value, str):
        return _as_moment(value)
    if kind == "uuid" and isinstance(value, str):
        return str(uuid.UUID(value))
    if type(value) is not (int if kind == "int" else str) or kind in {"bytes", "bool"}:
        raise NotExact(f"a {type(value).__name__} stands in a column of the kind {kind}")
    return value


def to_sqlite(value: Value, kind: Kind) -> object:
    """Return a value as Django keeps it in SQLite."""
    if value is None or kind in {"int", "text", "json", "day"}:
        return value
    if kind == "bool":
        return int(bool(value))
    text = str(value)
    if kind == "moment":
        return str(_moment(text).replace(tzinfo=None))
    return uuid.UUID(text).hex if kind == "uuid" else base64.b64decode(text)


def from_postgresql(text: str | None, kind: Kind) -> Value:
    """Return a value from the text that PostgreSQL writes it as, its time zone being UTC."""
    if text is None:
        return None
    if kind == "int":
        return int(text)
    if kind == "bool":
        return text == "t"
    if kind == "moment":
        return _as_moment(text)
    if kind == "bytes":
        return base64.b64encode(bytes.fromhex(text.removeprefix("\\x"))).decode()
    return text


def to_postgresql(value: Value, kind: Kind) -> str | None:
    """Return the text that PostgreSQL reads the value from."""
    if value is None:
        return None
    if kind == "bool":
        return "t" if value else "f"
    if kind == "bytes":
        return "\\x" + base64.b64decode(str(value)).hex()
    return str(value)


def _as_moment(text: str) -> str:
    try:
        return _moment(text).isoformat(timespec="microseconds")
    except ValueError:
        raise NotExact(f"{text[:30]} is no moment") from None
