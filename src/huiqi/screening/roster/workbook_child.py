"""Opens a workbook in a process of its own, so that one made to break its reader breaks nothing else.

`python -m huiqi.screening.roster.workbook_child FILE FOLDER` writes `<n>.arrow` for each sheet that holds anything
(columns c0, n0, c1, n1, …: text, and whether the cell is a number) and `sheets.json`; or `error.json` with a reason.
"""

from __future__ import annotations

import datetime
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import python_calamine as calamine

MOST_MEMORY = 4 << 30
MOST_SECONDS = 600
MOST_COLUMNS = 1_000
MERGED = "merged"
_Place = tuple[int, int]
_MOST_COVERED = 200_000
_BLOCK_ROWS = 16_384
_PIECE = 4 << 20
_MOST_XML = 4 << 20
_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_IS_ERROR = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_CELL_END = re.compile(rb"</(?:\w+:)?c>|</(?:\w+:)?row>")


class _Refused(Exception):
    def __init__(self, code: str, what: str, mend: str) -> None:
        super().__init__(what)
        self.reason = {"code": code, "what": what, "mend": mend}


def main(path: Path, folder: Path) -> None:
    """Write the sheets of a workbook into a folder."""
    _limit()
    try:
        sheets = list(_sheets(path, folder))
    except _Refused as error:
        (folder / "error.json").write_text(json.dumps(error.reason), encoding="utf-8")
        return
    except calamine.PasswordError:
        what = "the workbook is locked by a password"
        reason = {"code": "locked-workbook", "what": what, "mend": "save it without password"}
        (folder / "error.json").write_text(json.dumps(reason), encoding="utf-8")
        return
    (folder / "sheets.json").write_text(json.dumps(sheets), encoding="utf-8")


def _limit() -> None:
    try:
        import resource
    except ImportError:  # there are no limits on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _sheets(path: Path, folder: Path) -> Iterator[dict[str, Any]]:
    book = calamine.load_workbook(str(path))
    broken = _broken_cells(path) if zipfile.is_zipfile(path) else {}
    for about in book.sheets_metadata:
        if about.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        damaged = broken.get(about.name, {})
        if not sheet.height and not damaged:
            continue
        left = sheet.start[1] if sheet.start else 0
        width = left + (sheet.width or 0)
        width = max([width, *(column + 1 for _, column in damaged)])
        if width > MOST_COLUMNS:
            what = f"the sheet {about.name} has {width:,} columns, a roster at most {MOST_COLUMNS:,}"
            raise _Refused("too-many-columns", what, "clear the columns behind the table")
        file = f"{len(list(folder.glob('*.arrow')))}.arrow"
        lowest = max((row + 1 for row, _ in damaged), default=0)
        ranges = sheet.merged_cell_ranges or []
        filled = _write(sheet, left, width, lowest, folder / file, {first for first, _ in ranges})
        for first, last in ranges:
            if first in filled:
                _spread(about.name, first, last, width, damaged)
        yield {
            "name": about.name,
            "visible": about.visible == calamine.SheetVisibleEnum.Visible,
            "file": file,
            "width": width,
            "broken": [[row, column, word] for (row, column), word in sorted(damaged.items())],
        }


def _spread(name: str, first: _Place, last: _Place, width: int, damaged: dict[_Place, str]) -> None:
    """Note the cells that a merged cell covers: they look filled, but only the first of them is."""
    rows, columns = last[0] - first[0] + 1, min(last[1] + 1, width) - first[1]
    if rows * columns + len(damaged) > _MOST_COVERED:
        what = f"merged cells cover more than {_MOST_COVERED:,} cells of the sheet {name}"
        raise _Refused("merged-cell", what, "unmerge them and write each value in its own row")
    for row in range(first[0], last[0] + 1):
        for column in range(first[1], first[1] + columns):
            if (row, column) != first:
                damaged.setdefault((row, column), MERGED)


def _write(
    sheet: calamine.CalamineSheet, left: int, width: int, lowest: int, path: Path, corners: set[_Place]
) -> set[_Place]:
    """Write a sheet; return those of the places that hold something."""
    filled: set[_Place] = set()
    rows_of_corners = {row for row, _ in corners}
    fields = [
        field
        for place in range(width)
        for field in (pa.field(f"c{place}", pa.string()), pa.field(f"n{place}", pa.bool_()))
    ]
    schema = pa.schema(fields)
    empty: list[Any] = [""] * left
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, schema) as writer:
        waiting: list[list[Any]] = []
        rows = 0
        for row in sheet.iter_rows() if sheet.height else ():
            whole = empty + row
            waiting.append(whole)
            if rows in rows_of_corners:
                filled |= {
                    each
                    for each in corners
                    if each[0] == rows and each[1] < len(whole) and whole[each[1]] != ""
                }
            rows += 1
            if len(waiting) == _BLOCK_ROWS:
                writer.write_batch(_batch(waiting, schema))
                waiting = []
        waiting.extend([] for _ in range(lowest - rows))
        if waiting:
            writer.write_batch(_batch(waiting, schema))
    return filled


