"""Lines of an order of money from a table (CSV, XLSX) or pasted from one: a column of regions, a column of amounts."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from huiqi.findings import Finding
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.funds.orders import MOST_LINES
from huiqi.reference.regions import UnknownRegion, find, region
from huiqi.screening.roster.cells import cleaned
from huiqi.screening.roster.csv_files import CsvFile
from huiqi.screening.roster.doubts import Place
from huiqi.screening.roster.problems import problem
from huiqi.screening.roster.sources import sniffed
from huiqi.screening.roster.tables import Source, Unreadable
from huiqi.screening.roster.workbooks import open_workbook

MOST_BYTES = 2 << 20
_REGIONS = {"地区", "地区代码", "行政区划代码", "行政区划", "州市", "县市", "县市区", "单位", "region"}
_AMOUNTS = {"金额", "下达金额", "拨款金额", "分配金额", "补助金额", "收回金额", "amount"}
_WHOLE = {"合计", "总计", "小计", "total"}
_UNIT = re.compile(r"[（(](?:元|人民币|人民币元|yuan|cny)[）)]$")


def lines_of_file(name: str, content: bytes, giver: str) -> dict[str, str]:
    """Return the amounts (as written) by region code. Raises Refused, each row's fault by its number."""
    with tempfile.TemporaryDirectory(prefix="huiqi-lines-", dir=_house()) as folder:
        path = Path(folder) / f"lines{Path(name).suffix.lower()[:5]}"
        path.write_bytes(content)
        try:
            return _lines(_cells(_source(path, Path(folder))), giver)
        except Unreadable as error:
            raise Refused(
                "文件无法读入",
                why=problem(error.code),
                mend="请改正后重新上传",
                code=error.code,
                cell="file",
            ) from None


def lines_of_text(text: str, giver: str) -> dict[str, str]:
    """Return the same of what was pasted: a line each, region and amount apart by a tab, blanks or a comma."""
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = re.split(r"[\t\s，;；]+|,(?!\d{3}(?:\D|$))", line.strip(), maxsplit=1)
        if line.strip():
            rows.append((number, [parts[0], parts[1] if len(parts) > 1 else ""]))
    return _read(rows, 0, 1, giver)


def too_large() -> Refused:
    """The refusal of a file beyond MOST_BYTES."""
    return Refused(
        f"文件超过{MOST_BYTES >> 20}MB",
        mend="请只保留地区和金额两列",
        code="file-too-large",
        cell="file",
    )


def _house() -> Path:
    house = Path(settings.DATA) / "uploads"
    house.mkdir(mode=0o700, parents=True, exist_ok=True)
    return house


def _source(path: Path, folder: Path) -> Source:
    kind, place = sniffed(path), Place(path.name)
    if kind == "text" and path.suffix in (".csv", ".txt"):
        return CsvFile(path, place)
    if kind != "xlsx":
        raise Unreadable("wrong-ending", "", "", "")
    sheets = [each for each in open_workbook(path, place, folder / "sheets") if each.is_visible]
    if len(sheets) != 1:
        raise Refused(f"工作簿有{len(sheets)}张表", mend="请只保留一张表", code="order-sheets", cell="file")
    return sheets[0]


def _cells(source: Source) -> Iterator[tuple[int, Sequence[str]]]:
    head = source.head()
    for number, row in enumerate(head, start=1):
        yield number, row
    width = max((len(row) for row in head), default=0)
    if not width:
        return
    for chunk in source.chunks(len(head), width):
        for fault in chunk.faults:
            raise Unreadable(fault.error.code, fault.error.what, fault.error.why, fault.error.mend, fault.row)
        lists = [column.text.to_pylist() for column in chunk.columns]
        for at, number in enumerate(chunk.rows.tolist()):
            yield number, [texts[at] or "" for texts in lists]


def _lines(rows: Iterator[tuple[int, Sequence[str]]], giver: str) -> dict[str, str]:
    columns: tuple[int, int] | None = None
    body: list[tuple[int, Sequence[str]]] = []
    for number, row in rows:
        if columns is None:
            columns = _columns(row)
        elif any(cleaned(each) for each in row):
            body.append((number, row))
            if len(body) > MOST_LINES + 1:
                raise Refused(
                    f"超过{MOST_LINES}行", mend="请分成几张拨款单", code="too-many-lines", cell="file"
                )
    if columns is None:
        raise Refused(
            "没有找到表头",
            why="须有“地区”（名称或六位代码）和“金额”两列",
            mend="请核对列名后重新上传",
            code="no-columns",
            cell="file",
        )
    return _read(body, *columns, giver)


def _columns(row: Sequence[str]) -> tuple[int, int] | None:
    words = [_UNIT.sub("", "".join(cleaned(each).split()).casefold()) for each in row]
    places = [number for number, each in enumerate(words) if each in _REGIONS]
    amounts = [number for number, each in enumerate(words) if each in _AMOUNTS]
    return (places[0], amounts[0]) if places and amounts else None


def _read(rows: Sequence[tuple[int, Sequence[str]]], place: int, amount: int, giver: str) -> dict[str, str]:
    found: dict[str, str] = {}
    wrong: list[Finding] = []
    for number, row in rows:
        name = cleaned(row[place]) if place < len(row) else ""
        text = cleaned(row[amount]) if amount < len(row) else ""
        if name in _WHOLE:
            continue
        code = _code(name, giver)
        if not code:
            said = f"第{number}行：没有认出地区“{name[:20]}”"
            wrong.append(
                Finding("", number, "file", "unknown-region", said, "", "请写本级所辖地区的名称或六位代码")
            )
        elif code in found:
            said = f"第{number}行：地区“{name[:20]}”重复"
            wrong.append(Finding("", number, "file", "region-twice", said, "", "请合并为一行"))
        else:
            found[code] = text[:40]
    if wrong or not found:
        refused = Refused("没有读到任何一行", mend="请核对内容", code="no-lines", cell="file")
        if wrong:
            refused.findings = tuple(wrong[:50])
        raise refused
    return found


def _code(name: str, giver: str) -> str:
    try:
        if name.isascii() and name.isdecimal():
            return region(name).code if len(name) == 6 else ""
        within = find(name, giver) if name else []
    except UnknownRegion:
        return ""
    return within[0].code if len(within) == 1 else ""
