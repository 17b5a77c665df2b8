"""A CSV file as a table: UTF-8 or GB18030, separated by comma, semicolon, tab or bar."""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from huiqi.rules.values import BadValue
from huiqi.screening.roster.doubts import Place
from huiqi.screening.roster.tables import (
    HEAD_ROWS,
    MOST_COLUMNS,
    Cells,
    Chunk,
    RowFault,
    Unreadable,
    without_blank_rows,
)
from huiqi.screening.roster.text_stream import Utf8Stream

_SEPARATORS = ",\t;|"
_HEAD_BYTES = 1 << 18
_BLOCK_BYTES = 8 << 20
_MOST_SHOWN = 60


class CsvFile:
    """A CSV file. Rows are counted as a spreadsheet counts them: a cell with line breaks does not add rows."""

    def __init__(self, path: Path, place: Place) -> None:
        self.path = path
        self.place = place
        self.size = path.stat().st_size
        self.position = 0
        self.separator = ","

    def head(self) -> list[list[str]]:
        """Return the first rows; settles the separator."""
        with closing(Utf8Stream(self.path)) as stream:
            text = stream.read(_HEAD_BYTES).decode("utf-8", errors="ignore")
        if text.count("\n") > HEAD_ROWS:
            text = text[: text.rfind("\n") + 1]
        read = {separator: _rows(text, separator) for separator in _SEPARATORS}
        self.separator = max(_SEPARATORS, key=lambda each: max(map(len, read[each]), default=0))
        rows = read[self.separator]
        widest = max(map(len, rows), default=0)
        if widest > MOST_COLUMNS:
            what = f"the table has {widest:,} columns"
            raise Unreadable(
                "too-many-columns", what, f"a roster has at most {MOST_COLUMNS:,}", "check the separators", 1
            )
        return [[cell.strip() for cell in row] for row in rows]

    def chunks(self, header_row: int, width: int) -> Iterator[Chunk]:
        """Yield the rows below the header."""
        strange: list[int] = []
        faults: list[RowFault] = []
        unclosed: list[int] = []
        swallows = re.compile(rf"\n[^\n]*{re.escape(self.separator)}").search

        def skip(row: arrow_csv.InvalidRow) -> str:
            strange.append(row.number)
            if "\n" in row.text and any(map(swallows, _cells_of(row.text, self.separator))):
                unclosed.append(row.number)
            elif row.number > header_row and row.text.strip(f"{self.separator}\r\n "):
                what = f"the row has {row.actual_columns} cells, the header {row.expected_columns}"
                mend = "put cells that hold the separator in double quotes"
                faults.append(
                    RowFault(row.number, row.text[:_MOST_SHOWN], BadValue("row-width", what, "", mend))
                )
            return "skip"

        names = [f"c{each}" for each in range(width)]
        with closing(Utf8Stream(self.path)) as stream:
            try:
                batches = arrow_csv.open_csv(
                    stream,
                    read_options=arrow_csv.ReadOptions(
                        use_threads=False, block_size=_BLOCK_BYTES, column_names=names
                    ),
                    parse_options=arrow_csv.ParseOptions(
                        delimiter=self.separator,
                        newlines_in_values=True,
                        ignore_empty_lines=False,
                        invalid_row_handler=skip,
                    ),
                    convert_options=arrow_csv.ConvertOptions(
                        column_types={name: pa.string() for name in names}, strings_can_be_null=False
                    ),
                )
                number = 0
                for batch in batches:
                    rows = _numbers(number, batch.num_rows, strange)
                    number = int(rows[-1]) if len(rows) else number
                    self.position = stream.position
                    yield self._chunk(batch, rows, header_row, faults)
                    faults.clear()
                    if unclosed:
                        raise _unclosed(unclosed[0])
            except pa.ArrowInvalid as error:
                raise _unreadable(error, number) from None
        if unclosed:
            raise _unclosed(unclosed[0])
        if faults:
            yield Chunk(
                np.zeros(0, dtype=np.int64), [Cells(pa.array([], pa.string())) for _ in names], list(faults)
            )

    def _chunk(
        self, batch: pa.RecordBatch, rows: NDArray[np.int64], header_row: int, faults: list[RowFault]
    ) -> Chunk:
        begin = int(np.searchsorted(rows, header_row, side="right"))
        batch, rows = batch.slice(begin), rows[begin:]
        columns = []
        for column in batch.columns:
            self._closed(column, rows)
            trimmed = pc.utf8_trim_whitespace(column)
            columns.append(Cells(pc.if_else(pc.equal(trimmed, ""), None, trimmed)))
        return without_blank_rows(Chunk(rows, columns, list(faults)))

    def _closed(self, column: pa.Array, rows: NDArray[np.int64]) -> None:
        """A quote that is never closed swallows the rows behind it: a cell with whole rows inside is such a one."""
        if not pc.any(pc.match_substring(column, "\n")).as_py():
            return
        swallowed = pc.match_substring_regex(column, rf"\n[^\n]*{re.escape(self.separator)}").to_numpy(
            zero_copy_only=False
        )
        if swallowed.any():
            row = int(rows[np.flatnonzero(swallowed)[0]])
            raise _unclosed(row)


def _unclosed(row: int) -> Unreadable:
    what = "a quoted cell of this row goes on into the next rows"
    return Unreadable("unclosed-quote", what, "", "close the double quote, or double it inside a cell", row)


def _cells_of(text: str, separator: str) -> list[str]:
    """Return the cells of one row as it was written."""
    try:
        return next(iter(csv.reader(io.StringIO(text, newline=""), delimiter=separator)), [])
    except csv.Error:
        return [text]


def _rows(text: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(row)
            if len(rows) == HEAD_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _numbers(last: int, count: int, strange: list[int]) -> NDArray[np.int64]:
    """Return the row numbers of `count` rows after `last`, passing over the strange rows between them."""
    end = last + count
    while True:
        passed = bisect_right(strange, end) - bisect_right(strange, last)
        if last + count + passed == end:
            break
        end = last + count + passed
    between = strange[bisect_left(strange, last + 1) : bisect_right(strange, end)]
    return np.setdiff1d(np.arange(last + 1, end + 1, dtype=np.int64), np.asarray(between, dtype=np.int64))


def _unreadable(error: pa.ArrowInvalid, row: int) -> Unreadable:
    if "straddling" in str(error):
        what = f"a quoted cell after row {row:,} is not closed within {_BLOCK_BYTES:,} bytes"
        return Unreadable(
            "unclosed-quote", what, "", "close the double quote, or double it inside a cell", row + 1
        )
    reason = str(error).splitlines()[0]
    return Unreadable("not-a-table", "this is no CSV table", reason, "save the file as CSV again", row + 1)
