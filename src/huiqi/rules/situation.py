"""What is known of one subject on one day: the facts that a rule is evaluated against.

Values are exact: yuan as integer fen, other numbers as int or Fraction, dates, codes, yes or no; a class known
in part is the set of its possible values. A fact that is absent is unknown.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Value = bool | int | Fraction | datetime.date | str | frozenset[str]
FactKey = str | tuple[str, str]
"""A fact's name, or its name with a period such as ("revenue", "2021")."""
Record = dict[FactKey, Value]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from, as the case says."""

    source: str = ""
    date: str = ""


@dataclass(slots=True)
class Situation:
    """One subject on one day. `records` holds only lists that are given; an absent list is unknown.

    Evaluating moves `record` from row to row and sets it back, and fills `memo`: one situation belongs to one
    thread at a time, and its facts do not change once it has been evaluated. Make another one for other facts.
    """

    as_of: datetime.date
    kind: str
    subject: Record
    records: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    lists: Mapping[str, bool] = field(default_factory=dict)
    given: Mapping[str, Value] = field(default_factory=dict)
    """Definitions that the case gives instead of their inputs."""
    origins: Mapping[tuple[str, int, str], Origin] = field(default_factory=dict)
    record: Record = field(default_factory=dict)
    """The record in scope."""
    memo: dict[object, Any] = field(default_factory=dict)
    """What definitions came out as, and what they lack."""

    @property
    def region(self) -> str | None:
        """The six-digit code of the region, or None."""
        code = self.subject.get("region")
        return code if isinstance(code, str) else None
