"""Firms with what is known of them, the rosters it came from, and who asked, contested and looked."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted
from huiqi.portal.firms import listings  # noqa: F401  its model belongs to this app
from huiqi.reference.bigrams import bigrams

IN_REGISTER = "in_register"
"""The change by which a firm entered the register."""
CONFIRMED = "confirmed"
"""The change by which a source said the same again later: `before` holds, by fact, the day of its word until then."""

SUBJECTS = {
    "enterprise": ("企业", "Enterprise"),
    "self_employed": ("个体工商户", "Self-employed"),
    "institution": ("机构", "Institution"),
}


class Firm(ScopedModel, Acted):
    """One firm of the register, one row: its facts and records as they count now.

    `facts` holds claims by fact (see `claims.py`); `records` holds, by list name, the complete lists as their
    sources gave them: `{"leases": [{"source", "date", "roster", "rows": [{fact: value}]}]}`. What changed when
    stands in FactChange.
    """

    SCOPED_BY = {"region": "region", "firm": "pk"}

    credit_code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    subject = models.CharField("主体类型", max_length=16, default="enterprise")
    name = models.CharField("名称", max_length=120)
    region = models.CharField("地区", max_length=6)
    industry = models.CharField("行业", max_length=5, blank=True)
    size = models.CharField("规模", max_length=16, blank=True)
    facts = models.JSONField(default=dict)
    records = models.JSONField(default=dict)
    updated_at = models.DateTimeField()
    bigrams = models.TextField(blank=True)
    """The name's pairs of characters, apart by spaces: two-character words are found in it."""
    listed = models.BooleanField("在册", default=True)
    """Whether the firm stands in the register; taken out only where the roster that brought it was undone."""

    class Meta:
        verbose_name = "企业"
        constraints = [
            models.CheckConstraint(condition=Q(subject__in=list(SUBJECTS)), name="firm_subject_known"),
        ]
        indexes = [
            models.Index(fields=["region", "id"], name="firm_region"),
            models.Index(fields=["industry", "region"], name="firm_industry"),
            models.Index(fields=["size", "region"], name="firm_size"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **named: Any) -> None:  # type: ignore[override]
        """As Django's, with the name's pairs."""
        self.bigrams = bigrams(self.name)
        if (fields := named.get("update_fields")) is not None and "name" in fields:
            named["update_fields"] = [*fields, "bigrams"]
        super().save(**named)

    def scope(self) -> Scope:
        """A firm belongs to its county, and to those bound to it."""
        return Scope(region=self.region, firm=self.pk)

    def address(self) -> str:
        """The firm's page."""
        return reverse("firm", kwargs={"number": self.pk})


class Roster(ScopedModel, Acted):
    """A roster handed in: previewed first, then taken or dropped; a taken one can be undone."""

    SCOPED_BY = {"region": "region"}

    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=24)
    """Whose word its facts are: a source of trust.yaml."""
    dated = models.DateField()
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    leave_out_unknown = models.BooleanField(default=False)
    """Whether columns that nobody understands are left out (and told) instead of stopping the roster."""
    state = models.CharField(max_length=12, default="handed_in")
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    """The first of what is in doubt, cell by cell; all of it stands in the sheet that is given back."""
    written = models.PositiveIntegerField(default=0)
    """How many rows of it are in the register: moves in the transaction that puts them there."""
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()

    class Meta:
        verbose_name = "名册"
        indexes = [models.Index(fields=["region", "-id"], name="roster_region")]

    def __str__(self) -> str:
        return self.file_name

    def told(self) -> str:
        """Which roster it is, for who is asked about it."""
        return f"{self.file_name} · {self.dated:%Y-%m-%d}"

    def scope(self) -> Scope:
        """A roster belongs to the region of the office that handed it in."""
        return Scope(region=self.region, agency=self.agency or None)

    def address(self) -> str:
        """The roster's page."""
        return reverse("roster", kwargs={"number": self.pk})


class FactChange(ScopedModel):
    """One change of one fact or list: what was said before and after. Only changes are kept; rows are never changed."""

    SCOPED_BY = {"region": "firm__region", "firm": "firm"}

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="changes")
    fact = models.CharField(max_length=60)
    """The fact's name (with @period), or the list's; IN_REGISTER, CONFIRMED."""
    source = models.CharField(max_length=24)
    dated = models.DateField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT, null=True, related_name="changes")
    event = models.BigIntegerField(null=True)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["firm", "fact", "-id"], name="change_firm_fact"),
            models.Index(fields=["roster"], name="change_roster"),
        ]


class Contact(ScopedModel):
    """How a firm is reached and paid: sealed columns, found by keyed digest, masked by role, erasable."""

    SCOPED_BY = {"region": "firm__region", "firm": "firm"}

    firm = models.OneToOneField(Firm, on_delete=models.PROTECT, related_name="contact")
    person = models.TextField(blank=True)
    person_digest = models.CharField(max_length=64, blank=True)
    phone = models.TextField(blank=True)
    phone_digest = models.CharField(max_length=64, blank=True, db_index=True)
    account = models.TextField(blank=True)
    account_digest = models.CharField(max_length=64, blank=True, db_index=True)
    bank = models.CharField(max_length=80, blank=True)


class Binding(ScopedModel, Acted):
    """A user's binding to a firm: asked by the user, checked by the office."""

    SCOPED_BY = {"region": "firm__region", "firm": "firm", "person": "user"}

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="bindings")
    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="bindings")
    state = models.CharField(max_length=12, default="asked")
    asked_at = models.DateTimeField()
    connection = models.CharField(max_length=12, blank=True)
    """How the user is connected with the firm, one of CONNECTIONS; empty for bindings from before it was asked."""
    explained = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "firm"],
                condition=Q(state__in=["asked", "bound"]),
                name="one_binding_of_a_user",
            )
        ]

    def scope(self) -> Scope:
        """A binding belongs to the firm's county and to the user."""
        return Scope(region=self.firm.region, firm=self.firm_id, person=f"user:{self.user_id}")

    def address(self) -> str:
        """Where bindings are listed."""
        return reverse("bindings")


class Contest(ScopedModel, Acted):
    """A firm says that a fact is wrong: what it says instead, and how the office settled it."""

    SCOPED_BY = {"region": "firm__region", "firm": "firm"}

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="contests")
    fact = models.CharField(max_length=60)
    stands = models.JSONField(null=True)
    says = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=12, default="open")
    answer = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    def scope(self) -> Scope:
        """A contest belongs where its firm does."""
        return Scope(region=self.firm.region, firm=self.firm_id)


class Look(ScopedModel):
    """Who looked at a firm's page, when, in which capacity: the firm may see it."""

    SCOPED_BY = {"region": "firm__region", "firm": "firm"}

    firm = models.ForeignKey(Firm, on_delete=models.PROTECT, related_name="looks")
    actor = models.CharField(max_length=80)
    acting_as = models.CharField(max_length=80, blank=True)
    what = models.CharField(max_length=12, default="firm")
    """The page: `firm`, or `contact` where how to reach it was shown in full."""
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["firm", "-id"], name="look_firm")]


class Export(ScopedModel, Acted):
    """Firms that an officer took out of the register as a sheet: what was asked, how many, the file's digest."""

    SCOPED_BY = {"region": "region"}

    region = models.CharField(max_length=6)
    agency = models.CharField(max_length=40, blank=True)
    asked = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "导出"

    def scope(self) -> Scope:
        """An export belongs to the region of the office that made it."""
        return Scope(region=self.region, agency=self.agency or None)
