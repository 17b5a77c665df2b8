"""Every measure over a block of subjects: the variant that holds in each row's region, exclusions, and what is owed."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from huiqi.policies.library import PolicyLibrary
from huiqi.rules.columns.compile import MOST_RECORDS, Compiler, bounds_of
from huiqi.rules.columns.frame import Block, Bools, Codes, Frame, Number, Words
from huiqi.rules.columns.judge import ORDER, ColumnMeasure, MeasureColumns
from huiqi.rules.columns.members import CodeSet, code_set
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import Measure
from huiqi.rules.reasons import MissingFact
from huiqi.rules.types import Kind
from huiqi.rules.verdicts import NOT_HERE, NOT_IN_FORCE, UNDETERMINED

_NUMBER = {verdict: number for number, verdict in enumerate(ORDER)}
_MOST_REMEMBERED = 4_096
"""Measures times sets of region words; blocks of one roster have a few such sets at most."""
_Applying = tuple[tuple[Measure, ...], bool]
"""The variants that may apply, and whether perhaps none does."""


@dataclass(slots=True)
class ScreenedMeasure:
    """One measure for the subjects of a block; `variant` is the place in `variants` of the file that applies, -1: none."""

    id: str
    variants: tuple[Measure, ...]
    variant: NDArray[np.int8]
    verdict: NDArray[np.int8]
    amount: NDArray[np.int64]
    known: Bools
    has_amount: bool
    of_variants: list[tuple[Bools, ColumnMeasure, MeasureColumns]] = field(default_factory=list)
    ambiguous: Bools | None = None


class Screener:
    """The second reading of a library, compiled for one day; blocks may be screened in several threads.

    The claims of single records are kept of measures with exclusions, and of those in `claims_of`.
    """

    def __init__(self, library: PolicyLibrary, as_of: datetime.date, claims_of: Collection[str] = ()) -> None:
        self.library = library
        self.as_of = as_of
        self.compiler = Compiler(library.facts, library.evaluator, as_of)
        self.compiled = {
            (each.id, each.region): ColumnMeasure(each, self.compiler) for each in library.measures
        }
        self.claims_of = {
            name
            for each in library.measures
            for exclusion in each.not_with
            for name in (each.id, exclusion.measure)
        }.union(claims_of)
        self._groups_by_words: dict[tuple[str, Words], list[tuple[_Applying, CodeSet]]] = {}
        self._code_sets: dict[tuple[Words, frozenset[int]], CodeSet] = {}

    def screen(self, block: Block, only: Sequence[str] | None = None) -> tuple[Frame, list[ScreenedMeasure]]:
        """Return every measure for the subjects of a block (or only some), with the frame they were read from."""
        frame = block.frame()
        names = sorted(self.library.by_id) if only is None else only
        return frame, [self.screen_measure(name, frame) for name in names]

    def screen_measure(self, name: str, frame: Frame) -> ScreenedMeasure:
        """Return one measure for the subjects of a frame."""
        rows = frame.rows
        variants = self.library.by_id[name]
        made = ScreenedMeasure(
            name,
            variants,
            np.full(rows, -1, dtype=np.int8),
            np.full(rows, _NUMBER[NOT_HERE], dtype=np.int8),
            np.zeros(rows, dtype=np.int64),
            np.zeros(rows, dtype=np.bool_),
            any(each.amount is not None for each in variants),
        )
        for (possible, perhaps_none), mask in self._applying(name, frame):
            if not possible:
                continue
            columns = [
                self.compiled[(each.id, each.region)].screen(frame, name in self.claims_of)
                for each in possible
            ]
            if len(possible) == 1 and not perhaps_none:
                place = variants.index(possible[0])
                _write(made, mask, place, columns[0])
                measure = self.compiled[(name, possible[0].region)]
                where = np.ones(rows, dtype=np.bool_) if mask is None else mask
                made.of_variants.append((where, measure, columns[0]))
            else:
                self._write_ambiguous(made, mask, possible, perhaps_none, columns)
        return made

    def _applying(self, name: str, frame: Frame) -> list[tuple[_Applying, Bools | None]]:
        """Return the sets of variants that may apply, each with its rows (None: all rows of the frame)."""
        column = frame.column("region", True)
        if column is None:
            return [(self.library.possible(name, None, self.as_of), None)]
        codes = cast(Codes, column)
        groups = self._groups(name, codes.vocabulary)
        if len(groups) == 1:
            return [(groups[0][0], None)]
        made: list[tuple[_Applying, Bools | None]] = []
        for answer, regions in groups:
            mask = frame.masks.get(regions)
            if mask is None:
                mask = frame.masks[regions] = regions.of(codes.codes)
            rows = np.count_nonzero(mask)
            if rows:
                made.append((answer, None if rows == frame.rows else mask))
        return made

    def _groups(self, name: str, vocabulary: Words) -> list[tuple[_Applying, CodeSet]]:
        """Return the sets of variants that may apply in the regions of a column, each with those regions.

        Worked out once for all blocks with these words; measures that divide regions alike share the sets of codes.
        """
        found = self._groups_by_words.get((name, vocabulary))
        if found is not None:
            return found
        answers = [self.library.possible(name, word, self.as_of) for word in vocabulary.words]
        answers.append(self.library.possible(name, None, self.as_of))
        by_variants: dict[tuple[tuple[str, ...], bool], list[int]] = {}
        for place, (possible, perhaps_none) in enumerate(answers):
            by_variants.setdefault((tuple(each.region for each in possible), perhaps_none), []).append(place)
        made = []
        for places in by_variants.values():
            of_group = frozenset(places)
            regions = self._code_sets.get((vocabulary, of_group))
            if regions is None:
                is_member = [place in of_group for place in range(len(answers))]
                regions = code_set(is_member[:-1], with_unknown=is_member[-1])
                self._code_sets[vocabulary, of_group] = regions
            made.append((answers[places[0]], regions))
        if len(self._groups_by_words) >= _MOST_REMEMBERED:
            self._groups_by_words.clear()
            self._code_sets.clear()
        self._groups_by_words[name, vocabulary] = made
        return made

    def _write_ambiguous(
        self,
        made: ScreenedMeasure,
        mask: Bools | None,
        possible: tuple[Measure, ...],
        perhaps_none: bool,
        columns: list[MeasureColumns],
    ) -> None:
        """The region leaves open which text applies: only what all say alike is settled."""
        rows = len(made.verdict)
        where = np.ones(rows, dtype=np.bool_) if mask is None else mask
        first = columns[0]
        idle = np.logical_and.reduce([each.verdict == _NUMBER[NOT_IN_FORCE] for each in columns])
        same = np.ones(rows, dtype=np.bool_)
        for each in columns[1:]:
            same &= (each.verdict == first.verdict) & _same_amount(first, each)
        if perhaps_none:
            same[:] = False
        settled = idle | same
        _write(made, where & settled, made.variants.index(possible[0]), first)
        left = where & ~settled
        made.variant[left] = made.variants.index(possible[0])
        made.verdict[left] = _NUMBER[UNDETERMINED]
        made.ambiguous = left if made.ambiguous is None else made.ambiguous | left
        for variant, each in zip(possible, columns, strict=True):
            made.of_variants.append((where, self.compiled[(made.id, variant.region)], each))

    def missing(self, screened: ScreenedMeasure, frame: Frame) -> dict[MissingFact, Bools]:
        """Return the facts that keep a measure open, each with the subjects that lack it."""
        found: dict[MissingFact, Bools] = {}

        def add(facts: dict[MissingFact, Bools], where: Bools) -> None:
            for fact, rows in facts.items():
                lacking = rows & where
                if lacking.any():
                    found[fact] = found[fact] | lacking if fact in found else lacking

        ambiguous = screened.ambiguous
        for where, compiled, columns in screened.of_variants:
            add(compiled.missing(frame, columns.verdict), where)
            if ambiguous is not None:
                add(compiled.needs(frame, columns), where & ambiguous)
        if ambiguous is not None:
            add({MissingFact(SUBJECT, "region"): ambiguous}, ambiguous)
        return found

    def needs(self, screened: ScreenedMeasure, frame: Frame) -> dict[MissingFact, Bools]:
        """Return the facts that the amounts of eligible and likely subjects lack."""
        found: dict[MissingFact, Bools] = {}
        for where, compiled, columns in screened.of_variants:
            settled = where if screened.ambiguous is None else where & ~screened.ambiguous
            for fact, rows in compiled.needs(frame, columns).items():
                lacking = rows & settled
                if lacking.any():
                    found[fact] = found[fact] | lacking if fact in found else lacking
        return found

    def beyond_bounds(self, frame: Frame) -> Bools:
        """Return the subjects with a value beyond its fact's bound: they go to the scalar reading."""
        beyond = np.zeros(frame.rows, dtype=np.bool_)
        for record, name, period in self.compiler.facts_read:
            fact = self.library.facts.fact(record, name)
            inside = frame if record == SUBJECT else frame.records.get(record)
            if fact is None or inside is None or fact.type.kind not in (Kind.NUMBER, Kind.DATE):
                continue
            column = inside.column(f"{name}@{period}" if period else name, False)
            if not isinstance(column, Number):
                continue
            low, high = bounds_of(fact)
            rows = (column.value > high) | (column.value < low)
            if column.known is not None:
                rows &= column.known
            if rows.any():
                if inside.index is None:
                    beyond |= rows
                else:
                    beyond[inside.index[rows]] = True
        for rows_of_kind in frame.records.values():
            if rows_of_kind is not None and rows_of_kind.rows > MOST_RECORDS:
                firms, begins = rows_of_kind.segments()
                beyond[firms] |= np.diff(np.append(begins, rows_of_kind.rows)) > MOST_RECORDS
        return beyond


def _write(made: ScreenedMeasure, mask: Bools | None, place: int, columns: MeasureColumns) -> None:
    if mask is None:
        made.variant[:] = place
        made.verdict = columns.verdict
        if columns.amount is not None and columns.known is not None:
            made.amount, made.known = columns.amount, columns.known
        return
    np.copyto(made.variant, np.int8(place), where=mask)
    np.copyto(made.verdict, columns.verdict, where=mask)
    if columns.amount is not None and columns.known is not None:
        np.copyto(made.amount, columns.amount, where=mask)
        np.copyto(made.known, columns.known, where=mask)


def _same_amount(one: MeasureColumns, other: MeasureColumns) -> Bools:
    rows = len(one.verdict)
    nothing = np.zeros(rows, dtype=np.bool_)
    known, other_known = one.known, other.known
    known = nothing if known is None else known
    other_known = nothing if other_known is None else other_known
    same: Bools = known == other_known
    if one.amount is not None and other.amount is not None:
        same = same & (~known | (one.amount == other.amount))
    return same
