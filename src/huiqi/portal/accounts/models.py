"""Users, agencies, appointments, substitutes."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from huiqi.portal.accounts import credentials, sessions  # noqa: F401  their models belong to this app
from huiqi.portal.accounts.roles import roles
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.reference import regions

INVITED, ACTIVE, CLOSED = "invited", "active", "closed"


class User(AbstractUser, Acted):
    """A person who signs in. Names of officers are shown with their acts; a firm's member is known by its firm.

    `region` is the region whose administrators look after the account: that of the agency which invited an officer,
    or the one that a firm's member named on signing up. `is_active` says the same as `state`, for Django.
    """

    SCOPED_BY = {"region": "region", "agency": "agency", "person": "pk"}

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("姓名", max_length=60)
    language = models.CharField(max_length=7, default="zh-hans")
    state = models.CharField(max_length=8, default=ACTIVE)
    region = models.CharField("地区", max_length=6, blank=True)
    agency = models.ForeignKey(
        "Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="users"
    )
    """The agency that invited an officer; None for a firm's member."""
    consented_at = models.DateTimeField(null=True)

    objects = UserManager()
    people = ScopedQuerySet.as_manager()
    """The same rows as an actor may see them."""

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "用户"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[INVITED, ACTIVE, CLOSED]), name="user_state_known"),
        ]
        indexes = [models.Index(fields=["region", "id"], name="user_region")]

    def __str__(self) -> str:
        return self.name or self.username

    def scope(self) -> Scope:
        """An account belongs to its region and agency, and to the person."""
        return Scope(region=self.region or None, agency=self.agency_id, person=f"user:{self.pk}")

    def address(self) -> str:
        """Where the account is shown to administrators."""
        return reverse("person", kwargs={"number": self.pk})


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

    def scope(self) -> Scope:
        """An agency belongs to its region."""
        return Scope(region=self.region, agency=self.pk)

    def address(self) -> str:
        """Where agencies are listed with their roles."""
        return reverse("appointments")

    def prefixes(self) -> tuple[str, ...]:
        """Return the prefixes of the region codes that the agency's area covers."""
        return tuple(prefix(code) for code in (self.area or [self.region]))


class Appointment(Acted):
    """A user's role at an agency from one day up to another (not included; None: until further notice)."""

    SCOPED_BY = {"region": "agency__region", "agency": "agency", "person": "user"}

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40)
    begins = models.DateField()
    ends = models.DateField(null=True, blank=True)

    objects = models.Manager()
    within = ScopedQuerySet.as_manager()
    """The same rows as an actor may see them."""

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

    def address(self) -> str:
        """Where its holder is shown."""
        return reverse("person", kwargs={"number": self.user_id})

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
        """A substitution belongs where its appointment does, and to the appointment's holder."""
        place = self.appointment.scope()
        return Scope(place.region, place.agency, person=f"user:{self.appointment.user_id}")

    def address(self) -> str:
        """Where the appointment's holder is shown."""
        return self.appointment.address()


def prefix(code: str) -> str:
    """Return the part of a region's code that all codes within it share; empty for the nation."""
    level = regions.region(code).level
    return code[: {"nation": 0, "province": 2, "prefecture": 4, "county": 6}[level]]
