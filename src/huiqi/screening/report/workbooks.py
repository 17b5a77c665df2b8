"""The lists as workbooks: per firm by county, the push list, the missed list; and both lists as Parquet.

All are written in one pass over the rows sorted by county and subject.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from huiqi.reference.money import format_yuan
from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.reasons import MissingFact
from huiqi.rules.verdicts import ELIGIBLE, LIKELY
from huiqi.screening.assess import COUNTED
from huiqi.screening.report.groups import ASK, CONFIRM, PAY, TELL
from huiqi.screening.report.lists import MISSED, PUSH_LIST
from huiqi.screening.report.row_texts import RowTexts
from huiqi.screening.report.sheets import Column, Sheet, Workbooks
from huiqi.screening.report.sorted_rows import SortedRows

BY_COUNTY = "by-county"
_WHO = (Column("统一社会信用代码", 21, "own"), Column("名称", 36, "own"), Column("县市", 16))
_MEASURE = Column("政策措施", 32)
_AMOUNT = Column("金额（元）", 16, "money")
_NATURE = Column("性质", 10)
_DELIVERY = Column("兑现方式", 14)
_BASIS = Column("依据", 40)
_ROW = (*_WHO, _MEASURE, _AMOUNT, _NATURE, _DELIVERY, _BASIS)
FIRM_SHEETS = (
    Sheet("应享", (*_ROW, Column("说明", 40))),
    Sheet("待确认", (*_ROW, Column("待申明或认定的条件", 60), Column("由谁确认", 22))),
    Sheet("待补信息", (*_ROW, Column("缺少的信息", 60), Column("谁掌握", 26))),
)
PUSH_SHEETS = (
    Sheet("可直接兑付", _ROW),
    Sheet("告知办理", (*_ROW, Column("受理渠道", 30))),
    Sheet("只需确认", (*_ROW, Column("待申明或认定的条件", 60), Column("由谁确认", 22))),
    Sheet(
        "须补信息",
        (
            *_WHO,
            Column("缺少的信息", 80),
            Column("谁掌握", 30),
            Column("涉及措施数", 12, "count"),
            Column("涉及措施", 60),
        ),
    ),
)
MISSED_SHEETS = (
    Sheet(
        "应享未享",
        (
            *(*_WHO, _MEASURE, Column("应享金额（元）", 16, "money"), Column("已享金额（元）", 16, "money")),
            *(Column("差额（元）", 16, "money"), _NATURE, _DELIVERY, _BASIS),
        ),
    ),
)
_ELIGIBLE, _LIKELY = ORDER.index(ELIGIBLE), ORDER.index(LIKELY)
_MOST_NAMED = 8


class _Row(NamedTuple):
    """A row in play as the lists need it; money is fen, None where not known."""

    row: int
    firm: str
    name: str | None
    rule: int
    verdict: int
    group: int
    amount: int | None
    counted: int
    received: int | None
    missing: int


@dataclass
class WorkbookWriter:
    """Writes the lists of a screening into a folder as workbooks."""

    folder: Path
    row_texts: RowTexts
    rows: SortedRows
    as_of: datetime.date
    synthetic: bool
    about: list[tuple[str, str]]
    with_missed: bool
    most_rows: int

    def write(self) -> Iterator[int]:
        """Write the lists as workbooks; yield the number of rows done after each part."""
        by_county = self.folder / BY_COUNTY
        by_county.mkdir()
        with ExitStack() as stack:
            push = stack.enter_context(self._workbooks(self.folder, PUSH_LIST, PUSH_SHEETS))
            missed: Workbooks | None = None
            if self.with_missed:
                missed = stack.enter_context(self._workbooks(self.folder, MISSED, MISSED_SHEETS))
            for county in self.rows.in_order():
                title = county_name(county)
                with self._workbooks(by_county, file_name(county), FIRM_SHEETS) as firms:
                    for batch in self.rows.batches(county):
                        self._write_batch(batch, title, firms, push, missed)
                        yield batch.num_rows

    def _workbooks(self, folder: Path, name: str, sheets: tuple[Sheet, ...]) -> Workbooks:
        return Workbooks(folder, name, sheets, self.as_of, self.synthetic, self.about, self.most_rows)

    def _write_batch(
        self, batch: pa.RecordBatch, county: str, firms: Workbooks, push: Workbooks, missed: Workbooks | None
    ) -> None:
        columns = [column.to_pylist() for column in batch.columns]
        for _, of_firm in groupby(map(_Row._make, zip(*columns, strict=True)), key=lambda each: each.row):
            group = list(of_firm)
            firms.make_room(len(group))
            for each in group:
                self._write_firm_row(each, county, firms)
                self._write_push_row(each, county, push)
                if missed is not None:
                    self._write_missed_row(each, county, missed)
            self._write_asked(group, county, push)

    def _cells(self, each: _Row, county: str, fen: int | None) -> list[Any]:
        measure = self.row_texts.measures.rules[each.rule]
        return [
            *(each.firm, each.name, county, measure.title, fen, self.row_texts.measures.nature(measure)),
            *(self.row_texts.measures.delivery(measure), self.row_texts.measures.basis(measure)),
        ]

    def _write_firm_row(self, each: _Row, county: str, firms: Workbooks) -> None:
        if each.verdict == _ELIGIBLE:
            known = each.amount is not None
            cells = self._cells(each, county, each.counted if known else None)
            firms.write(0, [*cells, self._remark(each)])
        elif each.verdict == _LIKELY:
            found = self.row_texts.measures.open_conditions(each.rule, self.row_texts.facts(each.missing))
            firms.write(1, [*self._cells(each, county, each.amount), found.text, found.who])
        else:
            firms.write(2, [*self._cells(each, county, None), *self.row_texts.asked(each.missing)])

    def _remark(self, each: _Row) -> str:
        if each.amount is None:
            if self.row_texts.measures.rules[each.rule].amount is None:
                return ""
            return f"金额待定，缺：{self.row_texts.asked(each.missing)[0]}"
        if each.counted != each.amount:
            return f"与其他措施不重复享受，单独计为 {format_yuan(each.amount)} 元"
        return ""

    def _write_push_row(self, each: _Row, county: str, push: Workbooks) -> None:
        if each.group == PAY:
            push.write(0, self._cells(each, county, each.counted))
        elif each.group == TELL:
            fen = None if each.amount is None else each.counted
            push.write(
                1, [*self._cells(each, county, fen), self.row_texts.measures.rules[each.rule].apply_at]
            )
        elif each.group == CONFIRM:
            found = self.row_texts.measures.open_conditions(each.rule, self.row_texts.facts(each.missing))
            push.write(2, [*self._cells(each, county, each.amount), found.text, found.who])

    def _write_asked(self, of_firm: list[_Row], county: str, push: Workbooks) -> None:
        """Write one row for the firm: what to ask, what settles most first."""
        asking = [each for each in of_firm if each.group == ASK]
        if not asking:
            return
        wanted: dict[MissingFact, int] = {}
        for each in asking:
            for fact in self.row_texts.facts(each.missing):
                wanted[fact] = wanted.get(fact, 0) + 1
        facts = sorted(wanted, key=lambda fact: (-wanted[fact], fact))
        titles = list(dict.fromkeys(self.row_texts.measures.rules[each.rule].title for each in asking))
        more = f"等{len(titles)}项" if len(titles) > _MOST_NAMED else ""
        first = asking[0]
        push.write(
            3,
            [
                *(first.firm, first.name, county, "；".join(map(self.row_texts.names.label, facts))),
                "、".join(dict.fromkeys(map(self.row_texts.names.who, facts))),
                *(len(asking), "、".join(titles[:_MOST_NAMED]) + more),
            ],
        )

    def _write_missed_row(self, each: _Row, county: str, missed: Workbooks) -> None:
        measure = self.row_texts.measures.rules[each.rule]
        if each.received is None or measure.amount_is not in COUNTED or each.received >= each.counted:
            return
        cells = self._cells(each, county, each.counted)
        left = each.counted - each.received
        missed.write(0, [*cells[:5], each.received, left, *cells[5:]])


def county_name(code: str) -> str:
    """Return the name of a county for people."""
    try:
        return region(code).name if code else "不明"
    except UnknownRegion:
        return code


def file_name(code: str) -> str:
    """Return the name of a county's file; nothing of it is written as the roster writes it."""
    try:
        return f"{region(code).code}-{region(code).name}" if code else "unknown-不明"
    except UnknownRegion:
        return f"other-{hashlib.sha256(code.encode()).hexdigest()[:8]}"
