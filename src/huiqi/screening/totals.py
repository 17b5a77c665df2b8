"""What a screening adds up: verdicts and fen by measure, county, section of industry and size, exactly.

Totals of parts are added to each other, so they do not depend on how a population was cut into blocks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiqi.rules.columns.frame import Bools, Codes, Frame, Possible
from huiqi.rules.columns.judge import ORDER
from huiqi.rules.columns.operations import Operation
from huiqi.rules.reasons import MissingFact
from huiqi.screening.block_run import ScreenedBlock

UNKNOWN = ""
_COUNTED = ("paid", "saved")
_ELIGIBLE, _LIKELY = 0, 1
_LISTED = 4
"""Verdicts below this number are listed: in force and in the region."""


@dataclass(slots=True)
class Totals:
    """Sums over subjects. Cells are (county, section, size class); amounts are fen."""

    firms: int = 0
    one_by_one: int = 0
    excluded_one_by_one: int = 0
    subjects: Counter[str] = field(default_factory=Counter)
    firms_by_cell: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(measure, verdict) to subjects."""
    cells: Counter[tuple[str, str, str, str, str]] = field(default_factory=Counter)
    """(measure, county, section, size, verdict) to subjects."""
    fen: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """(measure, county, section, size) to what is surely owed after exclusions."""
    likely_fen: Counter[str] = field(default_factory=Counter)
    unknown_amounts: Counter[str] = field(default_factory=Counter)
    """Eligible subjects whose amount lacks a fact."""
    amount_is: dict[str, str] = field(default_factory=dict)
    missing: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    """(record, fact, period, measure) to subjects that lack it."""
    owed_subjects: int = 0
    """Subjects that are surely owed some money."""

    def add(self, other: Totals) -> None:
        """Add the totals of another part."""
        self.firms += other.firms
        self.one_by_one += other.one_by_one
        self.excluded_one_by_one += other.excluded_one_by_one
        self.owed_subjects += other.owed_subjects
        for name in (
            "subjects",
            "firms_by_cell",
            "verdicts",
            "cells",
            "fen",
            "likely_fen",
            "unknown_amounts",
            "missing",
        ):
            getattr(self, name).update(getattr(other, name))
        self.amount_is.update(other.amount_is)

    @property
    def certain_fen(self) -> int:
        """What is surely paid or saved over all measures."""
        return sum(fen for (measure, *_), fen in self.fen.items() if self.amount_is.get(measure) in _COUNTED)

    def as_state(self) -> dict[str, Any]:
        """Return plain lists, for a part's file."""
        state: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            state[name] = (
                sorted([[*_parts(key), count] for key, count in value.items()])
                if isinstance(value, Counter)
                else value
            )
        return state

    @classmethod
    def of_state(cls, state: dict[str, Any]) -> Totals:
        """Return totals read back from a part's file."""
        made = cls()
        for name, value in state.items():
            old = getattr(made, name)
            if isinstance(old, Counter):
                for row in value:
                    *key, count = row
                    old[key[0] if len(key) == 1 else tuple(key)] = count
            else:
                setattr(made, name, value)
        return made


def _parts(key: object) -> Sequence[object]:
    return key if isinstance(key, tuple) else (key,)


def totals_of(
    screened: ScreenedBlock, size: Operation, missing: Iterable[tuple[str, dict[MissingFact, Bools]]]
) -> Totals:
    """Return the totals of one block; `missing` gives each measure's missing facts."""
    frame = screened.frame
    made = Totals(
        firms=frame.rows, one_by_one=screened.one_by_one, excluded_one_by_one=screened.excluded_one_by_one
    )
    cells, names = cells_of(frame, size)
    for number, count in enumerate(np.bincount(cells, minlength=len(names)).tolist()):
        if count:
            made.firms_by_cell[names[number]] += count
    kinds = frame.column("subject", True)
    if isinstance(kinds, Codes):
        for word, count in zip(
            kinds.words, np.bincount(kinds.codes, minlength=len(kinds.words)).tolist(), strict=False
        ):
            made.subjects[word] += count
    owed = np.zeros(frame.rows, dtype=np.bool_)
    for each in screened.measures:
        made.amount_is[each.id] = each.variants[0].amount_is
        key = cells * len(ORDER) + each.verdict
        counts = np.bincount(key, minlength=len(names) * len(ORDER)).reshape(len(names), len(ORDER))
        for place, verdict in enumerate(ORDER):
            total = int(counts[:, place].sum())
            if total:
                made.verdicts[(each.id, verdict)] += total
            if total and place < _LISTED:
                for number in np.flatnonzero(counts[:, place]).tolist():
                    made.cells[(each.id, *names[number], verdict)] += int(counts[number, place])
        if each.has_amount:
            _add_money(made, each.id, screened, each.verdict, each.amount, each.known, cells, names)
            if made.amount_is[each.id] in _COUNTED:
                owed |= screened.counted[each.id] > 0
    made.owed_subjects = int(owed.sum())
    for measure, facts in missing:
        for fact, rows in facts.items():
            made.missing[(fact.record, fact.name, fact.period, measure)] += int(rows.sum())
    return made


def _add_money(
    made: Totals,
    measure: str,
    screened: ScreenedBlock,
    verdict: NDArray[np.int8],
    amount: NDArray[np.int64],
    known: Bools,
    cells: NDArray[np.int64],
    names: Sequence[tuple[str, str, str]],
) -> None:
    counted = screened.counted[measure]
    rows = np.flatnonzero(counted)
    if len(rows):
        order = rows[np.argsort(cells[rows], kind="stable")]
        of_cell = cells[order]
        begins = np.flatnonzero(np.concatenate(([True], of_cell[1:] != of_cell[:-1])))
        for begin, fen in zip(begins.tolist(), np.add.reduceat(counted[order], begins).tolist(), strict=True):
            made.fen[(measure, *names[int(of_cell[begin])])] += fen
    likely = (verdict == _LIKELY) & known
    if likely.any():
        made.likely_fen[measure] += int(amount[likely].sum())
    lacking = int(((verdict == _ELIGIBLE) & ~known).sum())
    if lacking:
        made.unknown_amounts[measure] += lacking


def cells_of(frame: Frame, size: Operation) -> tuple[NDArray[np.int64], list[tuple[str, str, str]]]:
    """Return each subject's cell number and the cells' names: county, section of industry, size class."""
    county, counties = _labels(frame, "region", lambda code: code)
    section, sections = _labels(frame, "industry", lambda code: code[:1])
    column = size.on(frame)
    assert isinstance(column, Possible)
    classes = [UNKNOWN, *column.planes]
    sure = np.sum(list(column.planes.values()), axis=0) == 1
    of_class = np.zeros(frame.rows, dtype=np.int64)
    for number, plane in enumerate(column.planes.values(), 1):
        of_class[plane & sure] = number
    names = [(a, b, c) for a in counties for b in sections for c in classes]
    return (county * len(sections) + section) * len(classes) + of_class, names


def _labels(frame: Frame, name: str, label: Any) -> tuple[NDArray[np.int64], list[str]]:
    column = frame.column(name, True)
    if not isinstance(column, Codes):
        return np.zeros(frame.rows, dtype=np.int64), [UNKNOWN]
    of_word = [label(word) for word in column.words]
    labels = [UNKNOWN, *sorted(set(of_word))]
    table = np.array([*(labels.index(each) for each in of_word), 0], dtype=np.int64)
    return table[column.codes], labels
