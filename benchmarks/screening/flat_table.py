"""The firms as one Arrow table of whole numbers, for engines that take tables."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from population import Firms

_ROWS = 122_880


def table_of(firms: Firms, first: int = 0, stop: int | None = None) -> pa.Table:
    """Return columns of whole numbers and yes-no, null where unknown; codes as numbers."""
    columns = {}
    for name, values in firms.values.items():
        known = firms.known.get(name)
        columns[name] = pa.array(values[first:stop], mask=None if known is None else ~known[first:stop])
    return pa.table(columns)


def write_table(firms: Firms, path: Path) -> None:
    """Write it as Parquet, compressed as Huiqi compresses."""
    table = table_of(firms)
    with pq.ParquetWriter(
        path, table.schema, compression="zstd", compression_level=1, use_dictionary=False
    ) as writer:
        for start in range(0, firms.count, _ROWS):
            writer.write_table(table.slice(start, _ROWS), row_group_size=_ROWS)
