"""What is read of a deadline, a span in force or a rhythm."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

Kind = Literal["by", "within", "span", "rhythm", "since"]
Rhythm = Literal[
    "real-time", "daily", "weekly", "monthly", "quarterly", "half-yearly", "yearly", "long-term", "other"
]
Flag = Literal[
    "before-issue",
    "calendar-unknown",
    "issue-unknown",
    "year-unknown",
    "from-event",
    "confirm",
    "impossible",
]


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something must be done, reported, or begins and ends; `text[start:end] == printed`.

    `kind`: by (a last day), within (a named period: 年内, 2022年下半年), span (from one day to another),
    since (a first day only), rhythm (again and again, or always). `date` is the last day, inclusive; `begins`
    the first. `rhythm_day` is the day inside a rhythm: "thursday", 20, "end", "06-30", "first-month-10".

    `flag` is what a person must look at: before-issue (the day lies before the document's own), from-event
    (counted from `event`, a case's own day, so no date), calendar-unknown (working days of a year whose
    calendar is not loaded), issue-unknown and year-unknown (the document's date is not known), confirm (the
    letter and the usual meaning differ, or the beginning is not printed), impossible (no such day).
    `explanation` says in Chinese how the day follows. `field` tells that it stands as a task's own time limit
    (完成时限：…, a closing bracket, a table cell).
    """

    printed: str
    start: int
    end: int
    kind: Kind
    date: datetime.date | None = None
    rhythm: Rhythm | None = None
    rhythm_day: str | int | None = None
    begins: datetime.date | None = None
    flag: Flag | None = None
    event: str | None = None
    explanation: str = ""
    field: bool = False
