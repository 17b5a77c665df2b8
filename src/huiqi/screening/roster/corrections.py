"""The roster given back as a workbook: the same rows, doubtful cells coloured, and a column 问题 that says why.

Corrected there, it can be read as a roster again. Texts stay texts: credit codes keep their digits, and what begins
with = + - @ is never a formula.
"""

from __future__ import annotations

import datetime
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.facts import SUBJECT
from huiqi.rules.types import Kind
from huiqi.screening.prepared import FIRMS
from huiqi.screening.roster.doubts import Doubt, Doubts
from huiqi.screening.roster.mapping import TableMapping
from huiqi.screening.roster.problems import problem
from huiqi.screening.roster.reading import Roster
from huiqi.screening.roster.sources import LIST_OF_PROBLEMS, Table, find_tables
from huiqi.screening.roster.tables import Chunk, Unreadable

PROBLEM = "问题"
MOST_ROWS = 200_000
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
_LIST = ("文件", "工作表", "行", "列", "内容", PROBLEM, "说明", "代码")
_CREATED = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed day, so that equal rosters give equal files
_Rows = dict[int, list[Doubt]]


def write_findings_xlsx(roster: Roster, source: Path, library: PolicyLibrary, path: Path) -> None:
    """Write the roster at `source` with its doubts to `path`.

    Rows keep their numbers. Of a table with more than `MOST_ROWS` rows only the doubtful ones are written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".corrections-", dir=path.parent) as spool:
        part = Path(spool) / path.name
        _Workbook(roster, library).write(source, part, Path(spool))
        part.replace(path)


class _Workbook:
    def __init__(self, roster: Roster, library: PolicyLibrary) -> None:
        self.roster = roster
        self.library = library

    def write(self, source: Path, path: Path, spool: Path) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with xlsxwriter.Workbook(str(path), options) as book:
            book.set_properties({"created": _CREATED})
            self.bold = book.add_format({"bold": True})
            self.red = book.add_format({"bg_color": "#F8CBAD"})
            self.why = book.add_format({"font_color": "#C00000"})
            # As a spreadsheet itself marks text that looks like a formula.
            self.quoted = book.add_format({"quote_prefix": True})
            self.red_quoted = book.add_format({"quote_prefix": True, "bg_color": "#F8CBAD"})
            tables = (
                find_tables(source, self.library.facts, spool / "sources", Doubts())
                if self._has_tables(spool)
                else []
            )
            for table in tables:
                name = (
                    FIRMS if table.record == SUBJECT else self.library.facts.records[table.record].list_name
                )
                mapping = self.roster.mapping.tables.get(name)
                if mapping is not None:
                    self._table(book, name, table, mapping)
            self._list(book)

    def _has_tables(self, spool: Path) -> bool:
        (spool / "sources").mkdir()
        return bool(self.roster.mapping.tables)

    def _table(self, book: Any, name: str, table: Table, mapping: TableMapping) -> None:
        rows: _Rows = {}
        for each in self.roster.doubts:
            if each.place == table.source.place:
                rows.setdefault(each.row, []).append(each)
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 0, 40)
        sheet.freeze_panes(mapping.header_row, 1)
        count = self.roster.counts[name].rows if name in self.roster.counts else 0
        only_doubtful = count > MOST_ROWS
        head = table.source.head()[: mapping.header_row]
        width = len(head[-1]) if head else 0
        for number, texts in enumerate(head):
            for place, text in enumerate(texts):
                marked = any(doubt.column == place for doubt in rows.get(number + 1, ()))
                if text:
                    sheet.write_string(number, place + 1, text, self.red if marked else self.bold)
        sheet.write_string(max(0, mapping.header_row - 1), 0, PROBLEM, self.bold)
        numbers = self._number_columns(head, mapping)
        at = mapping.header_row
        try:
            for chunk in table.source.chunks(mapping.header_row, width):
                at = self._chunk(sheet, chunk, rows, numbers, at, only_doubtful)
        except Unreadable:
            pass  # the list of problems says where reading ended

    def _number_columns(self, head: list[list[str]], mapping: TableMapping) -> set[int]:
        columns = [mapping.columns.get(text) for text in head[-1]] if head else []
        return {
            place
            for place, column in enumerate(columns)
            if column is not None and column.fact is not None and column.fact.type.kind is Kind.NUMBER
        }

    def _chunk(
        self, sheet: Any, chunk: Chunk, rows: _Rows, numbers: set[int], at: int, only_doubtful: bool
    ) -> int:
        texts = [cells.text.to_pylist() for cells in chunk.columns]
        for place, row in enumerate(chunk.rows.tolist()):
            doubts = rows.get(row, [])
            if only_doubtful and not doubts:
                continue
            at = at + 1 if only_doubtful else row
            if doubts:
                why = "；".join(
                    dict.fromkeys(
                        f"{each.heading}：{problem(each.code)}" if each.heading else problem(each.code)
                        for each in doubts
                    )
                )
                sheet.write_string(at - 1, 0, f"第{row}行 {why}" if only_doubtful else why, self.why)
            marked = {each.column for each in doubts}
            for column, values in enumerate(texts):
                cells = chunk.columns[column]
                is_number = column in numbers and cells.numeric is not None and bool(cells.numeric[place])
                self._cell(sheet, at - 1, column, values[place], column in marked, is_number)
        return at

    def _cell(
        self, sheet: Any, row: int, column: int, text: str | None, is_marked: bool, is_number: bool
    ) -> None:
        if text is None:
            if is_marked:
                sheet.write_blank(row, column + 1, None, self.red)
        elif is_number:
            sheet.write_number(row, column + 1, Decimal(text), self.red if is_marked else None)
        elif text.startswith(_FORMULA_MARKS):
            sheet.write_string(row, column + 1, text[:32_767], self.red_quoted if is_marked else self.quoted)
        else:
            sheet.write_string(row, column + 1, text[:32_767], self.red if is_marked else None)

    def _list(self, book: Any) -> None:
        sheet = book.add_worksheet(LIST_OF_PROBLEMS)
        for column, heading in enumerate(_LIST):
            sheet.write_string(0, column, heading, self.bold)
        for row, each in enumerate(self.roster.doubts[:MOST_ROWS], start=1):
            sentence = "; ".join(part for part in (each.what, each.why, each.mend) if part)
            shown = (
                each.place.file,
                each.place.sheet,
                str(each.row or ""),
                each.heading,
                each.value,
                problem(each.code),
                sentence,
                each.code,
            )
            for column, text in enumerate(shown):
                if text:
                    sheet.write_string(
                        row, column, text, self.quoted if text.startswith(_FORMULA_MARKS) else None
                    )
        if self.roster.uncounted:
            sheet.write_string(
                len(self.roster.doubts[:MOST_ROWS]) + 1, 0, f"另有{self.roster.uncounted}处问题未列出"
            )
        sheet.set_column(4, 6, 40)
        sheet.freeze_panes(1, 0)
