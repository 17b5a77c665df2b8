"""Tokens: what a program shows to act for a person, in one of the person's capacities and never in all of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from huiqi.portal.accounts.models import Appointment, User
from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.portal.firms.models import Firm

APPOINTMENT, FIRM, PERSON = "appointment", "firm", "person"
ACTIVE = "active"


class Token(ScopedModel, Acted):
    """A token of a user. Only the digest of its secret is kept: the secret is shown once.

    It stands for one appointment of the user, for one firm that the user is bound to, or for the user alone, and
    may do no more than the acts and pages that it names and the capacity holds on that day.
    """

    SCOPED_BY = {"person": "user"}

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=60)
    stands_for = models.CharField(max_length=12)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="+")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, related_name="+")
    acts = models.JSONField(default=list)
    pages = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    begins_with = models.CharField(max_length=12)
    """The first characters of the secret, so that its owner can tell which one it is."""
    expires = models.DateField()
    """The last day on which it is taken."""
    state = models.CharField(max_length=8, default=ACTIVE)
    made_at = models.DateTimeField()
    secret = ""
    """The secret itself, for the moment in which it is made; never saved."""

    class Meta:
        verbose_name = "令牌"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(stands_for=APPOINTMENT, appointment__isnull=False, firm=None)
                    | Q(stands_for=FIRM, firm__isnull=False, appointment=None)
                    | Q(stands_for=PERSON, firm=None, appointment=None)
                ),
                name="token_stands_for_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def scope(self) -> Scope:
        """A token is its owner's own."""
        return Scope(person=f"user:{self.user_id}")

    def address(self) -> str:
        """Where tokens are listed."""
        return reverse("tokens")


class TokenUse(models.Model):
    """How often a token was used in the minute under way: the limit holds for all processes of the site together."""

    token = models.OneToOneField(Token, on_delete=models.CASCADE, primary_key=True, related_name="use")
    minute = models.BigIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True)
