"""A Parquet file of the user's own as a table: every type is read as the text of its exact value."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huiqi.rules.columns.frame import Bools
from huiqi.screening.roster.doubts import Place
from huiqi.screening.roster.tables import MOST_COLUMNS, Cells, Chunk, Unreadable, without_blank_rows

_BATCH_ROWS = 65_536


class ParquetFile:
    """A Parquet file. Its header counts as row 1, so that its first row is row 2 as in a spreadsheet."""

    def __init__(self, path: Path, place: Place) -> None:
        self.path = path
        self.place = place
        self.size = path.stat().st_size
        self.position = 0

    def head(self) -> list[list[str]]:
        """Return the names of the columns."""
        names = self._opened().schema_arrow.names
        if len(names) > MOST_COLUMNS:
            what = f"the table has {len(names):,} columns"
            raise Unreadable(
                "too-many-columns", what, f"a roster has at most {MOST_COLUMNS:,}", "leave out the others", 1
            )
        return [[name.strip() for name in names]]

    def chunks(self, header_row: int, width: int) -> Iterator[Chunk]:
        """Yield the rows."""
        first = 2
        try:
            file = self._opened()
            for batch in file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
                rows = np.arange(first, first + batch.num_rows, dtype=np.int64)
                columns = [
                    _cells(array, name) for array, name in zip(batch.columns, batch.schema.names, strict=True)
                ]
                yield without_blank_rows(Chunk(rows, columns))
                first += batch.num_rows
                self.position = self.size * (first - 2) // max(1, file.metadata.num_rows)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise _damaged(error, first) from None

    def _opened(self) -> pq.ParquetFile:
        try:
            return pq.ParquetFile(self.path)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
            raise _damaged(error, 0) from None


def _damaged(error: Exception, row: int) -> Unreadable:
    reason = str(error).splitlines()[0][:100]
    return Unreadable("not-a-table", "this is no whole Parquet table", reason, "write it again", row)


def _cells(array: pa.Array, name: str) -> Cells:
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _cells(array.dictionary_decode(), name)
    numeric: Bools | None = None
    if pa.types.is_boolean(kind):
        array = pc.if_else(array, "yes", "no")
    elif pa.types.is_floating(kind):
        text = [None if each is None else _fifteen_digits(each) for each in array.to_pylist()]
        array = pa.array(text, pa.string())
        numeric = array.is_valid().to_numpy(zero_copy_only=False)
    elif pa.types.is_timestamp(kind):
        array = pc.replace_substring_regex(array.cast(pa.string()), r" 00:00:00(\.0+)?Z?$", "")
    elif pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        what = f"the column {name} holds {kind}"
        raise Unreadable(
            "column-type", what, "a cell is one value", "leave the column out, or write it as text", 1
        )
    text = pc.utf8_trim_whitespace(array.cast(pa.string()))
    return Cells(pc.if_else(pc.equal(text, ""), None, text), numeric)


def _fifteen_digits(value: float) -> str:
    """Return what a spreadsheet shows of a binary number: fifteen digits, without the noise behind them."""
    text = f"{value:.15g}"
    return format(Decimal(text), "f") if np.isfinite(value) else text
