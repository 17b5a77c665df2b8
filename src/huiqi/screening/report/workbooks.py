"""The lists as workbooks: per firm by county, the push list, the missed list; and both lists as Parquet.

All are written in one pass over the rows sorted by county and subject.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from huiqi.reference.regions import UnknownRegion, region
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.reasons import MissingFact
from huiqi.rules.verdicts import ELIGIBLE, LIKELY
from huiqi.screening.assess import COUNTED
from huiqi.screening.report.fact_names import FactNames
from huiqi.screening.report.groups import ASIDE, ASK, CONFIRM, GROUPS, PAY, TELL
from huiqi.screening.report.measure_texts import MeasureTexts
from huiqi.screening.report.sheets import Column, Sheet, Workbooks, yuan_cell
from huiqi.screening.report.sorted_rows import SortedRows

BY_COUNTY = "by-county"
PUSH_LIST = "push-list"
MISSED = "missed"
_WHO = (Column("统一社会信用代码", 21), Column("名称", 36), Column("县市", 16))
_MEASURE = Column("政策措施", 32)
_AMOUNT = Column("金额（元）", 16, "money")
_NATURE = Column("性质", 10)
_DELIVERY = Column("兑现方式", 14)
_BASIS = Column("依据", 40)
_ROW = (*_WHO, _MEASURE, _AMOUNT, _NATURE, _DELIVERY, _BASIS)
FIRM_SHEETS = (
    Sheet("应享", (*_ROW, Column("说明", 40))),
    Sheet("待确认", (*_ROW, Column("待申明或认定的条件", 60), Column("由谁确认", 22))),
    Sheet("待补信息", (*_ROW, Column("缺少的信息", 60), Column("谁掌握", 26))),
)
PUSH_SHEETS = (
    Sheet("可直接兑付", _ROW),
    Sheet("告知办理", (*_ROW, Column("受理渠道", 30))),
    Sheet("只需确认", (*_ROW, Column("待申明或认定的条件", 60), Column("由谁确认", 22))),
    Sheet(
        "须补信息",
        (
            *_WHO,
            Column("缺少的信息", 80),
            Column("谁掌握", 30),
            Column("涉及措施数", 12, "count"),
            Column("涉及措施", 60),
        ),
    ),
)
MISSED_SHEETS = (
    Sheet(
        "应享未享",
        (
            *(*_WHO, _MEASURE, Column("应享金额（元）", 16, "money"), Column("已享金额（元）", 16, "money")),
            *(Column("差额（元）", 16, "money"), _NATURE, _DELIVERY, _BASIS),
        ),
    ),
)
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
_ELIGIBLE, _LIKELY = ORDER.index(ELIGIBLE), ORDER.index(LIKELY)
_MOST_NAMED = 8


class _Row(NamedTuple):
    """A row in play as the lists need it; money is fen, None where not known."""

    row: int
    firm: str
    name: str | None
    rule: int
    verdict: int
    group: int
    amount: int | None
    counted: int
    received: int | None
    missing: int


@dataclass
class ListWriter:
    """Writes every list into a folder."""

    folder: Path
    texts: MeasureTexts
    names: FactNames
    rows: SortedRows
    as_of: datetime.date
    synthetic: bool
    about: list[tuple[str, str]]
    with_missed: bool
    most_rows: int
    _facts: dict[int, tuple[MissingFact, ...]] = field(default_factory=dict)
    _asked: dict[int, tuple[str, str]] = field(default_factory=dict)

    def write(self) -> Iterator[int]:
        """Write the lists as workbooks; yield the number of rows done after each part."""
        by_county = self.folder / BY_COUNTY
        by_county.mkdir()
        with ExitStack() as stack:
            push = stack.enter_context(self._workbooks(self.folder, PUSH_LIST, PUSH_SHEETS))
            missed: Workbooks | None = None
            if self.with_missed:
                missed = stack.enter_context(self._workbooks(self.folder, MISSED, MISSED_SHEETS))
            for county in self.rows.in_order():
                title = county_name(county)
                with self._workbooks(by_county, file_name(county), FIRM_SHEETS) as firms:
                    for batch in self.rows.batches(county):
                        self._write_batch(batch, title, firms, push, missed)
                        yield batch.num_rows

    def _workbooks(self, folder: Path, name: str, sheets: tuple[Sheet, ...]) -> Workbooks:
        return Workbooks(folder, name, sheets, self.as_of, self.synthetic, self.about, self.most_rows)

    def _write_batch(
        self, batch: pa.RecordBatch, county: str, firms: Workbooks, push: Workbooks, missed: Workbooks | None
    ) -> None:
        columns = [column.to_pylist() for column in batch.columns]
        for _, of_firm in groupby(map(_Row._make, zip(*columns, strict=True)), key=lambda each: each.row):
            group = list(of_firm)
            firms.make_room(len(group))
            for each in group:
                self._write_firm_row(each, county, firms)
                self._write_push_row(each, county, push)
                if missed is not None:
                    self._write_missed_row(each, county, missed)
            self._write_asked(group, county, push)

    def _cells(self, each: _Row, county: str, fen: int | None) -> list[Any]:
        measure = self.texts.rules[each.rule]
        return [
            *(each.firm, each.name, county, measure.title, yuan_cell(fen), self.texts.nature(measure)),
            *(self.texts.delivery(measure), self.texts.basis(measure)),
        ]

    def _write_firm_row(self, each: _Row, county: str, firms: Workbooks) -> None:
        if each.verdict == _ELIGIBLE:
            known = each.amount is not None
            cells = self._cells(each, county, each.counted if known else None)
            firms.write(0, [*cells, self._remark(each)])
        elif each.verdict == _LIKELY:
            found = self.texts.open_conditions(each.rule, self.facts(each.missing))
            firms.write(1, [*self._cells(each, county, each.amount), found.text, found.who])
        else:
            firms.write(2, [*self._cells(each, county, None), *self.asked(each.missing)])

    def _remark(self, each: _Row) -> str:
        if each.amount is None:
            if self.texts.rules[each.rule].amount is None:
                return ""
            return f"金额待定，缺：{self.asked(each.missing)[0]}"
        if each.counted != each.amount:
            return f"与其他措施不重复享受，单独计为 {yuan_cell(each.amount)} 元"
        return ""

    def _write_push_row(self, each: _Row, county: str, push: Workbooks) -> None:
        if each.group == PAY:
            push.write(0, self._cells(each, county, each.counted))
        elif each.group == TELL:
            fen = None if each.amount is None else each.counted
            push.write(1, [*self._cells(each, county, fen), self.texts.rules[each.rule].apply_at])
        elif each.group == CONFIRM:
            found = self.texts.open_conditions(each.rule, self.facts(each.missing))
            push.write(2, [*self._cells(each, county, each.amount), found.text, found.who])

    def _write_asked(self, of_firm: list[_Row], county: str, push: Workbooks) -> None:
        """Write one row for the firm: what to ask, what settles most first."""
        asking = [each for each in of_firm if each.group == ASK]
        if not asking:
            return
        wanted: dict[MissingFact, int] = {}
        for each in asking:
            for fact in self.facts(each.missing):
                wanted[fact] = wanted.get(fact, 0) + 1
        facts = sorted(wanted, key=lambda fact: (-wanted[fact], fact))
        titles = list(dict.fromkeys(self.texts.rules[each.rule].title for each in asking))
        more = f"等{len(titles)}项" if len(titles) > _MOST_NAMED else ""
        first = asking[0]
        push.write(
            3,
            [
                *(first.firm, first.name, county, "；".join(map(self.names.label, facts))),
                "、".join(dict.fromkeys(map(self.names.who, facts))),
                *(len(asking), "、".join(titles[:_MOST_NAMED]) + more),
            ],
        )

    def _write_missed_row(self, each: _Row, county: str, missed: Workbooks) -> None:
        measure = self.texts.rules[each.rule]
        if each.received is None or measure.amount_is not in COUNTED or each.received >= each.counted:
            return
        cells = self._cells(each, county, each.counted)
        left = yuan_cell(each.counted - each.received)
        missed.write(0, [*cells[:5], yuan_cell(each.received), left, *cells[5:]])

    def facts(self, missing: int) -> tuple[MissingFact, ...]:
        """Return the facts of a combination."""
        found = self._facts.get(missing)
        if found is None:
            found = self._facts[missing] = self.names.all_of(self.rows.missing[missing])
        return found

    def asked(self, missing: int) -> tuple[str, str]:
        """Return the labels of a combination, and who knows them."""
        found = self._asked.get(missing)
        if found is None:
            facts = self.facts(missing)
            labels = "；".join(map(self.names.label, facts))
            found = self._asked[missing] = (labels, "、".join(dict.fromkeys(map(self.names.who, facts))))
        return found

    def write_parquet(self) -> None:
        """Write the push list and the missed list as Parquet."""
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
            for county in self.rows.in_order():
                for batch in self.rows.batches(county):
                    push.add(self._push_table(batch, county))
                    if missed is not None:
                        missed.add(self._missed_table(batch, county))

    def _push_table(self, batch: pa.RecordBatch, county: str) -> list[pa.Array]:
        batch = batch.filter(pa.compute.not_equal(batch.column("group"), ASIDE))
        eligible = np.asarray(batch.column("verdict")) == _ELIGIBLE
        known = np.asarray(batch.column("amount").is_valid())
        amount = np.asarray(batch.column("amount").fill_null(0))
        fen = np.where(eligible, np.asarray(batch.column("counted")), amount)
        rule, group = np.asarray(batch.column("rule")), np.asarray(batch.column("group"))
        what, who = self._what_and_who(rule, group, np.asarray(batch.column("missing")))
        return [
            *self._subject_columns(batch, county),
            _coded(group, list(GROUPS)),
            _coded(rule, [each.id for each in self.texts.rules]),
            _coded(np.asarray(batch.column("verdict")), list(ORDER)),
            pa.array(fen, mask=~known),
            _coded(rule, [each.amount_is for each in self.texts.rules]),
            what,
            who,
        ]

    def _what_and_who(self, rule: Any, group: Any, missing: Any) -> tuple[pa.Array, pa.Array]:
        width = len(self.rows.missing)
        key = (group.astype(np.int64) * len(self.texts.rules) + rule) * width + missing
        keys, inverse = np.unique(key, return_inverse=True)
        said: list[tuple[str, str]] = []
        for each in keys.tolist():
            of_group, of_rule, of_missing = (
                each // width // len(self.texts.rules),
                each // width % len(self.texts.rules),
                each % width,
            )
            if of_group == CONFIRM:
                found = self.texts.open_conditions(of_rule, self.facts(of_missing))
                said.append((found.text, found.who))
            else:
                said.append(self.asked(of_missing) if of_group == ASK else ("", ""))
        return _coded(inverse, [what for what, _ in said]), _coded(inverse, [who for _, who in said])

    def _missed_table(self, batch: pa.RecordBatch, county: str) -> list[pa.Array]:
        counted = np.asarray(batch.column("counted"))
        received = np.asarray(batch.column("received").fill_null(0))
        sums = np.array([each.amount_is in COUNTED for each in self.texts.rules], dtype=np.bool_)
        known = np.asarray(batch.column("received").is_valid())
        wanted = known & (received < counted) & sums[np.asarray(batch.column("rule"))]
        batch, counted, received = batch.filter(pa.array(wanted)), counted[wanted], received[wanted]
        rule = np.asarray(batch.column("rule"))
        return [
            *self._subject_columns(batch, county),
            _coded(rule, [each.id for each in self.texts.rules]),
            _coded(rule, [each.amount_is for each in self.texts.rules]),
            pa.array(counted),
            pa.array(received),
            pa.array(counted - received),
        ]

    def _subject_columns(self, batch: pa.RecordBatch, county: str) -> list[pa.Array]:
        names = [batch.column(name) for name in ("row", "firm", "name")]
        return [*names, _coded(np.zeros(batch.num_rows, dtype=np.int32), [county])]


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


def county_name(code: str) -> str:
    """Return the name of a county for people."""
    try:
        return region(code).name if code else "不明"
    except UnknownRegion:
        return code


def file_name(code: str) -> str:
    """Return the name of a county's file; nothing of it comes from the roster but the digits of a code."""
    try:
        return f"{region(code).code}-{region(code).name}" if code else "unknown-不明"
    except UnknownRegion:
        digits = "".join(each for each in code if each.isascii() and each.isdigit())[:12]
        return f"other-{digits}"
