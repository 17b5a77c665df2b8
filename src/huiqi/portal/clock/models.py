"""Deadlines: what is due when, by which rule, who must do it, and what held it up."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope

OPEN, MET, DROPPED = "open", "met", "dropped"


class Deadline(ScopedModel):
    """One deadline of one subject. Late is not a state: it is open (or was met) after its day.

    `due` is None while a pause holds it up, or while the calendar of its year is not published.
    """

    SCOPED_BY = {"region": "region", "agency": "agency"}

    rule = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    address = models.CharField(max_length=200, blank=True)
    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    begins = models.DateField()
    due = models.DateField(null=True)
    waits_for_calendar = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=OPEN)
    ended = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject_kind", "subject"], condition=Q(state=OPEN), name="one_open_deadline"
            ),
            models.CheckConstraint(condition=Q(state__in=[OPEN, MET, DROPPED]), name="deadline_state_known"),
        ]
        indexes = [
            models.Index(fields=["state", "due"], name="deadline_due"),
            models.Index(fields=["region", "state", "due"], name="deadline_region"),
        ]

    def scope(self) -> Scope:
        """A deadline belongs where its subject does."""
        return Scope(region=self.region, agency=self.agency or None)


class PausedSpan(models.Model):
    """A span in which a deadline does not run, with its reason; open until it ends."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="pauses")
    begins = models.DateField()
    ends = models.DateField(null=True)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["deadline"], condition=Q(ends=None), name="one_open_pause"),
        ]
