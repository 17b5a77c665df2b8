"""Programmes, accounts and transfers. Money is integer fen.

A transfer is one row (debit, credit, amount > 0), so that it cannot be unbalanced; it is never changed. Balances stand
on the accounts, kept by the database itself in the transaction that adds the transfer (`ledger_rules.py`), with
limits as CHECKs on them; nothing else may write them.
"""

from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted

KINDS = {
    "budget": ("预算安排", "Budget"),
    "available": ("可用指标", "Available"),
    "paid": ("已支付", "Paid"),
    "advanced": ("预拨未清算", "Advanced, to be settled"),
    "advances": ("预拨款项", "Advances given"),
}
"""The kinds of account. Money flows from `budget` to `available`, down the levels, and to `paid`; what was advanced
and is not settled yet stands apart on the pair `advanced` and `advances`, beside the money itself."""

STAGES = {
    "posted": ("已入账", "Posted"),
    "pending": ("待入账", "Pending"),
    "post": ("入账", "Post of a pending one"),
    "void": ("撤销", "Void of a pending one"),
    "expire": ("到期失效", "Expiry of a pending one"),
}
"""What a transfer does: moves money at once, holds it, or resolves a held one (once)."""
RESOLVING = ("post", "void", "expire")

PURPOSES = {
    "appropriate": ("下达预算", "Appropriation"),
    "allocate": ("分解下达", "Allocation downwards"),
    "advance": ("预拨", "Advance"),
    "settle": ("清算", "Settlement"),
    "recall": ("收回", "Recall of what lies idle"),
    "pay": ("支付", "Payment"),
    "recover": ("追回", "Recovery of a wrong payment"),
}


class Programme(ScopedModel, Acted):
    """A programme of funds (资金项目) of one government, with the measures that it pays and its share of matching."""

    SCOPED_BY = {"region": "region", "agency": "agency"}

    code = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("名称", max_length=120)
    region = models.CharField("地区", max_length=6)
    agency = models.CharField("主管单位", max_length=40, blank=True)
    measures = models.JSONField("支付的政策措施", default=list)
    share_numerator = models.PositiveIntegerField(default=0)
    share_denominator = models.PositiveIntegerField(default=1)
    """What the superior level bears of what a lower one spends, as an exact fraction; 0 where it does not match."""
    matched_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="matches")
    """The superior's programme that bears its share of what this one spends too (`shares.py`)."""
    state = models.CharField(max_length=8, default="open")
    opened_at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    class Meta:
        verbose_name = "资金项目"
        constraints = [
            models.CheckConstraint(
                condition=Q(share_denominator__gt=0, share_numerator__lte=F("share_denominator")),
                name="programme_share_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on=None) | Q(state="closed", closed_on__isnull=False),
                name="programme_open_or_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def scope(self) -> Scope:
        """A programme belongs to its government."""
        return Scope(region=self.region, agency=self.agency or None)

    def address(self) -> str:
        """The programme's page."""
        return reverse("fund-programme", kwargs={"number": self.pk})

    @property
    def share(self) -> Fraction:
        """What the superior level bears of what a lower one spends."""
        return Fraction(self.share_numerator, self.share_denominator)


class Account(ScopedModel):
    """An account of one government for one programme, year and direct-fund mark. Balances are the database's."""

    SCOPED_BY = {"region": "region"}

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="accounts")
    year = models.PositiveSmallIntegerField("年度")
    direct = models.BooleanField("直达资金", default=False)
    region = models.CharField("地区", max_length=6)
    kind = models.CharField("科目", max_length=12)
    limit = models.CharField(max_length=8, blank=True)
    """`credits`: debits, pending ones too, never exceed posted credits; `debits`: the other way round."""
    debits_posted = models.BigIntegerField(default=0)
    debits_pending = models.BigIntegerField(default=0)
    credits_posted = models.BigIntegerField(default=0)
    credits_pending = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "资金账户"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "year", "direct", "region", "kind"], name="one_account_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="account_kind_known"),
            models.CheckConstraint(
                condition=Q(limit__in=["", "credits", "debits"]), name="account_limit_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    debits_posted__gte=0, debits_pending__gte=0, credits_posted__gte=0, credits_pending__gte=0
                ),
                name="account_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(limit="credits")
                | Q(credits_posted__gte=F("debits_posted") + F("debits_pending")),
                name="account_debits_within_credits",
            ),
            models.CheckConstraint(
                condition=~Q(limit="debits")
                | Q(debits_posted__gte=F("credits_posted") + F("credits_pending")),
                name="account_credits_within_debits",
            ),
        ]
        indexes = [models.Index(fields=["region", "year", "kind"], name="account_region")]

    def __str__(self) -> str:
        return f"{self.programme_id} {self.year} {self.region} {self.kind}"

    def scope(self) -> Scope:
        """An account belongs to its government."""
        return Scope(region=self.region)

    def address(self) -> str:
        """The account's page."""
        return reverse("fund-account", kwargs={"number": self.pk})

    @property
    def free(self) -> int:
        """Fen that may still leave an account limited by its credits."""
        return self.credits_posted - self.debits_posted - self.debits_pending


class Transfer(ScopedModel):
    """Money from one account (debit) to another (credit), in fen. Rows are only ever added."""

    SCOPED_BY = {"region": "debit__region"}

    key = models.CharField(max_length=100, unique=True)
    """Made by the caller: the same key again is the same transfer."""
    stage = models.CharField(max_length=8)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount = models.BigIntegerField()
    purpose = models.CharField(max_length=12)
    resolves = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="resolution")
    """The pending transfer that this one posts (in whole or in part, the rest is let go), voids or lets expire."""
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversals")
    """The posted transfer that this one takes back, in whole or in part."""
    linked = models.CharField(max_length=100, blank=True)
    """The key of the first of the transfers that were made together, all or none."""
    until = models.DateField(null=True)
    """The first day on which a pending transfer is no longer held; null: until it is resolved."""
    day = models.DateField()
    """The day it counts for, of the office's calendar."""
    event = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "资金流水"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_moves_money"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="transfer_between_two_accounts"),
            models.CheckConstraint(condition=Q(purpose__in=list(PURPOSES)), name="transfer_purpose_known"),
            models.CheckConstraint(
                condition=Q(stage__in=["posted", "pending"], resolves=None)
                | Q(stage__in=RESOLVING, resolves__isnull=False),
                name="transfer_resolves_a_pending_one",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(stage="pending"), name="transfer_only_pending_expires"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None) | Q(stage="posted"), name="transfer_reversal_is_posted"
            ),
        ]
        indexes = [
            models.Index(fields=["debit", "day"], name="transfer_debit"),
            models.Index(fields=["credit", "day"], name="transfer_credit"),
            models.Index(fields=["until"], condition=Q(until__isnull=False), name="transfer_until"),
        ]

    def __str__(self) -> str:
        return self.key


from huiqi.portal.funds.order_models import FundOrder, FundOrderLine  # noqa: E402

__all__ = [
    "KINDS",
    "PURPOSES",
    "RESOLVING",
    "STAGES",
    "Account",
    "FundOrder",
    "FundOrderLine",
    "Programme",
    "Transfer",
]
