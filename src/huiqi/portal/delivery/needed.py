"""What those entitled are still to be paid out of a programme: by runs where there are any, else by the newest screening.

Where a run covers a county for a measure and the year, its lines say what is owed: those that wait for their payment. What the
screening found there is not added, or it would be counted twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import Sum

from huiqi.portal.accounts.models import prefix
from huiqi.portal.delivery.missed import for_year
from huiqi.portal.delivery.models import THIRD_PARTY, Line, Run
from huiqi.portal.fund_watch.sources import owed_by_screening
from huiqi.portal.funds.models import Programme

_UNFIXED = ("drawing", "cancelling", "cancelled")
_WAITS = ("drawn", "listed", "reopened", "contested", "approved", "paying", "rejected")
"""States of a line whose money is still to come; what the bank sent back is to be paid again."""


def needed(programme: Programme, year: int, day: date) -> Mapping[str, int]:
    """Return fen by county that those entitled there are still to be paid out of the programme."""
    owed = owed_by_screening(programme, year, day)
    runs = Run.objects.for_site("what the programme is still to pay").filter(
        for_year(year), measure__in=programme.measures, as_of__year=year
    )
    runs = runs.exclude(state__in=_UNFIXED).exclude(way=THIRD_PARTY)
    covered = {(measure, prefix(region)) for measure, region in runs.values_list("measure", "region")}
    total: dict[str, int] = defaultdict(int)
    for (place, measure), fen in owed.items():
        if not any(measure == name and place.startswith(within) for name, within in covered):
            total[place] += fen
    within = prefix(programme.region)
    lines = Line.objects.for_site("what the programme is still to pay").filter(
        run__in=runs.order_by().values("pk"), state__in=_WAITS, county__startswith=within
    )
    # What the bank sent back waits for another try until its run ends: then it is free for a later run.
    lines = lines.exclude(run__state="done")
    for each in lines.order_by().values("county").annotate(fen=Sum("amount")):
        total[each["county"]] += each["fen"]
    return {place: fen for place, fen in total.items() if fen}
