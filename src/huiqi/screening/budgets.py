"""How far a budget or a quota reaches: claims served one after another until it is spent.

The order is that of the roster's rows, or that of a date of the records that a measure is judged on (when a loan was
drawn, a person hired): then a subject stands where its first claim does, unknown days come last, and of the subjects
of the day on which the budget is spent none counts as reached. A subject's whole amount counts at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from huiqi.findings import BadInput, Finding, nearest
from huiqi.policies.library import PolicyLibrary
from huiqi.reference.money import MoneyError, parse_yuan
from huiqi.rules.columns.frame import Bools, Number
from huiqi.rules.situation import Situation
from huiqi.rules.typed import FactOf, walk
from huiqi.rules.types import Kind
from huiqi.screening.columns import ScreenedMeasure

LAST = np.iinfo(np.int64).max
"""The day of a claim whose day is not known."""


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `limit` for all claims on a measure: fen, or subjects (`of_subjects`). `by` is the record's date fact."""

    measure: str
    limit: int
    of_subjects: bool
    origin: str
    """`given`, or `cap` where the measure itself has a cap on the programme."""
    by: str = ""


def read_budget(text: str, of_subjects: bool, library: PolicyLibrary) -> Budget:
    """Return a budget of `measure=yuan` or a quota of `measure=subjects`, with `@record.fact` or `@row` for the order.

    Without an order it is that by which the measure itself counts its caps, else that of rows. Raises BadInput.
    """
    option = "--quota" if of_subjects else "--budget"
    example = "rent-waiver=500" if of_subjects else "rent-waiver=5000000"

    def refuse(code: str, what: str, mend: str) -> BadInput:
        return BadInput([Finding("", 0, option, code, what, "", mend)])

    match = re.fullmatch(r"\s*([\w-]+)\s*=\s*([^@]*?)\s*(?:@\s*([\w.-]+)\s*)?", text)
    form = f"write {example}; innovation-voucher={example.partition('=')[2]}@service_deal.deal_made sets the order"
    if match is None:
        raise refuse("budget-form", f"{text[:60]} is no budget", form)
    name, amount, order = match.groups()
    if name not in library.by_id:
        hint = nearest(name, library.by_id) or "`huiqi measures` lists them"
        raise refuse("unknown-measure", f"there is no measure {name}", hint)
    try:
        limit = int(amount) if of_subjects else parse_yuan(amount)
    except (MoneyError, ValueError):
        raise refuse("budget-form", f"{amount[:60]} is no budget", form) from None
    if limit < 0:
        raise refuse("budget-form", "a budget is not below nought", form)
    variants = library.by_id[name]
    if not of_subjects and all(each.amount is None for each in variants):
        raise refuse("no-amount", f"{name} has no amount to be spent", "give it a --quota of subjects")
    if order is None:
        order = day_of_caps(library, name)
    elif order == "row":
        order = ""
    else:
        days = list(_days(library, name))
        if order not in days:
            mend = f"it has {', '.join(days)}" if days else "leave the order away"
            raise refuse("unknown-order", f"{name} is not judged on records with a day {order}", mend)
    return Budget(name, limit, of_subjects, "given", order)


def programme_budgets(library: PolicyLibrary, situation: Situation) -> Iterator[Budget]:
    """Yield the caps on whole programmes that measures have of themselves; `situation` gives the day."""
    for name, variants in sorted(library.by_id.items()):
        for cap in (cap for variant in variants for cap in variant.caps if cap.level == "programme"):
            limit = library.evaluator.value(cap.amount, situation)
            if isinstance(limit, int):
                yield Budget(name, limit, False, "cap", day_of_caps(library, name))
                break


def day_of_caps(library: PolicyLibrary, name: str) -> str:
    """Return the date of a record by which a measure counts its caps, as `deal.made`; empty where it has none."""
    for variant in library.by_id.get(name, ()):
        for cap in variant.caps:
            for node in walk(cap.by) if cap.by is not None else ():
                if isinstance(node, FactOf) and node.record == variant.per and node.type.kind is Kind.DATE:
                    return f"{node.record}.{node.name}"
    return ""


