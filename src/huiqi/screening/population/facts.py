"""How each fact is drawn: the forms of `margins.yaml`, with a plain form for facts it does not name."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huiqi.reference.industries import member
from huiqi.rules.facts import SUBJECT, Fact
from huiqi.rules.types import Kind
from huiqi.screening.population.boundaries import days_of
from huiqi.screening.population.cells import Cells, known
from huiqi.screening.population.draws import Bools, Draws, Whole
from huiqi.screening.population.margins import millionths, value
from huiqi.screening.situations import scale_of

Spec = Mapping[str, Any]


@dataclass(slots=True)
class Bearers:
    """The rows that facts are drawn for: what is true of their subjects, known or not. Money in yuan.

    `numbers` holds what other facts follow from: employees, revenue, assets, pay, payroll, and own columns drawn before.
    """

    as_of: datetime.date
    kinds: tuple[str, ...]
    kind: Whole
    industries: tuple[str, ...]
    industry: Whole
    numbers: dict[str, Whole]
    place: Whole
    """The place of a record among those of its subject, 0 for a subject."""
    drawn: dict[str, Cells] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.kind)

    def of_kinds(self, names: list[str] | tuple[str, ...]) -> Bools:
        """Return the rows whose subject is of one of these kinds."""
        table = np.array([each in names for each in self.kinds], dtype=np.bool_)
        return np.asarray(table[self.kind])

    def in_industries(self, codes: list[str]) -> Bools:
        """Return the rows whose industry surely lies below one of these codes."""
        table = np.array([member(each, codes) is True for each in self.industries], dtype=np.bool_)
        return np.asarray(table[self.industry])


class FactDraws:
    """Draws the facts of bearers; `measures` are the ids that a receipt may name."""

    def __init__(self, measures: tuple[str, ...]) -> None:
        self.specs: Mapping[str, Spec] = value("facts")
        self.measures = measures
        self.with_fen = value("fen_of_a_hundred")["with_fen"] * 10_000

    def spec_of(self, fact: Fact) -> Spec:
        """Return how a fact is drawn."""
        spec: Spec | None = self.specs.get(
            fact.name if fact.record == SUBJECT else f"{fact.record}.{fact.name}"
        )
        return spec if spec is not None else self.specs[_plain_form(fact)]

    def draw(self, fact: Fact, bearers: Bearers, draws: Draws) -> Cells:
        """Return the true values of a fact; not known where it does not concern the bearer."""
        spec = self.spec_of(fact)
        cells = self._drawn(fact, spec, bearers, draws)
        if "only" in spec:
            _leave_others(fact, spec["only"], bearers, cells)
        if fact.type.kind is Kind.NUMBER:
            np.clip(cells.values, 1 if fact.positive else 0, fact.most * scale_of(fact), out=cells.values)
        return cells

    def _drawn(self, fact: Fact, spec: Spec, bearers: Bearers, draws: Draws) -> Cells:
        rows, kind = bearers.rows, fact.type.kind
        if "share" in spec:
            return known(draws.holds(millionths(spec["share"]), rows))
        if kind is Kind.TRUTH:
            return known(draws.holds(millionths(self.specs["other_yes"]["share"]), rows))
        if kind is Kind.CHOICE:
            return self._choice(fact, spec, bearers, draws)
        if kind is Kind.TEXT:
            return self._text(fact, spec, bearers, draws)
        if kind is Kind.DATE:
            return _date(spec, bearers, draws)
        return known(self._number(fact, spec, bearers, draws))

    def _choice(self, fact: Fact, spec: Spec, bearers: Bearers, draws: Draws) -> Cells:
        words = tuple(name for name, _ in fact.type.choices)
        if "weights" in spec:
            weights = [int(spec["weights"].get(word, 0)) for word in words]
            return known(draws.among(weights, bearers.rows), words)
        drawn = draws.below(len(words), bearers.rows)
        if "each" in spec:
            for number, name in enumerate(bearers.kinds):
                listed = spec["each"].get(name)
                table = np.array(
                    [words.index(each) for each in listed or () if each in words], dtype=np.int64
                )
                if not len(table):
                    continue
                rows = (bearers.kind == number) & ~draws.holds(millionths(spec["any"]), bearers.rows)
                drawn[rows] = table[bearers.place[rows] % len(table)]
        return known(drawn, words)

    def _text(self, fact: Fact, spec: Spec, bearers: Bearers, draws: Draws) -> Cells:
        if "measures" in spec:
            return known(draws.below(len(self.measures), bearers.rows), self.measures)
        # Persons are numbered within their subject; nobody is named.
        if "numbered" in spec:
            most = int(bearers.place.max(initial=0)) + 1
            return known(bearers.place.copy(), tuple(f"虚构人员{number + 1:02d}" for number in range(most)))
        cells = known(np.zeros(bearers.rows, dtype=np.int64), ("虚构人员01",))
        cells.known = draws.holds(300_000, bearers.rows) if "same_person" in spec else ~cells.known
        return cells

    def _number(self, fact: Fact, spec: Spec, bearers: Bearers, draws: Draws) -> Whole:
        rows, scale = bearers.rows, scale_of(fact)
        is_money = fact.unit is not None and fact.unit.power("yuan") == 1
        if "chosen" in spec:
            options = list(spec["chosen"])
            stored = np.array(
                [int(each) * scale // int(spec.get("over", 1)) for each in options], dtype=np.int64
            )
            return np.asarray(stored[draws.among(list(spec["chosen"].values()), rows)])
        if "of" in spec:
            base = bearers.numbers.get(spec["of"])
            if base is None:
                base = np.zeros(rows, dtype=np.int64)
            share = draws.quantiles(spec["permille"], rows)
            # Millionths of the greatest amounts would not fit 63 bits, thousandths of yuan do.
            made = base * share // 1000 * scale if scale == 1 or is_money else base * share * scale // 1000
        elif "permille" in spec:
            return draws.quantiles(spec["permille"], rows) * scale // 1000
        else:
            made = draws.quantiles(spec["quantiles"], rows)
            if "of_head" in spec:
                made = made * bearers.numbers["employees"]
            made = made * scale
        if is_money:
            made = made + np.where(draws.holds(self.with_fen, rows) & (made > 0), draws.below(100, rows), 0)
        return np.asarray(made)


def _plain_form(fact: Fact) -> str:
    kind = fact.type.kind
    if kind is not Kind.NUMBER:
        return {Kind.TRUTH: "other_yes", Kind.DATE: "other_date"}.get(kind, "other_choice")
    assert fact.unit is not None
    if fact.unit.power("yuan") == 1:
        return "other_money"
    return "other_ratio" if not fact.unit.powers else "other_number"


def _date(spec: Spec, bearers: Bearers, draws: Draws) -> Cells:
    today = days_of(bearers.as_of)
    if "month_ends_ago" in spec:
        back = draws.quantiles(spec["month_ends_ago"], bearers.rows)
        months = bearers.as_of.year * 12 + bearers.as_of.month - 1 - 1970 * 12 - back
        return known(months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - 1)
    if "months_after" in spec:
        before = bearers.drawn.get(spec["months_after"])
        months = np.array([int(each) for each in spec["weights"]], dtype=np.int64)
        added = months[draws.among(list(spec["weights"].values()), bearers.rows)]
        start = np.full(bearers.rows, today, dtype=np.int64) if before is None else before.values
        return known(add_months(start, added))
    days = today - draws.quantiles(spec["days_ago"], bearers.rows)
    if "first_of_month" in spec:
        days = days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return known(days)


def add_months(days: NDArray[np.int64], months: Whole) -> Whole:
    """Return the same day so many months on, or the month's last day."""
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    day = (dates - month.astype("datetime64[D]")).astype(np.int64)
    target = month + months.astype("timedelta64[M]")
    first = target.astype("datetime64[D]").astype(np.int64)
    length = (target + 1).astype("datetime64[D]").astype(np.int64) - first
    return np.asarray(first + np.minimum(day, length - 1))


def _leave_others(fact: Fact, only: Spec, bearers: Bearers, cells: Cells) -> None:
    """Give the rows that a fact does not concern the value `else`, or leave them unknown."""
    within = np.ones(bearers.rows, dtype=np.bool_)
    if "industry" in only:
        within &= bearers.in_industries(only["industry"])
    if "subject" in only:
        within &= bearers.of_kinds(only["subject"])
    for name, least in only.get("least", {}).items():
        within &= bearers.numbers[name] >= least
    other = only.get("else", "unknown")
    if other == "unknown":
        cells.known &= within
    else:
        stored = cells.words.index(str(other)) if cells.words is not None else int(other) * scale_of(fact)
        cells.values[~within] = stored
