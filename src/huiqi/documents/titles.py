"""Titles: where a document, its plans and its attachments begin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from huiqi.documents.labels import Level
from huiqi.documents.lines import Line
from huiqi.documents.margin_lines import (
    ATTACHMENT,
    CODE,
    URGENCY,
    is_attachment_heading,
    is_number,
    is_office,
)
from huiqi.documents.printed_days import is_closing, read_date

_TRIAL = r"(\s*[（(【\[][^）)】\]]{1,16}[）)】\]]){0,2}"
_PLAN_KINDS = "方案|计划|措施|意见|办法|细则|规定|规划|政策|预案|要点|举措|条例|规则|纲要|[一二三四五六七八九十0-9]{1,3}条"
_PLAN_TITLE = re.compile(rf".{{0,80}}(?:{_PLAN_KINDS})[”\"]?{_TRIAL}$")
_FOREIGN_PLAN_TITLE = re.compile(r"(the )?(implementation|work|action) plan\b.*", re.IGNORECASE)
_ANY_TITLE = re.compile(
    rf".{{0,160}}(?:{_PLAN_KINDS}|通知|决定|公告|通告|批复|函|公示|通报|纪要|倡议书|指南|清单){_TRIAL}$"
)
_SET_WIDE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_WIDEST_SET = 16
_LONGEST_TITLE_LINE = 90
_LONGEST_TITLE = 4


def _is_title_like(line: Line) -> bool:
    """Whether the line holds no sentence, and is no longer than titles are."""
    if line.label or line.in_table:
        return False
    if line.is_bare:
        return True
    marks = re.search(r"[。；;！？]", line.text) or line.text.endswith(("，", ",", "、", "：", ":"))
    return len(line.text) <= _LONGEST_TITLE_LINE and not marks


def is_plan_title(line: Line) -> bool:
    """Whether the line could be the (last line of the) title of a plan."""
    if not _is_title_like(line) or line.begins_paragraph:
        return False
    if line.is_foreign:
        return bool(_FOREIGN_PLAN_TITLE.fullmatch(line.text))
    return bool(_PLAN_TITLE.fullmatch(line.text)) and not ATTACHMENT.fullmatch(line.text)


def is_title(line: Line) -> bool:
    """Whether the line could be the (last line of the) title of any official text."""
    return is_plan_title(line) or (_is_title_like(line) and bool(_ANY_TITLE.fullmatch(_unspaced(line.text))))


def _unspaced(text: str) -> str:
    """A line that is set wide over the page (通　　知) as it reads."""
    return _SET_WIDE.sub("", text) if len(text) <= _WIDEST_SET else text


def may_begin_title(line: Line) -> bool:
    """Whether the line could be an earlier line of a title that was broken."""
    return (
        line.is_bare
        and not line.begins_paragraph
        and not is_number(line)
        and read_date(line) is None
        and not ATTACHMENT.fullmatch(line.text)
        and not line.text.endswith(("文件", "）", ")"))
        and not CODE.fullmatch(line.text)
        and not URGENCY.fullmatch(line.text)
    )


def find_title(lines: Sequence[Line]) -> int:
    """The index of the last line of the first title among `lines`, before any label; -1 for none."""
    for index, line in enumerate(lines):
        if line.label:
            break
        if is_title(line) and not _goes_on(lines, index):
            return index
    return -1


def first_bare(lines: Sequence[Line]) -> int:
    """The index of a first line that stands like a title, though it has no word of one; -1 for none."""
    for index, line in enumerate(lines[:4]):
        if is_number(line) or line.text.endswith("文件"):
            continue
        following = lines[index + 1] if index + 1 < len(lines) else None
        last = following is None or not following.is_bare or following.label is not None
        titled = line.is_bare and not line.begins_paragraph and not is_closing(line) and not is_office(line)
        if line.is_foreign:
            titled = titled and following is not None and following.label is not None
        return index if titled and last and 8 <= len(line.text) <= (160 if line.is_foreign else 60) else -1
    return -1


def title_top(lines: Sequence[Line], last: int) -> int:
    """The index of the first line of the title that ends at `last`."""
    top = last
    while top and last - top < _LONGEST_TITLE and may_begin_title(lines[top - 1]):
        opened = "".join(line.text for line in lines[top : last + 1])
        whole = opened.count("《") >= opened.count("》")
        if whole and is_plan_title(lines[top - 1]) and not _goes_on(lines, top - 1):
            break
        top -= 1
    return top


def plan_starts(lines: Sequence[Line]) -> list[int]:
    """Indices of the last title line of each plan: a title behind which the numbering begins anew."""
    starts: list[int] = []
    outermost: Level | None = None
    last_part = 0
    pending: int | None = None
    pending_attached = False
    attached = -10
    for index, line in enumerate(lines):
        if is_plan_title(line) and not _goes_on(lines, index) and not _is_running_text(lines, index):
            pending, pending_attached = index, index - attached <= _LONGEST_TITLE + 1
        if is_attachment_heading(line):
            attached = index
        if line.label is None or (line.label.weak and (line.label.above or line.label.number > 1)):
            continue
        level, number = line.label.levels[0], line.label.number
        # The number of part one may be lost in the copy.
        anew = number == 1 or (level == Level.PART and number == 2 and last_part != 1)
        if pending is not None and anew and (outermost is None or level <= outermost or pending_attached):
            starts.append(pending)
            outermost, last_part = level, 0
        pending = None
        outermost = level if outermost is None else min(level, outermost)
        last_part = number if level == Level.PART else last_part
    return starts


def _goes_on(lines: Sequence[Line], index: int) -> bool:
    """Whether the next line goes on with the same title: 实施方案 | 的通知, 《…措施 | 》的通知."""
    if index + 1 == len(lines):
        return False
    following = lines[index + 1].text
    if following.startswith("的"):
        return True
    top = index
    while top and index - top < _LONGEST_TITLE and lines[top - 1].is_bare:
        top -= 1
    printed = "".join(line.text for line in lines[top : index + 1])
    return (
        printed.count("《") > printed.count("》")
        and "》" in following
        and "《" not in following.partition("》")[0]
    )


def _is_running_text(lines: Sequence[Line], index: int) -> bool:
    """Whether what looks like a title is the last line of a sentence that the copy broke."""
    top = title_top(lines, index)
    first = lines[top].text
    if re.match(r"(为|根据|按照)", first) and re.search("[，,]", first):
        return True
    if top == 0:
        return False
    above = lines[top - 1]
    known = above.ends_sentence or above.ends_paragraph or is_number(above) or is_closing(above)
    known = known or above.label is not None or is_attachment_heading(above)
    return not known and not above.text.endswith("文件")
