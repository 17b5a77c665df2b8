"""Word's automatic numbering: what is counted and printed before a paragraph, the same in DOCX and DOC."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from huiqi.documents.formats.number_formats import format_number

LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
_LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class NumberLevel:
    """One level of a list. `text` prints it, %1 to %9 standing for the numbers of the levels.

    `restart` is the level (from 1) after which counting begins anew, 0 for never; None means after any above.
    `gap` is what stands between the number and the words; `legal` prints every number as 1, 2, 3.
    """

    start: int = 1
    style: str = "decimal"
    text: str = ""
    gap: str = " "
    restart: int | None = None
    legal: bool = False
    hidden: bool = False
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A use of a list (Word's num): `counted_with` names the list whose count it continues.

    `starts` are numbers at which levels (from 0) begin anew when this use is met for the first time.
    """

    counted_with: str
    levels: Mapping[int, NumberLevel]
    starts: Mapping[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of one text, in their order."""

    def __init__(self) -> None:
        self._counts: dict[str, list[int | None]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, use: str, numbered: NumberedList, level: int) -> str:
        """Count a paragraph at `level` (from 0) of the list `use`; return what is printed before its words."""
        if not 0 <= level < LEVELS or level not in numbered.levels:
            return ""
        counts = self._counts.setdefault(numbered.counted_with, [None] * LEVELS)
        own = numbered.levels[level]
        start = own.start
        if level in numbered.starts and (use, level) not in self._begun:
            self._begun.add((use, level))
            counts[level] = None
            start = numbered.starts[level]
        counted = counts[level]
        counts[level] = start if counted is None else counted + 1
        for below in range(level + 1, LEVELS):
            deeper = numbered.levels.get(below)
            after = deeper.restart if deeper and deeper.restart is not None else below
            if after and level + 1 <= after:
                counts[below] = None
        return self._printed(own, numbered, counts)

    def _printed(self, own: NumberLevel, numbered: NumberedList, counts: list[int | None]) -> str:
        if own.hidden:
            return ""
        if own.style == "bullet":
            sign = own.text.strip()[:1]
            if not sign:
                return ""
            # Signs of the fonts Symbol and Wingdings are private codes.
            return ("•" if unicodedata.category(sign) in {"Co", "Cn"} else sign) + " "

        def number(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            level = numbered.levels.get(place)
            if level is None:
                return ""
            counted = counts[place]
            value = level.start if counted is None else counted
            plain = own.legal and level.style != "none"
            return format_number(value, "decimal" if plain else level.style, level.pattern)

        label = _PLACEHOLDER.sub(number, own.text)[:_LONGEST_LABEL]
        return label + own.gap if label.strip() else label