def _batch(rows: list[list[Any]], schema: pa.Schema) -> pa.RecordBatch:
    width = len(schema) // 2
    filled = [row if len(row) == width else row + [""] * (width - len(row)) for row in rows]
    arrays: list[pa.Array] = []
    for column in zip(*filled, strict=True):
        made = [_text(value) for value in column]
        arrays.append(pa.array([text or None for text, _ in made], pa.string()))
        arrays.append(pa.array([is_number for _, is_number in made], pa.bool_()))
    return pa.record_batch(arrays, schema=schema)


def _text(value: Any) -> tuple[str, bool]:
    """Return a cell as text, and whether it is a number. A spreadsheet keeps and shows fifteen digits."""
    if isinstance(value, str):
        return value.strip(), False
    if isinstance(value, bool):
        return ("yes" if value else "no"), False
    if isinstance(value, float):
        return format(Decimal(f"{value:.15g}"), "f"), True
    if isinstance(value, int):
        return str(value), True
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time(0)
        return (value.date().isoformat() if midnight else value.isoformat(" ")), False
    return str(value), False


def _broken_cells(path: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Return, by sheet, the cells in error (#REF!) and the formulas never computed: the reader shows them as empty."""
    found: dict[str, dict[tuple[int, int], str]] = {}
    with zipfile.ZipFile(path) as book:
        names = set(book.namelist())
        if "content.xml" in names:
            with book.open("content.xml") as content:
                if any(b'value-type="error"' in piece for piece in iter(lambda: content.read(_PIECE), b"")):
                    what = "some cells of the workbook hold an error instead of a value"
                    raise _Refused(
                        "error-cell", what, "mend them, or save the file as .xlsx to see which they are"
                    )
            return {}
        for sheet, part in _parts(book):
            if part in names:
                found[sheet] = dict(_broken_in(book, part))
    return found


def _parts(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    targets = {
        each.get("Id"): str(each.get("Target"))
        for each in _xml(book, "xl/_rels/workbook.xml.rels").iter()
        if each.get("Id")
    }
    for each in _xml(book, "xl/workbook.xml").iter():
        if each.tag.rpartition("}")[2] == "sheet":
            place = next((value for key, value in each.attrib.items() if key.endswith("}id")), "")
            target = targets.get(place, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            yield str(each.get("name")), part


def _xml(book: zipfile.ZipFile, part: str) -> ElementTree.Element:
    with book.open(part) as file:
        raw = file.read(_MOST_XML + 1)
    if len(raw) > _MOST_XML or b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise _Refused(
            "not-a-workbook", "the list of sheets is not that of a workbook", "save the file as .xlsx again"
        )
    return ElementTree.fromstring(raw)


def _broken_in(book: zipfile.ZipFile, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    rest = b""
    with book.open(part) as file:
        while True:
            raw = file.read(_PIECE)
            piece = rest + raw
            end = (
                len(piece) if not raw else max((each.end() for each in _CELL_END.finditer(piece)), default=0)
            )
            rest, piece = piece[end:], piece[:end]
            if len(rest) > 4 * _PIECE:
                raise _Refused(
                    "not-a-workbook", "a cell of the workbook does not end", "save the file as .xlsx again"
                )
            if _FORMULA.search(piece) or _IS_ERROR.search(piece):
                yield from _broken_of(piece)
            if not raw:
                return


def _broken_of(piece: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for cell in _CELL.finditer(piece):
        attributes, inside = cell.group(1), cell.group(2) or b""
        value = _VALUE.search(inside)
        is_error = _IS_ERROR.search(attributes) is not None
        if not is_error and (value is not None or not _FORMULA.search(inside) or b't="str"' in attributes):
            continue
        place = _PLACE.search(attributes)
        if place is not None:
            word = value.group(1).decode("utf-8", "replace") if is_error and value is not None else ""
            yield (int(place.group(2)) - 1, _column(place.group(1))), word


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
