"""Which of the labelled lines open a clause, and where it stands: the sequence decides, not the print."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from huiqi.documents.bare_headings import bare_headings, heading_label
from huiqi.documents.labels import DECIMALS, Label, Level, label_at
from huiqi.documents.lines import Line, is_foreign

_LARGEST_GAP = 5
"""A label may skip this many numbers (a copy loses lines) before it is taken for running text."""
_REFERENCE = re.compile(r"\s*(项|款|条|目|点|规定|所列)")
_RANGE_OPEN = ("第", "（", "(", "、", "和", "至", "及", "或", "按", "按照", "依据", "根据")


@dataclass(frozen=True, slots=True)
class Opening:
    """A line that opens a clause: `index` into the lines, its level, its label as paths carry it.

    `unlabelled` marks a heading whose number the copy lost, or that has none.
    """

    index: int
    level: Level
    label: str
    depth: int
    unlabelled: bool = False


@dataclass(slots=True)
class _Sequence:
    """The numbering met so far. `decimal` tells that 1.1 stands below 1, `articles_below` that 第一条 below 一."""

    decimal: bool = False
    articles_below: bool = False
    open: list[tuple[Level, int, str]] = field(default_factory=list)
    last: dict[tuple[Level, str], int] = field(default_factory=dict)
    translated: bool = False

    def rank(self, level: Level) -> float:
        """Where `level` stands in this text, outermost first."""
        if level == Level.ARTICLE and self.articles_below:
            return Level.PART + 0.5
        if level == Level.ITEM and self.decimal:
            return Level.SUBSUBDECIMAL + 0.5
        return level

    def sibling(self, level: Level, name: str = "") -> int:
        """The number of the open clause at `level`, 0 for none."""
        return next((number for each, number, named in self.open if (each, named) == (level, name)), 0)

    def is_open(self, level: Level) -> bool:
        return any(each == level for each, _, _ in self.open)

    def before(self, level: Level, name: str = "") -> int:
        """The number after which the next one at `level` is awaited: the sibling's, or where it left off."""
        return self.sibling(level, name) or self.last.get((level, name), 0)

    def follows(self, level: Level, label: Label) -> bool:
        """Whether the label is the next at `level`: after its sibling, on from the last, or the first."""
        number = label.number
        if label.above:
            return self._decimal_follows(level, label)
        if self.sibling(level, label.name):
            return number == self.sibling(level, label.name) + 1
        return number == 1 or number == self.last.get((level, label.name), 0) + 1

    def _decimal_follows(self, level: Level, label: Label) -> bool:
        """Whether 1.2.3 stands below the open 1 and 1.2, and no number was left out before it."""
        above = [self.sibling(each) for each in DECIMALS[: len(label.above)]]
        if len(label.above) == 1 and not above[0] and self.sibling(Level.PART):
            above[0] = self.sibling(Level.PART)
        return tuple(above) == label.above and label.number == self.sibling(level) + 1

    def take(self, level: Level, label: Label | None, number: int = 0) -> int:
        """Open a clause; the depth at which it stands."""
        name = label.name if label else ""
        number = label.number if label else number
        self.open = self.open[: self._cut(level, name)]
        self.open.append((level, number, name))
        self.last[level, name] = number
        return len(self.open) - 1

    def _cut(self, level: Level, name: str) -> int:
        """How many of the open clauses stand above a new one at `level`."""
        for index, (each, _, named) in enumerate(self.open):
            if level.is_free or each.is_free:
                if (each, named) == (level, name):
                    return index
            elif self.rank(each) >= self.rank(level):
                return index
        return len(self.open)


def number_lines(lines: Sequence[Line], width: int | None, *, first: int | None = None) -> list[Opening]:
    """The openings of clauses among the lines of one plan, in printed order.

    `first` is the index of the heading of part one, where the copy lost its number.
    """
    openings: list[Opening] = []
    seen = _Sequence(_has_decimals(lines), _has_articles_below(lines))
    headings = bare_headings(lines, width)
    for index, line in enumerate(lines):
        if index in headings:
            depth = seen.take(Level.HEADING, None, len(openings) + 1)
            openings.append(Opening(index, Level.HEADING, heading_label(line.text), depth, unlabelled=True))
            continue
        if index == first:
            depth = seen.take(Level.PART, None, 1)
            openings.append(Opening(index, Level.PART, label_at(Level.PART, 1), depth, unlabelled=True))
        label = line.label
        if label is None:
            continue
        before = lines[index - 1] if index else None
        broken = before is not None and not _ended(before, width)
        if broken and before and _is_reference(before, line):
            continue
        level = _level(label, line, seen, strict=broken)
        if level is None and not broken and _counts_on(lines, index):
            level = next((each for each in label.levels if _skips_to(each, seen, label)), None)
        if level is None:
            continue
        if level == Level.PART and label.number == 2 and not seen.before(Level.PART):
            heading = _lost_heading(lines, index)
            if heading is not None:
                return number_lines(lines, width, first=heading)
        depth = seen.take(level, label)
        openings.append(Opening(index, level, label.at(level), depth))
        counted = label.levels[0] == Level.POINT and level == Level.PART
        seen.translated = seen.translated or label.translated or counted
    return openings


