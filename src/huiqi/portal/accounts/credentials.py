"""What a person proves to be themselves with: links that open once, second factors, names at a province's sign-in.

Secrets are sealed or kept as keyed digests: who reads the database cannot use any of them.
"""

from __future__ import annotations

from django.db import models

USER = "accounts.User"


class EntryLink(models.Model):
    """The one link by which a user sets a password: an invitation, or a renewed one. A new one replaces it."""

    user = models.OneToOneField(USER, on_delete=models.CASCADE, primary_key=True, related_name="entry_link")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class SecondFactor(models.Model):
    """A user's time-based codes (TOTP, RFC 6238); they are asked for once `confirmed_at` is set.

    `last_step` is the step of the last code that was taken: no code is taken twice, nor one before it.
    """

    user = models.OneToOneField(
        USER, on_delete=models.CASCADE, primary_key=True, related_name="second_factor"
    )
    secret = models.CharField(max_length=200)
    """Sealed: see huiqi.portal.secrets."""
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(models.Model):
    """A code that stands in for the second factor once; only its keyed digest is kept."""

    user = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)


class OutsideName(models.Model):
    """Who a user is at an outside sign-in (OIDC): the keyed digest of issuer and subject, never an e-mail address."""

    user = models.OneToOneField(USER, on_delete=models.CASCADE, primary_key=True, related_name="outside_name")
    digest = models.CharField(max_length=64, unique=True)
    linked_at = models.DateTimeField()


class Attempt(models.Model):
    """One try to sign in, to sign up or to prove oneself, counted for a while.

    The key is digested: people type passwords where their name belongs, and addresses tell where they are.
    """

    kind = models.CharField(max_length=16)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "digest", "at"], name="attempt_counted")]


class VisitorUse(models.Model):
    """How often visitors of one address asked in the minute of their last request; the address is digested."""

    digest = models.CharField(max_length=64, primary_key=True)
    minute = models.BigIntegerField()
    used = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["minute"], name="visitors_of_a_minute")]
