"""A county's list of what only waits for a confirmation, and its list of what firms must be asked, as workbooks.

Both are parts of the push list that other people work through: each is a file of its own.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from huiqi.policies.library import PolicyLibrary
from huiqi.screening.report.lists import PUSH_LIST
from huiqi.screening.report.measure_texts import MeasureTexts
from huiqi.screening.report.sheets import Sheet, Value, Workbooks
from huiqi.screening.report.workbooks import PUSH_SHEETS, county_name

CONFIRM_LIST, ASK_LIST = "confirm-list", "ask-list"
_CONFIRM, _ASK = PUSH_SHEETS[2:]
_MOST_NAMED = 8
_COLUMNS = ("row", "firm", "name", "county", "group", "measure", "amount_fen", "what", "who")


def write_lists(folder: Path, library: PolicyLibrary, as_of: datetime.date) -> None:
    """Write confirm-list.xlsx and ask-list.xlsx beside the push-list.parquet of a folder."""
    texts = MeasureTexts(library)
    file = folder / f"{PUSH_LIST}.parquet"
    _write(
        folder,
        CONFIRM_LIST,
        _CONFIRM,
        as_of,
        (_confirmed(each, texts, as_of) for each in _rows(file, "confirm")),
    )
    asked = groupby(_rows(file, "ask"), key=itemgetter("row"))
    _write(folder, ASK_LIST, _ASK, as_of, (_asked(list(rows), texts) for _, rows in asked))


def _write(folder: Path, name: str, sheet: Sheet, as_of: datetime.date, rows: Iterator[list[Value]]) -> None:
    with Workbooks(folder, name, [sheet], as_of, False, [("截至", as_of.isoformat())]) as book:
        for row in rows:
            book.write(0, row)


def _rows(file: Path, group: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a group in their order: by firm, then by measure."""
    with pq.ParquetFile(file) as push_list:
        for batch in push_list.iter_batches(batch_size=16_384, columns=list(_COLUMNS)):
            chosen = batch.filter(pc.equal(batch.column("group").cast("string"), group))
            # Words one by one out of a dictionary take ten times as long.
            plain = [
                each.cast("string") if pa.types.is_dictionary(each.type) else each for each in chosen.columns
            ]
            yield from pa.record_batch(plain, names=chosen.schema.names).to_pylist()


def _confirmed(row: dict[str, Any], texts: MeasureTexts, as_of: datetime.date) -> list[Value]:
    library = texts.library
    possible, _perhaps_none = library.possible(row["measure"], row["county"], as_of)
    measure = (possible or library.by_id[row["measure"]])[0]
    return [
        *(row["firm"], row["name"], county_name(row["county"] or ""), measure.title, row["amount_fen"]),
        *(texts.nature(measure), texts.delivery(measure), texts.basis(measure), row["what"], row["who"]),
    ]


def _asked(rows: list[dict[str, Any]], texts: MeasureTexts) -> list[Value]:
    """Return one row for a firm: what to ask, what settles most first."""
    wanted = Counter(label for row in rows for label in (row["what"] or "").split("；") if label)
    labels = sorted(wanted, key=lambda label: (-wanted[label], label))
    who = dict.fromkeys(each for row in rows for each in (row["who"] or "").split("、") if each)
    titles = list(dict.fromkeys(texts.library.by_id[row["measure"]][0].title for row in rows))
    more = f"等{len(titles)}项" if len(titles) > _MOST_NAMED else ""
    first = rows[0]
    return [
        *(first["firm"], first["name"], county_name(first["county"] or ""), "；".join(labels)),
        *("、".join(who), len(rows), "、".join(titles[:_MOST_NAMED]) + more),
    ]
