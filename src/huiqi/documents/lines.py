"""The printed lines of a text, and what kind each is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from huiqi.documents.formats.source_text import Table
from huiqi.documents.labels import Label, read_label

_NARROWEST, _WIDEST = 15, 50
_LINE_END = tuple("。．.！？!?；;：:｡")
_CLOSING_MARKS = '）)”"’』」》»]】〕'
_BESIDE_CELLS = " \u3000\ufeff\u200b"
_PRINTED = re.compile(r"[^\n\r\f\v\u2028\u2029\x85]+")
_INDENT = re.compile(r"[ \t]*　　|\u2003\u2003| {4,}|\t")
_UNIT_LINE = re.compile(
    r"[【（(\[*]{0,3}\s{0,4}(?:牵头|责任|配合|负责|主办|协办|承办|实施|参与|落实|完成|推进|主管|服务|咨询|政策|申报|办理|执行|适用)"
    r"(?:市|县|区|州|省)?(?:领导|单位|部门|科室|处室|时限|时间|期限|人|主体|依据|范围|对象|条件|材料|流程|方式|电话|渠道|期)"
    r"(?:及[^\s：:]{2,8})?\s{0,4}[】\]*]{0,3}\s{0,4}[:：]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line with visible text, without the spaces around it: text[start:end] of the whole.

    `indented` tells that it is set in as the first line of a paragraph; `in_table` that it is a row;
    `ends_paragraph` that nothing goes on with it, whatever it ends in.
    """

    text: str
    start: int
    end: int
    label: Label | None
    indented: bool = False
    in_table: bool = False
    ends_paragraph: bool = False

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
    def ends_bracket(self) -> bool:
        """Whether the line ends in a closing bracket and nothing else: mid-way where an outer one is still open."""
        return self.text.endswith(("）", ")"))

    @property
    def begins_paragraph(self) -> bool:
        """Whether nothing before the line can go on in it: 责任单位：…, 完成时限：…"""
        return self.in_table or is_unit_line(self.text)

    @property
    def is_bare(self) -> bool:
        """Whether the line could be a title, a name or a heading: short, unnumbered, no sentence."""
        return self.label is None and not self.in_table and _is_bare(self.text)

    @property
    def is_bare_behind_label(self) -> bool:
        """Whether a labelled line is a heading without sentence marks."""
        return _is_bare(self.after_label)

    @property
    def is_foreign(self) -> bool:
        """Whether the line is written in Latin letters throughout."""
        return is_foreign(self.text)


def is_unit_line(text: str) -> bool:
    """Whether the line opens with what it tells of a measure: 责任单位：…, 完成时限：…"""
    return bool(_UNIT_LINE.match(text))


def _is_bare(words: str) -> bool:
    return (
        len(words) <= (160 if is_foreign(words) else 45)
        and not words.endswith((*_LINE_END, "，", ",", "、"))
        and not re.search(r"[。；;！？]", words)
    )


def is_foreign(text: str) -> bool:
    """Whether `text` has letters and no Chinese character."""
    return not re.search(r"[\u3400-\u9fff]", text) and bool(re.search("[A-Za-z]", text))


def split_lines(text: str, tables: Sequence[Table] = (), *, whole: bool = False) -> list[Line]:
    """All lines of `text` that show anything. `whole` tells that each is a paragraph."""
    lines: list[Line] = []
    rows = iter(sorted(tables, key=lambda table: table.start))
    table = next(rows, None)
    for found in _PRINTED.finditer(text):
        shown = found[0].strip().strip("\ufeff\u200b").strip()
        if not shown:
            continue
        start = found.start() + found[0].index(shown)
        while table is not None and table.end <= start:
            table = next(rows, None)
        in_table = (table is not None and table.start <= start) or _is_row(shown)
        if in_table:
            # The empty cells before and behind keep the others in their columns.
            shown = found[0].strip(_BESIDE_CELLS)
            start = found.start() + found[0].index(shown)
        label = None if in_table else read_label(shown)
        indented = bool(_INDENT.match(found[0]))
        lines.append(Line(shown, start, start + len(shown), label, indented, in_table, whole or in_table))
    return lines


def _is_row(shown: str) -> bool:
    """Whether a line of plain text is a row of a table: cells apart by tabs or bars."""
    return shown.count("\t") > 1 or shown.count("|") > 1 or shown.count("｜") > 1


def usual_width(lines: Sequence[Line]) -> int | None:
    """The width at which the copy breaks its lines, in characters; None when it keeps paragraphs whole."""
    lengths = sorted(len(line.text) for line in lines if not line.in_table)
    if len(lengths) < 12:
        return None
    width = lengths[len(lengths) * 9 // 10]
    return width if _NARROWEST <= width <= _WIDEST else None


def cut_line(line: Line, places: Sequence[int]) -> list[Line]:
    """The line as several, cut before each of the `places` in its text; every piece reads its own label."""
    pieces: list[Line] = []
    for begins, ends in zip((0, *places), (*places, len(line.text)), strict=True):
        words = line.text[begins:ends]
        shown = words.strip(_BESIDE_CELLS if line.in_table else None)
        start = line.start + begins + (words.index(shown) if shown else 0)
        if shown:
            label = line.label if begins == 0 else read_label(shown)
            pieces.append(replace(line, text=shown, start=start, end=start + len(shown), label=label))
    return pieces
