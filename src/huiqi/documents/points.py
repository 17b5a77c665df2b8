"""Lists inside one paragraph: 一是…；二是…, 第一，…。第二，…, 1.…；2.…；, each entry citable by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from huiqi.documents.headings import ATTRIBUTION
from huiqi.documents.labels import Level, label_at
from huiqi.documents.numerals import HAN_NUMERALS, han_number, number_to_han

_MARK = re.compile(
    rf"(?P<are>[一二三四五六七八九十]{{1,2}})(?P<verb>是|要)(?![否不])"
    rf"|第(?P<ordinal>[一二三四五六七八九十]{{1,2}})[，、：:,]"
    rf"|[（(]\s?(?P<item>[{HAN_NUMERALS}]{{1,3}})\s?[）)]"
    r"|[（(]\s?(?P<subpoint>\d{1,2})\s?[）)]"
    r"|(?P<point>(?<![\d.．])\d{1,2})(?:[.．](?!\s?\d)|、(?![\d一二三四五六七八九十]))"
    r"|(?P<half>(?<![\d.．（(])\d{1,2})[）)]"
    r"|(?P<circled>[①-⑳])"
)
_STYLES = ("are", "ordinal", "item", "subpoint", "point", "half", "circled")
_LEVELS = {
    "ordinal": Level.ORDINAL,
    "item": Level.ITEM,
    "subpoint": Level.SUBPOINT,
    "point": Level.POINT,
    "half": Level.HALF_BRACKET,
    "circled": Level.CIRCLED,
}
_BEFORE = frozenset('。；;：:！？!?.，,、”"）) \t　\n')
_CITES = re.compile(r"第\s?$|[款条项目]\s?$")
_LONGEST_LIST = 60
_LONGEST_ATTRIBUTION = 320


@dataclass(frozen=True, slots=True)
class Point:
    """An entry of a list: text[start:end], label included; its words begin at `body`."""

    label: str
    printed: str
    start: int
    body: int
    end: int


@dataclass(slots=True)
class _Run:
    style: str
    marks: list[re.Match[str]]


def find_points(text: str) -> tuple[Point, ...]:
    """The entries of the lists in `text`, in printed order; a list has two entries at least, from the first on.

    Their labels are 一是 (also for 一要), 第一, （一）, （1）, 1, 1） and ①.
    """
    open_runs: dict[str, _Run] = {}
    runs: list[_Run] = []
    for found in _MARK.finditer(text):
        style = next(each for each in _STYLES if found[each])
        number = _number(style, found)
        if number is None or not _stands(text, found, style):
            continue
        run = open_runs.get(style)
        if run is not None and number == len(run.marks) + 1 and number <= _LONGEST_LIST:
            run.marks.append(found)
        elif number == 1:
            open_runs[style] = _Run(style, [found])
            runs.append(open_runs[style])
    points = [point for run in runs if len(run.marks) > 1 for point in _points(text, run)]
    return tuple(sorted(points, key=lambda point: (point.start, -point.end)))


def _stands(text: str, found: re.Match[str], style: str) -> bool:
    """Whether a list may go on here: behind a mark, and not 第（一）项."""
    before = text[found.start() - 1] if found.start() else "\n"
    if before not in _BEFORE and style not in ("circled", "subpoint"):
        return False
    return not _CITES.search(text[max(0, found.start() - 2) : found.start()])


def _number(style: str, found: re.Match[str]) -> int | None:
    printed: str = found[style]
    if style == "circled":
        return ord(printed) - 0x245F
    return int(printed) if printed.isdecimal() else han_number(printed)


def _points(text: str, run: _Run) -> list[Point]:
    starts = [found.start() for found in run.marks]
    ends = [*starts[1:], _last_end(text, run.marks)]
    points = []
    for number, (found, end) in enumerate(zip(run.marks, ends, strict=True), 1):
        label = f"{number_to_han(number)}是" if run.style == "are" else label_at(_LEVELS[run.style], number)
        kept = found.start() + len(text[found.start() : end].rstrip())
        if kept > found.end():
            points.append(Point(label, found[0], found.start(), found.end(), kept))
    return points


def _last_end(text: str, marks: Sequence[re.Match[str]]) -> int:
    """Where the last entry ends: at its first full stop when each entry before is one sentence or less, else at
    the end of its line, without the bracket that says who answers for the whole.
    """
    line_end = text.find("\n", marks[-1].end())
    line_end = len(text) if line_end < 0 else line_end
    stop = text.find("。", marks[-1].end(), line_end)
    single = all(
        "。" not in text[one.end() : other.start()].rstrip().removesuffix("。")
        for one, other in pairwise(marks)
    )
    if single and stop >= 0:
        return stop + 1
    tail = max(marks[-1].end(), line_end - _LONGEST_ATTRIBUTION)
    attribution = ATTRIBUTION.search(text[tail:line_end].rstrip())
    return tail + attribution.start() if attribution else line_end
