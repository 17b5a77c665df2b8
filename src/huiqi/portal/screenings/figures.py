"""A run's figures as rows of the database, county by county, made from each county's totals.json."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import CountyResult, FactGap, MeasureResult, Screening, SliceResult
from huiqi.portal.screenings.store import Difference
from huiqi.rules.verdicts import ELIGIBLE, INELIGIBLE, LIKELY, UNDETERMINED
from huiqi.screening.report.figures import LISTED

_WHY = "the figures of a run that is being finished"
_AT_ONCE = 1_000


def write_figures(
    run: Screening,
    folder: RunFolder,
    differences: dict[str, Difference],
    firms: dict[str, tuple[int, int]],
) -> None:
    """Write the rows of a run in place of those an earlier attempt wrote; the caller holds a transaction.

    `differences` are by measure; `firms` gives the firms new and gone since the run before, by county.
    """
    CountyResult.objects.for_site(_WHY).filter(run=run).delete()
    for path in sorted(folder.counties.iterdir()):
        figures = json.loads((path / "totals.json").read_text("utf-8"))
        new, gone = firms.get(path.name, (0, 0))
        county = CountyResult(run=run, county=path.name, new_firms=new, gone_firms=gone, **_county(figures))
        county.save()
        for model, rows in (
            (MeasureResult, _measures(county, figures, differences)),
            (SliceResult, _slices(county, figures)),
            (FactGap, _gaps(county, figures)),
        ):
            model.objects.for_site(_WHY).bulk_create(list(rows), batch_size=_AT_ONCE)


def _county(figures: dict[str, Any]) -> dict[str, Any]:
    missed = figures.get("missed")
    return {
        "firms": figures["subjects"]["all"],
        "owed_firms": figures["owed_subjects"],
        "certain_fen": figures["total_certain_fen"],
        "deferred_fen": figures["total_deferred_fen"],
        "likely_fen": figures["total_likely_fen"],
        "groups": {
            each["group"]: {"rows": each["rows"], "firms": each["subjects"], "fen": each["amount_fen"]}
            for each in figures["push_list"]
        },
        "missed_rows": missed["rows"] if missed else None,
        "missed_fen": missed["missed_fen"] if missed else None,
    }


def _measures(
    county: CountyResult, figures: dict[str, Any], differences: dict[str, Difference]
) -> Iterator[MeasureResult]:
    """Yield a row for each measure that is in force for somebody there, or was."""
    for each in figures["measures"]:
        difference = differences.get(each["id"], Difference())
        begun, ended = (made.get(county.county, 0) for made in (difference.begun, difference.ended))
        verdicts = each["verdicts"]
        if any(verdicts[verdict] for verdict in LISTED) or begun or ended:
            yield MeasureResult(
                county=county,
                measure=each["id"],
                eligible=verdicts[ELIGIBLE],
                likely=verdicts[LIKELY],
                undetermined=verdicts[UNDETERMINED],
                ineligible=verdicts[INELIGIBLE],
                certain_fen=each["certain_fen"],
                likely_fen=each["likely_fen"],
                unknown_amounts=each["unknown_amounts"],
                begun=begun,
                ended=ended,
            )


def _slices(county: CountyResult, figures: dict[str, Any]) -> Iterator[SliceResult]:
    for by, rows in (("size", figures["sizes"]), ("section", figures["sections"])):
        for each in rows:
            yield SliceResult(
                county=county,
                by=by,
                key=each["code"] or "",
                firms=each["subjects"],
                eligible=each["verdicts"][ELIGIBLE],
                certain_fen=each["certain_fen"],
                deferred_fen=each["deferred_fen"],
            )


def _gaps(county: CountyResult, figures: dict[str, Any]) -> Iterator[FactGap]:
    for each in figures["missing"]:
        yield FactGap(
            county=county,
            fact=each["fact"],
            openings=each["openings"],
            firms=each["subjects"],
            alone=each["settles_alone"],
            measures={of["id"]: of["subjects"] for of in each["measures"]},
        )
