"""Runs of the screening over the register, and their figures by county: what pages read without opening a file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted


class Screening(ScopedModel, Acted):
    """One run: the register's firms of a region, as they count now, through the measures on a day.

    `measures` are the ids that were chosen, [] for all. `read_from` is the moment when reading the register began:
    what changed later may not be in the run. `manifest` holds the digests of rules and inputs, `register` the last
    event and the last change of a fact before and after reading. The firms' results lie in files (see `folders`).
    """

    SCOPED_BY = {"region": "region"}

    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    as_of = models.DateField()
    measures = models.JSONField(default=list)
    choice = models.CharField(max_length=64)
    """The digest of region, day and measures: of one choice one run is under way at most."""
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, default="running")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    read_from = models.DateTimeField(null=True)
    register = models.JSONField(default=dict)
    manifest = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    """The run of the same region and measures that this one is compared with."""

    class Meta:
        verbose_name = "筛查"
        constraints = [
            models.UniqueConstraint(
                fields=["choice"], condition=Q(state="running"), name="one_screening_of_a_choice"
            )
        ]
        indexes = [models.Index(fields=["region", "-id"], name="screening_region")]

    def __str__(self) -> str:
        return f"{self.region} {self.as_of}"

    def scope(self) -> Scope:
        """A run belongs to the region that it covers."""
        return Scope(region=self.region, agency=self.agency or None)

    def address(self) -> str:
        """The run's page."""
        return reverse("screening", kwargs={"number": self.pk})


class CountyResult(ScopedModel):
    """What a finished run came to in one county. Money is fen.

    `latest` marks, for each county, the newest run over all measures: what officers' pages of measures show.
    `groups` are the push list's groups by name: {"rows", "firms", "fen"}.
    """

    SCOPED_BY = {"region": "county"}

    run = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="counties")
    county = models.CharField(max_length=6)
    latest = models.BooleanField(default=False)
    firms = models.PositiveIntegerField()
    owed_firms = models.PositiveIntegerField()
    certain_fen = models.BigIntegerField()
    deferred_fen = models.BigIntegerField()
    likely_fen = models.BigIntegerField()
    groups = models.JSONField(default=dict)
    missed_rows = models.PositiveIntegerField(null=True)
    missed_fen = models.BigIntegerField(null=True)
    new_firms = models.PositiveIntegerField(default=0)
    gone_firms = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "county"], name="one_result_of_a_county"),
            models.UniqueConstraint(
                fields=["county"], condition=Q(latest=True), name="one_latest_result_of_a_county"
            ),
        ]


class MeasureResult(ScopedModel):
    """How one measure came out in one county of a run: firms by verdict, fen; firms newly entitled and no longer."""

    SCOPED_BY = {"region": "county__county"}

    county = models.ForeignKey(CountyResult, on_delete=models.CASCADE, related_name="of_measures")
    measure = models.CharField(max_length=60)
    eligible = models.PositiveIntegerField()
    likely = models.PositiveIntegerField()
    undetermined = models.PositiveIntegerField()
    ineligible = models.PositiveIntegerField()
    certain_fen = models.BigIntegerField()
    likely_fen = models.BigIntegerField()
    unknown_amounts = models.PositiveIntegerField()
    begun = models.PositiveIntegerField(default=0)
    ended = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "measure"], name="one_result_of_a_measure")]


class SliceResult(ScopedModel):
    """What the firms of one size class (by `size`) or section of industry (by `section`) of a county are owed."""

    SCOPED_BY = {"region": "county__county"}

    county = models.ForeignKey(CountyResult, on_delete=models.CASCADE, related_name="slices")
    by = models.CharField(max_length=8)
    key = models.CharField(max_length=16, blank=True)
    firms = models.PositiveIntegerField()
    eligible = models.PositiveIntegerField()
    certain_fen = models.BigIntegerField()
    deferred_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "by", "key"], name="one_result_of_a_slice")]


class FactGap(ScopedModel):
    """A fact that firms of a county lack: rows it keeps open, firms, rows that it alone keeps open, by measure."""

    SCOPED_BY = {"region": "county__county"}

    county = models.ForeignKey(CountyResult, on_delete=models.CASCADE, related_name="gaps")
    fact = models.CharField(max_length=80)
    openings = models.PositiveIntegerField()
    firms = models.PositiveIntegerField()
    alone = models.PositiveIntegerField()
    measures = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "fact"], name="one_gap_of_a_fact")]


class Handout(ScopedModel, Acted):
    """A list of firms that left the site: of which run, what was asked, how many rows, the file's digest."""

    SCOPED_BY = {"region": "region"}

    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    asked = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "清单导出"

    def scope(self) -> Scope:
        """It belongs to the region of the office that took it."""
        return Scope(region=self.region, agency=self.agency or None)
