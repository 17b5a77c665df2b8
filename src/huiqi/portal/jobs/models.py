"""A job: what is to be done, how often it was tried, how far it is. Business state never stands here."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Scope

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
STATES = {
    WAITING: ("等待", "Waiting"),
    RUNNING: ("进行中", "Running"),
    DONE: ("完成", "Done"),
    FAILED: ("失败", "Failed"),
    CANCELLED: ("已取消", "Cancelled"),
}


class Job(models.Model):
    """One piece of work. Of each purpose there is one open job at most: asking twice is asking once.

    Workers claim, end and put back jobs by themselves; people cancel and retry them by acts.
    """

    SCOPED_BY = {"region": "region"}

    kind = models.CharField(max_length=60)
    purpose = models.CharField(max_length=120)
    region = models.CharField(max_length=6, blank=True)
    """Whose business it is; empty for the whole site's (what is done every day)."""
    arguments = models.JSONField(default=dict)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    run_after = models.DateTimeField()
    state = models.CharField(max_length=10, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=80, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    """When the worker last said that it lives, by the machine's clock; one that falls silent is taken for dead."""
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    changed_by = models.CharField(max_length=80, blank=True)
    """Who cancelled it or put it back last; empty where nobody did."""

    objects = models.Manager()
    within = ScopedQuerySet.as_manager()
    """The same rows as an actor may see them; the whole site's are in nobody's area."""

    class Meta:
        verbose_name = "后台任务"
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

    def title(self) -> str:
        """What kind of work it is, in the language of the visit; its kind's name where this version does not know it."""
        from huiqi.portal.jobs.registry import kinds

        known = kinds().get(self.kind)
        if known is None:
            return self.kind
        return known.en if (get_language() or "").startswith("en") else known.zh

    def told(self) -> str:
        """Which job it is, for who is asked about it."""
        return f"{self.title()} · {self.purpose}"

    def scope(self) -> Scope:
        """A job belongs to its region; one of the whole site to the region that all its offices lie in."""
        from huiqi.portal.accounts.queries import site_region

        return Scope(region=self.region or site_region())

    def address(self) -> str:
        """The page of jobs, at this job's purpose."""
        return f"{reverse('operations')}?{urlencode({'purpose': self.purpose})}"

    @property
    def percent(self) -> int | None:
        """How far it is, in whole percent; None while the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None
