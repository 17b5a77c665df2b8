"""Applications of firms for measures, what was handed in and said, and the files attached. Money is fen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.portal.delivery.models import Line
from huiqi.portal.firms.models import Firm

ON_APPLICATION = ("on_application", "at_own_wish", "by_approval", "by_filing", "by_selection")
"""The deliveries of measures that are applied for."""
FILING, SELECTION = "by_filing", "by_selection"
OPEN_STATES = ("draft", "handed_in", "returned", "received", "entered", "appealed")
"""States in which an application is under way: a firm has one for a measure, record and period."""
EDITABLE = ("draft", "returned")
AT_OFFICE = ("handed_in", "received", "appealed")
"""States that wait for the office."""


class Application(ScopedModel, Acted):
    """One application of a firm for a measure.

    `delivery` is how the measure was delivered when it began, `record` the key of the record that it is for ("" for all, or
    for the firm itself), `as_of` the day it was first handed in, on which it is judged. `answers` are the firm's, `findings`
    the office's: [record, fact, period, index, text] each. `failed` are the conditions that failed when it was refused, each
    with its clause; `mend` what must be mended. `reason` is the last opinion that the firm was told.
    """

    SCOPED_BY = {"region": "county", "firm": "firm"}

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="applications")
    county = models.CharField(max_length=6)
    measure = models.CharField(max_length=60)
    variant = models.CharField(max_length=6)
    rule_digest = models.CharField(max_length=64)
    delivery = models.CharField(max_length=16)
    record = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=7, blank=True)
    as_of = models.DateField(null=True)
    state = models.CharField(max_length=12, default="draft")
    answers = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    note = models.CharField(max_length=1000, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    """How often it was handed in."""
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    mend = models.JSONField(default=list)
    mend_until = models.DateField(null=True)
    appeal_until = models.DateField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    failed = models.JSONField(default=list)
    verdict = models.CharField(max_length=16, blank=True)
    amount = models.BigIntegerField(null=True)
    decided_on = models.DateField(null=True)
    """The day it came to an end for now: granted, confirmed, refused, withdrawn, lapsed, or the refusal upheld."""

    class Meta:
        verbose_name = "申请"
        constraints = [
            models.UniqueConstraint(
                fields=["firm", "measure", "record", "period"],
                condition=Q(state__in=OPEN_STATES),
                name="one_open_application",
            ),
            models.CheckConstraint(
                condition=Q(delivery__in=ON_APPLICATION), name="application_delivery_known"
            ),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gt=0), name="application_amount"),
        ]
        indexes = [
            models.Index(fields=["county", "state", "-id"], name="application_county"),
            models.Index(fields=["firm", "-id"], name="application_firm"),
            models.Index(fields=["measure", "-id"], name="application_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.pk}"

    def scope(self) -> Scope:
        """An application belongs to the firm's county and to the firm."""
        return Scope(region=self.county, firm=self.firm_id)

    def address(self) -> str:
        """The officers' page of it; a draft that was never handed in has the firm's alone."""
        if self.handed_in_at is None:
            return self.own_address()
        return reverse("application", kwargs={"number": self.pk})

    def own_address(self) -> str:
        """The firm's page of it."""
        return reverse("own-application", kwargs={"number": self.pk})


class HandIn(ScopedModel):
    """What was handed in, round by round, as it was then: never changed afterwards. `files` are [slot, name, digest, bytes]."""

    SCOPED_BY = {"region": "application__county", "firm": "application__firm"}

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="hand_ins")
    round = models.PositiveSmallIntegerField()
    answers = models.JSONField(default=list)
    note = models.CharField(max_length=1000, blank=True)
    files = models.JSONField(default=list)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "round"], name="one_hand_in_of_a_round")
        ]


class Remark(ScopedModel):
    """What the office or the firm said at a step: a return, a decision, an appeal, its answer. `items` are what must be mended."""

    SCOPED_BY = {"region": "application__county", "firm": "application__firm"}

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="remarks")
    act = models.CharField(max_length=40)
    text = models.CharField(max_length=1000, blank=True)
    items = models.JSONField(default=list)
    by_firm = models.BooleanField(default=False)
    at = models.DateTimeField()


class Attachment(ScopedModel):
    """One file of an application, sealed outside the database (`files.py`).

    `slot` is what it proves (attachments.yaml), `from_round` the hand-in that it first belongs to, `until_round` the last one
    where the firm has taken it away since: what was handed in once stays with what was said of it.
    """

    SCOPED_BY = {"region": "application__county", "firm": "application__firm"}

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    slot = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=4)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    from_round = models.PositiveSmallIntegerField()
    until_round = models.PositiveSmallIntegerField(null=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "申请材料"
        constraints = [
            models.UniqueConstraint(
                fields=["application", "slot", "digest"],
                condition=Q(until_round=None),
                name="one_copy_of_an_attachment",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GrantedLine(models.Model):
    """A line of a delivery that came of an application."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="granted_lines")
    line = models.OneToOneField(Line, on_delete=models.PROTECT, related_name="application_of")


class ApplicationExport(ScopedModel, Acted):
    """Applications that an officer took out as a sheet: what was asked, how many, the file's digest."""

    SCOPED_BY = {"region": "region"}

    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    asked = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "申请导出"

    def scope(self) -> Scope:
        """An export belongs to the region of the office that made it."""
        return Scope(region=self.region, agency=self.agency or None)
