"""Notices to users, what is sent of them outside the site, and by which ways a user wants to be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.portal.notices.kinds import EMAIL, SMS

WAITING, SENDING, SENT, DOUBTFUL, FAILED, DROPPED = (
    *("waiting", "sending", "sent"),
    *("doubtful", "failed", "dropped"),
)
STATES = {
    WAITING: ("等待", "Waiting"),
    SENDING: ("正在发送", "Being sent"),
    SENT: ("已发送", "Sent"),
    DOUBTFUL: ("不能确认是否发出", "Perhaps sent"),
    FAILED: ("未能发出", "Not sent"),
    DROPPED: ("不再发送", "Dropped"),
}


class Notice(ScopedModel):
    """A notice to one user: its kind and values; the words are put together when it is read, in the reader's language.

    `region`, `agency`, `firm` and `person` say where its subject belonged when it was written, so that it is no longer
    shown to who no longer reaches that.
    """

    SCOPED_BY = {"person": "user"}

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    address = models.CharField(max_length=200, blank=True)
    values = models.JSONField(default=dict)
    region = models.CharField(max_length=6, blank=True)
    agency = models.CharField(max_length=40, blank=True)
    firm = models.BigIntegerField(null=True)
    person = models.CharField(max_length=80, blank=True)
    once = models.CharField(max_length=120, null=True)
    """What it is told once for: a second one of the same is not written."""
    in_site = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "消息"
        constraints = [
            models.UniqueConstraint(fields=["user", "once"], name="notice_told_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user"),
            models.Index(fields=["user"], condition=Q(read_at=None, in_site=True), name="notice_unread"),
        ]

    def scope(self) -> Scope:
        """A notice is its reader's own."""
        return Scope(person=f"user:{self.user_id}")

    def about(self) -> Scope:
        """Where its subject belonged."""
        return Scope(self.region or None, self.agency or None, self.firm, self.person or None)


class Sending(models.Model):
    """One notice on its way by one channel; written with the notice, sent by a job after that is certain.

    `message_id` is made here, before anything is sent, and is the same at every attempt. `unsure` counts the attempts
    whose end nobody knows: the worker died, or the connection was lost after the message was handed over.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="sendings")
    channel = models.CharField(max_length=8)
    message_id = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=8, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    unsure = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=200, blank=True)
    """Why it was not sent, without the reader's address or number."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="sent_once_a_channel"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="sending_state_known"),
            models.CheckConstraint(condition=Q(channel__in=[EMAIL, SMS]), name="sending_channel_known"),
        ]
        indexes = [models.Index(fields=["state", "id"], name="sending_state")]


class Reach(ScopedModel, Acted):
    """How a user wants to be told: the phone number, sealed, and by kind the channels chosen."""

    SCOPED_BY = {"person": "user"}

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reach")
    phone = models.TextField(blank=True)
    phone_digest = models.CharField(max_length=64, blank=True)
    chosen = models.JSONField(default=dict)
    """By kind the channels that the user chose; a kind that is not there has its default."""

    class Meta:
        verbose_name = "消息设置"

    def scope(self) -> Scope:
        """It is the user's own."""
        return Scope(person=f"user:{self.user_id}")

    def address(self) -> str:
        """Where it is changed."""
        return reverse("notices-settings")
