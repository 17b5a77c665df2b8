"""A file of members read: each row a subject with its days, or what is in doubt, cell by cell."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from huiqi.findings import one_line
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.models import Firm
from huiqi.portal.lists.batches import MOST
from huiqi.portal.lists.guards import (
    Standing,
    firms_by_code,
    reached_county,
    reached_firm,
    refuse_overlap,
    span,
    standing,
)
from huiqi.portal.lists.kinds import COUNTY, ListKind
from huiqi.portal.lists.models import KeptList
from huiqi.screening.roster.cells import cleaned
from huiqi.screening.roster.doubts import Doubts, column_letters
from huiqi.screening.roster.problems import problem
from huiqi.screening.roster.sources import find_tables
from huiqi.screening.roster.tables import MOST_COLUMNS, Source, Unreadable

MOST_SHOWN = 1_000
"""Findings kept with a batch."""
_MOST_TEXT = 500
_HEADINGS: Mapping[str, frozenset[str]] = {
    "subject": frozenset(
        [
            "统一社会信用代码",
            "社会信用代码",
            "信用代码",
            "creditcode",
            "unifiedsocialcreditcode",
            "县市区",
            "县（市、区）",
            "县(市、区)",
            "县区",
            "区县",
            "县市",
            "地区",
            "行政区划",
            "行政区划代码",
            "county",
            "region",
        ]
    ),
    "name": frozenset(["企业名称", "名称", "单位名称", "主体名称", "name", "company", "firmname"]),
    "begins": frozenset(
        [
            "列入日期",
            "列入时间",
            "认定日期",
            "认定时间",
            "公布日期",
            "自",
            "起",
            "开始日期",
            "begins",
            "from",
            "since",
        ]
    ),
    "last_day": frozenset(
        [
            "最后一天",
            "截止日期",
            "有效期至",
            "有效期止",
            "退出日期",
            "至",
            "止",
            "结束日期",
            "until",
            "to",
            "lastday",
        ]
    ),
    "reason": frozenset(["列入理由", "理由", "依据", "事由", "备注", "reason", "remarks", "note"]),
}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?")


@dataclass(slots=True)
class ReadMembers:
    """The rows that can be taken, and what is in doubt."""

    rows: list[tuple[int | str, date, date | None, str]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def as_json(self) -> list[list[Any]]:
        """Return the rows as a batch keeps them."""
        return [
            [subject, begins.isoformat(), until.isoformat() if until else None, reason]
            for subject, begins, until, reason in self.rows
        ]


@dataclass(frozen=True, slots=True)
class _Cell:
    heading: str
    column: int
    text: str
    numeric: bool
    broken: bool


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, _Cell]
    subject: Firm | str
    begins: date
    last_day: date | None
    reason: str


def read_members(path: Path, kept: KeptList, kind: ListKind, doing: Doing, default: date) -> ReadMembers:
    """Read the members of a list from a file. Raises Refused where the whole file cannot be read."""
    with tempfile.TemporaryDirectory(prefix="huiqi-list-") as spool:
        source = _table(path, Path(spool))
        return _Reading(kept, kind, doing, default).read(source)


def _table(path: Path, spool: Path) -> Source:
    doubts = Doubts()
    tables = find_tables(path, library().facts, spool, doubts)
    if not tables:
        doubt = doubts.kept[0] if doubts.kept else None
        code = doubt.code if doubt is not None else "not-a-table"
        raise Refused(
            "文件无法读入", why=problem(code), mend="请只保留一张表，另存为.xlsx或CSV", code=code, cell="file"
        )
    return tables[0].source


class _Reading:
    def __init__(self, kept: KeptList, kind: ListKind, doing: Doing, default: date) -> None:
        self.kept, self.kind, self.doing, self.default = kept, kind, doing, default
        self.found = ReadMembers()
        self.seen: dict[int | str, int] = {}
        self.doubtful: set[int] = set()
        self.firms: dict[str, Firm] = {}

    def read(self, source: Source) -> ReadMembers:
        try:
            header, columns = _header(source.head())
            rows = list(islice(_rows(source, header, columns), MOST + 1))
        except Unreadable as error:
            raise Refused(
                "文件无法读入", why=problem(error.code), mend="请改正后重新上传", code=error.code, cell="file"
            ) from None
        if len(rows) > MOST:
            raise Refused(f"超过{MOST:,}行", mend="请分成几个文件", code="list-too-long", cell="file")
        if self.kind.of != COUNTY:
            self.firms = firms_by_code(cells["subject"].text for _row, cells in rows)
        read = [each for row, cells in rows if (each := self._row(row, cells)) is not None]
        stands = standing(self.kept, [each.subject for each in read])
        for each in read:
            self._place(each, stands)
        found = self.found
        found.counts = {
            "rows": len(rows),
            "good": len(found.rows),
            "doubtful": len(self.doubtful),
            "findings": len(found.findings),
        }
        found.findings = sorted(found.findings, key=lambda each: each["row"])[:MOST_SHOWN]
        return found

    def _row(self, row: int, cells: Mapping[str, _Cell]) -> _Row | None:
        for cell in cells.values():
            if cell.broken:
                self._doubt(row, cell, "error-cell", problem("error-cell"))
        begins = self._day(row, cells.get("begins")) or self.default
        last_day = self._day(row, cells.get("last_day"))
        subject = self._subject(row, cells)
        reason = cleaned(cells["reason"].text) if "reason" in cells else ""
        if subject is None or row in self.doubtful:
            return None
        return _Row(row, cells, subject, begins, last_day, one_line(reason, _MOST_TEXT) or "按名单文件列入")

    def _place(self, read: _Row, stands: Mapping[int | str, list[Standing]]) -> None:
        """Hold a row against the list, and against the rows before it."""
        subject = read.subject
        whom: int | str = subject if isinstance(subject, str) else subject.pk
        try:
            first, until = span(self.kind, read.begins, read.last_day, self.doing.today)
            refuse_overlap(stands.get(whom, ()), first, until)
        except Refused as refused:
            finding = refused.findings[0]
            at = finding.cell if finding.cell in read.cells else "subject"
            self._doubt(read.number, read.cells[at], finding.code, finding.what, finding.mend)
            return
        if whom in self.seen:
            said = f"与第{self.seen[whom]}行重复"
            self._doubt(read.number, read.cells["subject"], "duplicate-firm", said, "请只保留一行")
            return
        self.seen[whom] = read.number
        self.found.rows.append((whom, first, until, read.reason))

    def _subject(self, row: int, cells: Mapping[str, _Cell]) -> Firm | str | None:
        cell = cells.get("subject")
        if cell is None or not cell.text:
            code = "no-credit-code" if self.kind.of != COUNTY else "list-no-county"
            said = problem(code) if self.kind.of != COUNTY else "没有填写县（市、区）"
            self._doubt(row, cell, code, said)
            return None
        if cell.numeric and self.kind.of != COUNTY:
            self._doubt(row, cell, "credit-code-numeric-cell", problem("credit-code-numeric-cell"))
            return None
        try:
            if self.kind.of == COUNTY:
                return reached_county(self.doing, self.kept, cell.text)
            subject = reached_firm(self.doing, self.kept, cell.text, self.firms)
        except Refused as refused:
            finding = refused.findings[0]
            self._doubt(row, cell, finding.code, finding.what, finding.mend)
            return None
        named = cells.get("name")
        if named is not None and named.text and _plain(named.text) != _plain(subject.name):
            said, mend = "与企业名册中的名称不一致", "请核对代码和名称是否为同一户"
            self._doubt(row, named, "list-other-name", said, mend)
            return None
        return subject

    def _day(self, row: int, cell: _Cell | None) -> date | None:
        if cell is None or not cell.text or cell.text in ("长期", "—", "-", "/"):
            return None
        match = _DAY.fullmatch(cleaned(cell.text))
        try:
            return date(*(int(part) for part in match.groups())) if match else self._not_a_day(row, cell)
        except ValueError:
            return self._not_a_day(row, cell)

    def _not_a_day(self, row: int, cell: _Cell) -> None:
        self._doubt(row, cell, "not-a-date", problem("not-a-date"))

    def _doubt(self, row: int, cell: _Cell | None, code: str, said: str, mend: str = "") -> None:
        self.doubtful.add(row)
        self.found.findings.append(
            {
                "row": row,
                "cell": f"{column_letters(cell.column)}{row}" if cell is not None else "",
                "heading": one_line(cell.heading, 60) if cell is not None else "",
                "value": one_line(cell.text, 60) if cell is not None else "",
                "code": code,
                "zh": "，".join(each for each in (said, mend) if each),
            }
        )


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """Return the row of the headings (from 1) and the column of each thing that is known."""
    for number, row in enumerate(rows, start=1):
        columns: dict[str, int] = {}
        for place, text in enumerate(row[:MOST_COLUMNS]):
            for name, words in _HEADINGS.items():
                if _plain(text) in words:
                    columns.setdefault(name, place)
        if "subject" in columns:
            return number, columns
    raise Refused(
        "没有找到表头",
        why="须有“统一社会信用代码”一列；按县列的名单须有“县（市、区）”一列",
        mend="请核对列名后重新上传",
        code="no-columns",
        cell="file",
    )


def _rows(source: Source, header: int, columns: Mapping[str, int]) -> Iterator[tuple[int, dict[str, _Cell]]]:
    headings = source.head()[header - 1]
    for chunk in source.chunks(header, len(headings)):
        for fault in chunk.faults:
            raise Unreadable(fault.error.code, fault.error.what, fault.error.why, fault.error.mend, fault.row)
        texts = {name: chunk.columns[place].text.to_pylist() for name, place in columns.items()}
        for place, row in enumerate(chunk.rows.tolist()):
            cells = {}
            for name, column in columns.items():
                whole = chunk.columns[column]
                text = (texts[name][place] or "")[: _MOST_TEXT + 1]
                numeric = whole.numeric is not None and bool(whole.numeric[place])
                cells[name] = _Cell(headings[column], column, text, numeric, place in whole.broken)
            yield row, cells


def _plain(text: str) -> str:
    return "".join(cleaned(text[:200]).split()).replace("*", "").casefold()
