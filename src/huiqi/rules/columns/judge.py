"""A measure over a block: the verdict and amount of every subject, as the scalar judge gives them one by one."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from huiqi.rules.columns import calendar, numbers
from huiqi.rules.columns.compile import Compiler
from huiqi.rules.columns.frame import Bools, Codes, Frame, Number, Truth
from huiqi.rules.columns.lacking import LackNoter
from huiqi.rules.columns.members import Members
from huiqi.rules.columns.operations import Operation
from huiqi.rules.facts import SUBJECT
from huiqi.rules.measure import Cap, Measure
from huiqi.rules.reasons import MissingFact
from huiqi.rules.verdicts import ELIGIBLE, INELIGIBLE, LIKELY, NOT_HERE, NOT_IN_FORCE, UNDETERMINED

ORDER = (ELIGIBLE, LIKELY, UNDETERMINED, INELIGIBLE, NOT_IN_FORCE, NOT_HERE)
"""Verdicts by their number in columns."""
_ELIGIBLE, _LIKELY, _UNDETERMINED, _INELIGIBLE, _NOT_IN_FORCE = range(5)
_LEVELS = ("record", "person", "firm", "programme")
_MOST_FEN = (1 << 62) - 1
_MANY = 0.4
"""Above this share of rows an amount is computed for all of them: gathering what it reads costs more than it spares."""

Verdicts = NDArray[np.int8]


@dataclass(slots=True)
class Owed:
    """Fen of the rows that are granted, before firm caps; what is not known is 0.

    `rows` None means that all rows are here, granted or not; else `value` and `known` are those of `rows`. `known` None
    means that every row here is known. `sure` tells that all that are granted are eligible, none likely.
    """

    size: int
    rows: NDArray[np.intp] | None
    value: NDArray[np.int64]
    known: Bools | None
    sure: bool = False
    _whole: tuple[NDArray[np.int64], Bools] | None = None

    @property
    def whole(self) -> tuple[NDArray[np.int64], Bools]:
        """The amounts of all rows, and which of them are known: the same arrays each time."""
        if self._whole is None:
            if self.rows is None:
                assert self.known is not None
                self._whole = self.value, self.known
            else:
                amount = np.zeros(self.size, dtype=np.int64)
                amount[self.rows] = self.value
                known = np.zeros(self.size, dtype=np.bool_)
                known[self.rows] = True if self.known is None else self.known
                self._whole = amount, known
        return self._whole


@dataclass(slots=True)
class Claims:
    """The measure judged on each row of a frame: subjects, or records of a kind."""

    frame: Frame
    verdict: Verdicts
    owed: Owed | None

    @property
    def amount(self) -> NDArray[np.int64] | None:
        """Fen of all rows before firm caps, 0 where not known; None where the measure has none."""
        return None if self.owed is None else self.owed.whole[0]

    @property
    def known(self) -> Bools | None:
        """The granted rows whose amount is known."""
        return None if self.owed is None else self.owed.whole[1]


@dataclass(slots=True)
class MeasureColumns:
    """The measure for each subject of a block."""

    verdict: Verdicts
    owed: Owed | None
    claims: Claims | None = None

    @property
    def amount(self) -> NDArray[np.int64] | None:
        """Fen of all subjects, 0 where not known; None where the measure has none."""
        return None if self.owed is None else self.owed.whole[0]

    @property
    def known(self) -> Bools | None:
        """The granted subjects whose amount is known."""
        return None if self.owed is None else self.owed.whole[1]

    def eligible(self) -> tuple[NDArray[np.intp], NDArray[np.int64] | None]:
        """Return the eligible subjects with the fen that each is surely owed, without making columns of them."""
        if self.owed is not None and self.owed.rows is not None and self.owed.sure:
            return self.owed.rows, self.owed.value
        rows = np.flatnonzero(self.verdict == _ELIGIBLE)
        amount = self.amount
        return rows, None if amount is None else amount.take(rows)


@dataclass(slots=True)
class _Condition:
    operation: Operation
    soft: bool


class ColumnMeasure:
    """A measure compiled for one day."""

    def __init__(self, measure: Measure, compiler: Compiler) -> None:
        self.measure = measure
        self.in_force = measure.in_force.holds(compiler.as_of)
        self.as_of = compiler.as_of
        self.conditions = [_Condition(compiler.operation(each.test), each.soft) for each in measure.when]
        self.has_soft = any(each.soft for each in self.conditions)
        self.shared = [each for each in self.conditions if not each.operation.record]
        self.amount = compiler.operation(measure.amount) if measure.amount is not None else None
        caps = sorted(measure.caps, key=lambda cap: _LEVELS.index(cap.level))
        self.caps = [_CompiledCap(cap, measure, compiler) for cap in caps]
        self.subjects = Members(measure.subject.__contains__)
        self.list_known: Callable[[Frame], Bools] | None = (
            compiler.list_known(measure.per) if measure.per else None
        )

    def screen(self, frame: Frame, keep_claims: bool = False) -> MeasureColumns:
        """Return the verdicts and amounts for a frame of subjects."""
        if not self.in_force:
            verdict = np.full(frame.rows, _NOT_IN_FORCE, dtype=np.int8)
            return MeasureColumns(verdict, None)
        own = self._is_subject(frame)
        if self.measure.per:
            columns = self._over_records(frame, own)
        else:
            claims = self._claims(frame, own)
            columns = self._capped(frame, claims, claims.verdict)
            columns.claims = claims
        if not keep_claims:
            columns.claims = None
        return columns

    def _is_subject(self, frame: Frame) -> Bools | None:
        """Return the rows whose subject the measure is for, None for all."""
        column = frame.column("subject", True)
        assert isinstance(column, Codes)
        if all(word in self.measure.subject for word in column.words):
            return None
        return self.subjects.of(column)

    def _verdicts(self, conditions: list[_Condition], frame: Frame) -> Verdicts:
        """Return the verdict of each row: its number is worked out from four planes, without a branch."""
        hard = [cast(Truth, each.operation.on(frame)) for each in conditions if not each.soft]
        soft = [cast(Truth, each.operation.on(frame)) for each in conditions if each.soft]
        hard_held = _all_of([each.yes for each in hard], frame.rows)
        held = _all_of([hard_held, *(each.yes for each in soft)], frame.rows)
        open_ones = [each for each in (*hard, *soft) if each.no is not None]
        if not open_ones:
            # True is 1: 0 becomes eligible, -1 ineligible.
            return (held.view(np.int8) - np.int8(1)) & np.int8(_INELIGIBLE)
        settled = _all_of([each.yes for each in (*hard, *soft) if each.no is None], frame.rows)
        failed = np.logical_not(settled)
        for each in open_ones:
            np.logical_or(failed, each.surely_no, out=failed)
        verdict = failed.view(np.int8) + np.int8(_UNDETERMINED)
        if soft:
            hopeful = np.logical_and(hard_held, np.logical_not(failed))
            np.subtract(verdict, hopeful.view(np.int8), out=verdict)
            np.subtract(verdict, held.view(np.int8), out=verdict)
        else:
            np.subtract(verdict, np.left_shift(held.view(np.int8), np.int8(1)), out=verdict)
        return verdict

    def _claims(self, frame: Frame, own: Bools | None) -> Claims:
        verdict = self._verdicts(self.conditions, frame)
        if own is not None:
            verdict[~own] = _INELIGIBLE
        return Claims(frame, verdict, None if self.amount is None else self._owed(frame, verdict))

    def _owed(self, frame: Frame, verdict: Verdicts) -> Owed:
        """Return the amounts of eligible and likely rows: computed for these alone, unless they are many."""
        assert self.amount is not None
        granted = verdict <= _LIKELY
        rows = np.flatnonzero(granted)
        if not self.amount.wide and len(rows) > frame.rows * _MANY:
            column = cast(Number, self.amount.on(frame))
            known = granted if column.known is None else granted & column.known
            return Owed(frame.rows, None, self._fen(column, known), known)
        if not len(rows):
            return Owed(frame.rows, rows, np.zeros(0, dtype=np.int64), None)
        column = cast(Number, self.amount.on(frame.selection(rows)))
        fen = np.broadcast_to(self._fen(column, column.known), rows.shape)
        return Owed(frame.rows, rows, fen, column.known, sure=not self.has_soft)

    def _fen(self, column: Number, known: Bools | None) -> NDArray[np.int64]:
        """Return a column of the amount as fen, nought where it is not known."""
        assert self.amount is not None
        value = numbers.half_up(column, self.amount)
        if value.dtype == object:
            value = (value if known is None else np.where(known, value, 0)).astype(np.int64)
        elif known is not None:
            value = value * known
        return value

    def _over_records(self, frame: Frame, own: Bools | None) -> MeasureColumns:
        assert self.list_known is not None
        has_list = self.list_known(frame)
        verdict = np.where(has_list, np.int8(_INELIGIBLE), np.int8(_UNDETERMINED))
        if self.shared and not has_list.all():
            shared = self._verdicts(self.shared, frame)
            verdict = np.where(~has_list & (shared == _INELIGIBLE), np.int8(_INELIGIBLE), verdict)
        rows = frame.records.get(self.measure.per)
        if rows is None or not rows.rows:
            if own is not None:
                verdict[~own] = _INELIGIBLE
            nothing = np.zeros(0, dtype=np.int64)
            owed = Owed(frame.rows, np.zeros(0, dtype=np.intp), nothing, None)
            return MeasureColumns(verdict, None if self.amount is None else owed)
        assert rows.index is not None
        claims = self._claims(rows, None if own is None else own[rows.index])
        firms, begins = rows.segments()
        listed = has_list[firms]
        verdict[firms] = np.where(listed, np.minimum.reduceat(claims.verdict, begins), verdict[firms])
        if own is not None:
            verdict[~own] = _INELIGIBLE
        columns = self._capped(frame, claims, verdict)
        columns.claims = claims
        return columns

    def _capped(self, frame: Frame, claims: Claims, verdict: Verdicts) -> MeasureColumns:
        """Return sums under the caps over the claims that share their subject's verdict, eligible or likely."""
        firms = claims.frame.index if claims.frame is not frame else None
        if claims.owed is None or (firms is None and not self.caps):
            return MeasureColumns(verdict, claims.owed)
        whole, whole_known = claims.owed.whole
        taken = (claims.verdict <= _LIKELY) & (
            claims.verdict == (verdict if firms is None else verdict[firms])
        )
        amount = whole * taken
        lacking = taken & ~whole_known
        for cap in self.caps:
            unknown = cap.apply(claims.frame, firms, taken, amount)
            if unknown is not None:
                lacking = lacking | (taken & unknown)
        if firms is None:
            return MeasureColumns(verdict, Owed(frame.rows, None, amount, taken & ~lacking))
        who, begins = claims.frame.segments()
        total = np.zeros(frame.rows, dtype=np.int64)
        total[who] = np.add.reduceat(amount, begins)
        known = verdict <= _LIKELY
        known[who] = known[who] & ~np.logical_or.reduceat(lacking, begins)
        return MeasureColumns(verdict, Owed(frame.rows, None, total, known))

    def needs(self, frame: Frame, columns: MeasureColumns) -> dict[MissingFact, Bools]:
        """Return, for the eligible and likely subjects, which facts their amount still lacks."""
        noter = LackNoter(frame)
        rows = frame.records.get(self.measure.per) if self.measure.per else frame
        if self.amount is None or columns.known is None or rows is None or not rows.rows:
            return noter.facts
        granted = columns.verdict <= _LIKELY
        claims = self._verdicts(self.conditions, rows)
        hoped = (claims <= _LIKELY) & (granted if rows is frame else granted[rows.index])
        noter.note(self.amount, rows, hoped)
        if not self.caps:
            return noter.facts
        open_total = granted & ~columns.known
        open_rows = hoped & (open_total if rows is frame else open_total[rows.index])
        for cap in self.caps:
            cap.note(noter, rows, open_rows)
        return noter.facts

    def missing(self, frame: Frame, verdict: Verdicts) -> dict[MissingFact, Bools]:
        """Return, for the undetermined and likely subjects, which facts each still lacks."""
        noter = LackNoter(frame)
        wanted = (verdict == _UNDETERMINED) | (verdict == _LIKELY)
        if self.list_known is None:
            for each in self.conditions:
                noter.note(each.operation, frame, wanted)
            return noter.facts
        has_list = self.list_known(frame)
        noter.fact(MissingFact(SUBJECT, self.measure.per), frame, wanted & ~has_list)
        for each in self.shared:
            noter.note(each.operation, frame, wanted & ~has_list)
        rows = frame.records.get(self.measure.per)
        if rows is not None and rows.rows:
            assert rows.index is not None
            claims = self._verdicts(self.conditions, rows)
            open_rows = (claims == _UNDETERMINED) | (claims == _LIKELY)
            # A subject that is eligible by one record may still lack facts of another.
            own = self._is_subject(frame)
            of_firm = has_list if own is None else has_list & own
            active = open_rows & of_firm[rows.index]
            for each in self.conditions:
                noter.note(each.operation, rows, active)
        return noter.facts


