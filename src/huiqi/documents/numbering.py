"""Which of the labelled lines open a clause, and where it stands: the sequence decides, not the print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from huiqi.documents.labels import Label, Level
from huiqi.documents.lines import Line, is_foreign

_LARGEST_GAP = 5
"""A label may skip this many numbers (a copy loses lines) before it is taken for running text."""
_REFERENCE = re.compile(r"\s*(项|款|条|目|点|规定|所列)")
_RANGE_OPEN = ("第", "（", "(", "、", "和", "至", "及", "或", "按", "按照", "依据", "根据")


@dataclass(frozen=True, slots=True)
class Opening:
    """A line that opens a clause: `index` into the lines, its level and number.

    `unlabelled` marks a heading whose number the copy lost.
    """

    index: int
    level: Level
    number: int
    unlabelled: bool = False


@dataclass(slots=True)
class _Sequence:
    """The numbering met so far."""

    open: list[tuple[Level, int]] = field(default_factory=list)
    last: dict[Level, int] = field(default_factory=dict)
    translated: bool = False

    def sibling(self, level: Level) -> int:
        """The number of the open clause at `level`, 0 for none."""
        return next((number for each, number in self.open if each == level), 0)

    def is_open(self, level: Level) -> bool:
        return any(each == level for each, _ in self.open)

    def follows(self, level: Level, number: int) -> bool:
        """Whether `number` is the next at `level`: after its sibling, on from the last, or the first."""
        if self.sibling(level):
            return number == self.sibling(level) + 1
        return number == 1 or number == self.last.get(level, 0) + 1

    def take(self, level: Level, number: int) -> None:
        self.open = [pair for pair in self.open if pair[0] < level] + [(level, number)]
        self.last[level] = number


def number_lines(lines: Sequence[Line], width: int | None) -> list[Opening]:
    """The openings of clauses among the lines of one plan, in printed order."""
    openings: list[Opening] = []
    seen = _Sequence()
    for index, line in enumerate(lines):
        label = line.label
        if label is None:
            continue
        before = lines[index - 1] if index else None
        broken = before is not None and not _ended(before, width)
        if broken and before and _is_reference(before, line):
            continue
        level = _level(label, line, seen, strict=broken)
        if level is None:
            continue
        if level == Level.PART and label.number == 2 and not seen.last.get(Level.PART):
            heading = _lost_heading(lines, index)
            if heading is not None:
                openings.append(Opening(heading, Level.PART, 1, unlabelled=True))
                openings.sort(key=lambda opening: opening.index)
        openings.append(Opening(index, level, label.number))
        seen.take(level, label.number)
        counted = label.levels[0] == Level.POINT and level == Level.PART
        seen.translated = seen.translated or label.translated or counted
    return openings


def _level(label: Label, line: Line, seen: _Sequence, *, strict: bool) -> Level | None:
    """The level that `label` stands for here; None when the line only looks numbered."""
    if label.translated and not line.is_bare_behind_label:
        return None
    levels = _by_likelihood(label, line, seen)
    for level in levels:
        if _may_stand(level, seen, label) and seen.follows(level, label.number):
            return level
    if strict:
        return None
    for level in levels:
        last = seen.sibling(level) or seen.last.get(level, 0)
        if _may_stand(level, seen, label) and (
            last < label.number <= last + 1 + _LARGEST_GAP or label.number == 1
        ):
            return level
    return None


def _by_likelihood(label: Label, line: Line, seen: _Sequence) -> tuple[Level, ...]:
    """The levels to try, the likelier first: an English heading in a translated copy is more than a point."""
    heading = is_foreign(line.after_label) and line.is_bare_behind_label
    if label.levels[0] == Level.POINT and heading and (seen.translated or not seen.last):
        return label.levels[::-1]
    if label.levels[0] == Level.SUBPOINT and seen.sibling(Level.ITEM) and not seen.sibling(Level.SUBPOINT):
        return label.levels[::-1] if label.number > 1 else label.levels
    return label.levels


def _may_stand(level: Level, seen: _Sequence, label: Label) -> bool:
    if len(label.levels) == 1 or level == label.levels[0] == Level.POINT:
        return True
    if level == Level.SUBPOINT:
        return seen.is_open(Level.POINT)
    if level == Level.ITEM:
        return True
    # An Arabic number stands for a part only where the copy's parts are translated or counted so already.
    return seen.translated or not seen.last


def _ended(line: Line, width: int | None) -> bool:
    """Whether a new clause may well begin behind the line: it closes a sentence or is a heading."""
    return line.ends_sentence or (line.is_bare_behind_label and (width is None or len(line.text) < width - 3))


def _is_reference(before: Line, line: Line) -> bool:
    """Whether a line that begins with a number goes on with a sentence: 按照第 | （三）项规定."""
    return before.text.endswith(_RANGE_OPEN) or bool(_REFERENCE.match(line.after_label))


def _lost_heading(lines: Sequence[Line], second: int) -> int | None:
    """The index of the unnumbered heading that stands for part one, before the line of part two."""
    for index in range(second - 1, -1, -1):
        line = lines[index]
        begins = index == 0 or lines[index - 1].ends_sentence
        if begins and line.is_bare and len(line.text) <= 20:
            return index
    return None
