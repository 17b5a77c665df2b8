"""The roles of the site, read from roles.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from django.utils.translation import get_language

Area = Literal["region", "own", "firm", "person", "country"]
_FILE = Path(__file__).parent / "roles.yaml"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its titles, what it may do and see, how far it reaches, and what it is incompatible with."""

    id: str
    zh: str
    en: str
    area: Area
    acts: frozenset[str]
    pages: frozenset[str]
    levels: tuple[str, ...] = ()
    apart_from: frozenset[str] = frozenset()
    second_factor: bool = False
    """Whether who holds it signs in with a second factor, where the site requires it (HUIQI_SECOND_FACTOR)."""

    @property
    def title(self) -> str:
        """The title in the language of the visit."""
        return self.en if (get_language() or "").startswith("en") else self.zh


@cache
def roles() -> Mapping[str, Role]:
    """Return all roles by id. Incompatibility holds both ways, whichever of the two rows names it."""
    rows = yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)
    apart = {(one, other) for one, row in rows.items() for other in row.get("apart_from", ())}
    if unknown := sorted({other for _, other in apart} - rows.keys()):
        raise ValueError(f"roles.yaml: a role is apart from the unknown {', '.join(unknown)}")
    return {
        name: Role(
            name,
            row["zh"],
            row["en"],
            row["area"],
            frozenset(row["acts"]),
            frozenset(row["pages"]),
            tuple(row.get("levels", ())),
            frozenset(other for other in rows if (name, other) in apart or (other, name) in apart),
            row.get("second_factor", False),
        )
        for name, row in rows.items()
    }


def appointable() -> Mapping[str, Role]:
    """Return the roles that an administrator gives at an agency: those of an area."""
    return {name: role for name, role in roles().items() if role.area in {"region", "own"}}
