"""The list that a third party sends back, as rows: CSV or XLSX, with the headings of the list that went out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from huiqi.portal.acts.refusals import Refused
from huiqi.screening.roster.cells import cleaned
from huiqi.screening.roster.csv_files import CsvFile
from huiqi.screening.roster.doubts import Place
from huiqi.screening.roster.problems import problem
from huiqi.screening.roster.sources import sniffed
from huiqi.screening.roster.tables import Source, Unreadable
from huiqi.screening.roster.workbooks import open_workbook

MOST_ROWS = 100_000
_NAMES: Mapping[str, tuple[str, ...]] = {
    "number": ("明细编号",),
    "code": ("统一社会信用代码", "信用代码"),
    "result": ("落实结果", "结果"),
    "amount": ("落实金额（元）", "落实金额(元)", "落实金额"),
    "note": ("说明", "备注", "原因"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as text; `row` is its number in the file."""

    row: int
    number: str
    code: str
    result: str
    amount: str
    note: str


def rows_of(path: Path, form: str) -> Iterator[Row]:
    """Yield the rows. Raises Refused: the file cannot be read, columns are missing, too many rows."""
    try:
        yield from _rows(_source(path, form))
    except Unreadable as error:
        raise Refused(
            "文件无法读入", why=problem(error.code), mend="请改正后重新上传", code=error.code, cell="ticket"
        ) from None


def _source(path: Path, form: str) -> Source:
    kind, place = sniffed(path), Place(path.name)
    if kind == "text" and form == "csv":
        return CsvFile(path, place)
    if kind != "xlsx":
        raise Unreadable("wrong-ending", "", "", "")
    sheets = [each for each in open_workbook(path, place, path.parent / "sheets") if each.is_visible]
    if len(sheets) != 1:
        raise Refused(
            f"工作簿有{len(sheets)}张表", mend="请只保留名单一张表", code="list-sheets", cell="ticket"
        )
    return sheets[0]


def _rows(source: Source) -> Iterator[Row]:
    header, columns, width = _header(source.head())
    count = 0
    for chunk in source.chunks(header, width):
        for fault in chunk.faults:
            raise Unreadable(fault.error.code, fault.error.what, fault.error.why, fault.error.mend, fault.row)
        texts = {name: chunk.columns[place].text.to_pylist() for name, place in columns.items()}
        for at, row in enumerate(chunk.rows.tolist()):
            count += 1
            if count > MOST_ROWS:
                raise Refused(
                    f"超过{MOST_ROWS:,}行", mend="请分成几个文件", code="list-too-long", cell="ticket"
                )
            said = {name: cleaned((texts[name][at] or "")[:500]) if name in texts else "" for name in _NAMES}
            yield Row(row, **said)


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int], int]:
    for number, row in enumerate(rows, start=1):
        words = ["".join(cleaned(each[:200]).split()) for each in row]
        columns = {
            name: words.index(word) for name, known in _NAMES.items() for word in known[::-1] if word in words
        }
        if {"number", "result", "amount"} <= columns.keys():
            return number, columns, len(row)
    raise Refused(
        "没有找到表头",
        why="须有明细编号、落实结果、落实金额",
        mend="请在送出的名单上填写后上传",
        code="no-columns",
        cell="ticket",
    )
