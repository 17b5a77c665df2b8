"""What tells one record of a firm from another, so that the same record is never paid for twice.

A record has no number of its own: it is known by what about it never changes (persons, dates, kinds), as a keyed digest, because a person's
number could be guessed. Of several that agree in all that, each bears a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huiqi.portal.secrets.sealing import lookup_digest
from huiqi.rules.facts import RecordKind
from huiqi.rules.situation import Record
from huiqi.rules.types import Kind

LENGTH = 24


def record_keys(rows: Iterable[Record], kind: RecordKind, keys: Mapping[str, str]) -> list[str]:
    """Return the key of each record: its digest, with .2, .3 for further ones that cannot be told apart."""
    names = _telling(kind)
    seen: dict[str, int] = {}
    made = []
    for row in rows:
        said = "\0".join(f"{name}={row[name]}" for name in names if name in row)
        digest = lookup_digest(f"{kind.name}\0{said}", "record", keys)[:LENGTH]
        seen[digest] = seen.get(digest, 0) + 1
        made.append(digest if seen[digest] == 1 else f"{digest}.{seen[digest]}")
    return made


def person_digest(payee: str, person: object, keys: Mapping[str, str]) -> str:
    """Return what a person of a payee's records is known by."""
    return lookup_digest(f"{payee}\0{person}", "record.person", keys)


def _telling(kind: RecordKind) -> list[str]:
    """Return the facts that tell records of a kind apart: persons' numbers where it has them, else all that never changes."""
    texts = [name for name, fact in kind.facts.items() if fact.type.kind is Kind.TEXT]
    return texts or [name for name, fact in kind.facts.items() if fact.changes == "never" and not fact.period]
