"""Which lines somebody must look at before a run is fixed: a random sample, and what stands out."""

from __future__ import annotations

import random

from django.db.models import F

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.delivery.models import Line, Run

_AT_ONCE = 20_000


def mark(run: Run, digest: str) -> dict[str, int]:
    """Mark what stands out and draw the sample by the run's own rules; return how many of each.

    The sample is drawn by the digest of the lines: nobody chooses it, and anyone can draw it again.
    """
    review = run.rules["review"]
    rows = Line.objects.for_site("a run's own lines").filter(run=run)
    lines, most = rows.count(), int(review["most_marked"])
    top = max(1, lines * int(review["top_per_mille"]) // 1000) if lines else 0
    times = int(review["times_of_last"])
    chosen = {
        "top": _first(rows, min(top, most)),
        "jump": _first(rows.filter(before__isnull=False, amount__gt=F("before") * times), most),
        "new": _first(rows.filter(change="begun"), int(review["new_largest"])),
        "differs": _first(rows.filter(marks="differs"), most),
    }
    marks: dict[int, list[str]] = {}
    for name, numbers in chosen.items():
        for number in numbers:
            marks.setdefault(number, []).append(name)
    for number, names in marks.items():
        rows.filter(pk=number).update(marks=",".join(names))
    size = min(int(review["sample"]), lines)
    places = frozenset(random.Random(f"{run.pk}:{digest}").sample(range(lines), size))
    numbers = rows.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=_AT_ONCE)
    sampled = [number for place, number in enumerate(numbers) if place in places]
    rows.filter(pk__in=sampled).update(sampled=True)
    return {**{name: len(numbers) for name, numbers in chosen.items()}, "sampled": len(sampled)}


def to_look_at(run: Run) -> ScopedQuerySet:
    """Return the lines that somebody must look at and nobody has."""
    rows = Line.objects.for_site("a run's own lines").filter(run=run, looked_by="", state="drawn")
    return rows.filter(sampled=True) | rows.exclude(marks="")


def _first(rows: ScopedQuerySet, most: int) -> list[int]:
    return list(rows.order_by("-amount", "pk").values_list("pk", flat=True)[:most])
