"""Charts of funds as the screening's report draws them, drawn once for equal figures and kept in the data folder."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import astuple

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from huiqi.reference.money import format_yuan_grouped
from huiqi.screening.report.charts import Bar, bars, short_yuan

MOST_BARS = 12
_VERSION = 1
_MOST_KEPT = 500


def drawn(name: str, title: str, about: str, rows: Sequence[Bar]) -> SafeString:
    """Return bars as SVG in a width for desks and one for phones; nothing where there are no rows."""
    shown = list(rows)[:MOST_BARS]
    if not shown:
        return mark_safe("")
    said = [_VERSION, name, title, about, [astuple(each) for each in shown]]
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    folder = settings.DATA / "fund-charts"
    path = folder / f"{digest}.html"
    try:
        # What the report's own code drew, from escaped texts.
        return mark_safe(path.read_text("utf-8"))
    except FileNotFoundError:
        made = bars(name, title, about, shown)
    folder.mkdir(parents=True, exist_ok=True)
    kept = sorted(folder.glob("*.html"), key=lambda each: each.stat().st_mtime)
    for old in kept[: max(len(kept) - _MOST_KEPT, 0)]:
        old.unlink(missing_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(made, "utf-8")
    part.replace(path)
    return mark_safe(made)


def money(fen: int) -> str:
    """Return an amount for a chart in the language of the visit."""
    return f"¥{format_yuan_grouped(fen)}" if (get_language() or "").startswith("en") else short_yuan(fen)
