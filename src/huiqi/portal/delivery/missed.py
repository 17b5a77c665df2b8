"""Who should have received and did not: entitled by the newest screening, without a line of that measure that was paid.

A screening finds who is entitled on its day: paid is a line of the measure that is for the year of that day, or for no year.
Only results of counties that the caller was given by `visible_to` are read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db.models import Q
from numpy.typing import NDArray

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.delivery.models import LeftOut, Line
from huiqi.portal.delivery.queries import LINES
from huiqi.portal.firms.models import Firm
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import CountyResult
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.verdicts import ELIGIBLE

REACHED = ("paid", "granted")
_UNKNOWN = -1


def newest_results(actor: Actor, within: str = "") -> list[CountyResult]:
    """Return the newest screening's result of each county that the actor sees, whose code begins with `within`."""
    rows = CountyResult.objects.visible_to(actor, LINES).filter(latest=True, county__startswith=within)
    return list(rows.select_related("run").order_by("county"))


def year_of(results: Sequence[CountyResult]) -> int | None:
    """Return the year for which the newest results say who is entitled; None without any."""
    return max((each.run.as_of.year for each in results), default=None)


def for_year(year: int | None) -> Q:
    """Return what holds of lines that answer an entitlement of a year."""
    return Q(period="") | Q(period__startswith=str(year)) if year is not None else Q()


@dataclass(frozen=True, slots=True)
class MissedFirm:
    """A firm that should have received and did not: what the screening says (fen, None where not known), and why not.

    `line` is its newest line of the measure, `left_out` why the newest run had none; both None where no run looked at it.
    """

    firm: Firm
    amount: int | None
    line: Line | None
    left_out: LeftOut | None


class Missed:
    """The firms of one measure that should have received and did not, in the order of the register's numbers."""

    def __init__(self, results: Sequence[CountyResult], measure: str, reached: Collection[int]) -> None:
        """Take the results whose files are read, and the firms that have a paid line."""
        self._measure = measure
        self._counties = [each.county for each in results]
        of_run: dict[int, list[int]] = {}
        for each in results:
            of_run.setdefault(each.run_id, []).append(int(each.county))
        parts = [
            _eligible(path, path.stat().st_mtime_ns, tuple(counties))
            for run, counties in sorted(of_run.items())
            if (path := RunFolder(run).measures / f"{measure}.parquet").is_file()
        ]
        firms = np.concatenate([np.zeros(0, np.int64), *(each[0] for each in parts)])
        amounts = np.concatenate([np.zeros(0, np.int64), *(each[1] for each in parts)])
        left = ~np.isin(firms, np.fromiter(reached, np.int64, len(reached)))
        order = np.argsort(firms[left], kind="stable")
        self._firms, self._amounts = firms[left][order], amounts[left][order]
        self.entitled = len(firms)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._firms)

    def count(self) -> int:
        """How many there are."""
        return len(self)

    @property
    def fen(self) -> int:
        """What they are owed, as far as it is known."""
        return sum(int(each) for each in self._amounts if each != _UNKNOWN)

    def __getitem__(self, wanted: slice) -> list[MissedFirm]:
        """Return some of them: three questions to the database, however many."""
        numbers = [int(each) for each in self._firms[wanted]]
        firms = {each.pk: each for each in _of("firms that are seen", Firm).filter(pk__in=numbers)}
        lines: Mapping[int, Line] = _newest(
            _of("lines of firms that are seen", Line).filter(county__in=self._counties),
            numbers,
            self._measure,
        )
        left: Mapping[int, LeftOut] = _newest(
            _of("why firms that are seen have no line", LeftOut).filter(county__in=self._counties),
            numbers,
            self._measure,
        )
        return [
            MissedFirm(
                firms[number],
                int(amount) if amount != _UNKNOWN else None,
                lines.get(number),
                left.get(number),
            )
            for number, amount in zip(numbers, self._amounts[wanted], strict=True)
            if number in firms
        ]


def missed_of(
    actor: Actor, results: Sequence[CountyResult], measures: Sequence[str], within: str = ""
) -> dict[str, Missed]:
    """Return who should have received each of some measures and did not; one question to the database for all."""
    rows = Line.objects.visible_to(actor, LINES).filter(run__measure__in=measures, state__in=REACHED)
    rows = rows.filter(for_year(year_of(results)), county__startswith=within)
    reached: dict[str, set[int]] = {each: set() for each in measures}
    for measure, firm in rows.order_by().values_list("run__measure", "firm_id").iterator(10_000):
        reached[measure].add(firm)
    return {each: Missed(results, each, reached[each]) for each in measures}


def _of(reason: str, model: type[Firm] | type[Line] | type[LeftOut]) -> ScopedQuerySet:
    return model.objects.for_site(reason)


def _newest(rows: ScopedQuerySet, firms: Sequence[int], measure: str) -> dict[int, Any]:
    found = rows.filter(firm__in=firms, run__measure=measure).exclude(run__state="cancelled")
    return {each.firm_id: each for each in found.select_related("run").order_by("run_id", "pk")}


@lru_cache(maxsize=8)
def _eligible(
    path: Path, _written: int, counties: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of firms of some counties that are entitled, and what they are owed (-1: not known)."""
    table = pq.read_table(path, columns=["pk", "county", "verdict", "amount_fen"])
    there = pa.array([str(each) for each in counties])
    here = pc.is_in(table.column("county").cast(pa.string()), value_set=there)
    kept = table.filter(pc.and_(here, pc.equal(table.column("verdict"), ORDER.index(ELIGIBLE))))
    amounts = kept.column("amount_fen").cast(pa.int64()).fill_null(_UNKNOWN)
    return kept.column("pk").to_numpy().astype(np.int64), amounts.to_numpy()
