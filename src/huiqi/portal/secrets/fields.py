"""Reading and writing a model's sealed columns."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from huiqi.portal.keys import encryption_keys
from huiqi.portal.secrets.sealing import lookup_digest, lookup_digests, seal, unseal


def place_of(row: models.Model, column: str) -> str:
    """Return the place a value is sealed for: table, column and row."""
    if row.pk is None:
        raise ValueError("save the row before sealing a value in it: the value is bound to the row")
    return f"{row._meta.db_table}.{column}#{row.pk}"


def put(row: models.Model, column: str, value: str) -> None:
    """Seal a value into a column of a saved row, with its lookup digest in `<column>_digest`; "" erases both."""
    keys = encryption_keys(settings.DATA)
    setattr(row, column, seal(value, place_of(row, column), keys) if value else "")
    setattr(row, f"{column}_digest", lookup_digest(value, column, keys) if value else "")


def get(row: models.Model, column: str) -> str:
    """Open a column's value; "" where it is empty or was erased. Raises CannotOpen."""
    sealed = getattr(row, column)
    return unseal(sealed, place_of(row, column), encryption_keys(settings.DATA)) if sealed else ""


def digest_of(column: str, value: str) -> str:
    """Return the digest to write beside a value, or instead of it."""
    return lookup_digest(value, column, encryption_keys(settings.DATA))


def digests_of(column: str, value: str) -> list[str]:
    """Return the digests that find rows whose column holds this value, the newest first, those from before a rotation too."""
    return lookup_digests(value, column, encryption_keys(settings.DATA))
