"""What other domains know of how a programme performs.

    figures_from("delivery", source)

`source(programme, year, area)` returns `Reach` for the firms of an area (a prefix-free region code): how many were to receive
out of the programme, and how many of them did. The source registered last counts alone: delivery knows better than a screening.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from huiqi.portal.funds.models import Programme


@dataclass(frozen=True, slots=True)
class Reach:
    """How many were to receive, how many of them did; the page that lists who did not, if there is one."""

    entitled: int
    reached: int
    address: str = ""

    @property
    def missed(self) -> int:
        """How many did not receive."""
        return max(self.entitled - self.reached, 0)


FiguresSource = Callable[[Programme, int, str], Reach | None]
_SOURCES: dict[str, FiguresSource] = {}


def figures_from(domain: str, source: FiguresSource) -> None:
    """Register who knows how many were to receive and did."""
    _SOURCES.pop(domain, None)
    _SOURCES[domain] = source


def reach_of(programme: Programme, year: int, area: str) -> tuple[str, Reach | None]:
    """Return who says it ("" for nobody), and what."""
    for domain, source in reversed(_SOURCES.items()):
        if (found := source(programme, year, area)) is not None:
            return domain, found
    return "", None
