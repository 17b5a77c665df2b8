"""Tables that divide the work (任务分解表): each row below a head that names tasks and offices is a task."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from huiqi.documents.agencies.wording import LABEL, OFFICE_END

_TASK = re.compile(
    r"(?:序号)?(?:重点|主要|具体|目标|工作|年度|阶段)*(?:任务|事项|工作|项目)(?:名称|内容|分解|要点|清单|目标)?"
    r"|(?:政策)?(?:措施|举措)(?:名称)?|工作要点"
)
_BODY = re.compile(
    r"(?:具体|主要|政策|工作|任务|落实|推进|重点|实施|目标|建设)*(?:内容|举措|措施|要求|目标|任务|目标任务|安排|做法)(?:及要求)?"
)
_OFFICE = frozenset({"lead", "with", "implement", "responsible"})
_TIME = re.compile(r"(?:完成|办理|工作|时间|时限|进度|实施|执行)*(?:时限|时间|节点|期限|安排|要求)(?:要求)?")


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One row: offsets in the text of the clause that holds the table.

    `task` and `body` are slices of the text, `body` may be empty. `offices` is the part of the table by which its
    offices are read: the head and the row, with the offices of the row above where the row's own cell of who leads
    is covered by a merged one (`above` says so).
    """

    number: int
    start: int
    end: int
    task: tuple[int, int]
    body: tuple[int, int]
    time: tuple[int, int]
    offices: str
    above: bool


def task_rows(text: str) -> tuple[TaskRow, ...]:
    """Return the rows of all task tables in a text whose tables are lines with cells apart by tabs.

    A table without a head that names tasks and an office, 任务 and 牵头单位, divides no work and has no rows here.
    """
    rows: list[TaskRow] = []
    head: _Head | None = None
    last: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        start, at = at, at + len(line) + 1
        if "\t" not in line:
            head = None
            continue
        cells = _cells(line, start)
        found = _head([text[a:b] for a, b in cells], line)
        if found is not None:
            head, last = found, []
        elif head is not None:
            row = _row(text, head, cells, last, len(rows) + 1)
            if row is not None:
                rows.append(row)
                last = _kept(cells, last, text)
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class _Head:
    line: str
    task: int
    body: int | None
    time: int | None
    leads: int
    columns: int


def _head(cells: list[str], line: str) -> _Head | None:
    words = [re.sub(r"\s", "", each) for each in cells]
    labels = [LABEL.fullmatch(each) for each in words]
    offices = [index for index, label in enumerate(labels) if label and label.lastgroup in _OFFICE]
    if not offices:
        return None
    others = [
        index
        for index, each in enumerate(words)
        if index not in offices and each and not OFFICE_END.search(each)
    ]
    tasks = [index for index in others if _TASK.fullmatch(words[index])]
    bodies = [index for index in others if _BODY.fullmatch(words[index])]
    times = [index for index in others if _TIME.fullmatch(words[index])]
    if not tasks and not bodies:
        return None
    task = (tasks or bodies)[0]
    body = next((index for index in [*bodies, *tasks] if index > task and index not in times), None)
    time = next((index for index in times if index not in (task, body)), None)
    return _Head(line, task, body, time, offices[0], len(cells))


def _row(
    text: str, head: _Head, cells: list[tuple[int, int]], last: list[tuple[int, int]], number: int
) -> TaskRow | None:
    if len(cells) < min(head.columns, 2):
        return None
    # A row with one cell only is a heading of a part of the table.
    if sum(a < b for a, b in cells) < 2:
        return None
    task, body = _cell(cells, head.task), _cell(cells, head.body)
    if task[0] == task[1]:
        task = _cell(last, head.task)
    if task[0] == task[1]:
        task, body = body, (body[1], body[1])
    if task[0] == task[1]:
        return None
    words = [text[a:b] for a, b in cells]
    above = head.leads < len(words) and not words[head.leads]
    if above:
        a, b = _cell(last, head.leads)
        words[head.leads] = text[a:b]
        above = bool(text[a:b])
    return TaskRow(
        number,
        cells[0][0],
        cells[-1][1],
        task,
        body,
        _cell(cells, head.time),
        f"{head.line}\n" + "\t".join(words),
        above,
    )


def _kept(cells: list[tuple[int, int]], last: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The cells of a row, those covered by a merged one taken from above."""
    return [
        cell if text[slice(*cell)] or index >= len(last) else last[index] for index, cell in enumerate(cells)
    ]


def _cells(line: str, start: int) -> list[tuple[int, int]]:
    """Offsets of the words of each cell, without the spaces around them."""
    ends = [-1, *(found.start() for found in re.finditer("\t", line)), len(line)]
    spans = []
    for before, end in pairwise(ends):
        words = line[before + 1 : end]
        shown = words.strip()
        begins = start + before + 1 + (len(words) - len(words.lstrip()) if shown else 0)
        spans.append((begins, begins + len(shown)))
    return spans


def _cell(cells: list[tuple[int, int]], index: int | None) -> tuple[int, int]:
    return cells[index] if index is not None and index < len(cells) else (0, 0)
