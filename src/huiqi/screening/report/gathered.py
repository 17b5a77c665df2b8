"""Figures that need every subject's rows together: who is owed something where, the push list's groups, open facts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from huiqi.rules.columns.judge import ORDER
from huiqi.rules.verdicts import ELIGIBLE
from huiqi.screening.assess import COUNTED
from huiqi.screening.report.fact_names import FactNames
from huiqi.screening.report.groups import CONFIRM, GROUPS
from huiqi.screening.report.measure_texts import MeasureTexts
from huiqi.screening.report.sorted_rows import SortedRows, Stretch


@dataclass(slots=True)
class GroupFigures:
    """A group of the push list: rows (a subject and a measure), subjects, and fen paid or saved by measure."""

    rows: int = 0
    subjects: int = 0
    rows_by_measure: Counter[str] = field(default_factory=Counter)
    fen_by_measure: Counter[str] = field(default_factory=Counter)

    @property
    def fen(self) -> int:
        """What is paid or saved in all."""
        return sum(self.fen_by_measure.values())


@dataclass
class Gathered:
    """Adds up stretches of rows in play."""

    texts: MeasureTexts
    names: FactNames
    owed_by_county: Counter[str] = field(default_factory=Counter)
    """Subjects that are surely owed some money."""
    groups: dict[str, GroupFigures] = field(default_factory=lambda: {each: GroupFigures() for each in GROUPS})
    declared_only: GroupFigures = field(default_factory=GroupFigures)
    """Of the group `confirm` the rows that wait for nothing but the firm's own declaration."""
    lacking: Counter[str] = field(default_factory=Counter)
    """By fact as results write it: subjects that lack it."""
    alone: Counter[str] = field(default_factory=Counter)
    """By fact: rows in which it is the only one lacking."""
    missed_rows: int = 0
    missed_subjects: int = 0
    missed_fen: Counter[str] = field(default_factory=Counter)
    """By measure: what was owed and not received."""
    unclear_rows: int = 0
    """Rows with money owed where it is not known what was received."""

    def __post_init__(self) -> None:
        rules = self.texts.rules
        self._counted = np.array([each.amount_is in COUNTED for each in rules], dtype=np.bool_)

    def see(self, stretch: Stretch, rows: SortedRows) -> None:
        """Add a stretch."""
        sum_ = self._counted[stretch.rule]
        owed = sum_ & (stretch.counted > 0)
        for county, count in Counter(stretch.county[_first_of_each(stretch.row, owed)].tolist()).items():
            self.owed_by_county[rows.counties[county]] += count
        for number, name in enumerate(GROUPS):
            self._add(self.groups[name], stretch, stretch.group == number, sum_)
        self._add(self.declared_only, stretch, self._declared_only(stretch, rows), sum_)
        self._see_missing(stretch, rows)
        self._see_missed(stretch, owed)

    def _add(
        self, figures: GroupFigures, stretch: Stretch, inside: NDArray[np.bool_], sum_: NDArray[np.bool_]
    ) -> None:
        figures.rows += int(inside.sum())
        figures.subjects += len(_first_of_each(stretch.row, inside))
        rules = len(self.texts.rules)
        for rule, count in enumerate(np.bincount(stretch.rule[inside], minlength=rules).tolist()):
            if count:
                figures.rows_by_measure[self.texts.rules[rule].id] += count
        eligible = stretch.verdict == ORDER.index(ELIGIBLE)
        fen = np.where(eligible, stretch.counted, np.where(stretch.known, stretch.amount, 0))
        self._add_fen(figures.fen_by_measure, stretch.rule, fen, inside & sum_ & (fen > 0))

    def _add_fen(
        self,
        counter: Counter[str],
        rule: NDArray[np.int32],
        fen: NDArray[np.int64],
        inside: NDArray[np.bool_],
    ) -> None:
        sums = np.zeros(len(self.texts.rules), dtype=np.int64)
        np.add.at(sums, rule[inside], fen[inside])
        for place in np.flatnonzero(sums).tolist():
            counter[self.texts.rules[place].id] += int(sums[place])

    def _declared_only(self, stretch: Stretch, rows: SortedRows) -> NDArray[np.bool_]:
        inside = stretch.group == CONFIRM
        pair = stretch.rule.astype(np.int64) * len(rows.missing) + stretch.missing
        pairs, inverse = np.unique(pair[inside], return_inverse=True)
        answers = [
            self.texts.open_conditions(
                each // len(rows.missing), self.names.all_of(rows.missing[each % len(rows.missing)])
            ).declared_only
            for each in pairs.tolist()
        ]
        made = np.zeros(len(stretch.row), dtype=np.bool_)
        made[inside] = np.array(answers, dtype=np.bool_)[inverse]
        return made

    def _see_missing(self, stretch: Stretch, rows: SortedRows) -> None:
        """Count for each fact the subjects that lack it, by one bit a fact."""
        used = np.unique(stretch.missing).tolist()
        facts: dict[str, int] = {}
        bits: dict[int, list[int]] = {}
        for combination in used:
            names = [each for each in rows.missing[combination].split("; ") if each]
            bits[combination] = [facts.setdefault(name, len(facts)) for name in names]
        if not facts:
            return
        width = -(-len(facts) // 8)
        table = np.zeros((len(rows.missing), width), dtype=np.uint8)
        for combination, places in bits.items():
            for place in places:
                table[combination, place // 8] |= 1 << (place % 8)
        begins = np.flatnonzero(np.concatenate(([True], stretch.row[1:] != stretch.row[:-1])))
        counts = np.zeros(width * 8, dtype=np.int64)
        for start in range(0, len(begins), 65_536):
            part = begins[start : start + 65_536]
            stop = int(begins[start + 65_536]) if start + 65_536 < len(begins) else len(stretch.row)
            low = int(part[0])
            planes = np.bitwise_or.reduceat(table[stretch.missing[low:stop]], part - low, axis=0)
            counts += np.unpackbits(planes, axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
        open_rows = stretch.verdict != ORDER.index(ELIGIBLE)
        alone = np.bincount(stretch.missing[open_rows], minlength=len(rows.missing))
        for name, place in facts.items():
            self.lacking[name] += int(counts[place])
        for combination, places in bits.items():
            if len(places) == 1 and alone[combination]:
                self.alone[rows.missing[combination]] += int(alone[combination])

    def _see_missed(self, stretch: Stretch, owed: NDArray[np.bool_]) -> None:
        self.unclear_rows += int((owed & ~stretch.received_known).sum())
        missed = owed & stretch.received_known & (stretch.received < stretch.counted)
        self.missed_rows += int(missed.sum())
        self.missed_subjects += len(_first_of_each(stretch.row, missed))
        self._add_fen(self.missed_fen, stretch.rule, stretch.counted - stretch.received, missed)


def _first_of_each(row: NDArray[np.int64], inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the place of each subject's first row that lies inside; rows are sorted."""
    places = np.flatnonzero(inside)
    rows = row[places]
    return places[np.concatenate(([True], rows[1:] != rows[:-1]))] if len(places) else places
