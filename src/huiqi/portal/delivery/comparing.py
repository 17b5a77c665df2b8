"""A run compared with the one before it: who is new, who has more or less, who no longer has any."""

from __future__ import annotations

from collections.abc import Iterable

from huiqi.portal.delivery.models import HOLDING, LeftOut, Line, Run

_AT_ONCE = 2_000


def run_before(run: Run) -> Run | None:
    """Return the newest run of the measure, region and way that was paid or is under way to it."""
    rows = Run.objects.for_site("a run is compared with the one before it").exclude(pk=run.pk)
    same = rows.filter(measure=run.measure, region=run.region, way=run.way)
    live: Run | None = (
        same.exclude(state__in=["drawing", "drawn", "checking", "cancelling", "cancelled"])
        .order_by("-pk")
        .first()
    )
    return live


class Earlier:
    """What some firms had in the run before, by firm and record; empty where there is no run before."""

    def __init__(self, before: Run | None, firms: Iterable[int]) -> None:
        self.is_there = before is not None
        self._had: dict[tuple[int, str], int] = {}
        if before is not None:
            rows = Line.objects.for_site("the run before").filter(run=before, state__in=HOLDING)
            for firm, record, amount in rows.filter(firm_id__in=list(firms)).values_list(
                "firm_id", "record", "amount"
            ):
                self._had[firm, record] = amount

    def of(self, firm: int, record: str, amount: int) -> tuple[int | None, str]:
        """Return what was had before (fen), and how the amount now compares with it."""
        if not self.is_there:
            return None, ""
        had = self._had.get((firm, record))
        if had is None:
            return None, "begun"
        return had, "same" if had == amount else "more" if amount > had else "less"


def leave_out_ended(run: Run) -> int:
    """Note who had something in the run before and has no line in this one; return how many."""
    if run.before is None:
        return 0
    lines = Line.objects.for_site("who has a line in this run").filter(run=run).values("firm_id")
    had = Line.objects.for_site("the run before").filter(run=run.before, state__in=HOLDING)
    known = LeftOut.objects.for_site("who was left out already").filter(run=run).values("firm_id")
    gone = had.exclude(firm_id__in=lines).exclude(firm_id__in=known).order_by("firm_id")
    sums: dict[int, tuple[str, int]] = {}
    for firm, county, amount in gone.values_list("firm_id", "county", "amount").iterator(_AT_ONCE):
        sums[firm] = (county, sums.get(firm, (county, 0))[1] + amount)
    LeftOut.objects.bulk_create(
        (
            LeftOut(run=run, firm_id=firm, county=county, amount=amount, why="ended")
            for firm, (county, amount) in sums.items()
        ),
        batch_size=_AT_ONCE,
    )
    return len(sums)
