"""What was received: only what is surely known counts, so that nobody is called missed by mistake."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huiqi.policies.shipped import shipped_examples
from huiqi.rules.positions import read_file
from huiqi.screening.prepared import PreparedWriter
from huiqi.screening.report.measure_texts import MeasureTexts
from huiqi.screening.report.received import ReceiptReader, has_receipts
from huiqi.screening.situations import block_of

DAY = datetime.date(2022, 7, 31)
LAST_YEAR = datetime.date(2021, 7, 31)
YEARLY, ONCE = "innovation-voucher", "rent-waiver"


def receipt(measure: str, fen: int | None, on: datetime.date | None = DAY) -> dict[str, Any]:
    values = {"measure": measure, "received_amount": fen, "received_on": on}
    return {key: value for key, value in values.items() if value is not None}


def reader(
    library: Any, folder: Path, receipts: list[list[dict[str, Any]] | None]
) -> tuple[ReceiptReader, Any]:
    node = read_file(shipped_examples() / "catering-shop.yaml", "catering-shop.yaml")
    situations = []
    for rows in receipts:
        one = library.cases.read(node, DAY)
        records = {name: made for name, made in one.records.items() if name != "receipt"}
        situations.append(replace(one, records=records | ({} if rows is None else {"receipt": tuple(rows)})))
    with PreparedWriter(folder / "prepared", library, True, "") as writer:
        half = len(situations) // 2
        writer.write(block_of(situations[:half] or situations, library))
        if half:
            writer.write(block_of(situations[half:], library))
    texts = MeasureTexts(library)
    return ReceiptReader(folder / "prepared", texts, DAY), texts


@pytest.mark.parametrize(
    ("measure", "rows", "fen", "known"),
    [
        (ONCE, None, 0, False),
        (ONCE, [], 0, True),
        (ONCE, [receipt(ONCE, 100), receipt(ONCE, 23)], 123, True),
        (ONCE, [receipt(ONCE, 100, LAST_YEAR)], 100, True),
        (ONCE, [receipt(ONCE, 100, None)], 100, True),
        (ONCE, [receipt(YEARLY, 100)], 0, True),
        (ONCE, [receipt("of another programme", 100)], 0, True),
        (ONCE, [receipt(ONCE, None)], 0, False),
        (ONCE, [{"received_amount": 100}], 0, False),
        (YEARLY, [receipt(YEARLY, 100), receipt(YEARLY, 50, LAST_YEAR)], 100, True),
        (YEARLY, [receipt(YEARLY, 100, None)], None, False),
    ],
)
def test_what_one_firm_received(
    library: Any, tmp_path: Path, measure: str, rows: Any, fen: int | None, known: bool
) -> None:
    found, texts = reader(library, tmp_path, [[receipt(ONCE, 7)], rows])
    number = texts.number_of(measure, None)
    got, is_known = found.received(np.array([1]), np.array([number], dtype=np.int32))
    assert bool(is_known[0]) is known
    assert not known or got[0] == fen


def test_stretches_are_read_on_through_blocks(library: Any, tmp_path: Path) -> None:
    receipts = [[receipt(ONCE, 10 * number)] for number in range(7)]
    found, texts = reader(library, tmp_path, [*receipts])
    number = texts.number_of(ONCE, None)
    for rows in ([0, 1], [2, 3, 4], [6]):
        got, known = found.received(np.array(rows), np.full(len(rows), number, dtype=np.int32))
        assert got.tolist() == [10 * row for row in rows]
        assert known.all()


def test_a_population_without_receipts_has_no_missed_list(library: Any, tmp_path: Path) -> None:
    reader(library, tmp_path, [None, None])
    assert not has_receipts(tmp_path / "prepared", library)
