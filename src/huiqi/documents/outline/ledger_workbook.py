"""The task ledger as XLSX: tasks, targets, and what a person should look at, ready to print on A4 across."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from huiqi.documents.outline.as_json import exact
from huiqi.documents.outline.ledger import Task, targets, tasks
from huiqi.documents.outline.model import Outline

_TASKS = ("序号", "任务", "具体内容", "牵头单位", "配合单位", "完成时限", "量化目标", "条款")
_WIDTHS = (6, 24, 60, 20, 24, 16, 28, 18)
_TARGETS = ("序号", "指标", "原文", "数值", "单位", "方向", "时限", "条款")
_TARGET_WIDTHS = (6, 30, 24, 16, 8, 10, 14, 18)
_DOUBTS = ("条款", "需人工核对的内容")
_DIRECTIONS = {
    "exactly": "等于",
    "at_least": "不低于",
    "at_most": "不超过",
    "about": "约",
    "reach": "达到",
    "increase": "增长",
    "decrease": "下降",
    "range": "区间",
    "below": "低于",
    "above": "高于",
}
_MOST = 32_000
"""Characters of a cell; a sheet takes 32,767."""


def write_ledger(outline: Outline, path: Path) -> int:
    """Write the ledger to a file that does not exist yet or is replaced whole; the number of tasks."""
    rows = tasks(outline)
    unfinished = path.with_name(path.name + ".unfinished")
    # Text only: a cell that begins with = or @ stays what is printed.
    book = xlsxwriter.Workbook(
        str(unfinished),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    styles = {
        "title": book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}),
        "head": book.add_format(
            {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
        ),
        "cell": book.add_format({"border": 1, "valign": "top", "text_wrap": True}),
        "count": book.add_format({"border": 1, "align": "center", "valign": "top"}),
    }
    title = outline.document.title or ""
    _sheet(
        book,
        "任务分解表",
        f"{title}任务分解表",
        _TASKS,
        _WIDTHS,
        [
            (
                each.number,
                each.task,
                each.body,
                "、".join(each.lead),
                "、".join(each.with_others).replace("、等有关单位", "等有关单位"),
                "；".join(each.deadlines),
                "；".join(each.targets),
                place_of(each),
            )
            for each in rows
        ],
        styles,
    )
    _sheet(
        book,
        "量化目标",
        "量化目标清单",
        _TARGETS,
        _TARGET_WIDTHS,
        [
            (
                each.number,
                each.of,
                each.printed,
                exact(each.quantity.value)
                + (f"—{exact(each.quantity.value_to)}" if each.quantity.value_to is not None else ""),
                each.quantity.unit,
                _DIRECTIONS[each.quantity.direction],
                each.quantity.until.isoformat() if each.quantity.until else "",
                each.path,
            )
            for each in targets(outline)
        ],
        styles,
    )
    doubts = [(place_of(each), doubt) for each in rows for doubt in each.doubts]
    doubts += [(place_of(each), f"未登记的单位：{'、'.join(each.unknown)}") for each in rows if each.unknown]
    _sheet(book, "需核对", "需人工核对", _DOUBTS, (20, 100), doubts or [("", "没有需要核对的内容")], styles)
    book.close()
    unfinished.replace(path)
    return len(rows)


def place_of(task: Task) -> str:
    """Where a task stands: its clause, and the row where a table gives it."""
    return f"{task.path} 表第{task.row}行" if task.row else task.path


def _sheet(
    book: Any,
    name: str,
    title: str,
    heads: Sequence[str],
    widths: Sequence[int],
    rows: Sequence[Sequence[str | int]],
    styles: dict[str, Any],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.freeze_panes(2, 0)
    sheet.merge_range(0, 0, 0, len(heads) - 1, title[:200], styles["title"])
    sheet.set_row(0, 30)
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, head, styles["head"])
    for line, row in enumerate(rows, 2):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, column, value, styles["count"])
            else:
                sheet.write_string(line, column, value[:_MOST], styles["cell"])
