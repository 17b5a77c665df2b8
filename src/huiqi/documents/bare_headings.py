"""Headings without numbers, in texts that number no parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from huiqi.documents.labels import Level
from huiqi.documents.lines import Line

_HEADING_OVER = frozenset({Level.POINT, Level.SUBPOINT, Level.HALF_BRACKET, Level.CIRCLED, Level.TASK})
_LONGEST_HEADING = 25
_BRACKETED = re.compile(r"【[^】]{2,20}】|\[[^\]]{2,20}\]")
_NO_HEADING = re.compile(r".*[，,：:；;、]|.*(负责|牵头|配合)|[^\u3400-\u9fff]*")


def bare_headings(lines: Sequence[Line], width: int | None) -> frozenset[int]:
    """Lines that head the parts of a text whose parts are not numbered.

    Only a text without outer numbers (章, 条, 一、, （一）) has them, and then two at least.
    """
    if any(
        line.label and not line.label.weak and not _HEADING_OVER.issuperset(line.label.levels[:1])
        for line in lines
    ):
        return frozenset()
    found: list[int] = []
    for index, line in enumerate(lines[:-1]):
        before = lines[index - 1] if index else None
        after = lines[index + 1]
        begins = before is None or before.ends_sentence or before.ends_paragraph or before.begins_paragraph
        if begins and _may_head(line, width) and not _may_head(after, width) and _has_words(after):
            found.append(index)
    return frozenset(found) if len(found) > 1 else frozenset()


def _may_head(line: Line, width: int | None) -> bool:
    if line.label is not None or line.in_table:
        return False
    if _BRACKETED.fullmatch(line.text):
        return True
    short = 2 <= len(line.text) <= _LONGEST_HEADING and (width is None or len(line.text) < width - 3)
    return short and line.is_bare and not line.begins_paragraph and not _NO_HEADING.fullmatch(line.text)


def _has_words(line: Line) -> bool:
    return line.label is not None or line.ends_sentence or len(line.text) > _LONGEST_HEADING


def heading_label(heading: str) -> str:
    """The label of a clause that has a heading and no number: the heading, without spaces and slashes."""
    form = unicodedata.normalize("NFKC", re.sub(r"\s", "", heading)).strip("【】[]:*")
    return form.translate(_IN_PATH) or "无题"


_IN_PATH = str.maketrans({"(": "（", ")": "）", "/": "／"})
