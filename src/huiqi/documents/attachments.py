"""Attachments: where the list of them stands, and where each begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from huiqi.documents.labels import Level
from huiqi.documents.lines import Line
from huiqi.documents.margin_lines import ATTACHMENT_HEADING
from huiqi.documents.numerals import han_number
from huiqi.documents.printed_days import is_closing, read_date
from huiqi.documents.titles import is_title

_LISTED = re.compile(
    r"附\s*件?\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})?\s*[:：]\s*\S.*|附\s*件\s*[:：]?\s*1\s*[.．、]\s*\S.*"
)
_TITLED = re.compile(
    r"附\s*(?P<kind>[件表录])?\s*(?P<number>\d{1,2}|[一二三四五六七八九十]{1,2})?(?P<sub>[-－]\d{1,2})?\s*[:：\s.．、]\s*(?P<title>\S.{1,60})"
)
_NEAR = 12
"""Lines within which the signature follows a list of attachments."""


@dataclass(frozen=True, slots=True)
class AttachmentHeading:
    """A line that opens an attachment: `label` is 附件2, `title` what stands behind it in the line."""

    index: int
    label: str
    title: str | None


@dataclass(frozen=True, slots=True)
class Attachments:
    """`listed` are the lines that list what is attached, `headings` those that open an attachment."""

    listed: frozenset[int]
    headings: tuple[AttachmentHeading, ...]


def find_attachments(lines: Sequence[Line]) -> Attachments:
    """The lists and headings of attachments among `lines`."""
    listed: set[int] = set()
    headings: list[AttachmentHeading] = []
    signed = False
    last_date = max((index for index, line in enumerate(lines) if read_date(line) is not None), default=-1)
    later = _later_headings(lines)
    for index, line in enumerate(lines):
        if index in listed:
            continue
        signed = signed or read_date(line) is not None
        if line.label is not None or line.in_table:
            continue
        bare = ATTACHMENT_HEADING.fullmatch(line.text)
        titled = None if bare else _TITLED.fullmatch(line.text)
        if bare is None and titled is None:
            continue
        if _only_begins_so(bare or titled):
            continue
        if line.ends_sentence and titled and line.text.endswith(("。", "；")):
            continue
        awaited = not signed and not headings and (last_date > index or later[index])
        if awaited and (_LISTED.fullmatch(line.text) or (bare and _opens_list(lines, index + 1))):
            listed.update(range(index, _list_end(lines, index + 1)))
        elif index + 1 < len(lines):
            found = bare or titled
            if found is not None and (bare or signed or headings or not _mentions(line)):
                headings.append(AttachmentHeading(index, _label(found), titled["title"] if titled else None))
    return Attachments(frozenset(listed), tuple(headings))


def _later_headings(lines: Sequence[Line]) -> list[bool]:
    """For each line, whether a bare heading of an attachment stands behind it."""
    later: list[bool] = []
    seen = False
    for line in reversed(lines):
        later.append(seen)
        seen = seen or (line.label is None and bool(ATTACHMENT_HEADING.fullmatch(line.text)))
    return later[::-1]


def _only_begins_so(found: re.Match[str] | None) -> bool:
    """Whether 附 stands neither before 件 nor before a colon, as in 附近 and 附则."""
    return found is not None and not found["kind"] and not re.match(r"[【（(]?附\s*\d{0,2}\s*[:：]", found[0])


def _mentions(line: Line) -> bool:
    return bool(re.search("[，。；]", line.text))


def _label(found: re.Match[str]) -> str:
    printed = found["number"] or ""
    number = str(han_number(printed) or "") if printed and not printed.isdecimal() else printed.lstrip("0")
    sub = (found["sub"] or "").replace("－", "-").replace("—", "-")
    return f"附{found['kind'] or '件'}{int(number) if number else ''}{sub}"


def _opens_list(lines: Sequence[Line], index: int) -> bool:
    """Whether a numbered list of titles begins here and a signature follows it."""
    end = _list_end(lines, index)
    if end == index:
        return False
    return any(is_closing(line) for line in lines[end : end + _NEAR])


def _list_end(lines: Sequence[Line], index: int) -> int:
    """Behind the last line of the list that goes on at `index`."""
    number = 0
    while index < len(lines):
        line = lines[index]
        label = line.label
        if (
            label is not None
            and label.levels[:1] == (Level.POINT,)
            and len(line.text) <= 80
            and not line.text.endswith("。")
        ):
            if label.number <= number:
                break
            number = label.number
        elif not (
            line.label is None
            and (_LISTED.fullmatch(line.text) or (line.indented and is_title(line) and not is_closing(line)))
        ):
            break
        index += 1
    return index