def _days(library: PolicyLibrary, name: str) -> Iterator[str]:
    for record in dict.fromkeys(each.per for each in library.by_id[name] if each.per):
        for fact in library.facts.records[record].facts.values():
            if fact.type.kind is Kind.DATE:
                yield f"{record}.{fact.name}"


@dataclass(frozen=True, slots=True)
class Owed:
    """The claims of a block on a budget: rows of the population, what each weighs, its day (None: by row), who it is."""

    rows: NDArray[np.int64]
    weight: NDArray[np.int64]
    day: NDArray[np.int64] | None
    names: tuple[str, ...]


def owed(
    budget: Budget,
    screened: ScreenedMeasure,
    counted: NDArray[np.int64],
    is_owed: Bools,
    names: tuple[str, ...],
    first: int,
) -> Owed:
    """Return what a block asks of a budget; `first` is its first row in the population."""
    places = np.flatnonzero(is_owed if budget.of_subjects else counted)
    weight = np.ones(len(places), dtype=np.int64) if budget.of_subjects else counted[places]
    day = None
    if budget.by:
        day = _first_days(screened, budget.by.partition(".")[2], len(counted))[places]
    return Owed(
        places + first, weight, day, tuple(names[place] for place in places.tolist()) if names else ()
    )


def _first_days(screened: ScreenedMeasure, fact: str, rows: int) -> NDArray[np.int64]:
    days = np.full(rows, LAST, dtype=np.int64)
    for where, _, columns in screened.of_variants:
        claims = columns.claims
        if claims is None or claims.frame.index is None:
            continue
        column = claims.frame.column(fact, False)
        if not isinstance(column, Number):
            continue
        firms = claims.frame.index
        granted = (claims.verdict == 0) & where[firms]
        if column.known is not None:
            granted = granted & column.known
        np.minimum.at(days, firms[granted], column.value[granted])
    return days


@dataclass(slots=True)
class Spending:
    """A budget being spent, block after block in the order of the population."""

    budget: Budget
    asked: int = 0
    subjects: int = 0
    reached: int = 0
    ran_out_row: int | None = None
    ran_out_name: str = ""
    _by_day: Counter[int] = field(default_factory=Counter)
    _subjects_of_day: Counter[int] = field(default_factory=Counter)

    def take(self, claims: Owed) -> None:
        """Serve the claims of the next block."""
        if claims.day is not None:
            for day, weight in zip(claims.day.tolist(), claims.weight.tolist(), strict=True):
                self._by_day[day] += weight
                self._subjects_of_day[day] += 1
        elif len(claims.rows):
            running = np.cumsum(claims.weight) + self.asked
            fits = int(np.searchsorted(running, self.budget.limit, side="right"))
            if self.ran_out_row is None:
                self.reached += fits
                if fits < len(running):
                    self.ran_out_row = int(claims.rows[fits])
                    self.ran_out_name = claims.names[fits] if claims.names else ""
        self.asked += int(claims.weight.sum())
        self.subjects += len(claims.rows)

    @property
    def covered(self) -> int:
        """What the budget pays."""
        return min(self.asked, self.budget.limit)

    @property
    def uncovered(self) -> int:
        """What is asked beyond it."""
        return self.asked - self.covered

    def ran_out_day(self) -> int | None:
        """Return the day (since 1970) on which it does not reach all, LAST if that is among unknown days, None if never."""
        spent = 0
        for day in sorted(self._by_day):
            spent += self._by_day[day]
            if spent > self.budget.limit:
                return day
        return None

    def subjects_reached(self) -> int:
        """Return the subjects whose whole claim is surely paid."""
        if not self.budget.by:
            return self.reached
        last = self.ran_out_day()
        return sum(count for day, count in self._subjects_of_day.items() if last is None or day < last)
