"""Payments in batches, and the bank's statements by which they are settled. Amounts are fen.

The database holds: an order is paid once (`one_live_payment_of_an_order`), a batch is what was declared, it is closed
only when each of its payments is settled, a payment is settled by one line of one statement, and nothing is recovered
beyond what was paid.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.portal.firms.models import Firm
from huiqi.portal.funds.models import Account, Programme

HELD_STATES = ("held", "sent", "closed")
PAYMENT_STATES = ("ordered", "paid", "rejected", "voided", "recovered")
LINE_STATES = ("read", "matched", "queued", "proposed", "settled", "dropped")
WAYS = {
    "paid": ("已支付", "Paid"),
    "rejected": ("银行退回，未付出", "Rejected by the bank, not paid out"),
    "returned": ("付出后退回", "Returned after it was paid"),
    "not_ours": ("不是本系统的付款", "Not a payment of this site"),
}
"""What a line of a statement says of a payment; the keys stand in `StatementLine.way`."""


class PaymentBatch(ScopedModel, Acted):
    """Payments of one government out of one programme, made together: drawn, held, sent to the bank, settled, closed.

    `control_*` is what was declared when it was opened; the other counts and totals move in the transaction that
    draws, holds, voids or settles lines.
    """

    SCOPED_BY = {"region": "region"}

    title = models.CharField("名称", max_length=120)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    region = models.CharField("地区", max_length=6)
    agency = models.CharField("经办单位", max_length=40, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    direct = models.BooleanField("直达资金", default=False)
    available = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    paid = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    domain = models.CharField(max_length=24)
    """Whose orders they are: the word before `:` in each key; its source draws them (`batches.orders_from`)."""
    drawn_from = models.CharField(max_length=60, blank=True)
    """What the domain's source is asked by (the number of a run); empty where the orders came with the opening."""
    cursor = models.CharField(max_length=120, blank=True)
    """The key of the last order that was drawn from the source."""
    state = models.CharField(max_length=12, default="drawing")
    control_count = models.PositiveIntegerField()
    control_total = models.BigIntegerField()
    drawn_count = models.PositiveIntegerField(default=0)
    drawn_total = models.BigIntegerField(default=0)
    held_count = models.PositiveIntegerField(default=0)
    held_total = models.BigIntegerField(default=0)
    voided_count = models.PositiveIntegerField(default=0)
    paid_count = models.PositiveIntegerField(default=0)
    paid_total = models.BigIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    rejected_total = models.BigIntegerField(default=0)
    file_digest = models.CharField(max_length=64, blank=True)
    """Of the bank file as it was sent (SHA-256 of its CSV form)."""
    void_reason = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField()
    sent_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        verbose_name = "支付批次"
        constraints = [
            models.CheckConstraint(
                condition=Q(control_count__gt=0, control_total__gt=0), name="batch_pays_something"
            ),
            models.CheckConstraint(
                condition=Q(
                    drawn_count__lte=F("control_count"),
                    drawn_total__lte=F("control_total"),
                    held_count__lte=F("drawn_count"),
                    held_total__lte=F("drawn_total"),
                ),
                name="batch_within_its_control_totals",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["drawing", "voiding", "voided"])
                | Q(drawn_count=F("control_count"), drawn_total=F("control_total")),
                name="batch_drawn_as_declared",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HELD_STATES)
                | Q(held_count=F("control_count"), held_total=F("control_total")),
                name="batch_held_as_declared",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "closed"]) | ~Q(file_digest=""), name="batch_sent_with_a_file"
            ),
            models.CheckConstraint(
                condition=Q(
                    control_count__gte=F("paid_count") + F("rejected_count"),
                    control_total__gte=F("paid_total") + F("rejected_total"),
                ),
                name="batch_settles_no_more_than_it_pays",
            ),
            models.CheckConstraint(
                condition=Q(voided_count__lte=F("drawn_count"))
                & (~Q(state="voided") | Q(voided_count=F("drawn_count"))),
                name="batch_voided_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(
                    control_count=F("paid_count") + F("rejected_count"),
                    control_total=F("paid_total") + F("rejected_total"),
                ),
                name="batch_closed_when_all_is_settled",
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "-id"], name="batch_region")]

    def __str__(self) -> str:
        return self.title

    def scope(self) -> Scope:
        """A batch belongs to the government that pays."""
        return Scope(region=self.region, agency=self.agency or None)

    def address(self) -> str:
        """The batch's page."""
        return reverse("payment-batch", kwargs={"number": self.pk})

    @property
    def number(self) -> str:
        """The batch's number as bank files name it."""
        return f"HQ{self.pk:06}"

    @property
    def open_count(self) -> int:
        """Payments that the bank has not answered."""
        return self.control_count - self.paid_count - self.rejected_count

    @property
    def open_total(self) -> int:
        """Fen that the bank has not answered."""
        return self.control_total - self.paid_total - self.rejected_total