class _CompiledCap:
    def __init__(self, cap: Cap, measure: Measure, compiler: Compiler) -> None:
        self.cap = cap
        self.as_of: datetime.date = compiler.as_of
        self.limit = compiler.operation(cap.amount)
        self.by = compiler.operation(cap.by) if cap.by is not None else None
        self.record = measure.per

    def apply(
        self, frame: Frame, firms: NDArray[np.int64] | None, taken: Bools, amount: NDArray[np.int64]
    ) -> Bools | None:
        """Cut the amounts in place, later claims first; return the rows whose limit or group is not known."""
        column = cast(Number, self.limit.on(frame))
        value = numbers.half_up(column, self.limit)
        limit = np.broadcast_to(np.minimum(value, _MOST_FEN), (frame.rows,)).astype(np.int64)
        unknown = None if column.known is None else ~column.known
        if firms is None or (self.cap.level == "record" and not self.cap.yearly):
            np.minimum(amount, np.where(taken, limit, amount), out=amount)
            return unknown
        who, year, nameless = self._groups(frame)
        nameless &= taken
        alone = np.where(nameless, -2 - np.arange(frame.rows, dtype=np.int64), who)
        if not nameless.any():
            _cut((firms, alone, year), limit, taken, amount)
            return unknown
        together = amount.copy()
        fullest_who, fullest_year = _fullest(firms, who, year, taken & ~nameless, nameless, amount)
        _cut((firms, alone, np.where(nameless, 0, year)), limit, taken, amount)
        _cut((firms, fullest_who, fullest_year), limit, taken, together)
        differs = np.zeros(int(firms.max()) + 1, dtype=np.int64)
        np.add.at(differs, firms[taken], amount[taken] - together[taken])
        left_open: Bools = taken & (differs[firms] != 0)
        return left_open if unknown is None else unknown | left_open

    def note(self, noter: LackNoter, frame: Frame, active: Bools) -> None:
        """Note which facts the limit, or what it is counted by, lacks."""
        for each in (self.limit, self.by):
            if each is not None:
                noter.note(each, frame, active)
        if self.cap.whose:
            column = frame.column(self.cap.whose, True)
            nameless = column.codes < 0 if isinstance(column, Codes) else np.ones(frame.rows, dtype=np.bool_)
            noter.fact(MissingFact(self.record, self.cap.whose), frame, active & nameless)

    def _groups(self, frame: Frame) -> tuple[NDArray[np.int64], NDArray[np.int64], Bools]:
        """Return whose each claim is, of which year, and the claims that do not say one of them."""
        rows = frame.rows
        who = np.zeros(rows, dtype=np.int64)
        year = np.zeros(rows, dtype=np.int64)
        nameless = np.zeros(rows, dtype=np.bool_)
        if self.cap.level == "record":
            who = np.arange(rows, dtype=np.int64)
        elif self.cap.level == "person" and self.cap.whose:
            column = frame.column(self.cap.whose, True)
            if isinstance(column, Codes):
                who = column.codes.astype(np.int64)
                nameless = who < 0
            else:
                nameless[:] = True
        if self.cap.yearly:
            year[:] = self.as_of.year
            if self.by is not None:
                date = cast(Number, self.by.on(frame))
                year = np.broadcast_to(calendar.year(np.asarray(date.value)), (rows,))
                if date.known is not None:
                    nameless = nameless | ~date.known
        return who, year, nameless


