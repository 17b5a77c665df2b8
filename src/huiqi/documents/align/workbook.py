"""An alignment as XLSX: plans, pairs, differences, what was dropped, what was added; one set a pair of texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from huiqi.documents.align.chain import Chain
from huiqi.documents.align.model import Alignment, Side
from huiqi.documents.align.wording import CHANGES, KINDS, WAYS
from huiqi.documents.outline import OutlinedClause
from huiqi.documents.sentences import KINDS as CLASSES

_MOST = 32_000
"""Characters of a cell; a sheet takes 32,767."""
_PLANS = (("上级方案", 24), ("下级方案", 24), ("依据", 40))
_PAIRS = (
    ("上级条款", 22),
    ("标题", 30),
    ("下级条款", 22),
    ("下级标题", 30),
    ("相近程度", 10),
    ("方式", 12),
    ("得分构成", 46),
)
_DIFFERENCES = (
    ("上级条款", 22),
    ("下级条款", 22),
    ("类别", 8),
    ("变化", 8),
    ("上级原文", 44),
    ("下级原文", 44),
    ("说明", 44),
)
_ALONE = (("条款", 24), ("标题", 36), ("类别", 12), ("原文", 90))
_LOST = (("第一级条款", 24), ("标题", 36), ("逐级对应", 70), ("丢失于第几级以下", 16))


def write_workbook(chain: Chain, path: Path) -> None:
    """Write the tables to a file that does not exist yet or is replaced whole."""
    unfinished = path.with_name(path.name + ".unfinished")
    # Text only: a cell that begins with = or @ stays what is printed.
    book = xlsxwriter.Workbook(
        str(unfinished),
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    styles = {
        "head": book.add_format({"bold": True, "border": 1, "valign": "vcenter", "text_wrap": True}),
        "cell": book.add_format({"border": 1, "valign": "top", "text_wrap": True}),
    }
    for number, alignment in enumerate(chain.alignments, 1):
        ending = "" if len(chain.alignments) == 1 else f"{number}"
        _write(book, alignment, ending, styles)
    if len(chain.alignments) > 1:
        first = chain.alignments[0]
        rows = [
            (
                each.clause.path,
                first.above(each.clause).clause.heading,
                " → ".join("、".join(side.path for side in step) for step in each.steps),
                each.lost_at,
            )
            for each in chain.lost
        ]
        _sheet(book, "逐级丢失", _LOST, rows, styles)
    book.close()
    unfinished.replace(path)


def _write(book: Any, alignment: Alignment, ending: str, styles: dict[str, Any]) -> None:
    pairs = [
        (
            pair.superior.path,
            alignment.above(pair.superior).clause.heading,
            "\n".join(each.path for each in pair.subordinate),
            "\n".join(alignment.below(each).clause.heading for each in pair.subordinate),
            pair.likeness.score,
            WAYS[pair.way],
            str(pair.likeness),
        )
        for pair in alignment.pairs
    ]
    differences = [
        (
            pair.superior.path,
            each.subordinate.path if each.subordinate else "、".join(side.path for side in pair.subordinate),
            KINDS[each.kind],
            CHANGES[each.change],
            each.superior.printed if each.superior else "",
            each.subordinate.printed if each.subordinate else "",
            each.why,
        )
        for pair in alignment.pairs
        for each in pair.differences
    ]
    plans: list[tuple[str, ...]] = [
        (each.superior or each.root or "正文", each.subordinate or "正文", each.why)
        for each in alignment.plans
    ]
    plans += [(each, "", "下级没有印发") for each in alignment.missing_plans]
    plans += [("", each, "上级没有") for each in alignment.added_plans]
    _sheet(book, f"条款对照{ending}", _PAIRS, pairs, styles)
    _sheet(book, f"不同之处{ending}", _DIFFERENCES, differences, styles)
    dropped = [_alone(each, alignment.above(each)) for each in alignment.dropped]
    _sheet(book, f"下级没有{ending}", _ALONE, dropped, styles)
    added = [_alone(each, alignment.below(each)) for each in alignment.added]
    _sheet(book, f"下级增加{ending}", _ALONE, added, styles)
    _sheet(book, f"方案{ending}", _PLANS, plans, styles)


def _alone(side: Side, clause: OutlinedClause) -> tuple[str, str, str, str]:
    return side.path, clause.clause.heading, CLASSES.get(clause.kind, ""), clause.clause.text


def _sheet(
    book: Any,
    name: str,
    columns: Sequence[tuple[str, int]],
    rows: Sequence[Sequence[str | int]],
    styles: dict[str, Any],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.freeze_panes(1, 0)
    for column, (head, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, styles["head"])
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(line, column, value, styles["cell"])
            else:
                sheet.write_string(line, column, value[:_MOST], styles["cell"])
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
