"""Events, the head of their chain, the heads published each day, and the requests already answered."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.db import models

from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.chain import BEGINNING


class Acted(models.Model):
    """What acts are done to: a version that counts them, so that nobody acts on what they have not seen."""

    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True


class Event(models.Model):
    """One act that was done. Rows are only ever added; the database refuses changes.

    `body` carries ids, digests, figures and reasons. Personal values never stand here, so that they can be
    erased where they are without breaking the chain.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    """`user:12`, `job:deadlines`: who did it, by id."""
    acting_as = models.CharField(max_length=80, blank=True)
    """The appointment that allowed it: role@agency, with the substitute's principal behind it."""
    via = models.CharField(max_length=16)
    region = models.CharField(max_length=6, blank=True)
    agency = models.CharField(max_length=40, blank=True)
    subject_kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=0)
    from_state = models.CharField(max_length=40, blank=True)
    to_state = models.CharField(max_length=40, blank=True)
    body = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject", "sequence"], name="event_subject"),
            models.Index(fields=["actor", "sequence"], name="event_actor"),
            models.Index(fields=["region", "sequence"], name="event_region"),
            models.Index(fields=["act", "sequence"], name="event_act"),
            models.Index(fields=["at"], name="event_at"),
        ]

    def content(self) -> dict[str, Any]:
        """Return what the digest covers, with the digests: one line of an export."""
        return {
            "sequence": self.sequence,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "act": self.act,
            "actor": self.actor,
            "acting_as": self.acting_as,
            "via": self.via,
            "region": self.region,
            "agency": self.agency,
            "subject_kind": self.subject_kind,
            "subject": self.subject,
            "version": self.version,
            "from_state": self.from_state,
            "to_state": self.to_state,
            "body": self.body,
            "previous": self.previous,
            "digest": self.digest,
        }


class Head(models.Model):
    """The last event of the chain: one row, locked while an event is added."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default=BEGINNING)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_head")]


class PublishedHead(models.Model):
    """The head as it was at the end of a day: published, so that no later change of the past stays unseen."""

    day = models.DateField(primary_key=True)
    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)


class AnsweredRequest(models.Model):
    """A request key of an actor and what it came to: repeating the request repeats the answer, not the act."""

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=80)
    content = models.CharField(max_length=64)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_answer_for_a_key")]


class EventExport(ScopedModel, Acted):
    """Events that an auditor took out as a sheet: how many, and the file's digest."""

    SCOPED_BY = {"region": "region"}

    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "操作记录导出"

    def scope(self) -> Scope:
        """An export belongs to the region of the office that made it."""
        return Scope(region=self.region, agency=self.agency or None)
