"""Lines joined to paragraphs: what the copy broke in mid-sentence is whole again, and every place maps back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from huiqi.documents.formats.source_text import Mending
from huiqi.documents.lines import Line, is_foreign

_SENTENCE_END = re.compile(r"[。！？!?；;]|(?<!\d)[.．]|[.．](?!\d)")
_DASH = re.compile(r"^[-•*▪●◆■◇□➢]{1,3}\s+")
_RUNS_ON = re.compile(
    "(?:为了?(?=深入|认真|全面|进一步|切实|贯彻|落实|推动|支持|促进|有效|做好|加快|积极)|根据|按照|依据|经.{2,12}同意)"
)
"""How the first sentence of a text opens, which never ends without a mark."""
_BOLD = "**"
_OPENS, _CLOSES = re.compile("[（(]"), re.compile("[）)]")


@dataclass
class Paragraphs:
    """Text, one paragraph a line, with the slices of the source that it is made of."""

    text: str
    origins: tuple[tuple[int, int, int], ...]
    mended: tuple[Mending, ...]


@dataclass
class _Writer:
    parts: list[str] = field(default_factory=list)
    origins: list[tuple[int, int, int]] = field(default_factory=list)
    mended: list[Mending] = field(default_factory=list)
    length: int = 0

    def gap(self, between: str) -> None:
        self.parts.append(between)
        self.length += len(between)

    def words(self, words: str, source: int) -> None:
        self.parts.append(words)
        self.origins.append((self.length, source, len(words)))
        self.length += len(words)


def stands_alone(line: Line, width: int | None) -> bool:
    """Whether a clause's first line is a heading of its own, so that a new paragraph begins behind it."""
    words = line.after_label
    if _SENTENCE_END.search(words) or not words:
        return False
    if is_foreign(words):
        return len(words) <= 200
    return len(words) <= 45 and (width is None or len(line.text) < width - 3)


def join_lines(
    lines: Sequence[Line], width: int | None, *, labelled: bool = False, headed: bool = False
) -> Paragraphs:
    """The words of `lines` as paragraphs, one a line.

    `headed` tells that the first opens a clause, so that it may be a heading; `labelled` that it does so with
    its label.
    """
    out = _Writer()
    before: Line | None = None
    begins_alone = True
    open_brackets = 0
    for index, line in enumerate(lines):
        behind_label = labelled and index == 0
        begins, ends = _shown(line, out, behind_label=behind_label)
        if begins == ends:
            continue
        words = line.text[begins:ends]
        within = open_brackets > 0 and before is not None and before.ends_bracket
        if before is None:
            out.words(words, line.start + begins)
        elif not within and _is_new(before, line, width, headed=headed, begins_alone=begins_alone):
            begins_alone, headed = True, False
            open_brackets = 0
            out.gap("\n")
            out.words(words, line.start + begins)
        else:
            begins_alone, headed = False, False
            gap = " " if out.parts[-1][-1].isascii() and words[0].isascii() else ""
            out.gap(gap)
            out.mended.append(Mending("line-joined", before.end, line.start + begins, "\n", gap))
            out.words(words, line.start + begins)
        before = line
        open_brackets += len(_OPENS.findall(words)) - len(_CLOSES.findall(words))
    return Paragraphs("".join(out.parts), tuple(out.origins), tuple(out.mended))


def _is_new(before: Line, line: Line, width: int | None, *, headed: bool, begins_alone: bool) -> bool:
    """Whether `line` begins a paragraph rather than going on with `before`."""
    if before.ends_sentence or before.ends_paragraph or line.begins_paragraph:
        return True
    if headed and stands_alone(before, width):
        return True
    if before.begins_paragraph and (width is None or len(before.text) < width - 4):
        return True
    if line.indented and not before.indented:
        return True
    # In a copy that keeps its paragraphs whole, a short line without any mark is a paragraph of its own.
    alone = width is None and begins_alone and before.is_bare and len(before.text) <= 25
    return alone and not _RUNS_ON.match(before.text)


def _shown(line: Line, out: _Writer, *, behind_label: bool) -> tuple[int, int]:
    """Where the words of `line` begin and end, without its label, list mark and marks of bold print."""
    begins, ends = 0, len(line.text)
    if behind_label and line.label:
        begins = line.label.length
    elif dash := _DASH.match(line.text):
        begins = dash.end()
        out.mended.append(Mending("dash-dropped", line.start, line.start + begins, dash[0].strip(), ""))
    if line.text.startswith(_BOLD):
        # A heading set in bold by a converter.
        begins = max(begins, len(_BOLD))
        if line.text.endswith(_BOLD) and ends - len(_BOLD) >= begins:
            ends -= len(_BOLD)
    # A row's tabs stay: they tell which cells are empty.
    kept = "\t" if line.in_table else ""
    while begins < ends and line.text[begins].isspace() and line.text[begins] != kept:
        begins += 1
    while begins < ends and line.text[ends - 1].isspace() and line.text[ends - 1] != kept:
        ends -= 1
    return begins, ends
