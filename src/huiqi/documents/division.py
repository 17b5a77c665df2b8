"""A document's lines divided: what stands above, the covering letter or main text, plans, attachments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from huiqi.documents.attachments import AttachmentHeading, Attachments
from huiqi.documents.labels import Level
from huiqi.documents.lines import Line
from huiqi.documents.margin_lines import is_title_note
from huiqi.documents.titles import find_title, first_bare, is_title, plan_starts, title_top

_HEAD = 16
"""Lines of a document's beginning among which its title is looked for."""
_ISSUES = re.compile("印发|转发|下发|颁发|发布|公布")


@dataclass(frozen=True, slots=True)
class Part:
    """One plan or attachment: its heading (附件2), title and body as ranges of lines.

    `named` is the title where it stands in the heading's own line.
    """

    top: int
    title: tuple[int, int]
    end: int
    attachment: str | None
    is_plan: bool
    named: str | None = None

    @property
    def body(self) -> int:
        """The index of the first line below the title."""
        return self.title[1]


@dataclass(frozen=True, slots=True)
class Division:
    """`head` lines stand before the first part; `letter` tells that they are a covering letter."""

    head: int
    letter: bool
    parts: tuple[Part, ...]


def divide(lines: Sequence[Line], attachments: Attachments) -> Division:
    """Divide a document into its parts; there is at least one."""
    starts = {title_top(lines, last): last for last in plan_starts(lines)}
    tops: list[tuple[int, int, AttachmentHeading | None]] = []
    taken: set[int] = set()
    for position, heading in enumerate(attachments.headings):
        following = (
            attachments.headings[position + 1].index
            if position + 1 < len(attachments.headings)
            else len(lines)
        )
        top = next(
            (each for each in range(heading.index + 1, min(heading.index + 9, following)) if each in starts),
            None,
        )
        if top is not None and not any(line.label for line in lines[heading.index : top]):
            taken.add(top)
            tops.append((heading.index, starts[top], heading))
        else:
            tops.append((heading.index, -1, heading))
    tops += [(top, last, None) for top, last in starts.items() if top not in taken]
    tops.sort(key=lambda each: each[0])
    parts: list[Part] = []
    for position, (top, last, attached) in enumerate(tops):
        end = tops[position + 1][0] if position + 1 < len(tops) else len(lines)
        parts.append(_with_note(lines, _part(lines, top, last, end, attached)))
    head = parts[0].top if parts else len(lines)
    if not any(line.ends_sentence for line in lines[:head]) and parts and parts[0].attachment is None:
        return Division(head, False, tuple(parts))
    if parts and (_is_letter(lines[:head]) or not parts[0].attachment):
        return Division(head, True, tuple(parts))
    last = find_title(lines[:_HEAD])
    last = last if last >= 0 else first_bare(lines[:head])
    top = title_top(lines, last) if last >= 0 else 0
    main = Part(top, (top, last + 1 if last >= 0 else top), head, None, is_plan=True)
    return Division(top, False, (_with_note(lines, main), *parts))


def _part(lines: Sequence[Line], top: int, last: int, end: int, heading: AttachmentHeading | None) -> Part:
    if last >= 0:
        first = top if heading is None else title_top(lines, last)
        return Part(
            top, (max(first, top + (heading is not None)), last + 1), end, _label(heading), is_plan=True
        )
    begins = top + 1
    after = begins
    if heading is not None and heading.title is None:
        while after < min(begins + 3, end) and _may_title(lines, after):
            after += 1
            if is_title(lines[after - 1]):
                break
    named = heading.title if heading else None
    return Part(top, (begins, after), end, _label(heading), is_plan=False, named=named)


def _with_note(lines: Sequence[Line], part: Part) -> Part:
    """The part with （征求意见稿） below its title taken to the title."""
    begins, ends = part.title
    if begins < ends < part.end and is_title_note(lines[ends]):
        return replace(part, title=(begins, ends + 1))
    return part


def _label(heading: AttachmentHeading | None) -> str | None:
    return heading.label if heading else None


def _may_title(lines: Sequence[Line], index: int) -> bool:
    line = lines[index]
    return line.is_bare and not line.begins_paragraph and len(line.text) >= 2


def _is_letter(head: Sequence[Line]) -> bool:
    """Whether the text before attachments only issues them: its title says so, or nothing in it is numbered."""
    last = find_title(head[:_HEAD])
    title = "".join(line.text for line in head[title_top(head, last) : last + 1]) if last >= 0 else ""
    numbered = sum(
        line.label is not None and not line.label.weak and line.label.levels[:1] != (Level.CIRCLED,)
        for line in head
    )
    return bool(_ISSUES.search(title)) or numbered < 2