def _counts_on(lines: Sequence[Line], index: int) -> bool:
    """Whether the next number of the same kind follows on a later line: an extract may begin with any number."""
    label = lines[index].label
    if label is None or label.weak or label.translated or label.above or not label.levels:
        return False
    for line in lines[index + 1 :]:
        following = line.label
        if following is None or following.weak or following.levels != label.levels:
            continue
        return following.number == label.number + 1 and following.name == label.name
    return False


def _skips_to(level: Level, seen: _Sequence, label: Label) -> bool:
    """Whether the label may stand at `level` behind many numbers that the copy left out."""
    return _may_stand(level, seen, label) and label.number > seen.before(level, label.name) + 1 + _LARGEST_GAP


def _has_decimals(lines: Sequence[Line]) -> bool:
    """Whether 1.1 and the like number this text: two that follow each other, below one number."""
    last: tuple[int, ...] = ()
    for line in lines:
        if line.label and line.label.above:
            numbers = (*line.label.above, line.label.number)
            if (
                len(numbers) == 2
                and len(last) == 2
                and last in ((numbers[0], numbers[1] - 1), (numbers[0] - 1, 1))
            ):
                return True
            last = numbers if len(numbers) == 2 else last
    return False


def _has_articles_below(lines: Sequence[Line]) -> bool:
    """Whether parts 一、 stand above articles that run on through them, as chapters do elsewhere."""
    kinds = [line.label.levels[0] for line in lines if line.label and line.label.levels]
    if Level.CHAPTER in kinds or Level.PART not in kinds or Level.ARTICLE not in kinds:
        return False
    return kinds.index(Level.PART) < kinds.index(Level.ARTICLE)


def _level(label: Label, line: Line, seen: _Sequence, *, strict: bool) -> Level | None:
    """The level that `label` stands for here; None when the line only looks numbered."""
    if label.translated and not line.is_bare_behind_label:
        return None
    if label.weak and not _weak_may_stand(label, line, seen):
        return None
    levels = _by_likelihood(label, line, seen)
    for level in levels:
        if _may_stand(level, seen, label) and seen.follows(level, label):
            return level
    if strict or label.weak:
        return None
    for level in levels:
        last = seen.before(level, label.name)
        if _may_stand(level, seen, label) and (
            last < label.number <= last + 1 + _LARGEST_GAP or label.number == 1
        ):
            return level
    return None


def _weak_may_stand(label: Label, line: Line, seen: _Sequence) -> bool:
    if label.above:
        return seen.decimal
    if label.levels[0] == Level.POINT:
        return seen.decimal and line.is_bare_behind_label
    if label.levels[0] == Level.PART:
        return line.is_bare_behind_label
    return label.number == 1 or seen.before(Level.ARTICLE) == label.number - 1


def _by_likelihood(label: Label, line: Line, seen: _Sequence) -> tuple[Level, ...]:
    """The levels to try, the likelier first: an English heading in a translated copy is more than a point."""
    heading = is_foreign(line.after_label) and line.is_bare_behind_label
    first = label.levels[0]
    if first == Level.POINT and heading and (seen.translated or not seen.last):
        return label.levels[::-1]
    if first == Level.SUBPOINT and seen.sibling(Level.ITEM) and not seen.sibling(Level.SUBPOINT):
        return label.levels[::-1] if label.number > 1 else label.levels
    return label.levels


def _may_stand(level: Level, seen: _Sequence, label: Label) -> bool:
    if len(label.levels) == 1 or level == label.levels[0] == Level.POINT:
        return True
    if level == Level.SUBPOINT:
        return any(seen.is_open(each) for each in _ABOVE_SUBPOINT)
    if level == Level.ITEM:
        return True
    # An Arabic number stands for a part only where the copy's parts are translated or counted so already.
    return seen.translated or not seen.last


_ABOVE_SUBPOINT = (*DECIMALS, Level.ARTICLE, Level.TASK)


def _ended(line: Line, width: int | None) -> bool:
    """Whether a new clause may well begin behind the line: it closes a sentence or is a heading."""
    return (
        line.ends_sentence
        or line.ends_paragraph
        or (line.is_bare_behind_label and (width is None or len(line.text) < width - 3))
    )


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
