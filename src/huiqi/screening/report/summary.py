"""summary.xlsx: the tables of the report as sheets."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huiqi.rules.verdicts import VERDICTS
from huiqi.screening.report.figures import LISTED
from huiqi.screening.report.sheets import Column, Sheet, Value, Workbooks

SUMMARY = "summary"
_VERDICTS = tuple(Column(VERDICTS[each], 10, "count") for each in LISTED)


def _count(title: str) -> Column:
    return Column(title, 14, "count")


def _money(title: str) -> Column:
    return Column(title, 20, "money")


def write_summary(folder: Path, figures: dict[str, Any], about: list[tuple[str, str]]) -> Path:
    """Write the workbook; return its path."""
    tables = list(_tables(figures))
    as_of = datetime.date.fromisoformat(figures["as_of"])
    sheets = [sheet for sheet, _ in tables]
    with Workbooks(folder, SUMMARY, sheets, as_of, figures["synthetic"], about) as book:
        for place, (_, rows) in enumerate(tables):
            for row in rows:
                book.write(place, row)
    return book.paths[0]


def _tables(figures: dict[str, Any]) -> Iterator[tuple[Sheet, list[list[Value]]]]:
    yield _totals(figures)
    if "push_list" in figures:
        columns = (
            Column("组别", 20),
            Column("编号", 10),
            _count("户数"),
            _count("户项数"),
            _money("发放与减免金额（元）"),
        )
        yield (
            Sheet("推送清单", columns),
            [
                [each["title"], each["group"], each["subjects"], each["rows"], each["amount_fen"]]
                for each in figures["push_list"]
            ],
        )
    yield _measures(figures)
    yield _by("县市", figures["counties"], "owed_subjects" in (figures["counties"] or [{}])[0])
    yield _by("规模", figures["sizes"], False)
    yield _by("行业门类", figures["sections"], False)
    yield _missing(figures)
    if "missed" in figures:
        titles = {each["id"]: each["title"] for each in figures["measures"]}
        yield (
            Sheet("应享未享", (Column("政策措施", 40), Column("编号", 32), _money("差额（元）"))),
            [
                [titles.get(each["id"], each["id"]), each["id"], each["missed_fen"]]
                for each in figures["missed"]["measures"]
            ],
        )


def _totals(figures: dict[str, Any]) -> tuple[Sheet, list[list[Value]]]:
    rows: list[list[Value]] = [
        ["确定应享（发放与减免）", None, figures["total_certain_fen"]],
        ["可缓缴", None, figures["total_deferred_fen"]],
        ["待确认（未扣除重复享受）", None, figures["total_likely_fen"]],
        ["筛查主体", figures["subjects"]["all"], None],
        ["有确定金额的主体", figures["owed_subjects"], None],
    ]
    return Sheet("合计", (Column("项目", 34), _count("数量"), _money("金额（元）"))), rows


def _measures(figures: dict[str, Any]) -> tuple[Sheet, list[list[Value]]]:
    columns = (
        *(Column("政策措施", 40), Column("编号", 32), Column("金额性质", 12), Column("兑现方式", 14)),
        *(
            *_VERDICTS,
            _money("确定金额（元）"),
            _money("待确认金额（元）"),
            _count("金额待定户数"),
            Column("依据", 60),
        ),
    )
    rows: list[list[Value]] = []
    for each in figures["measures"]:
        money: list[Value] = [
            each["certain_fen"],
            each["likely_fen"],
            each["unknown_amounts"],
        ]
        rows.append(
            [
                *(each["title"], each["id"], each["amount_is_title"], each["delivery_title"]),
                *(each["verdicts"][verdict] for verdict in LISTED),
                *(money if each["has_amount"] else [None, None, None]),
                "；".join(dict.fromkeys(variant["sources"][0]["basis"] for variant in each["regions"])),
            ]
        )
    return Sheet("措施", columns), rows


def _by(title: str, rows: list[dict[str, Any]], has_owed: bool) -> tuple[Sheet, list[list[Value]]]:
    columns = (
        *(Column(title, 28), Column("代码", 14), _count("主体数")),
        *((_count("有确定金额的"),) if has_owed else ()),
        *(*_VERDICTS, _money("确定应享（元）"), _money("可缓缴（元）")),
    )
    return Sheet(title, columns), [
        [
            *(each["name"], each["code"], each["subjects"], *([each["owed_subjects"]] if has_owed else [])),
            *(each["verdicts"][verdict] for verdict in LISTED),
            *(each["certain_fen"], each["deferred_fen"]),
        ]
        for each in rows
    ]


def _missing(figures: dict[str, Any]) -> tuple[Sheet, list[list[Value]]]:
    has_rows = bool(figures["missing"]) and "subjects" in figures["missing"][0]
    columns = (
        *(Column("缺少的信息", 44), Column("名称", 36), Column("谁掌握", 18), _count("未定户项")),
        *((_count("缺它的户数"), _count("只缺它即可定")) if has_rows else ()),
        *(_count("涉及措施数"), Column("涉及措施", 80)),
    )
    titles = {each["id"]: each["title"] for each in figures["measures"]}
    return Sheet("缺少的信息", columns), [
        [
            *(each["label"], each["fact"], each["who"], each["openings"]),
            *((each["subjects"], each["settles_alone"]) if has_rows else ()),
            len(each["measures"]),
            "、".join(f"{titles.get(of['id'], of['id'])}（{of['subjects']}）" for of in each["measures"]),
        ]
        for each in figures["missing"]
    ]
