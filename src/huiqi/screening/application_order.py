"""In which order to apply for what was chosen: what ends first comes first, and what each choice gives up."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from huiqi.rules.measure import NEVER, Measure
from huiqi.screening.bundle import Bundle, Loser

WITHOUT_APPLYING = ("automatic", "on_tax_return", "by_third_party")
"""Deliveries that come without an application to an office."""
_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One measure of the bundle. `amount` is fen, None where not known; `last_day` None where no end is set;
    `instead_of` is what gives way to it, with the reasons."""

    measure: Measure
    amount: int | None
    last_day: datetime.date | None
    to_apply: bool
    instead_of: tuple[Loser, ...]


def application_order(bundle: Bundle) -> tuple[Step, ...]:
    """Return the bundle's measures: those to apply for before the others, the nearest last day first, more money
    before less."""
    steps = [
        Step(
            measure,
            amount,
            None if measure.in_force.to == NEVER else measure.in_force.to - _DAY,
            measure.delivery not in WITHOUT_APPLYING,
            tuple(each for each in bundle.losers if each.by == measure.id),
        )
        for measure, _, amount in bundle.chosen
    ]
    return tuple(sorted(steps, key=_urgency))


def _urgency(step: Step) -> tuple[bool, datetime.date, int, str]:
    return (not step.to_apply, step.last_day or NEVER, -(step.amount or 0), step.measure.id)
