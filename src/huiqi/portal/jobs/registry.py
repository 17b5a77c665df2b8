"""The kinds of jobs, and what is due every day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from huiqi.portal.acts.actors import Actor

Report = Callable[[int, int], None]
"""Called with what is done and the total; says at the same time that the worker lives."""


class TryLater(Exception):
    """A job cannot be done now (a bank does not answer): it is tried again. The message is shown to operators."""


@dataclass(frozen=True, slots=True)
class Working:
    """A job under way: its arguments, its moment, who it acts as, and how to report progress."""

    arguments: Mapping[str, Any]
    now: datetime
    today: date
    actor: Actor
    report: Report
    attempt: int


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job. `work` may be run again after a crash at any point: it must not do anything twice."""

    name: str
    work: Callable[[Working], Mapping[str, Any] | None]
    zh: str
    en: str
    attempts: int
    daily: bool


_KINDS: dict[str, JobKind] = {}


def job(
    name: str, *, zh: str, en: str, attempts: int = 5, daily: bool = False
) -> Callable[[Callable[[Working], Mapping[str, Any] | None]], JobKind]:
    """Register the function below as a kind of job; `daily` ones are asked for once every day."""

    def registered(work: Callable[[Working], Mapping[str, Any] | None]) -> JobKind:
        if name in _KINDS:
            raise ValueError(f"the job {name} is registered twice")
        _KINDS[name] = JobKind(name, work, zh, en, attempts, daily)
        return _KINDS[name]

    return registered


def kinds() -> Mapping[str, JobKind]:
    """All kinds by name; complete once Django's apps are ready."""
    return _KINDS
