"""What a run adds up to in each county, kept beside the run: a county's office sees its own figures and no others."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq

from huiqi.screening.cell_sums import CellSums
from huiqi.screening.totals import Totals


class Tallies:
    """Adds up parts by county; `county_of` gives the county of each part by its number."""

    def __init__(self, county_of: list[str]) -> None:
        self._county_of = county_of
        self.totals: dict[str, Totals] = {county: Totals() for county in dict.fromkeys(county_of)}

    def add(self, part: int, totals: Totals) -> None:
        """Add a part."""
        self.totals[self._county_of[part]].add(totals)

    def keep(self, folder: Path) -> None:
        """Write the totals of every county into a folder."""
        folder.mkdir(exist_ok=True)
        for county, totals in self.totals.items():
            pq.write_table(totals.cells.as_table(), folder / f"{county}.cells")
            (folder / f"{county}.json").write_text(json.dumps(totals.as_state()), "utf-8")


def kept_totals(folder: Path) -> dict[str, Totals]:
    """Return the totals by county of a folder."""
    return {
        path.stem: Totals.of_state(
            json.loads(path.read_text("utf-8")), CellSums.of_table(pq.read_table(path.with_suffix(".cells")))
        )
        for path in sorted(folder.glob("*.json"))
    }


def whole(totals: dict[str, Totals]) -> Totals:
    """Return the totals of all counties."""
    made = Totals()
    for each in totals.values():
        made.add(each)
    return made
