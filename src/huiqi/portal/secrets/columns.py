"""Which columns are sealed, and where each value is sealed for: what a rotation of the keys must pass through.

A text column beside a `<column>_digest` is one by that name; others are named by their domain (`sealed_column`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from huiqi.portal.secrets.fields import place_of

Place = Callable[[models.Model, str], str]
Follower = Callable[[], "Followed"]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A sealed column; `column` also names its digest where `has_digest`."""

    model: type[models.Model]
    column: str
    place: Place
    has_digest: bool

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


@dataclass(frozen=True, slots=True)
class Followed:
    """Digests that stand alone, of values that are sealed elsewhere in a column of this name.

    `wanted` are those that still matter; `move` is called with {digest of before: digest of now}, in a transaction.
    """

    column: str
    wanted: Iterable[str]
    move: Callable[[Mapping[str, str]], int]


_GIVEN: dict[tuple[str, str], Place] = {}
_FOLLOWERS: list[Follower] = []


def sealed_column(model: type[models.Model], column: str, place: Place = place_of) -> None:
    """Say that a column is sealed which its name does not tell, or which is sealed for another place than its row."""
    _GIVEN[model._meta.label, column] = place


def digest_follower(follower: Follower) -> Follower:
    """Register digests that are made anew by those of other rows' values."""
    _FOLLOWERS.append(follower)
    return follower


def followers() -> list[Followed]:
    """Return what follows, as it stands now."""
    return [each() for each in _FOLLOWERS]


def sealed_columns() -> list[SealedColumn]:
    """Return all sealed columns of the site, in a fixed order."""
    return sorted(_found(), key=str)


def _found() -> Iterator[SealedColumn]:
    for model in apps.get_models():
        names = {each.name for each in model._meta.concrete_fields}
        for name in sorted(names):
            given = _GIVEN.get((model._meta.label, name))
            digested = f"{name}_digest" in names and isinstance(model._meta.get_field(name), models.TextField)
            if given is not None or digested:
                yield SealedColumn(model, name, given or place_of, f"{name}_digest" in names)