def _fullest(
    firms: NDArray[np.int64],
    who: NDArray[np.int64],
    year: NDArray[np.int64],
    named: Bools,
    nameless: Bools,
    amount: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return groups in which the nameless claims of a firm join its fullest named group, or one of their own."""
    who = np.where(nameless, np.int64(-2), who)
    year = np.where(nameless, np.int64(0), year)
    rows = np.flatnonzero(named)
    if not len(rows):
        return who, year
    order = rows[np.lexsort([rows, year[rows], who[rows], firms[rows]])]
    begins = _begins([firms[order], who[order], year[order]])
    sums = np.add.reduceat(amount[order], begins)
    firsts = order[begins]
    # Per firm the greatest sum; of equals the group that is met first.
    best = np.lexsort([firsts, -sums, firms[firsts]])
    heads = best[_begins([firms[firsts[best]]])]
    chosen = np.full(int(firms.max()) + 1, -1, dtype=np.int64)
    chosen[firms[firsts[heads]]] = firsts[heads]
    places = np.flatnonzero(nameless)
    joined = chosen[firms[places]]
    places, joined = places[joined >= 0], joined[joined >= 0]
    who[places], year[places] = who[joined], year[joined]
    return who, year


def _begins(keys: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    change = np.ones(len(keys[0]), dtype=np.bool_)
    change[1:] = False
    for key in keys:
        change[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(change)


def _cut(
    groups: tuple[NDArray[np.int64], ...], limit: NDArray[np.int64], taken: Bools, amount: NDArray[np.int64]
) -> None:
    """Let each group keep at most the limit of its first claim, the earlier claims first."""
    rows = np.flatnonzero(taken)
    if not len(rows):
        return
    order = rows[np.lexsort([rows, *(group[rows] for group in reversed(groups))])]
    begins = _begins([group[order] for group in groups])
    sizes = np.diff(np.append(begins, len(order)))
    first_limit = np.repeat(limit[order][begins], sizes)
    own = np.minimum(amount[order], first_limit)
    running = np.cumsum(own)
    before = running - own
    before = before - np.repeat(before[begins], sizes)
    amount[order] = np.maximum(0, np.minimum(own, first_limit - before))


def _all_of(planes: list[Bools], rows: int) -> Bools:
    """Return the rows that are in every plane; it may be one of them."""
    if not planes:
        return np.ones(rows, dtype=np.bool_)
    made = planes[0]
    for place, plane in enumerate(planes[1:]):
        made = np.logical_and(made, plane, out=made if place else None)
    return made
