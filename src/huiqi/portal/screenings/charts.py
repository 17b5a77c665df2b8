"""The report's charts of a run's figures, drawn once and kept in the run's folder: drawing takes a second, reading none."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import astuple
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.catalogue.words import in_chinese, title_of
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import CountyResult, Screening
from huiqi.portal.screenings.queries import Figures
from huiqi.reference.regions import UnknownRegion, region
from huiqi.screening.assess import COUNTED
from huiqi.screening.report.charts import Bar, Stack, Tile, bars, short_yuan, stacks, tiles
from huiqi.screening.report.figures import LISTED
from huiqi.screening.report.markup import Html

MOST_BARS = 12
_VERSION = 1
"""Counts changes of how charts look: what was drawn before is drawn anew."""


class Charts:
    """The charts of one run for one set of counties, in the language of the visit."""

    def __init__(self, run: int, figures: Figures, library: PolicyLibrary) -> None:
        self.folder = RunFolder(run)
        self.figures = figures
        self.library = library

    def costs(self) -> SafeString:
        """Return what each county is owed, as tiles; nothing for a single county."""
        if len(self.figures.counties) < 2:
            return mark_safe("")
        rows = [
            Tile(
                name_of(each.county),
                each.certain_fen,
                (money(each.certain_fen), _("%(count)s户") % {"count": f"{each.owed_firms:,}"}),
            )
            for each in self.figures.counties
        ]
        title = _("各县市确定应享的金额")
        return self._drawn(
            tiles, "counties", title, self._highest([(each.label, each.value) for each in rows]), rows
        )

    def measures(self) -> SafeString:
        """Return the measures that cost most, as bars."""
        found = sorted(
            (
                (self._title(measure), sums["certain_fen"])
                for measure, sums in self.figures.measures.items()
                if sums["certain_fen"] and self._counts(measure)
            ),
            key=lambda each: (-each[1], each[0]),
        )
        if not found:
            return mark_safe("")
        rows = [Bar(title, fen, money(fen)) for title, fen in found[:MOST_BARS]]
        return self._drawn(bars, "costs", _("金额最大的政策措施"), self._highest(found), rows)

    def verdicts(self) -> SafeString:
        """Return how the measures that most firms are in play for were judged, as stacked bars."""
        found = sorted(
            self.figures.measures.items(),
            key=lambda each: (-sum(each[1][verdict] for verdict in LISTED[:3]), each[0]),
        )[:MOST_BARS]
        if not found:
            return mark_safe("")
        rows = [
            Stack(
                self._title(measure),
                tuple((verdict, sums[verdict]) for verdict in LISTED),
                _("符合%(count)s户") % {"count": f"{sums['eligible']:,}"},
            )
            for measure, sums in found
        ]
        about = _("每条为一项措施，按户数分为符合、可能符合、尚不确定、不符合。")
        return self._drawn(stacks, "verdicts", _("各项措施判定结果所占比例"), about, rows)

    def all(self) -> dict[str, SafeString]:
        """Return all of them by name."""
        return {"costs": self.costs(), "measures": self.measures(), "verdicts": self.verdicts()}

    def _highest(self, rows: Sequence[tuple[str, int]]) -> str:
        label, fen = max(rows, key=lambda each: each[1])
        return _("最高的是%(name)s，%(money)s。") % {"name": label, "money": money(fen)}

    def _title(self, measure: str) -> str:
        variants = self.library.by_id.get(measure)
        return title_of(variants[0]) if variants else measure

    def _counts(self, measure: str) -> bool:
        variants = self.library.by_id.get(measure)
        return bool(variants) and variants[0].amount_is in COUNTED  # type: ignore[index]

    def _drawn(
        self, draw: Callable[..., Html], name: str, title: str, about: str, rows: Sequence[Any]
    ) -> SafeString:
        said = [_VERSION, name, title, about, [astuple(each) for each in rows]]
        digest = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
        path = self.folder.charts / f"{digest}.html"
        try:
            # What the report's own code drew, from escaped texts.
            return mark_safe(path.read_text("utf-8"))
        except FileNotFoundError:
            made = draw(name, title, about, rows)
        if self.folder.path.is_dir():
            self.folder.charts.mkdir(exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_text(made, "utf-8")
            part.replace(path)
        return mark_safe(made)


def draw_whole(run: Screening, library: PolicyLibrary) -> None:
    """Draw the charts of the whole run in Chinese beforehand."""
    rows = CountyResult.objects.for_site("charts of the whole run, kept in its folder")
    with override("zh-hans"):
        Charts(run.pk, Figures(list(rows.filter(run=run).order_by("county"))), library).all()


def money(fen: int) -> str:
    """Return an amount for a chart in the language of the visit, rounded half up."""
    if in_chinese():
        return short_yuan(fen)
    return f"¥{(abs(fen) + 50) // 100 * (-1 if fen < 0 else 1):,}"


def name_of(county: str) -> str:
    """Return the name of a county."""
    try:
        return region(county).name
    except UnknownRegion:
        return county
