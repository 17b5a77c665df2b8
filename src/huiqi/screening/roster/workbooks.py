"""The sheets of a workbook (.xlsx, .xls, .ods) as tables; a child process opens it (see `workbook_child`)."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from huiqi.rules.values import BadValue
from huiqi.screening.roster.doubts import Place
from huiqi.screening.roster.tables import HEAD_ROWS, Cells, Chunk, Unreadable, without_blank_rows
from huiqi.screening.roster.workbook_child import MERGED

MOST_UNZIPPED = 2 << 30
_SAVE_AGAIN = "save it as .xlsx again, with the table only"


class Sheet:
    """One sheet of a workbook, from what the child process wrote."""

    def __init__(
        self,
        place: Place,
        path: Path,
        width: int,
        broken: dict[tuple[int, int], str],
        is_visible: bool = True,
    ) -> None:
        self.place = place
        self.path = path
        self.width = width
        self.broken = broken
        self.is_visible = is_visible
        self.size = path.stat().st_size
        self.position = 0

    def _batches(self) -> Iterator[tuple[int, pa.RecordBatch]]:
        with pa.OSFile(str(self.path)) as file:
            reader = pa.ipc.open_file(file)
            first = 0
            for place in range(reader.num_record_batches):
                batch = reader.get_batch(place)
                self.position = self.size * (place + 1) // reader.num_record_batches
                yield first, batch
                first += batch.num_rows

    def head(self) -> list[list[str]]:
        """Return the first rows."""
        for _, batch in self._batches():
            columns = [batch.column(2 * place).slice(0, HEAD_ROWS).to_pylist() for place in range(self.width)]
            return [[cell or "" for cell in row] for row in zip(*columns, strict=True)]
        return []

    def chunks(self, header_row: int, width: int) -> Iterator[Chunk]:
        """Yield the rows below the header."""
        for place_of_batch, whole in self._batches():
            begin = max(0, min(header_row - place_of_batch, whole.num_rows))
            batch = whole.slice(begin)
            first = place_of_batch + begin
            columns = []
            for place in range(width):
                if place >= self.width:
                    columns.append(Cells(pa.nulls(batch.num_rows, pa.string())))
                    continue
                text = pc.utf8_trim_whitespace(batch.column(2 * place))
                numeric = batch.column(2 * place + 1).to_numpy(zero_copy_only=False)
                columns.append(Cells(pc.if_else(pc.equal(text, ""), None, text), numeric))
            for (row, column), word in self.broken.items():
                if first <= row < first + batch.num_rows and column < width:
                    columns[column].broken[row - first] = broken_cell(word)
            rows = np.arange(first + 1, first + 1 + batch.num_rows, dtype=np.int64)
            yield without_blank_rows(Chunk(rows, columns))


def broken_cell(word: str) -> BadValue:
    """Return the reason of a cell in error (its word, such as #REF!), under a merged one, or never computed (no word)."""
    if word == MERGED:
        what = "the cell is merged with one that holds a value"
        return BadValue(
            "merged-cell", what, "it looks filled but is empty", "unmerge, and write the value in each row"
        )
    if word:
        return BadValue(
            "error-cell", f"the cell holds the error {word[:20]}", "", "mend the formula, or clear the cell"
        )
    what = "the cell holds a formula that was never computed"
    return BadValue(
        "formula-without-value", what, "", "open the file in a spreadsheet and save it, or write the value"
    )


def open_workbook(path: Path, place: Place, spool: Path) -> list[Sheet]:
    """Return the sheets that hold anything, kept in the folder `spool`. Raises Unreadable."""
    if zipfile.is_zipfile(path):
        _check_zip(path)
    spool.mkdir(parents=True)
    command = [sys.executable, "-m", "huiqi.screening.roster.workbook_child", str(path.resolve()), str(spool)]
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)
    error = spool / "error.json"
    if error.is_file():
        reason = json.loads(error.read_text(encoding="utf-8"))
        raise Unreadable(reason["code"], reason["what"], "", reason["mend"])
    if done.returncode or not (spool / "sheets.json").is_file():
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        if (
            done.returncode < 0
            or "MemoryError" in last
            or "memory allocation" in last
            or "ArrowMemoryError" in last
        ):
            what = "the workbook needs more memory or time than a roster can"
            raise Unreadable("workbook-too-large", what, "", "keep the table only, or save it as CSV")
        reason = last.rpartition(": ")[2][:100]
        raise Unreadable("not-a-workbook", "the workbook cannot be opened", reason, _SAVE_AGAIN)
    sheets = json.loads((spool / "sheets.json").read_text(encoding="utf-8"))
    return [
        Sheet(
            Place(place.file, each["name"]),
            spool / each["file"],
            each["width"],
            {(row, column): word for row, column, word in each["broken"]},
            each["visible"],
        )
        for each in sheets
    ]


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as book:
            total = sum(each.file_size for each in book.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable(
            "not-a-workbook", "the workbook cannot be opened", str(error)[:100], _SAVE_AGAIN
        ) from None
    if total > MOST_UNZIPPED:
        what = f"the workbook unpacks to {total:,} bytes"
        why = f"a roster in a workbook has at most {MOST_UNZIPPED:,}"
        raise Unreadable("workbook-too-large", what, why, "keep the table only, or save it as CSV")
