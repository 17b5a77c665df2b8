"""The demonstration's people at work: acts and jobs, each on its day of the story."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.accounts.models import User
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.performing import perform
from huiqi.portal.firms.bound import bound_firms
from huiqi.portal.jobs.running import ask, run_due

Say = Callable[[str, str], None]
"""Told what is being done, in Chinese and English."""
SET_UP = datetime.date(2022, 7, 29)
"""The working day on which most was made: the Friday before the day that the site shows."""


def moment(day: datetime.date = SET_UP) -> datetime.datetime:
    """Return ten o'clock of a day, when everything of that day is done."""
    return datetime.datetime.combine(day, datetime.time(2), datetime.UTC)


def actor(name: str, day: datetime.date = SET_UP) -> Actor:
    """Return a user as an actor of a day."""
    user = User.objects.get(username=name)
    return actor_of(user, day, firms=bound_firms(user))


def act(
    name: str, what: str, subject: object, given: Mapping[str, Any] | None = None, day: datetime.date = SET_UP
) -> Any:
    """Do an act as a user on a day; the row that it was done to."""
    values = dict(given or {})
    said = json.dumps([what, subject, values, day.isoformat()], ensure_ascii=False, sort_keys=True)
    key = f"demonstration:{hashlib.sha256(said.encode()).hexdigest()[:40]}"
    return perform(what, actor(name, day), subject, values, now=moment(day), today=day, key=key).subject


def run_jobs(day: datetime.date = SET_UP) -> None:
    """Run what is due."""
    run_due(lambda: moment(day))


def run_daily(day: datetime.date, *kinds: str) -> None:
    """Run some of the jobs that the site runs by itself every day."""
    for kind in kinds:
        ask(kind, f"{kind}:{day.isoformat()}", {"day": day.isoformat()}, by="schedule", now=moment(day))
    run_jobs(day)
