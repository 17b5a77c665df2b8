"""Where a date may stand: titles and names close it out, a task's own time limit makes it one by itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter

_TITLE = re.compile(r"[《«][^《》«»]{0,120}[》»]")
_NUMBER = re.compile(
    r"[〔\[【(][0-9]{4}[〕\]】)]\s*(?:第\s*)?[0-9]{1,5}\s*[)〕]?\s*号|[0-9]{4}年第\s*[0-9]{1,4}\s*号"
)
_FIELD = re.compile(
    r"(?:(?:完成|办结|办理|推进|工作|整改|责任|落实|时间|任务)?时限(?:要求)?|(?:完成|整改|推进|实施|截止)(?:时间|期限|日期)"
    r"|时间(?:要求|节点|安排)|(?:Time limit|Deadline|Completion (?:time|date|deadline)|Time limit for completion))"
    r"\s*[:：]\s*(?P<value>[^,，;；。)）\]】\n\t]{1,40})",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"[(（](?P<inside>[^()（）\n]{2,600})[)）]")
_OF_TASK = re.compile(r"负责|牵头|配合|责任单位|责任部门|时限|落实单位|responsib|lead", re.IGNORECASE)
_PIECE = re.compile(r"[^,，;；。:：\n\t]+")
_CELL = re.compile(r"(?:(?<=\t)|(?<=\n)|\A)[^\t\n]{1,40}(?=\t|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Spans:
    """Spans in their order that do not overlap; `cover` finds the one around a place."""

    spans: tuple[tuple[int, int], ...]

    def cover(self, start: int, end: int) -> bool:
        """Whether one span holds the whole of start to end."""
        index = bisect_right(self.spans, start, key=itemgetter(0)) - 1
        return index >= 0 and end <= self.spans[index][1]


def merged(spans: list[tuple[int, int]]) -> Spans:
    """The spans in their order, those that touch or overlap put into one."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start < whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return Spans(tuple(whole))


def names(folded: str) -> Spans:
    """Titles of documents and document numbers: what is printed in them asks for nothing."""
    found = [match.span() for match in _TITLE.finditer(folded)]
    return merged(found + [match.span() for match in _NUMBER.finditer(folded)])


def fields(folded: str) -> tuple[tuple[int, int], ...]:
    """Where a task's own time limit is printed: behind 完成时限：, in a closing bracket, in a table's cell.

    In a closing bracket (…负责，2022年12月底前) and in a table each piece is given; most hold other things.
    """
    found = [match.span("value") for match in _FIELD.finditer(folded)]
    for bracket in _BRACKET.finditer(folded):
        if _OF_TASK.search(bracket["inside"]):
            base = bracket.start("inside")
            found += [
                (base + piece.start(), base + piece.end()) for piece in _PIECE.finditer(bracket["inside"])
            ]
    if "\t" in folded:
        found += [match.span() for match in _CELL.finditer(folded)]
    return merged([_trimmed(folded, *span) for span in found]).spans


def _trimmed(folded: str, start: int, end: int) -> tuple[int, int]:
    piece = folded[start:end]
    return end - len(piece.lstrip()), start + len(piece.rstrip())
