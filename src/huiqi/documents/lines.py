"""The printed lines of a text: what kind each is, and how lines broken by the copy are joined again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from huiqi.documents.labels import Label, read_label

_FURNITURE = re.compile(
    r"(?:[-—－–·]+\s*\d{1,4}\s*[-—－–·]+"  # - 3 -
    r"|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?"
    r"|Page\s+\d{1,4}(?:\s+of\s+\d{1,4})?"
    r"|[-=_*—]{3,}"  # rules
    r"|.{0,80}?[.…·]{4,}\s*\d{1,4})",  # a line of a table of contents
    re.IGNORECASE,
)
_LONGEST_FURNITURE = 120
_NARROWEST, _WIDEST = 15, 50
_SENTENCE_END = re.compile(r"[。！？!?；;]|(?<!\d)[.．]|[.．](?!\d)")
_LINE_END = tuple("。．.！？!?；;：:")
_CLOSING_MARKS = '）)”"’』」》»]】〕'
_PRINTED = re.compile(r"[^\n\r\f\v\u2028\u2029\x85]+")
_DASH = re.compile(r"^[-•*▪●]{1,3}\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line with visible text, without the spaces around it: text[start:end] of the whole."""

    text: str
    start: int
    end: int
    label: Label | None

    @property
    def after_label(self) -> str:
        """The line's words behind its label."""
        return self.text[self.label.length :] if self.label else self.text

    @property
    def ends_sentence(self) -> bool:
        """Whether the line closes a sentence, so that the next one need not continue it."""
        bare = self.text.rstrip(_CLOSING_MARKS)
        return bare.endswith(_LINE_END) or self.text.endswith(("）", ")"))

    @property
    def is_furniture(self) -> bool:
        """Whether the line is a page number, a rule or an entry of a table of contents."""
        return len(self.text) <= _LONGEST_FURNITURE and bool(_FURNITURE.fullmatch(self.text))

    @property
    def is_bare(self) -> bool:
        """Whether the line could be a title, a name or a heading: short, unnumbered, no sentence."""
        return self.label is None and _is_bare(self.text)

    @property
    def is_bare_behind_label(self) -> bool:
        """Whether a labelled line is a heading without sentence marks."""
        return _is_bare(self.after_label)

    @property
    def is_foreign(self) -> bool:
        """Whether the line is written in Latin letters throughout."""
        return is_foreign(self.text)


def _is_bare(words: str) -> bool:
    return (
        len(words) <= (160 if is_foreign(words) else 45)
        and not words.endswith((*_LINE_END, "，", ",", "、"))
        and not re.search(r"[。；;！？]", words)
    )


def is_foreign(text: str) -> bool:
    """Whether `text` has letters and no Chinese character."""
    return not re.search(r"[\u3400-\u9fff]", text) and bool(re.search("[A-Za-z]", text))


def split_lines(text: str) -> list[Line]:
    """All lines of `text` that show anything."""
    lines: list[Line] = []
    for found in _PRINTED.finditer(text):
        shown = found[0].strip().strip("\ufeff\u200b").strip()
        if shown:
            start = found.start() + found[0].index(shown)
            lines.append(Line(shown, start, start + len(shown), read_label(shown)))
    return lines


def usual_width(lines: Sequence[Line]) -> int | None:
    """The width at which the copy breaks its lines, in characters; None when it keeps paragraphs whole."""
    lengths = sorted(len(line.text) for line in lines)
    if len(lengths) < 12:
        return None
    width = lengths[len(lengths) * 9 // 10]
    return width if _NARROWEST <= width <= _WIDEST else None


def stands_alone(line: Line, width: int | None) -> bool:
    """Whether a clause's first line is a heading of its own, so that a new paragraph begins behind it."""
    words = line.after_label
    if _SENTENCE_END.search(words) or not words:
        return False
    if is_foreign(words):
        return len(words) <= 200
    return len(words) <= 45 and (width is None or len(line.text) < width - 3)


def join_lines(lines: Sequence[Line], width: int | None, *, headed: bool = False) -> str:
    """The words of `lines` as paragraphs, one a line; what the copy broke in mid-sentence is whole again.

    `headed` tells that the first line opens a clause, so that it may be a heading of its own.
    """
    out: list[str] = []
    for index, line in enumerate(lines):
        words = line.after_label if headed and index == 0 else _DASH.sub("", line.text, count=1)
        if line.text.startswith("**"):
            # A heading set in bold by a converter.
            words = words.removeprefix("**").removesuffix("**").strip()
        if not words:
            continue
        before = lines[index - 1] if index else None
        if not out or before is None:
            out.append(words)
        elif before.ends_sentence or (headed and index == 1 and stands_alone(before, width)):
            out.append("\n" + words)
        else:
            gap = " " if out[-1][-1].isascii() and words[0].isascii() else ""
            out.append(gap + words)
    return "".join(out)


def first_sentence(paragraphs: str) -> str:
    """The heading of a clause: its first line when that has no sentence mark, else the first sentence."""
    line = paragraphs.split("\n", 1)[0]
    found = _SENTENCE_END.search(line)
    heading = line[: found.start()] if found else line
    return heading if len(heading) <= (200 if is_foreign(heading) else 120) else heading[:60]
