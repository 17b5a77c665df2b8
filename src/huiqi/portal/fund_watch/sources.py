"""What is still to be paid, as screening and payments know it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db.models import Count, F, Sum

from huiqi.portal.fund_watch.figures import Reach, figures_from
from huiqi.portal.fund_watch.needs import needs_from
from huiqi.portal.funds.models import Programme
from huiqi.portal.payments.models import Payment, PaymentBatch
from huiqi.portal.screenings.models import MeasureResult
from huiqi.reference.regions import UnknownRegion, is_within


def owed_by_screening(programme: Programme, year: int, _day: date) -> Mapping[tuple[str, str], int]:
    """Return what the newest screening found certain, by county and measure of the programme, less what was paid in the year."""
    rows = MeasureResult.objects.for_site("what the programme is still to pay").filter(
        measure__in=programme.measures, county__latest=True
    )
    owed: dict[tuple[str, str], int] = defaultdict(int)
    for county, measure, fen in rows.values_list("county__county", "measure", "certain_fen"):
        if _within(county, programme.region):
            owed[county, measure] += fen
    paid = Payment.objects.for_site("what was paid of it").filter(
        batch__programme=programme, batch__year=year, state__in=["paid", "recovered"]
    )
    sums = paid.order_by().values("batch__region", "measure").annotate(fen=Sum(F("amount") - F("recovered")))
    for each in sums:
        key = each["batch__region"], each["measure"]
        owed[key] = max(owed.get(key, 0) - each["fen"], 0)
    return owed


def screened(programme: Programme, year: int, day: date) -> Mapping[str, int]:
    """Return what the newest screening found certain and is not paid yet, by county."""
    total: dict[str, int] = defaultdict(int)
    for (county, _measure), fen in owed_by_screening(programme, year, day).items():
        total[county] += fen
    return {county: fen for county, fen in total.items() if fen}


def drafted(programme: Programme, year: int, _day: date) -> Mapping[str, int]:
    """Return what payment batches wait to hold, by who pays."""
    rows = PaymentBatch.objects.for_site("batches that wait for money").filter(
        programme=programme, year=year, state__in=["drawing", "drafted", "holding"]
    )
    sums = rows.order_by().values("region").annotate(fen=Sum(F("control_total") - F("held_total")))
    return {each["region"]: each["fen"] for each in sums if each["fen"]}


def _within(county: str, area: str) -> bool:
    try:
        return is_within(county, area) is True
    except UnknownRegion:
        return False


needs_from("screenings", screened)
needs_from("payments", drafted, of="ordered")


def reached(programme: Programme, year: int, area: str) -> Reach | None:
    """Return how many entitlements the newest screening found certain, and how many firms were paid by measure."""
    rows = MeasureResult.objects.for_site("how many were to receive out of the programme").filter(
        measure__in=programme.measures, county__latest=True, county__county__startswith=area
    )
    entitled = sum(
        eligible
        for county, eligible in rows.values_list("county__county", "eligible")
        if _within(county, programme.region)
    )
    if not entitled:
        return None
    paid = Payment.objects.for_site("how many of them did").filter(
        batch__programme=programme,
        batch__year=year,
        batch__region__startswith=area,
        state="paid",
        firm__isnull=False,
    )
    firms = paid.order_by().values("measure").annotate(count=Count("firm", distinct=True))
    return Reach(entitled, sum(each["count"] for each in firms))


figures_from("screenings", reached)
