"""What other domains have resting on firms: what must stand in the register, and who is told when a roster is undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from huiqi.portal.acts.registry import Doing
from huiqi.portal.firms.models import Roster


@dataclass(frozen=True, slots=True)
class Hold:
    """Why some firms must not leave the register: `held` returns those of them that this holds; how to let go of them."""

    what: str
    mend: str
    held: Callable[[Sequence[int]], set[int]]


Listener = Callable[[Doing, Roster], None]
_HOLDS: list[Hold] = []
_LISTENERS: list[Listener] = []


def hold_firms(hold: Hold) -> None:
    """Let a domain keep firms in the register."""
    _HOLDS.append(hold)


def holds() -> Sequence[Hold]:
    """Return what the domains registered."""
    return tuple(_HOLDS)


def when_undone(listener: Listener) -> Listener:
    """Call this in the act that ends the undoing of a roster."""
    _LISTENERS.append(listener)
    return listener


def tell_undone(doing: Doing, roster: Roster) -> None:
    """Tell the domains that what the roster said stands no more."""
    for each in _LISTENERS:
        each(doing, roster)
