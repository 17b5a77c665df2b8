"""Lists as offices keep them, who is or was on them, batches of entries, candidates, and what left the site."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.portal.firms.models import Firm
from huiqi.reference.regions import full_name

OPEN_STATES = ("proposed", "reviewed", "member")
"""States of which a subject has one at most on a list."""
COUNTED_STATES = ("member", "ended")
"""States in which the entry's days are days on the list; a proposal and what was annulled never are."""


class KeptList(ScopedModel, Acted):
    """A list of a kind as one office keeps it for its area. `complete_from`: the office says that all are on it."""

    SCOPED_BY = {"region": "region"}

    kind = models.CharField(max_length=60)
    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40)
    complete_from = models.DateField(null=True)
    opened = models.DateField()

    class Meta:
        verbose_name = "名单"
        constraints = [models.UniqueConstraint(fields=["kind", "region"], name="one_list_of_a_kind")]

    def scope(self) -> Scope:
        """A list belongs to the office that keeps it."""
        return Scope(region=self.region, agency=self.agency)

    def address(self) -> str:
        """The list's page."""
        return reverse("list", kwargs={"number": self.pk})


class Batch(ScopedModel, Acted):
    """Entries brought in together: from a file that was previewed, or candidates of the rule."""

    SCOPED_BY = {"region": "region"}

    kept = models.ForeignKey(KeptList, on_delete=models.PROTECT, related_name="batches")
    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40)
    state = models.CharField(max_length=12, default="previewed")
    ground = models.CharField(max_length=12)
    """file or rule"""
    basis = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    """Of the file, or of the rule."""
    rows = models.JSONField(default=list)
    """The rows that can be taken: [subject, begins, last day or null, reason], subject a firm's key or a county's code."""
    findings = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "成批列入"

    def scope(self) -> Scope:
        """A batch belongs to the office that made it."""
        return Scope(region=self.region, agency=self.agency)

    def address(self) -> str:
        """The batch's page."""
        return reverse("list-batch", kwargs={"number": self.pk})


class Entry(ScopedModel, Acted):
    """A firm or county on a list, or proposed for it. Days are from `begins` to `until`, both included; None: no end.

    Who proposed, reviewed and approved are actors' ids: three different people. Region and words follow the firm
    (`following.py`).
    """

    SCOPED_BY = {"region": "region", "firm": "firm"}

    kept = models.ForeignKey(KeptList, on_delete=models.PROTECT, related_name="entries")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, related_name="list_entries")
    county = models.CharField(max_length=6, blank=True)
    region = models.CharField(max_length=6)
    """Where the firm is, or the county: of its own, so that a long list is read without the register."""
    words = models.TextField(blank=True)
    """The firm's name and credit code as they are searched for; empty for a county."""
    state = models.CharField(max_length=12, default="proposed")
    begins = models.DateField()
    until = models.DateField(null=True)
    ground = models.CharField(max_length=12)
    """nomination, rule or file"""
    reason = models.CharField(max_length=500)
    basis = models.CharField(max_length=200, blank=True)
    """The document that says so, by its number."""
    rule_digest = models.CharField(max_length=64)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, related_name="entries")
    proposed_by = models.CharField(max_length=80, blank=True)
    reviewed_by = models.CharField(max_length=80, blank=True)
    approved_by = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    doubt = models.JSONField(null=True)
    """Why it is up for decision: {why, reason, on, by}."""
    kept_on = models.DateField(null=True)
    """The day it was last decided that the member stays."""
    left_because = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "名单成员"
        constraints = [
            models.UniqueConstraint(
                fields=["kept", "firm"], condition=Q(state__in=OPEN_STATES), name="one_open_entry_of_a_firm"
            ),
            models.UniqueConstraint(
                fields=["kept", "county"],
                condition=Q(state__in=OPEN_STATES) & ~Q(county=""),
                name="one_open_entry_of_a_county",
            ),
            models.CheckConstraint(
                condition=(Q(firm__isnull=False) & Q(county="")) | (Q(firm=None) & ~Q(county="")),
                name="entry_of_a_firm_or_a_county",
            ),
            models.CheckConstraint(
                condition=Q(county="") | Q(region=F("county")), name="entry_of_its_county"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("begins")) | Q(state="annulled"),
                name="entry_ends_later",
            ),
        ]
        indexes = [
            models.Index(fields=["kept", "state", "until"], name="entry_list"),
            models.Index(fields=["kept", "-begins", "id"], name="entry_list_newest"),
            models.Index(fields=["kept", "region"], name="entry_list_region"),
            models.Index(fields=["county", "state"], name="entry_county"),
        ]

    def scope(self) -> Scope:
        """An entry belongs to its firm's county, or to the county that it is about."""
        if self.firm is None:
            return Scope(region=self.region)
        return Scope(region=self.region, firm=self.firm_id)

    @property
    def subject(self) -> int | str:
        """The firm's key, or the county's code."""
        return self.firm_id if self.firm_id is not None else self.county

    @property
    def name(self) -> str:
        """The firm's name, or the county's in full."""
        return self.firm.name if self.firm is not None else full_name(self.county)

    def address(self) -> str:
        """The entry's page."""
        return reverse("list-entry", kwargs={"number": self.pk})


class Candidate(ScopedModel):
    """A firm that the admission rule may take, as the last search found it. Not a decision: made anew by each search."""

    SCOPED_BY = {"region": "firm__region", "firm": "firm"}

    kept = models.ForeignKey(KeptList, on_delete=models.CASCADE, related_name="candidates")
    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    certain = models.BooleanField()
    """The rule is met; else it is not known, and `missing` names the facts."""
    missing = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kept", "firm"], name="one_candidate")]
        indexes = [models.Index(fields=["kept", "certain", "id"], name="candidate_list")]


class Search(models.Model):
    """The last search for a list's candidates: when, by which rule, how many were met and how many are unknown."""

    kept = models.OneToOneField(KeptList, on_delete=models.CASCADE, related_name="search")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    certain = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    left_out = models.PositiveIntegerField(default=0)
    """Firms of whom too little is known, beyond those that are stored."""


class ListExport(ScopedModel, Acted):
    """Entries that left the site: for which purpose, with whom they are shared, how many, the file's digest."""

    SCOPED_BY = {"region": "region"}

    kept = models.ForeignKey(KeptList, on_delete=models.PROTECT, related_name="exports")
    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40)
    purpose = models.CharField(max_length=60)
    asked = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "名单导出"

    def scope(self) -> Scope:
        """An export belongs to the office that made it."""
        return Scope(region=self.region, agency=self.agency)

    def address(self) -> str:
        """The list's page."""
        return reverse("list", kwargs={"number": self.kept_id})
