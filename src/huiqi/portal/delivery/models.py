"""Runs of a measure and their lines: who receives what, on which facts, and how far it has come. Money is fen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.portal.firms.models import Firm
from huiqi.portal.funds.models import Programme
from huiqi.portal.screenings.models import Screening

AUTOMATIC, APPLICATION, THIRD_PARTY = "automatic", "application", "third_party"
WAYS = {
    AUTOMATIC: ("免申即享", "Without application"),
    APPLICATION: ("申请兑现", "By application"),
    THIRD_PARTY: ("第三方落实", "By third parties"),
}
OPEN_STATES = (
    *("drawing", "drawn", "checking", "checked", "noticed", "ended_notice", "approving", "approved"),
    *("paying", "sent", "returned"),
)
"""States of runs that are under way."""
FIXED_STATES = ("checked", "noticed", "ended_notice", "approving", "approved", "sent")
"""States in which lines are fixed and not paid yet: a fact that changes reopens the lines that read it."""
HOLDING = ("listed", "reopened", "contested", "approved", "paying", "paid", "granted")
"""States in which a line holds its entitlement."""
BEFORE_PAYMENT = ("drawn", "listed", "reopened", "contested", "approved")
ACCOUNTS = {
    "public": ("单位对公账户", "The firm's own account"),
    "tax": ("税务部门提供的缴费账户", "The account that the tax office knows"),
    "none": ("不经账户发放", "No account"),
}
CHANGES = {
    "": ("没有可比的上一次", "Nothing to compare with"),
    "begun": ("本次新增", "Begun"),
    "same": ("与上次相同", "As last time"),
    "more": ("比上次增加", "More than last time"),
    "less": ("比上次减少", "Less than last time"),
}
MARKS = {
    "top": ("金额居前", "Among the largest"),
    "jump": ("比上次增加过多", "Far more than last time"),
    "new": ("首次享受且金额较大", "New and large"),
    "differs": ("与筛查结果不同", "Differs from the screening"),
}
WHYS = {
    "ended": ("上次享受，本次不再符合", "Received last time, no longer entitled"),
    "changed": ("筛查时符合，按现有信息不再符合", "Entitled when screened, not by what is known now"),
    "unknown": ("筛查时符合，现缺少信息", "Entitled when screened, facts are missing now"),
    "nothing": ("金额为零", "Nothing is due"),
    "gone": ("已不在名册或已迁出", "No longer in the register or the region"),
}


class Run(ScopedModel, Acted):
    """One delivery of a measure in a region.

    `period` is what entitlements are told apart by ("" once, 2022, 2022Q1, 2022-03). `rules` are those of rules.yaml,
    frozen when the run began; `figures` what it came to: lines, fen, differences and outliers. `facts` are the names of the facts
    that the measure reads; `facts_seen` is the last change of a fact that was looked at, `lists_seen` the last event of a list; `round` counts how often
    the run was returned: approvals of an earlier round count no more.
    """

    SCOPED_BY = {"region": "region"}

    measure = models.CharField(max_length=60)
    variant = models.CharField(max_length=6)
    rule_digest = models.CharField(max_length=64)
    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    as_of = models.DateField()
    period = models.CharField(max_length=7, blank=True)
    way = models.CharField(max_length=12)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, default="drawing")
    rules = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    """Of the lines as they were checked: see `digests.py`."""
    facts = models.JSONField(default=list)
    facts_seen = models.BigIntegerField(default=0)
    lists_seen = models.BigIntegerField(default=0)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, related_name="+")
    notice_from = models.DateField(null=True)
    notice_until = models.DateField(null=True)
    """The last day of the public notice."""
    round = models.PositiveSmallIntegerField(default=1)
    batch = models.BigIntegerField(null=True)
    """The number of its payment batch (payments.PaymentBatch)."""
    reason = models.CharField(max_length=500, blank=True)
    """Why it was returned or cancelled."""
    note = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "兑现"
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "region", "period", "way"],
                condition=Q(state__in=["drawing", "drawn"]),
                name="one_run_being_drawn",
            ),
            models.CheckConstraint(condition=Q(way__in=list(WAYS)), name="run_way_known"),
        ]
        indexes = [
            models.Index(fields=["region", "-id"], name="run_region"),
            models.Index(fields=["measure", "-id"], name="run_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.region} {self.as_of}"

    def scope(self) -> Scope:
        """A run belongs to the region that it covers."""
        return Scope(region=self.region, agency=self.agency or None)

    def address(self) -> str:
        """The run's page."""
        return reverse("delivery-run", kwargs={"number": self.pk})


