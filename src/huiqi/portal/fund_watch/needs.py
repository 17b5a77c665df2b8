"""What is still to be paid out of a programme, said by other domains.

    needs_from("delivery", source, of="entitled")

`source(programme, year, day)` returns fen by region: what those entitled there are still to be paid out of the programme
(`entitled`), or what was ordered to be paid and waits for money (`ordered`). Of `entitled`, the source registered last counts
alone: delivery knows better than a screening. `ordered` is added up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal

from huiqi.portal.funds.models import Programme

NeedsSource = Callable[[Programme, int, date], Mapping[str, int]]
Of = Literal["entitled", "ordered"]
_SOURCES: dict[Of, dict[str, NeedsSource]] = {"entitled": {}, "ordered": {}}


def needs_from(domain: str, source: NeedsSource, *, of: Of = "entitled") -> None:
    """Register who knows what is still to be paid."""
    _SOURCES[of].pop(domain, None)
    _SOURCES[of][domain] = source


def entitled(programme: Programme, year: int, day: date) -> tuple[str, Mapping[str, int]]:
    """Return who says it ("" for nobody), and what those entitled are still to be paid, by region."""
    if not _SOURCES["entitled"]:
        return "", {}
    domain, source = list(_SOURCES["entitled"].items())[-1]
    return domain, source(programme, year, day)


def ordered(programme: Programme, year: int, day: date) -> Mapping[str, int]:
    """Return what was ordered to be paid and waits for money, by region."""
    total: dict[str, int] = {}
    for source in _SOURCES["ordered"].values():
        for region, fen in source(programme, year, day).items():
            total[region] = total.get(region, 0) + fen
    return total
