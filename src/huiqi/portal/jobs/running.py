"""Asking for jobs and running them: claimed once, heard of while they run, tried again after a crash."""

from __future__ import annotations

import os
import secrets
import socket
import traceback
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from huiqi.findings import BadInput
from huiqi.portal.acts.actors import Actor
from huiqi.portal.jobs.models import DONE, FAILED, RUNNING, WAITING, Job
from huiqi.portal.jobs.registry import JobKind, TryLater, Working, kinds

SILENCE = timedelta(minutes=2)
"""A running job not heard of for so long is taken to be dead, and taken up again."""
_FIRST_PAUSE = timedelta(seconds=30)
_REPORT_EVERY = timedelta(seconds=2)

Clock = Callable[[], datetime]


def ask(
    kind: str,
    purpose: str,
    arguments: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
    after: datetime | None = None,
    region: str = "",
) -> Job:
    """Ask for a job; where one of this purpose is open, that one is the answer. Part of the caller's transaction.

    `region` is whose business it is, and whose administrators may cancel and retry it; empty: the whole site's.
    """
    if kind not in kinds():
        raise ValueError(f"no job of the kind {kind} is registered")
    try:
        with transaction.atomic():
            return Job.objects.create(
                kind=kind,
                purpose=purpose,
                arguments=dict(arguments),
                asked_by=by,
                asked_at=now,
                run_after=after or now,
                region=region,
            )
    except IntegrityError:
        return Job.objects.get(purpose=purpose, state__in=[WAITING, RUNNING])


def ask_daily(today: date, now: datetime) -> list[Job]:
    """Ask for every daily job of this day that was not asked for yet."""
    asked = []
    for kind in kinds().values():
        purpose = f"{kind.name}:{today.isoformat()}"
        if kind.daily and not Job.objects.filter(purpose=purpose).exists():
            asked.append(ask(kind.name, purpose, {"day": today.isoformat()}, by="schedule", now=now))
    return asked


def run_due(
    clock: Clock,
    *,
    most: int | None = None,
    worker: str = "",
    pulse: Clock = timezone.now,
    told: Callable[[Job], None] | None = None,
) -> int:
    """Run what is due until nothing is, or `most` jobs; the number of jobs run.

    `clock` is the moment that jobs are done at, which a simulation may set; `pulse` is the machine's own clock,
    by which workers are known to live. `told` is called with each job after it ran.
    """
    # A number of a process comes again, after a restart too: the name of a worker does not.
    name = worker or f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    ran = 0
    while most is None or ran < most:
        claimed = _claim(clock(), pulse(), name)
        if claimed is None:
            break
        _run(claimed, clock, pulse)
        ran += 1
        if told is not None:
            told(Job.objects.get(pk=claimed.pk))
    return ran


def day_of(today: date) -> datetime:
    """The morning of a day (08:00), as the moment of jobs that are run for that day."""
    return timezone.make_aware(datetime.combine(today, time(8)))


def _claim(now: datetime, beat: datetime, worker: str) -> Job | None:
    """Take the next job that is due, or one whose worker fell silent; nobody else gets it."""
    due = Q(state=WAITING, run_after__lte=now) | Q(state=RUNNING, heard_at__lt=beat - SILENCE)
    while True:
        with transaction.atomic():
            waiting = Job.objects.select_for_update(
                skip_locked=connection.features.has_select_for_update_skip_locked
            )
            found = waiting.filter(due).order_by("run_after", "id").first()
            if found is None:
                return None
            if (end := _ended_already(found)) is None:
                found.state, found.worker, found.heard_at = RUNNING, worker, beat
                found.attempts += 1
                found.save()
                return found
            found.state, found.ended_at, found.heard_at, found.error = FAILED, now, None, end
            found.save()


def _ended_already(found: Job) -> str | None:
    """Why a job is not to be run any more, None where it is."""
    kind = kinds().get(found.kind)
    if kind is None:
        return f"本版本没有任务类型 {found.kind}"
    if found.attempts >= kind.attempts:
        # Its worker died at the last attempt.
        return found.error or "执行中断，已达最多次数"
    return None


def _run(claimed: Job, clock: Clock, pulse: Clock) -> None:
    kind = kinds()[claimed.kind]
    now = clock()
    working = Working(
        arguments=claimed.arguments,
        now=now,
        today=timezone.localdate(now),
        actor=Actor(f"job:{kind.name}", kind.zh, via="job"),
        report=_reporter(claimed, pulse),
        attempt=claimed.attempts,
    )
    try:
        result = kind.work(working)
    except TryLater as later:
        _again(claimed, kind, clock(), str(later))
    except BadInput as refused:
        # It would be refused again: what was asked is wrong, not the moment.
        _end(claimed, FAILED, clock(), error=str(refused))
    except Exception:
        _again(claimed, kind, clock(), traceback.format_exc(limit=8))
    else:
        _end(claimed, DONE, clock(), result=dict(result or {}))


def _again(claimed: Job, kind: JobKind, now: datetime, error: str) -> None:
    if claimed.attempts >= kind.attempts:
        _end(claimed, FAILED, now, error=error)
        return
    pause = _FIRST_PAUSE * 2 ** (claimed.attempts - 1)
    _mine(claimed).update(state=WAITING, run_after=now + pause, error=error, heard_at=None)


def _end(
    claimed: Job, state: str, now: datetime, *, error: str = "", result: Mapping[str, Any] | None = None
) -> None:
    _mine(claimed).update(state=state, ended_at=now, error=error, result=dict(result or {}), heard_at=None)


def _mine(claimed: Job) -> Any:
    """The row, if it is still this worker's attempt: one taken for dead no longer writes over its successor."""
    return Job.objects.filter(pk=claimed.pk, state=RUNNING, worker=claimed.worker, attempts=claimed.attempts)


def _reporter(claimed: Job, pulse: Clock) -> Callable[[int, int], None]:
    last: list[datetime] = []

    def report(done: int, total: int) -> None:
        beat = pulse()
        if last and beat - last[0] < _REPORT_EVERY and done < total:
            return
        last[:] = [beat]
        _mine(claimed).update(done=done, total=total, heard_at=beat)

    return report
