"""Who is entitled by a screening: firms and amounts of one measure in a region, in the order of the register's numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from huiqi.portal.accounts.models import prefix
from huiqi.portal.delivery.models import Run
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import Screening
from huiqi.reference.regions import is_within
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.verdicts import ELIGIBLE

_COLUMNS = ("pk", "county", "verdict", "variant", "amount_fen", "counted_fen")


@dataclass(frozen=True, slots=True)
class Row:
    """A firm that is entitled: fen, None where not known; `alone` where no other measure takes anything from it."""

    pk: int
    county: str
    variant: str
    amount: int | None
    alone: bool


@dataclass(frozen=True, slots=True)
class Screened:
    """The entitled of one measure in a region. Has a length and gives stretches of rows."""

    pk: NDArray[np.int64]
    county: pa.ChunkedArray
    variant: pa.ChunkedArray
    amount: pa.ChunkedArray
    counted: pa.ChunkedArray

    def __len__(self) -> int:
        return len(self.pk)

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """Yield the rows from `start` up to but without `stop`."""
        size = max(0, min(stop, len(self)) - start)
        columns = (
            each.slice(start, size).to_pylist()
            for each in (self.county, self.variant, self.amount, self.counted)
        )
        for pk, county, variant, amount, counted in zip(
            self.pk[start : start + size].tolist(), *columns, strict=True
        ):
            yield Row(pk, county, variant, amount, amount is not None and counted == amount)


def newest_screening(measure: str, region: str) -> Screening | None:
    """Return the newest finished screening that takes in the region and the measure, and whose files are there."""
    rows = Screening.objects.for_site("a run rests on the newest screening of its region")
    for each in rows.filter(state="finished").order_by("-as_of", "-ended_at", "-pk")[:200]:
        if covers(each, measure, region):
            return each
    return None


def covers(screening: Screening, measure: str, region: str) -> bool:
    """Whether a screening tells who is entitled to a measure in a region."""
    if screening.state != "finished" or (screening.measures and measure not in screening.measures):
        return False
    inside = screening.region == region or is_within(region, screening.region)
    return inside and RunFolder(screening.pk).firms.is_file()


def screened(run: Run) -> Screened:
    """Return who is entitled in the run's region by the run's screening; nobody where it has none in play."""
    assert run.screening_id is not None  # a run is drawn from one
    path = RunFolder(run.screening_id).measures / f"{run.measure}.parquet"
    written = path.stat().st_mtime_ns if path.is_file() else 0
    return _read(path, written, prefix(run.region))


@lru_cache(maxsize=2)
def _read(path: Path, written: int, within: str) -> Screened:
    if not written:
        empty = pa.chunked_array([], pa.string())
        return Screened(np.zeros(0, np.int64), empty, empty, empty, empty)
    table = pq.read_table(path, columns=list(_COLUMNS))
    here = pc.starts_with(table.column("county").cast(pa.string()), within)
    eligible = pc.equal(table.column("verdict"), ORDER.index(ELIGIBLE))
    kept = table.filter(pc.and_(here, eligible)).sort_by("pk").combine_chunks()
    return Screened(
        kept.column("pk").to_numpy(),
        *(kept.column(name) for name in ("county", "variant", "amount_fen", "counted_fen")),
    )
