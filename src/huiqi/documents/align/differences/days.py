"""Days and rhythms that differ, compared as values: 2022年底 and 2022年12月31日 are one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from huiqi.documents.align.differences.statements import MOST_PAIRS, Statements, dice
from huiqi.documents.align.model import Change, Difference, Kind, Passage
from huiqi.documents.align.views import ClauseView
from huiqi.documents.deadlines import Deadline
from huiqi.reference.dates import find_dates

_FREQUENT = ("real-time", "daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "long-term")
_SAID = {
    "real-time": r"实时|及时|随时|即时|动态|real.?time",
    "daily": r"日|天|dai|day",
    "weekly": r"周|week",
    "monthly": r"月|month",
    "quarterly": r"季|quarter",
    "half-yearly": r"半年|half",
    "yearly": r"年|annual|year",
    "long-term": r"长期|持续|坚持|不断|long.?term",
    "other": r"",
}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_PAIRED = 30
_ANSWERING = 25
_PROMISES = frozenset({"benefit", "status"})


@dataclass(frozen=True, slots=True)
class _Day:
    view: ClauseView
    deadline: Deadline


def day_differences(said: Statements) -> list[Difference]:
    """Days and rhythms of one side that the other does not print."""
    above, below, sharers = _days([said.above]), _days(said.below), _days(said.sharers)
    left = [each for each in above if not _has(each, below) and not _printed(each, said.lower_text)]
    more = [each for each in below if not _has(each, sharers) and not _printed(each, said.upper_text)]
    found = []
    for one, other in _paired(said, left, more):
        left.remove(one)
        more.remove(other)
        found.append(_difference(said, one, other))
    # A year that is named in passing is a period, no day that was set.
    found += [_difference(said, each, None) for each in left if each.deadline.kind != "within"]
    found += [_difference(said, None, each) for each in more if each.deadline.kind != "within"]
    return found


def _days(views: Iterable[ClauseView]) -> list[_Day]:
    return [
        _Day(view, each)
        for view in views
        for each in (*view.clause.deadlines, *_cut_offs(view))
        if each.date is not None or each.begins is not None or each.rhythm is not None
    ]


def _cut_offs(view: ClauseView) -> Iterator[Deadline]:
    """Days before which something must have been so (2021年底前足额缴费): no deadline, but a term of a promise."""
    text = view.clause.clause.text
    read = [(each.start, each.end) for each in view.clause.deadlines]
    for found in find_dates(text):
        start, end = found.span
        if (
            found.end is None
            or not found.printed.endswith("前")
            or any(a < end and start < b for a, b in read)
        ):
            continue
        yield Deadline(found.printed, start, end, "by", found.end)


def _has(one: _Day, others: Sequence[_Day]) -> bool:
    return any(_same(one.deadline, each.deadline) for each in others)


def _same(one: Deadline, other: Deadline) -> bool:
    if one.rhythm is not None or other.rhythm is not None:
        days = one.rhythm_day is None or other.rhythm_day is None or one.rhythm_day == other.rhythm_day
        return one.rhythm == other.rhythm and days
    if one.date is None or other.date is None:
        return one.begins == other.begins
    # A beginning that only one of them prints is no other day.
    return one.date == other.date and (
        one.begins is None or other.begins is None or one.begins == other.begins
    )


def _printed(one: _Day, text: str) -> bool:
    """Whether the other text says it in words that were not read as a day or rhythm."""
    deadline = one.deadline
    if deadline.rhythm is not None:
        said = re.search(_SAID[deadline.rhythm], text.casefold()) is not None
        return said and (deadline.rhythm_day is None or not _reads_rhythm_day(text))
    day = deadline.date or deadline.begins
    assert day is not None
    year = str(day.year)
    written = rf"{day.year}年0?{day.month}月(?:0?{day.day}日|底|末)"
    if re.search(written, text):
        return True
    folded = text.casefold()
    if (
        day.month == 12
        and day.day == 31
        and re.search(rf"{year}年?(?:年?底|年?末|年内|全年|年度)|年内|年底|endof{year}|in{year}", folded)
    ):
        return True
    return f"{_MONTHS[day.month - 1]}{day.day}" in folded and year in folded


def _reads_rhythm_day(text: str) -> bool:
    return re.search(r"每月\d+日|每周[一二三四五六日]|每季|下班前", text) is not None


def _paired(said: Statements, left: Sequence[_Day], more: Sequence[_Day]) -> list[tuple[_Day, _Day]]:
    if len(left) * len(more) > MOST_PAIRS:
        return []
    scored = []
    for row, one in enumerate(left):
        for column, other in enumerate(more):
            if (one.deadline.rhythm is None) != (other.deadline.rhythm is None):
                continue
            points = _alike(said, one, other)
            if points >= _PAIRED:
                scored.append((points, -row, -column))
    pairs = []
    used: tuple[set[int], set[int]] = (set(), set())
    for _, row, column in sorted(scored, reverse=True):
        if row not in used[0] and column not in used[1]:
            used[0].add(row)
            used[1].add(column)
            pairs.append((left[-row], more[-column]))
    return pairs


def _alike(said: Statements, one: _Day, other: _Day) -> int:
    first, second = one.deadline, other.deadline
    if said.translated:
        return 0
    if first.field and second.field:
        return 100
    points = dice(
        said.around(one.view, first.start, first.end), said.around(other.view, second.start, second.end)
    )
    if said.answered(said.at(one.view, first.start), said.at(other.view, second.start)):
        points += _ANSWERING
    return points


def _difference(said: Statements, one: _Day | None, other: _Day | None) -> Difference:
    day = other or one
    assert day is not None
    rhythm = day.deadline.rhythm is not None
    name = "节奏" if rhythm else "时间"
    if one is not None and other is not None:
        why = f"同一事项的{name}由{_shown(one)}变为{_shown(other)}"
    elif one is not None:
        why = f"下级未写{name}{_shown(one)}"
    else:
        why = f"下级增加{name}{_shown(day)}"
    kind: Kind = "rhythm" if rhythm else "date"
    return Difference(kind, _passage(one), _passage(other), _change(said, one, other), why)


def _shown(day: _Day) -> str:
    deadline = day.deadline
    if deadline.date is None:
        return deadline.printed
    return f"{deadline.printed}（{deadline.date.isoformat()}）"


def _passage(day: _Day | None) -> Passage | None:
    if day is None:
        return None
    return Passage(day.view.path, day.deadline.printed, day.deadline.start, day.deadline.end)


def _change(said: Statements, one: _Day | None, other: _Day | None) -> Change:
    day = other or one
    assert day is not None
    sentence = said.at(day.view, day.deadline.start)
    promise = sentence is not None and sentence.kind in _PROMISES
    if one is None or other is None:
        if promise:
            return "changed"
        return "strengthened" if one is None else "weakened"
    first, second = one.deadline, other.deadline
    if first.rhythm in _FREQUENT and second.rhythm in _FREQUENT:
        slower = _FREQUENT.index(second.rhythm) - _FREQUENT.index(first.rhythm)
        return "weakened" if slower > 0 else "strengthened" if slower < 0 else "changed"
    if first.date is None or second.date is None or first.date == second.date:
        return "changed"
    # What is promised should last long, what is asked should be done soon.
    return "strengthened" if (second.date > first.date) == promise else "weakened"
