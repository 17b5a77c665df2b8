"""Users, agencies, appointments, substitutes."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.reference import regions


class User(AbstractUser):
    """A person who signs in. Names of officers are shown with their acts; a firm's member is known by its firm."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=60)
    language = models.CharField(max_length=7, default="zh-hans")

    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.username


class Agency(models.Model):
    """An office (单位) with its region; the area of offices that lie across regions is a list of its own.

    `name` is the full name of the agency registry that documents are read with, so that a clause's responsible
    unit and a row's handling agency are the same thing.
    """

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    region = models.CharField(max_length=6)
    area = models.JSONField(default=list, blank=True)
    """Region codes where the area is not simply the agency's region (customs houses, zone committees)."""

    class Meta:
        verbose_name = "单位"
        ordering = ["region", "code"]

    def __str__(self) -> str:
        return self.name

    def prefixes(self) -> tuple[str, ...]:
        """Return the prefixes of the region codes that the agency's area covers."""
        return tuple(prefix(code) for code in (self.area or [self.region]))


class Appointment(Acted):
    """A user's role at an agency from one day up to another (not included; None: until further notice)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40)
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gt=F("begins")), name="appointment_ends_later"
            ),
        ]
        indexes = [models.Index(fields=["user", "begins"], name="appointment_user")]

    def __str__(self) -> str:
        return f"{self.user} {roles()[self.role].zh} {self.agency}"

    def scope(self) -> Scope:
        """An appointment belongs to its agency's region."""
        return Scope(region=self.agency.region, agency=self.agency_id)

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.begins <= day and (self.ends is None or day < self.ends)


class Substitution(Acted):
    """Who stands in for an appointment in its holder's absence (AB 岗), from one day up to another."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="substitutions")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="substitutions")
    begins = models.DateField()
    ends = models.DateField()
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="substitution_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} → {self.appointment}"

    def scope(self) -> Scope:
        """A substitution belongs where its appointment does."""
        return self.appointment.scope()


def prefix(code: str) -> str:
    """Return the part of a region's code that all codes within it share; empty for the nation."""
    level = regions.region(code).level
    return code[: {"nation": 0, "province": 2, "prefecture": 4, "county": 6}[level]]


class FailedSignIn(models.Model):
    """A failure to sign in under a name, whether or not such a user exists."""

    name = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "at"], name="failed_sign_in")]
