"""The push list and the missed list as Parquet, in the order of county, subject and measure."""

from __future__ import annotations

import datetime
import json
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from huiqi.rules.columns.judge import ORDER
from huiqi.rules.verdicts import ELIGIBLE
from huiqi.screening.assess import COUNTED
from huiqi.screening.report.ahead import in_order
from huiqi.screening.report.groups import ASIDE, ASK, CONFIRM, GROUPS
from huiqi.screening.report.row_texts import RowTexts
from huiqi.screening.report.sorted_rows import Slab, SortedRows

PUSH_LIST = "push-list"
MISSED = "missed"
_WORDS = pa.dictionary(pa.int32(), pa.string())
PUSH_SCHEMA = pa.schema(
    [
        *(("row", pa.int64()), ("firm", pa.string()), ("name", pa.string()), ("county", _WORDS)),
        *(("group", _WORDS), ("measure", _WORDS), ("verdict", _WORDS), ("amount_fen", pa.int64())),
        *(("amount_is", _WORDS), ("what", _WORDS), ("who", _WORDS)),
    ]
)
MISSED_SCHEMA = pa.schema(
    [
        *(("row", pa.int64()), ("firm", pa.string()), ("name", pa.string()), ("county", _WORDS)),
        *(("measure", _WORDS), ("amount_is", _WORDS), ("owed_fen", pa.int64())),
        *(("received_fen", pa.int64()), ("missed_fen", pa.int64())),
    ]
)
_PARQUET_ROWS = 262_144
_SLAB = 131_072
"""Rows that are made texts of at once: a county of a stretch alone is often only a few."""
_ELIGIBLE = ORDER.index(ELIGIBLE)


@dataclass
class ListWriter:
    """Writes both lists into a folder."""

    folder: Path
    row_texts: RowTexts
    rows: SortedRows
    as_of: datetime.date
    synthetic: bool
    with_missed: bool

    def write(self) -> None:
        """Write push-list.parquet and, where it is known what was received, missed.parquet."""
        about = {"format": 1, "synthetic": self.synthetic, "as_of": self.as_of.isoformat()}
        metadata = {b"huiqi": json.dumps(about, ensure_ascii=False, sort_keys=True).encode()}
        with ExitStack() as stack:
            push = stack.enter_context(
                _Table(self.folder / f"{PUSH_LIST}.parquet", PUSH_SCHEMA.with_metadata(metadata))
            )
            missed: _Table | None = None
            if self.with_missed:
                missed = stack.enter_context(
                    _Table(self.folder / f"{MISSED}.parquet", MISSED_SCHEMA.with_metadata(metadata))
                )
            for pushed, missing in in_order(self._tables, self.rows.slabs(_SLAB)):
                push.add(pushed)
                if missed is not None:
                    missed.add(missing)

    def _tables(self, slab: Slab) -> tuple[list[pa.Array], list[pa.Array]]:
        return self._push_table(slab), self._missed_table(slab) if self.with_missed else []

    def _push_table(self, slab: Slab) -> list[pa.Array]:
        slab = slab.filter(np.asarray(slab.batch.column("group")) != ASIDE)
        batch = slab.batch
        eligible = np.asarray(batch.column("verdict")) == _ELIGIBLE
        known = np.asarray(batch.column("amount").is_valid())
        amount = np.asarray(batch.column("amount").fill_null(0))
        fen = np.where(eligible, np.asarray(batch.column("counted")), amount)
        rule, group = np.asarray(batch.column("rule")), np.asarray(batch.column("group"))
        what, who = self._what_and_who(rule, group, np.asarray(batch.column("missing")))
        return [
            *self._subject_columns(slab),
            _coded(group, list(GROUPS)),
            _coded(rule, [each.id for each in self.row_texts.measures.rules]),
            _coded(np.asarray(batch.column("verdict")), list(ORDER)),
            pa.array(fen, mask=~known),
            _coded(rule, [each.amount_is for each in self.row_texts.measures.rules]),
            what,
            who,
        ]

    def _what_and_who(self, rule: Any, group: Any, missing: Any) -> tuple[pa.Array, pa.Array]:
        width = len(self.rows.missing)
        key = (group.astype(np.int64) * len(self.row_texts.measures.rules) + rule) * width + missing
        keys, inverse = np.unique(key, return_inverse=True)
        said: list[tuple[str, str]] = []
        for each in keys.tolist():
            of_group, of_rule, of_missing = (
                each // width // len(self.row_texts.measures.rules),
                each // width % len(self.row_texts.measures.rules),
                each % width,
            )
            if of_group == CONFIRM:
                found = self.row_texts.measures.open_conditions(of_rule, self.row_texts.facts(of_missing))
                said.append((found.text, found.who))
            else:
                said.append(self.row_texts.asked(of_missing) if of_group == ASK else ("", ""))
        return _coded(inverse, [what for what, _ in said]), _coded(inverse, [who for _, who in said])

    def _missed_table(self, slab: Slab) -> list[pa.Array]:
        batch = slab.batch
        counted = np.asarray(batch.column("counted"))
        received = np.asarray(batch.column("received").fill_null(0))
        sums = np.array([each.amount_is in COUNTED for each in self.row_texts.measures.rules], dtype=np.bool_)
        known = np.asarray(batch.column("received").is_valid())
        wanted = known & (received < counted) & sums[np.asarray(batch.column("rule"))]
        slab, counted, received = slab.filter(wanted), counted[wanted], received[wanted]
        batch = slab.batch
        rule = np.asarray(batch.column("rule"))
        return [
            *self._subject_columns(slab),
            _coded(rule, [each.id for each in self.row_texts.measures.rules]),
            _coded(rule, [each.amount_is for each in self.row_texts.measures.rules]),
            pa.array(counted),
            pa.array(received),
            pa.array(counted - received),
        ]

    def _subject_columns(self, slab: Slab) -> list[pa.Array]:
        names = [slab.batch.column(name) for name in ("row", "firm", "name")]
        return [*names, _coded(slab.county, self.rows.counties)]


def _coded(codes: Any, words: list[str]) -> pa.Array:
    """Return words by number; words that are equal become one, the empty one null."""
    distinct = sorted({word for word in words if word})
    place = {word: number for number, word in enumerate(distinct)}
    table = np.array([place.get(word, -1) for word in words], dtype=np.int32)
    numbers = table[codes] if len(words) else np.zeros(0, dtype=np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(numbers, mask=numbers < 0), pa.array(distinct, pa.string())
    )


class _Table:
    """A Parquet table written in row groups of an even size, whatever the parts it comes in."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.schema = schema
        self._held: list[pa.Table] = []
        self._rows = 0
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")

    def __enter__(self) -> _Table:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def add(self, arrays: list[pa.Array]) -> None:
        """Append columns."""
        if not len(arrays[0]):
            return
        self._held.append(pa.table(arrays, schema=self.schema))
        self._rows += len(arrays[0])
        if self._rows >= _PARQUET_ROWS:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            self._writer.write_table(pa.concat_tables(self._held).unify_dictionaries())
        self._held, self._rows = [], 0
