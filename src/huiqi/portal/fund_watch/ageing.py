"""How long money lies: first in, first out. Plain functions on days and fen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Layer:
    """Fen that came on a day."""

    day: date
    fen: int


@dataclass(frozen=True, slots=True)
class Stay:
    """Fen that came on a day and went on another."""

    came: date
    went: date
    fen: int


def remaining(came: Iterable[Layer], gone: int) -> list[Layer]:
    """Return what is left of what came, the oldest having gone first; `gone` in fen, not more than what came."""
    left = []
    for each in sorted(came, key=lambda layer: layer.day):
        taken = min(gone, each.fen)
        gone -= taken
        if each.fen > taken:
            left.append(Layer(each.day, each.fen - taken))
    return left


def stays(came: Iterable[Layer], went: Iterable[Layer]) -> Iterator[Stay]:
    """Pair what went with what came, first in first out: how long each part stayed.

    What went on an earlier day than it came (posted late) counts as gone on the day it came.
    """
    waiting = sorted(came, key=lambda layer: layer.day)
    place, used = 0, 0
    for out in sorted(went, key=lambda layer: layer.day):
        left = out.fen
        while left and place < len(waiting):
            first = waiting[place]
            part = min(left, first.fen - used)
            yield Stay(first.day, max(out.day, first.day), part)
            left -= part
            used += part
            if used == first.fen:
                place, used = place + 1, 0


def average(found: Iterable[Stay], days: Callable[[date, date], int]) -> Fraction | None:
    """Return the days that a fen stayed on the average, None where nothing went. `days(came, went)` counts them."""
    fen, weighted = 0, 0
    for each in found:
        fen += each.fen
        weighted += each.fen * days(each.came, each.went)
    return Fraction(weighted, fen) if fen else None
