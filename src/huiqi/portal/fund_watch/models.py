"""What the site noticed of the funds, and the monthly heads of the ledger. Amounts are fen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.portal.funds.models import Account, Programme

FINDING_STATES = ("found", "assigned", "answered", "accepted", "cleared")


class FundFinding(ScopedModel, Acted):
    """Something that a rule of monitoring found, at the government `region`.

    `figures` are numbers, days (ISO) and stable words, `transfers` the numbers of the ledger's rows behind them, the
    oldest first. `cleared_on` is the first day on which the rule no longer held; while it is null, the same rule finds
    nothing new of the same subject, also when the answer was accepted.
    """

    SCOPED_BY = {"region": "region"}

    rule = models.CharField("规则", max_length=40)
    about = models.CharField(max_length=60)
    """What it is about: `account:12`, `batch:3`, `programme:1:2022`."""
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    direct = models.BooleanField("直达资金", null=True)
    region = models.CharField("地区", max_length=6)
    state = models.CharField(max_length=10, default="found")
    figures = models.JSONField(default=dict)
    transfers = models.JSONField(default=list)
    found_on = models.DateField("发现日期")
    cleared_on = models.DateField(null=True)
    assigned_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    due = models.DateField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    said = models.CharField(max_length=300, blank=True)
    """What who accepted or returned the answer said."""
    closed_on = models.DateField(null=True)

    class Meta:
        verbose_name = "资金监控疑点"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "about"], condition=Q(cleared_on=None), name="one_standing_finding"
            ),
            models.CheckConstraint(condition=Q(state__in=FINDING_STATES), name="finding_state_known"),
            models.CheckConstraint(
                condition=~Q(state="cleared") | Q(cleared_on__isnull=False, closed_on__isnull=False),
                name="finding_cleared_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(closed_on__isnull=False), name="finding_accepted_on_a_day"
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "-id"], name="finding_region")]

    def __str__(self) -> str:
        return f"{self.rule} {self.about}"

    def scope(self) -> Scope:
        """A finding belongs to the government that it was made at."""
        return Scope(region=self.region)

    def address(self) -> str:
        """The finding's page."""
        return reverse("fund-finding", kwargs={"number": self.pk})

    @property
    def number(self) -> str:
        """The finding's number as people say it."""
        return f"YD{self.pk:06}"


class FundHead(ScopedModel):
    """The ledger at the end of a month, frozen: what counts for a day up to `day` and was there when it was frozen.

    `last` is the number of the last transfer that was there. `digest` (SM3) covers the head before, `day`, `last` and
    all lines; it stands in the event of the freezing too. The database refuses changes.
    """

    SCOPED_BY = {"region": "region"}

    day = models.DateField(primary_key=True)
    region = models.CharField(max_length=6)
    last = models.BigIntegerField()
    count = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "资金月末快照"

    def __str__(self) -> str:
        return self.day.isoformat()

    def scope(self) -> Scope:
        """A head belongs to the highest government that has accounts."""
        return Scope(region=self.region)

    def address(self) -> str:
        """The head's page."""
        return reverse("fund-head", kwargs={"day": self.day.isoformat()})


class FundHeadLine(ScopedModel):
    """An account in a head: what had been posted, and what was held, by then."""

    SCOPED_BY = {"region": "account__region"}

    head = models.ForeignKey(FundHead, on_delete=models.PROTECT, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    debits_posted = models.BigIntegerField()
    debits_pending = models.BigIntegerField()
    credits_posted = models.BigIntegerField()
    credits_pending = models.BigIntegerField()

    class Meta:
        verbose_name = "资金月末余额"
        constraints = [
            models.UniqueConstraint(fields=["head", "account"], name="one_line_of_an_account"),
        ]

    def __str__(self) -> str:
        return f"{self.head_id} {self.account_id}"
