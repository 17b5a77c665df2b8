"""The results of a block as a long table: one row a subject and measure, with the verdict, the amount, what is missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.frame import Bools, Codes, Frame
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.facts import SUBJECT
from huiqi.rules.reasons import MissingFact
from huiqi.screening.block_run import ScreenedBlock
from huiqi.screening.columns import ScreenedMeasure, Screener

RESULTS = "results.parquet"
_WORDS = pa.dictionary(pa.int32(), pa.string())
SCHEMA = pa.schema(
    [
        ("row", pa.int64()),
        ("firm", pa.string()),
        ("name", pa.string()),
        ("county", _WORDS),
        ("measure", _WORDS),
        ("variant", _WORDS),
        ("verdict", _WORDS),
        ("amount_fen", pa.int64()),
        ("counted_fen", pa.int64()),
        ("amount_is", _WORDS),
        ("missing", _WORDS),
    ]
)
_LISTED = 3
"""Verdicts below this number are always written: eligible, likely, undetermined."""
_ELIGIBLE = 0
_BITS = 32

Missing = list[tuple[str, dict[MissingFact, Bools], dict[MissingFact, Bools]]]
"""For each measure: its missing facts and the facts its amount lacks, each with the subjects."""


def missing_by_measure(screener: Screener, screened: ScreenedBlock) -> Missing:
    """Return what is missing for every measure of a block."""
    found: Missing = []
    for each in screened.measures:
        facts = screener.missing(each, screened.frame)
        needs = screener.needs(each, screened.frame)
        found.append((each.id, facts, needs))
    for (name, row), lacking in screened.lacking.items():
        for measure, facts, _ in found:
            if measure == name:
                _set_row(facts, row, lacking, screened.frame.rows)
    return found


def _set_row(facts: dict[MissingFact, Bools], row: int, lacking: frozenset[MissingFact], rows: int) -> None:
    for plane in facts.values():
        plane[row] = False
    for fact in lacking:
        facts.setdefault(fact, np.zeros(rows, dtype=np.bool_))[row] = True


def fact_name(fact: MissingFact, library: PolicyLibrary) -> str:
    """Return a missing fact as examples write it: lease.landlord, revenue[2021], leases, list.risk-county-2022."""
    if fact.record == SUBJECT:
        record = library.facts.records.get(fact.name)
        name = record.list_name if record is not None else fact.name
    else:
        name = f"{fact.record}.{fact.name}"
    return f"{name}[{fact.period}]" if fact.period else name


def long_rows(
    screened: ScreenedBlock, missing: Missing, library: PolicyLibrary, all_verdicts: bool
) -> pa.Table:
    """Return the rows of a block, measure by measure; without `all_verdicts` only those that are in play."""
    frame = screened.frame
    tables = []
    identity = identity_of(screened)
    for each, (_, facts, needs) in zip(screened.measures, missing, strict=True):
        rows = np.arange(frame.rows) if all_verdicts else np.flatnonzero(each.verdict < _LISTED)
        if not len(rows):
            continue
        tables.append(
            _of_measure(
                screened, each, rows, identity, _joined_facts({**needs, **facts}, facts, needs), library
            )
        )
    if not tables:
        return SCHEMA.empty_table()
    return pa.concat_tables(tables).unify_dictionaries().combine_chunks()


def _joined_facts(
    both: dict[MissingFact, Bools], facts: dict[MissingFact, Bools], needs: dict[MissingFact, Bools]
) -> dict[MissingFact, Bools]:
    return {
        fact: facts[fact] | needs[fact] if fact in facts and fact in needs else plane
        for fact, plane in both.items()
    }


def identity_of(screened: ScreenedBlock) -> dict[str, pa.Array]:
    """Return who each subject of a block is: row, firm (its credit code, or its number), name, county."""
    firms = screened.block.firms
    first = screened.block.first
    rows = pa.array(np.arange(first, first + firms.num_rows))
    columns = {"row": rows}
    names = firms.schema.names
    numbered = pa.array([f"#{number}" for number in range(first, first + firms.num_rows)], pa.string())
    if "credit_code" in names:
        codes = firms.column("credit_code").cast(pa.string())
        columns["firm"] = pa.compute.coalesce(codes, numbered) if codes.null_count else codes
    else:
        columns["firm"] = numbered
    columns["name"] = (
        firms.column("name").cast(pa.string()) if "name" in names else pa.nulls(firms.num_rows, pa.string())
    )
    region = _codes(screened.frame, "region")
    columns["county"] = region if region is not None else pa.nulls(firms.num_rows, _WORDS)
    return columns


def _codes(frame: Frame, name: str) -> pa.Array | None:
    column = frame.column(name, True)
    if not isinstance(column, Codes):
        return None
    codes = column.codes.astype(np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=codes < 0), pa.array(list(column.words), pa.string())
    )


def _of_measure(
    screened: ScreenedBlock,
    each: ScreenedMeasure,
    rows: NDArray[np.int64],
    identity: dict[str, pa.Array],
    lacking: dict[MissingFact, Bools],
    library: PolicyLibrary,
) -> pa.Table:
    count = len(rows)
    places = pa.array(rows)
    columns = {name: array.take(places) for name, array in identity.items()}
    known = each.known[rows]
    columns["measure"] = _one_word(each.id, count)
    regions = [variant.region for variant in each.variants]
    variant = each.variant[rows].astype(np.int32)
    columns["variant"] = pa.DictionaryArray.from_arrays(
        pa.array(variant, mask=variant < 0), pa.array(regions, pa.string())
    )
    columns["verdict"] = pa.DictionaryArray.from_arrays(
        pa.array(each.verdict[rows].astype(np.int32)), pa.array(ORDER, pa.string())
    )
    columns["amount_fen"] = pa.array(each.amount[rows], mask=~known)
    counted = screened.counted[each.id][rows]
    columns["counted_fen"] = pa.array(counted, mask=~(known & (each.verdict[rows] == _ELIGIBLE)))
    columns["amount_is"] = _one_word(each.variants[0].amount_is, count)
    columns["missing"] = _missing_words(rows, lacking, library)
    return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def _one_word(word: str, count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(
        pa.array(np.zeros(count, dtype=np.int32)), pa.array([word], pa.string())
    )


def _missing_words(
    rows: NDArray[np.int64], lacking: dict[MissingFact, Bools], library: PolicyLibrary
) -> pa.Array:
    """Return for each row the names of what it lacks, joined; equal combinations are one word."""
    facts: Sequence[MissingFact] = sorted(lacking)
    if not facts:
        return pa.nulls(len(rows), _WORDS)
    words = [""]
    codes = np.zeros(len(rows), dtype=np.int64)
    for start in range(0, len(facts), _BITS):
        mask = np.zeros(len(rows), dtype=np.int64)
        chosen = facts[start : start + _BITS]
        for bit, fact in enumerate(chosen):
            mask |= lacking[fact][rows].astype(np.int64) << bit
        names = [fact_name(fact, library) for fact in chosen]
        # A hash, not a sort: there are few combinations and many rows.
        encoded = pa.array(codes << _BITS | mask).dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        words = [
            "; ".join([*filter(None, [words[key >> _BITS]]), *_named(key, names)])
            for key in encoded.dictionary.to_pylist()
        ]
    empty = np.array([not word for word in words])
    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32), mask=empty[codes]), pa.array(words, pa.string())
    )


def _named(key: int, names: Sequence[str]) -> list[str]:
    return [name for bit, name in enumerate(names) if key >> bit & 1]
