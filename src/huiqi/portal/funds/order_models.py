"""Orders of money (拨款单): one person drafts, another confirms, and all lines are posted together or none."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted

ORDER_KINDS = {
    "appropriate": ("下达预算", "Appropriation"),
    "allocate": ("分解下达", "Allocation downwards"),
    "advance": ("预拨", "Advance"),
    "settle": ("清算", "Settlement"),
    "recall": ("收回", "Recall of what lies idle"),
}


class FundOrder(ScopedModel, Acted):
    """Money of a programme moved by the government `region`: into its own hands, down to others, or back from them.

    `agency` is whose people drafted it. `until`: a settlement counts what was paid up to this day. `final`: what was
    given beyond the share is taken back. `digest` is of what it orders, so that the same order is not drafted twice.
    """

    SCOPED_BY = {"region": "region"}

    kind = models.CharField("种类", max_length=12)
    programme = models.ForeignKey("funds.Programme", on_delete=models.PROTECT, related_name="orders")
    year = models.PositiveSmallIntegerField("年度")
    direct = models.BooleanField("直达资金", default=False)
    region = models.CharField("地区", max_length=6)
    agency = models.CharField("经办单位", max_length=40, blank=True)
    document = models.CharField("文号或依据", max_length=120)
    until = models.DateField(null=True)
    final = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="drafted")
    count = models.PositiveIntegerField()
    total = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    drafted_at = models.DateTimeField()
    decided_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    """Why it was declined or withdrawn."""

    class Meta:
        verbose_name = "拨款单"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(ORDER_KINDS)), name="order_kind_known"),
            models.CheckConstraint(condition=Q(count__gt=0), name="order_has_lines"),
            models.CheckConstraint(
                condition=Q(kind="settle", until__isnull=False)
                | ~Q(kind="settle") & Q(until=None, final=False),
                name="order_settles_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="drafted", decided_on=None)
                | ~Q(state="drafted") & Q(decided_on__isnull=False),
                name="order_decided_on_a_day",
            ),
            models.UniqueConstraint(
                fields=["digest"],
                condition=Q(state__in=["drafted", "confirmed"]),
                name="one_live_order_of_a_content",
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "-id"], name="order_region")]

    def __str__(self) -> str:
        return self.document

    def scope(self) -> Scope:
        """An order belongs to the government that gives it."""
        return Scope(region=self.region, agency=self.agency or None)

    def address(self) -> str:
        """The order's page."""
        return reverse("fund-order", kwargs={"number": self.pk})

    @property
    def number(self) -> str:
        """The order's number as people say it."""
        return f"BK{self.pk:06}"


class FundOrderLine(ScopedModel):
    """A line of an order: whose money, how much (fen).

    Of a settlement also how it was reckoned: `spent` on which the share is borne, `due` (the share, half up), `given`
    before; `amount` is what is given now, `back` what is taken back by a final one, `cleared` how much less (or more,
    negative) stands as advanced afterwards.
    """

    SCOPED_BY = {"region": ("region", "order__region")}

    order = models.ForeignKey(FundOrder, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    region = models.CharField("地区", max_length=6)
    amount = models.BigIntegerField("金额")
    spent = models.BigIntegerField(null=True)
    due = models.BigIntegerField(null=True)
    given = models.BigIntegerField(null=True)
    back = models.BigIntegerField(default=0)
    cleared = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "拨款单明细"
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="order_line_number"),
            models.UniqueConstraint(fields=["order", "region"], name="one_line_of_a_region"),
            models.CheckConstraint(
                condition=Q(due=None, spent=None, given=None, amount__gt=0, back=0, cleared=0)
                | Q(due__gte=0, spent__isnull=False, given__isnull=False, amount__gte=0, back__gte=0)
                & (Q(amount=0) | Q(back=0, amount=F("due") - F("given"))),
                name="order_line_gives_or_settles",
            ),
        ]
        indexes = [models.Index(fields=["region", "order"], name="order_line_region")]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.number}"

    def scope(self) -> Scope:
        """A line concerns the government that gets the money or gives it back."""
        return Scope(region=self.region)

    def address(self) -> str:
        """The page of its order."""
        return reverse("fund-order", kwargs={"number": self.order_id})
