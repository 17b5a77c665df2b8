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
from huiqi.screening.cell_sums import FEN, FEN_HIGH, Cell, CellSums, Line, exact_sum, limbs
from huiqi.screening.columns import ScreenedMeasure

UNKNOWN = ""
_COUNTED = ("paid", "saved")
_ELIGIBLE, _LIKELY = 0, 1
_LISTED = 4
"""Verdicts below this number are listed: in force and in the region."""


@dataclass(slots=True)
class Totals:
    """Sums over subjects; amounts are fen."""

    firms: int = 0
    one_by_one: int = 0
    excluded_one_by_one: int = 0
    subjects: Counter[str] = field(default_factory=Counter)
    """By kind of subject."""
    firms_by_cell: Counter[Cell] = field(default_factory=Counter)
    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(measure, verdict) to subjects."""
    cells: CellSums = field(default_factory=CellSums)
    """By measure and cell: subjects by listed verdict, and the fen that are surely owed after exclusions."""
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
        for name in self.__slots__:
            own, others = getattr(self, name), getattr(other, name)
            if isinstance(own, int):
                setattr(self, name, own + others)
            elif isinstance(own, CellSums):
                own.add(others)
            else:
                own.update(others)

    @property
    def fen(self) -> Counter[str]:
        """By measure: what is surely owed after exclusions."""
        return self.cells.fen_by_measure()

    @property
    def certain_fen(self) -> int:
        """What is surely paid or saved over all measures."""
        return sum(fen for measure, fen in self.fen.items() if self.amount_is.get(measure) in _COUNTED)

    def as_state(self) -> dict[str, Any]:
        """Return all but `cells` as plain lists, for a part's file."""
        state: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, Counter):
                state[name] = sorted([[*_parts(key), count] for key, count in value.items()])
            elif not isinstance(value, CellSums):
                state[name] = value
        return state

    @classmethod
    def of_state(cls, state: dict[str, Any], cells: CellSums) -> Totals:
        """Return totals read back from a part's files."""
        made = cls(cells=cells)
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
    cell_of, cells, counts = _present(*cells_of(frame, size))
    made.firms_by_cell.update(dict(zip(cells, counts.tolist(), strict=True)))
    kinds = frame.column("subject", True)
    if isinstance(kinds, Codes):
        for word, count in zip(
            kinds.words, np.bincount(kinds.codes, minlength=len(kinds.words)).tolist(), strict=False
        ):
            made.subjects[word] += count
    owed = np.zeros(frame.rows, dtype=np.bool_)
    lines: dict[Line, NDArray[np.int64]] = {}
    for each in screened.measures:
        made.amount_is[each.id] = each.variants[0].amount_is
        of_verdict = np.bincount(
            each.verdict * np.int64(len(cells)) + cell_of, minlength=len(ORDER) * len(cells)
        ).reshape(len(ORDER), len(cells))
        for place, verdict in enumerate(ORDER):
            total = int(of_verdict[place].sum())
            if total:
                made.verdicts[(each.id, verdict)] += total
                if place < _LISTED:
                    lines[each.id, verdict] = of_verdict[place]
        if each.has_amount:
            counted = screened.counted[each.id]
            rows = np.flatnonzero(counted)
            for what, fen in zip((FEN_HIGH, FEN), limbs(counted[rows]), strict=True):
                sums = np.zeros(len(cells), dtype=np.int64)
                np.add.at(sums, cell_of[rows], fen)
                lines[each.id, what] = sums
            _add_open_money(made, each)
            if made.amount_is[each.id] in _COUNTED:
                owed |= counted > 0
    made.cells = CellSums(cells, lines)
    made.owed_subjects = int(owed.sum())
    for measure, facts in missing:
        for fact, rows_lacking in facts.items():
            made.missing[(fact.record, fact.name, fact.period, measure)] += int(rows_lacking.sum())
    return made


def _present(
    cells: NDArray[np.int64], names: Sequence[Cell]
) -> tuple[NDArray[np.int64], list[Cell], NDArray[np.int64]]:
    """Number anew the cells that have subjects: each subject's number, the cells and their subjects."""
    counts = np.bincount(cells, minlength=len(names))
    present = np.flatnonzero(counts)
    table = np.zeros(len(names), dtype=np.int64)
    table[present] = np.arange(len(present))
    return table[cells], [names[number] for number in present.tolist()], counts[present]


def _add_open_money(made: Totals, each: ScreenedMeasure) -> None:
    likely = (each.verdict == _LIKELY) & each.known
    if likely.any():
        made.likely_fen[each.id] += exact_sum(each.amount[likely])
    # Of a text without an amount none is lacking; the last place is that of subjects no text applies to.
    has_amount = np.array([*(variant.amount is not None for variant in each.variants), False])
    lacking = int(((each.verdict == _ELIGIBLE) & ~each.known & has_amount[each.variant]).sum())
    if lacking:
        made.unknown_amounts[each.id] += lacking


def cells_of(frame: Frame, size: Operation) -> tuple[NDArray[np.int64], list[Cell]]:
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