class Line(ScopedModel, Acted):
    """One amount of a run for one firm (and one record of it), with what it rests on.

    `record` tells records apart ("" where the measure is for the firm itself). `facts` are those that the rule read: {"fact",
    "value", "source", "date"}; `derivation` says how the amount came about (see `deriving.py`). `before` is the amount
    of the run before. `marks` are outlier marks joined by commas.
    """

    SCOPED_BY = {"region": "county", "firm": "firm"}

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="lines")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="delivery_lines")
    county = models.CharField(max_length=6)
    record = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=7, blank=True)
    amount = models.BigIntegerField()
    rule_digest = models.CharField(max_length=64)
    facts = models.JSONField(default=list)
    derivation = models.JSONField(default=dict)
    account = models.CharField(max_length=8, default="public")
    state = models.CharField(max_length=16, default="drawn")
    reason = models.CharField(max_length=500, blank=True)
    before = models.BigIntegerField(null=True)
    change = models.CharField(max_length=8, blank=True)
    marks = models.CharField(max_length=40, blank=True)
    sampled = models.BooleanField(default=False)
    looked_by = models.CharField(max_length=80, blank=True)
    taken_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The line that has the entitlement, where this one is taken_elsewhere."""
    account_missing = models.BooleanField(default=False)
    paid_on = models.DateField(null=True)

    class Meta:
        verbose_name = "兑现明细"
        constraints = [
            models.UniqueConstraint(fields=["run", "firm", "record"], name="one_line_of_a_record"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="line_not_negative"),
        ]
        indexes = [
            models.Index(fields=["run", "state", "county"], name="line_run"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}-{self.pk}"

    def scope(self) -> Scope:
        """A line belongs to its county and to its firm."""
        return Scope(region=self.county, firm=self.firm_id)

    def address(self) -> str:
        """The line's page."""
        return reverse("delivery-line", kwargs={"number": self.pk})


class LeftOut(ScopedModel):
    """A firm that received last time, or was entitled by the screening, and has no line in this run: why.

    `details` name conditions and facts that the verdict turned on.
    """

    SCOPED_BY = {"region": "county", "firm": "firm"}

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="left_out")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    amount = models.BigIntegerField(null=True)
    """What it received last time, or was owed by the screening."""
    why = models.CharField(max_length=12)
    details = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "firm"], name="one_reason_left_out")]


class Claimed(models.Model):
    """One entitlement, given to one line: measure, payee (credit code), record and period, once."""

    measure = models.CharField(max_length=60)
    payee = models.CharField(max_length=18)
    record = models.CharField(max_length=40, blank=True)
    period = models.CharField(max_length=7, blank=True)
    line = models.OneToOneField(Line, on_delete=models.PROTECT, related_name="claimed")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payee", "measure", "record", "period"], name="one_line_of_an_entitlement"
            )
        ]


class ExcludedBy(models.Model):
    """Of measures that exclude each other, the one that a payee has (for itself, a person or a record).

    `group` names the two measures; `subject` the person or record, "" for the payee itself. Lines of the same measure
    share the row; `line` is the first of those that hold it.
    """

    group = models.CharField(max_length=130)
    payee = models.CharField(max_length=18)
    subject = models.CharField(max_length=64, blank=True)
    period = models.CharField(max_length=7, blank=True)
    measure = models.CharField(max_length=60)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="excludes")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payee", "group", "subject", "period"], name="one_of_excluding_measures"
            )
        ]


class CapUse(models.Model):
    """How much of a cap is used: one row for a cap, whom it holds for and its span. The database keeps `used` within it.

    `cap` names the measure and the place of the cap in its rule; `holder` the credit code, the digest of a person, or
    the programme; `span` the year, "" for all years. Fen.
    """

    cap = models.CharField(max_length=70)
    holder = models.CharField(max_length=64)
    span = models.CharField(max_length=7, blank=True)
    limit = models.BigIntegerField()
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["holder", "cap", "span"], name="one_use_of_a_cap"),
            models.CheckConstraint(condition=Q(used__gte=0), name="cap_use_not_negative"),
            models.CheckConstraint(condition=Q(used__lte=models.F("limit")), name="cap_use_within_limit"),
        ]


