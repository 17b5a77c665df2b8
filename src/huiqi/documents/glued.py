"""Labels that the copy glued to the end of the line before: …（市财政局负责）2.做好续贷。"""

from __future__ import annotations

import re
from collections.abc import Sequence

from huiqi.documents.labels import Level, read_label
from huiqi.documents.lines import Line, cut_line
from huiqi.documents.numerals import HAN_NUMERALS

_GLUED = re.compile(
    rf"(?<=[。；;！？）)】.])\s*(?=(?:[{HAN_NUMERALS}]{{1,3}}、|[（(][{HAN_NUMERALS}]{{1,3}}[）)]|\d{{1,2}}[.．、](?!\d)"
    rf"|第[{HAN_NUMERALS}]{{1,4}}[章条]\s))"
)
_SPLIT = frozenset({Level.CHAPTER, Level.ARTICLE, Level.PART, Level.ITEM, Level.POINT})


def split_glued(lines: Sequence[Line]) -> list[Line]:
    """The lines, cut where a label inside one fills a gap in the numbering of the labels that open lines.

    （二） in a line is cut off when （一） opened a line before it and no line opens with （二） next; 1. when the
    next label of its kind that opens a line is 2. All other numbers inside lines are lists of their own
    paragraph.
    """
    following = _following(lines)
    last: dict[Level, int] = {}
    out: list[Line] = []
    for index, line in enumerate(lines):
        if line.label and line.label.levels:
            _note(last, line.label.levels[0], line.label.number)
        places: list[int] = []
        for found in () if line.in_table else _GLUED.finditer(line.text):
            label = read_label(line.text[found.end() : found.end() + 12])
            if label is None or label.weak or label.levels[0] not in _SPLIT:
                continue
            level, number = label.levels[0], label.number
            before, behind = last.get(level, 0), following[index].get(level)
            goes_on = number == before + 1 > 1 and behind != number
            begins = number == 1 != before and behind == 2
            if goes_on or begins:
                places.append(found.end())
                _note(last, level, number)
        out.extend(cut_line(line, places) if places else (line,))
    return out


def _note(last: dict[Level, int], level: Level, number: int) -> None:
    last[level] = number


def _following(lines: Sequence[Line]) -> list[dict[Level, int]]:
    """For each line, the number of the next label of each kind that opens a line behind it."""
    known: dict[Level, int] = {}
    following: list[dict[Level, int]] = []
    for line in reversed(lines):
        following.append(known)
        if line.label and line.label.levels and line.label.levels[0] in _SPLIT:
            known = {**known, line.label.levels[0]: line.label.number}
    return following[::-1]
