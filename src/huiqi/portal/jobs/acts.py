"""What an administrator does about jobs: cancel one that waits, put one back that failed or was cancelled.

It moves the job alone: what asked for it stands as it stood.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from huiqi.portal.acts.refusals import NotNow
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.jobs.models import RUNNING, WAITING, Job
from huiqi.portal.look.asking import Asked


class Because(Input):
    """Why; it stands in the event."""

    reason: Annotated[str, Field(min_length=1, max_length=200), Asked("理由", "Reason", long=True)]


@act("job.cancel", Job, zh="取消任务", en="Cancel the job", takes=Because)
def cancel_job(doing: Doing, job: Job, given: Because) -> None:
    """Cancel a job that waits."""
    job.ended_at, job.changed_by = doing.now, doing.actor.id
    _say(doing, job, given)


@act("job.retry", Job, zh="重试任务", en="Retry the job", takes=Because)
def retry_job(doing: Doing, job: Job, given: Because) -> None:
    """Put a job back with fresh attempts, unless another of its purpose is open meanwhile: then that one does it."""
    other = Job.objects.filter(purpose=job.purpose, state__in=[WAITING, RUNNING]).exclude(pk=job.pk).first()
    if other is not None:
        raise NotNow(
            f"同一用途的任务已在办理（第{other.pk}号）", why=job.purpose, mend="请等它结束；失败时重试那一个"
        )
    job.attempts = job.done = job.total = 0
    job.run_after, job.ended_at, job.changed_by = doing.now, None, doing.actor.id
    _say(doing, job, given)


def _say(doing: Doing, job: Job, given: Because) -> None:
    doing.say(kind=job.kind, purpose=job.purpose, reason=given.reason)
