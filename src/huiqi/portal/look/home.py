"""What stands on the home: each domain contributes parts, and says which of its events are news."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from huiqi.portal.look.visits import Visit

Group = Literal["due", "wrong", "own"]
Tone = Literal["", "late", "soon", "wrong", "good"]

GROUPS: Mapping[Group, tuple[str, str]] = {
    "own": ("我的企业", "My firms"),
    "due": ("要办的", "To do"),
    "wrong": ("有问题的", "Out of order"),
}
"""Where a part stands: a member's own matters, what is to be done, what is wrong. With their headings."""


@dataclass(frozen=True, slots=True)
class HomeLine:
    """One line of a part: what, where it leads, and a note; `tone` tells how urgent it is."""

    text: str
    address: str = ""
    note: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class HomePart:
    """What a domain says on the home: a title, how many there are in all, the first lines, and the page with all."""

    title: str
    lines: tuple[HomeLine, ...] = ()
    count: int | None = None
    more: str = ""
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class PartKind:
    """A registered part. `opens` is the name of a page that a role of the visitor must hold."""

    name: str
    opens: str
    order: int
    group: Group
    make: Callable[[Visit], HomePart | None]


@dataclass(frozen=True, slots=True)
class NewsKind:
    """An act whose events are news for those who open a page. `route` is the page of its subject, by its number."""

    act: str
    opens: str
    listing: str
    route: str


_PARTS: dict[str, PartKind] = {}
_NEWS: dict[str, NewsKind] = {}


def home_part(
    name: str, *, opens: str, order: int, group: Group = "due"
) -> Callable[[Callable[[Visit], HomePart | None]], Callable[[Visit], HomePart | None]]:
    """Register the function below as a part of the home of those who may see the page `opens`.

    It returns None where there is nothing to say, and asks the database twice at most (what a firm is owed: three times).
    """

    def registered(make: Callable[[Visit], HomePart | None]) -> Callable[[Visit], HomePart | None]:
        if name in _PARTS:
            raise ValueError(f"the part {name} is registered twice")
        _PARTS[name] = PartKind(name, opens, order, group, make)
        return make

    return registered


def news_of(*acts: str, opens: str, listing: str, route: str = "") -> None:
    """Say that events of these acts are news for those who may see the page `opens`.

    `listing` is the page with all of them, `route` that of a single subject (its argument is `number`).
    """
    for act in acts:
        _NEWS[act] = NewsKind(act, opens, listing, route)


def part_kinds() -> list[PartKind]:
    """All parts in their order; complete once Django's apps are ready."""
    return sorted(_PARTS.values(), key=lambda each: (each.order, each.name))


def news_kinds() -> Mapping[str, NewsKind]:
    """All acts that are news."""
    return _NEWS


@dataclass
class ShownGroup:
    """Parts under one heading."""

    name: Group
    title: str
    parts: list[HomePart] = field(default_factory=list)


def groups_for(request: Visit, english: bool) -> Iterator[ShownGroup]:
    """Yield what a visitor's home says, group by group, empty ones left out."""
    made: dict[Group, list[HomePart]] = {name: [] for name in GROUPS}
    for kind in part_kinds():
        if request.actor.may_see(kind.opens) and (part := kind.make(request)) is not None:
            made[kind.group].append(part)
    for name, titles in GROUPS.items():
        if made[name]:
            yield ShownGroup(name, titles[english], made[name])