class Payment(ScopedModel, Acted):
    """One payment to one payee. Name and account are sealed for its reference; nothing of them stands in an event.

    `ordered` covers the way until the bank answers: whether it is held or sent is its batch's state.
    """

    SCOPED_BY = {"region": "batch__region", "firm": "firm"}

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="payments")
    number = models.PositiveIntegerField("序号")
    key = models.CharField(max_length=120)
    """The order's key, made by the domain that ordered it."""
    reference = models.CharField("业务编号", max_length=16, unique=True)
    """What the bank's file and its statement name it by."""
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, null=True, related_name="payments")
    measure = models.CharField(max_length=60)
    amount = models.BigIntegerField("金额")
    name = models.TextField()
    account = models.TextField()
    account_digest = models.CharField(max_length=64, db_index=True)
    bank = models.CharField("开户行", max_length=80, blank=True)
    state = models.CharField(max_length=12, default="ordered")
    reason = models.CharField(max_length=300, blank=True)
    settled_on = models.DateField(null=True)
    """The bank's day of payment or rejection; the day of the act where it was voided."""
    recovered = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "支付"
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=~Q(state__in=["rejected", "voided"]),
                name="one_live_payment_of_an_order",
            ),
            models.UniqueConstraint(fields=["batch", "number"], name="payment_numbered_in_its_batch"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_pays_something"),
            models.CheckConstraint(condition=Q(state__in=PAYMENT_STATES), name="payment_state_known"),
            models.CheckConstraint(
                condition=Q(recovered=0)
                | Q(state="paid", recovered__gt=0, recovered__lt=F("amount"))
                | Q(state="recovered", recovered=F("amount")),
                name="payment_recovered_within_what_was_paid",
            ),
            models.CheckConstraint(
                condition=~Q(state="recovered") | Q(recovered=F("amount")), name="payment_recovered_in_whole"
            ),
            models.CheckConstraint(
                condition=Q(state="ordered", settled_on=None)
                | (~Q(state="ordered") & Q(settled_on__isnull=False)),
                name="payment_settled_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["batch", "state", "number"], name="payment_batch_state"),
            models.Index(fields=["firm", "-id"], name="payment_firm"),
            models.Index(fields=["key"], name="payment_key"),
        ]

    def __str__(self) -> str:
        return self.reference

    def scope(self) -> Scope:
        """A payment belongs to the government that pays, and to its firm."""
        return Scope(region=self.batch.region, firm=self.firm_id)

    def address(self) -> str:
        """The payment's page."""
        return reverse("payment", kwargs={"number": self.pk})

    @property
    def stands(self) -> str:
        """Where it is: its batch's state until the bank has answered, then its own."""
        return self.batch.state if self.state == "ordered" else self.state


class BankStatement(ScopedModel, Acted):
    """A bank's statement handed in: read, shown with what is wrong in it, taken or dropped.

    The file itself lies sealed in the data folder (`statement_files`).
    """

    SCOPED_BY = {"region": "region"}

    region = models.CharField("地区", max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    form = models.CharField(max_length=8)
    """csv, xlsx or mt940"""
    state = models.CharField(max_length=12, default="handed_in")
    declared = models.JSONField(default=dict)
    """What the officer declared: count and total, or opening and closing; fen."""
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    lines_count = models.PositiveIntegerField(default=0)
    taken_count = models.PositiveIntegerField(default=0)
    """Lines that were matched or queued: moves in the transaction that does it."""
    handed_in_at = models.DateTimeField()

    class Meta:
        verbose_name = "银行回单"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "digest"], condition=~Q(state="dropped"), name="one_statement_of_a_file"
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(taken_count=F("lines_count")), name="statement_taken_whole"
            ),
        ]
        indexes = [models.Index(fields=["region", "-id"], name="statement_region")]

    def __str__(self) -> str:
        return self.file_name

    def scope(self) -> Scope:
        """A statement belongs to the government whose account it is of."""
        return Scope(region=self.region, agency=self.agency or None)

    def address(self) -> str:
        """The statement's page."""
        return reverse("statement", kwargs={"number": self.pk})


class StatementLine(ScopedModel, Acted):
    """One line of a statement. Of the payee it holds a keyed digest of the account, and a masked form to look at."""

    SCOPED_BY = {"region": "statement__region"}

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    row = models.PositiveIntegerField()
    """The row of the file (the transaction of an MT940)."""
    day = models.DateField()
    amount = models.BigIntegerField()
    way = models.CharField(max_length=8)
    """What the bank says: paid, rejected or returned; `not_ours` where an officer settled it so."""
    reference = models.CharField(max_length=16, blank=True)
    """Our reference as it was found in the line; empty where there is none, or more than one."""
    account_digest = models.CharField(max_length=64, blank=True)
    account_shown = models.CharField(max_length=24, blank=True)
    """The payee's account, masked."""
    said = models.CharField(max_length=200, blank=True)
    """The bank's reason of a rejection."""
    state = models.CharField(max_length=12, default="read")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, related_name="statement_lines")
    why = models.CharField(max_length=24, blank=True)
    """Why it stands in the error queue: a key of `matching.WHY`."""
    proposed_way = models.CharField(max_length=8, blank=True)
    proposed_because = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "回单明细"
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "number"], name="statement_line_numbered_in_its_statement"
            ),
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(state__in=["matched", "settled"], way__in=["paid", "rejected"]),
                name="one_line_settles_a_payment",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="statement_line_has_an_amount"),
            models.CheckConstraint(condition=Q(state__in=LINE_STATES), name="statement_line_state_known"),
            models.CheckConstraint(condition=Q(way__in=list(WAYS)), name="statement_line_way_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["matched", "settled"]) | Q(way="not_ours") | Q(payment__isnull=False),
                name="statement_line_matched_with_a_payment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["queued", "proposed"]) | ~Q(why=""), name="statement_line_queued_why"
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="statement_line_state")]

    def __str__(self) -> str:
        return f"{self.statement_id}/{self.number}"

    def scope(self) -> Scope:
        """A line belongs where its statement does."""
        return Scope(region=self.statement.region, agency=self.statement.agency or None)

    def address(self) -> str:
        """The line's place in the error queue."""
        return reverse("statement-line", kwargs={"number": self.pk})
