"""A job: what is to be done, how often it was tried, how far it is. Business state never stands here."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
STATES = {
    WAITING: ("等待", "Waiting"),
    RUNNING: ("进行中", "Running"),
    DONE: ("完成", "Done"),
    FAILED: ("失败", "Failed"),
}


class Job(models.Model):
    """One piece of work. Of each purpose there is one open job at most: asking twice is asking once."""

    kind = models.CharField(max_length=60)
    purpose = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    run_after = models.DateTimeField()
    state = models.CharField(max_length=10, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    """When the worker last said that it lives; a running job that falls silent is taken up again."""
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(state__in=[WAITING, RUNNING]),
                name="one_open_job_for_a_purpose",
            ),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="job_state_known"),
        ]
        indexes = [models.Index(fields=["state", "run_after"], name="job_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.purpose}"

    @property
    def percent(self) -> int | None:
        """How far it is, in whole percent; None while the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None
