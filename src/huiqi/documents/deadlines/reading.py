"""Reads every deadline, span and rhythm of a text, each place once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from huiqi.documents.deadlines.counted import counted_from_events, counted_from_issue, in_force_for
from huiqi.documents.deadlines.dated import dated
from huiqi.documents.deadlines.model import Deadline
from huiqi.documents.deadlines.places import Spans, fields, names
from huiqi.documents.deadlines.rhythms import rhythms
from huiqi.documents.deadlines.standing import standing_limits
from huiqi.reference.numerals import fold
from huiqi.reference.working_days import Calendar, published


def read_deadlines(
    text: str, issued: date | None = None, year: int | None = None, calendar: Calendar | None = None
) -> tuple[Deadline, ...]:
    """Return the deadlines, spans in force and rhythms of a text in their order, without overlaps.

    `issued` is the document's date: it gives the year of dates printed without one, the first day of what is
    counted from issue, and what lies before it. `year` gives the year where the date is not known. Working
    days are counted on `calendar`, the published one by default.

    A date that only names a fact (截至2021年底的余额, 较2021年, a document's own date or number, 2021年以来)
    is none; neither is 每月 in an amount (每人每月1000元).
    """
    folded = fold(text)
    places = fields(folded)
    held, task = names(folded), Spans(places)
    from_issue = list(counted_from_issue(folded, issued, calendar or published()))
    printed = list(dated(folded, held, task, issued, year))
    opened = sorted(
        (each for each in (*from_issue, *printed) if each.kind == "since"), key=lambda each: each.start
    )
    groups: tuple[Iterable[Deadline], ...] = (
        standing_limits(folded, places, issued, year),
        from_issue,
        in_force_for(folded, opened),
        rhythms(folded),
        printed,
        counted_from_events(folded),
    )
    kept = _without_overlaps(groups, held)
    return tuple(
        replace(
            each, printed=text[each.start : each.end], field=each.field or task.cover(each.start, each.end)
        )
        for each in kept
    )


def _without_overlaps(groups: tuple[Iterable[Deadline], ...], held: Spans) -> list[Deadline]:
    """One reading for each place: an earlier group before a later one, then the longest."""
    ranked = [
        (rank, each)
        for rank, group in enumerate(groups)
        for each in group
        if not held.cover(each.start, each.end)
    ]
    ranked.sort(key=lambda pair: (pair[1].start, pair[0], -pair[1].end))
    kept: list[tuple[int, Deadline]] = []
    for rank, each in ranked:
        if kept and each.start < kept[-1][1].end:
            if _stronger(rank, each, *kept[-1]):
                kept[-1] = (rank, each)
            continue
        kept.append((rank, each))
    return [each for _, each in kept]


def _stronger(rank: int, each: Deadline, other_rank: int, other: Deadline) -> bool:
    return (rank, -(each.end - each.start)) < (other_rank, -(other.end - other.start))
