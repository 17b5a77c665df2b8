"""The figures a synthetic population is drawn from, each with its source or marked as assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from huiqi.screening.population.draws import MILLION

MARGINS = Path(__file__).with_name("margins.yaml")


@dataclass(frozen=True, slots=True)
class Margin:
    """One group of figures of one provenance: published (`source`, `table`, `year`) or assumed (`why`)."""

    name: str
    value: Any
    source: str
    table: str
    year: int | None
    assumed: bool
    why: str

    @property
    def provenance(self) -> dict[str, object]:
        """What a report says of it."""
        if self.assumed:
            return {"name": self.name, "assumed": True, "why": self.why}
        return {"name": self.name, "source": self.source, "table": self.table, "year": self.year}


@cache
def margins() -> Mapping[str, Margin]:
    """Return all margins by name."""
    raw = yaml.load(MARGINS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        name: Margin(
            name,
            entry["value"],
            str(entry.get("source", "")),
            str(entry.get("table", "")),
            entry.get("year"),
            entry.get("assumed") is True,
            str(entry.get("why", "")),
        )
        for name, entry in raw.items()
    }


def value(name: str) -> Any:
    """Return the figures of a margin."""
    return margins()[name].value


def millionths(share: object) -> int:
    """Return a share such as 0.4% as millionths."""
    text = str(share).strip()
    return int(Fraction(text.removesuffix("%")) * MILLION / 100)
