"""After the keys were rotated: every value sealed with the newest key, every digest made by the newest lookup key.

May be killed anywhere and run again; run when all is renewed it changes nothing. The site may go on working.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.db import models, transaction

from huiqi.portal.secrets.columns import Followed, SealedColumn, followers, sealed_columns
from huiqi.portal.secrets.sealing import (
    CannotOpen,
    key_of,
    lookup_digest,
    lookup_digests,
    newest,
    seal,
    unseal,
)

PIECE = 500
Report = Callable[[int, int], None]


@dataclass(slots=True)
class Renewed:
    """What came of it: values looked at, changed, and those that no key opens, by column; digests that followed."""

    looked: int = 0
    changed: int = 0
    followed: int = 0
    closed: Counter[str] = field(default_factory=Counter)


def renew(keys: Mapping[str, str], report: Report | None = None) -> Renewed:
    """Seal all values with the newest key, and make their digests anew."""
    made = Renewed()
    columns = sealed_columns()
    total = sum(_rows(columns_of_model[0]).count() for columns_of_model in _by_model(columns))
    following = followers()
    wanted = {each.column: set(each.wanted) for each in following}
    done = 0
    for of_model in _by_model(columns):
        for pks in _pieces(of_model[0]):
            with transaction.atomic():
                moved = _renew_piece(of_model, pks, keys, wanted, made)
                for each in following:
                    made.followed += _move(each, moved)
            done += len(pks)
            if report is not None:
                report(done, total)
    return made


def keys_in_use() -> Counter[tuple[str, str]]:
    """Return how many values each key has sealed, by column and number of the key."""
    found: Counter[tuple[str, str]] = Counter()
    for each in sealed_columns():
        for value in _rows(each).exclude(**{each.column: ""}).values_list(each.column, flat=True).iterator():
            found[str(each), key_of(value)] += 1
    return found


def _renew_piece(
    columns: list[SealedColumn],
    pks: list[object],
    keys: Mapping[str, str],
    wanted: Mapping[str, set[str]],
    made: Renewed,
) -> dict[str, dict[str, str]]:
    moved: dict[str, dict[str, str]] = {}
    changed = []
    rows = columns[0].model._base_manager.select_for_update(of=("self",)).filter(pk__in=pks)
    for row in rows.order_by("pk"):
        fresh = [_renew_value(row, each, keys, wanted, moved, made) for each in columns]
        if any(fresh):
            changed.append(row)
    names = [name for each in columns for name in (each.column, f"{each.column}_digest")]
    fields = {each.name for each in columns[0].model._meta.concrete_fields}
    columns[0].model._base_manager.bulk_update(changed, [each for each in names if each in fields])
    return moved


def _renew_value(
    row: models.Model,
    of: SealedColumn,
    keys: Mapping[str, str],
    wanted: Mapping[str, set[str]],
    moved: dict[str, dict[str, str]],
    made: Renewed,
) -> bool:
    sealed = getattr(row, of.column)
    if not sealed:
        return False
    made.looked += 1
    place = of.place(row, of.column)
    try:
        value = unseal(sealed, place, keys)
    except CannotOpen:
        made.closed[str(of)] += 1
        return False
    fresh = {}
    if key_of(sealed) != newest(keys):
        fresh[of.column] = seal(value, place, keys)
    if of.has_digest:
        digest = lookup_digest(value, of.column, keys)
        if digest != getattr(row, f"{of.column}_digest"):
            fresh[f"{of.column}_digest"] = digest
        if wanted.get(of.column):
            before = lookup_digests(value, of.column, keys)[1:]
            moved.setdefault(of.column, {}).update(
                {each: digest for each in before if each in wanted[of.column]}
            )
    for name, new in fresh.items():
        setattr(row, name, new)
    made.changed += bool(fresh)
    return bool(fresh)


def _move(followed: Followed, moved: Mapping[str, Mapping[str, str]]) -> int:
    of_column = moved.get(followed.column)
    return followed.move(of_column) if of_column else 0


def _by_model(columns: list[SealedColumn]) -> Iterator[list[SealedColumn]]:
    for _, found in groupby(columns, key=lambda each: each.model):
        yield list(found)


def _rows(of: SealedColumn) -> models.QuerySet[models.Model]:
    return of.model._base_manager.all()


def _pieces(of: SealedColumn) -> Iterator[list[object]]:
    """Yield the rows' numbers piece by piece; rows that are added meanwhile are sealed with the newest key already."""
    rows, last = _rows(of).order_by("pk"), None
    while True:
        after = rows if last is None else rows.filter(pk__gt=last)
        pks = list(after.values_list("pk", flat=True)[:PIECE])
        if not pks:
            return
        yield pks
        last = pks[-1]
