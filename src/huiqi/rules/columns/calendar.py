"""Functions of dates over columns of days since 1970; the same answers as the scalar reading."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]
EPOCH = datetime.date(1970, 1, 1)
FIRST = (datetime.date.min - EPOCH).days
LAST = (datetime.date.max - EPOCH).days


def days_of(date: datetime.date) -> int:
    """Return the days since 1970."""
    return (date - EPOCH).days


def year(days: Days) -> Days:
    """Return the years."""
    made: Days = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return made


def first_of_month(days: Days) -> Days:
    """Return the first days of the months."""
    made: Days = days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return made


def add_months(days: Days, months: Any) -> Days:
    """Return the same day some months on, or the month's last day where there is none."""
    date = days.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    inside = date - month.astype("datetime64[D]")
    then = month + np.asarray(months).astype("timedelta64[M]")
    last = (then + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved = np.minimum(then.astype("datetime64[D]") + inside, last).astype(np.int64)
    made: Days = np.clip(moved, FIRST, LAST)
    return made


def months_between(start: Days, end: Days) -> Days:
    """Return the whole months from start to end, nought where end is not after start."""
    start, end = np.broadcast_arrays(np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64))
    first = start.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    last = end.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    months = last - first
    made: Days = np.where(end <= start, 0, months - (add_months(start, months) > end))
    return made


def days_between(start: Days, end: Days) -> Days:
    """Return the days from start to end, nought where end is before start."""
    made: Days = np.maximum(0, end - start)
    return made
