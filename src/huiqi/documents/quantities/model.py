"""What is read of a figure."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Direction = Literal[
    "exactly",
    "at_least",
    "at_most",
    "about",
    "reach",
    "increase",
    "decrease",
    "range",
    "below",
    "above",
]
Change = Literal["increase", "decrease"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a text, exact; `text[start:end] == printed`, limit words included.

    `value` is in base units (5亿元 is 500000000 元, 50% is 50 %, 一半 is 50 %, 1‰ is 1 ‰); of a range
    (`direction` range) `value` and `value_to` are its ends, both included. `unit` is the unit as printed
    without multipliers (元, %, 个百分点, 户, 家, 人, 个月 …; an English copy's units by their Chinese names;
    比 for 1:2, where value is 1/2; "" for a plain number).

    A bound that is printed (以上, 不超过) gives the direction even where the figure is a rise: `change` keeps
    increase or decrease beside it. `base` is what a changed figure was before (由1%提高至2%: 1 beside 2).
    `per` is what it is counted by (每人每月: 人, 月). `of` is the noun phrase it measures, None if unclear;
    `until` the last day of the deadline it stands under.
    """

    printed: str
    start: int
    end: int
    value: Fraction
    value_to: Fraction | None
    unit: str
    direction: Direction
    of: str | None = None
    until: datetime.date | None = None
    change: Change | None = None
    base: Fraction | None = None
    per: tuple[str, ...] = ()