class CapShare(models.Model):
    """What a line took of a cap: given back when the line is let go."""

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="cap_shares")
    use = models.ForeignKey(CapUse, on_delete=models.PROTECT, related_name="shares")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "use"], name="one_share_of_a_cap"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="cap_share_above_nought"),
        ]


class Approval(ScopedModel):
    """One person's approval of a run in one round."""

    SCOPED_BY = {"region": "run__region"}

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "round", "by"], name="one_approval_of_a_person")
        ]


class Objection(ScopedModel, Acted):
    """A firm objects during the notice: to a line, or to having none (`line` None)."""

    SCOPED_BY = {"region": "county", "firm": "firm"}

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="objections")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="objections")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    reason = models.CharField(max_length=1000)
    state = models.CharField(max_length=12, default="open")
    answer = models.CharField(max_length=1000, blank=True)
    before = models.BigIntegerField(null=True)
    after = models.BigIntegerField(null=True)
    """The line's amount before and after the answer."""
    at = models.DateTimeField()

    class Meta:
        verbose_name = "公示异议"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "firm"], condition=Q(state="open"), name="one_open_objection"
            )
        ]

    def scope(self) -> Scope:
        """An objection belongs to the firm's county and to the firm."""
        return Scope(region=self.county, firm=self.firm_id)

    def address(self) -> str:
        """The objection's page."""
        return reverse("delivery-objection", kwargs={"number": self.pk})


class Sample(ScopedModel, Acted):
    """A random sample of a run's paid lines, to ask the firms: how large it had to be, and by which draw."""

    SCOPED_BY = {"region": "region"}

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="sample")
    region = models.CharField(max_length=6)
    population = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    confidence = models.CharField(max_length=8)
    margin = models.CharField(max_length=8)
    seed = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "到账抽查"

    def scope(self) -> Scope:
        """A sample belongs where its run does."""
        return Scope(region=self.region)

    def address(self) -> str:
        """The run's page."""
        return reverse("delivery-run", kwargs={"number": self.run_id})


class SampleItem(ScopedModel, Acted):
    """One paid line of a sample, and what the firm said: received, not_received."""

    SCOPED_BY = {"region": "county", "firm": "line__firm"}

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="items")
    line = models.OneToOneField(Line, on_delete=models.PROTECT, related_name="+")
    county = models.CharField(max_length=6)
    state = models.CharField(max_length=12, default="open")
    note = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "抽查明细"

    def scope(self) -> Scope:
        """It belongs to the county of its firm."""
        return Scope(region=self.county, firm=self.line.firm_id)

    def address(self) -> str:
        """The line's page."""
        return reverse("delivery-line", kwargs={"number": self.line_id})


class NotReceived(ScopedModel, Acted):
    """A case: the bank says paid, the firm says that nothing came. Somebody follows it up until it is closed."""

    SCOPED_BY = {"region": "county", "firm": "line__firm"}

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="cases")
    county = models.CharField(max_length=6)
    assignee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    said = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, default="open")
    finding = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "未到账核查"
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(state="open"), name="one_open_case_of_a_line"
            )
        ]

    def scope(self) -> Scope:
        """A case belongs to the firm's county and to the firm."""
        return Scope(region=self.county, firm=self.line.firm_id)

    def address(self) -> str:
        """The line's page."""
        return reverse("delivery-line", kwargs={"number": self.line_id})


class TaxAccount(ScopedModel):
    """The account from which a firm pays its taxes and premiums, as the tax office tells it; sealed."""

    SCOPED_BY = {"region": "firm__region", "firm": "firm"}

    firm = models.OneToOneField(Firm, on_delete=models.PROTECT, related_name="+")
    account = models.TextField(blank=True)
    account_digest = models.CharField(max_length=64, blank=True, db_index=True)
    bank = models.CharField(max_length=80, blank=True)
    dated = models.DateField()


class Handover(ScopedModel):
    """A list that went to the third party, or came back from it: rows, total and the file's digest."""

    SCOPED_BY = {"region": "run__region"}

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="handovers")
    goes_out = models.BooleanField()
    rows = models.PositiveIntegerField()
    total = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    figures = models.JSONField(default=dict)
    """Of what came back: granted, not granted, and the rows that could not be taken with their reasons."""
    at = models.DateTimeField()
