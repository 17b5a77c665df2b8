"""A firm that is not in the register yet, as its person names it: the office looks, enters it by a roster, and answers."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.urls import reverse

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.scoping import ScopedModel
from huiqi.portal.acts.actors import Scope
from huiqi.portal.acts.models import Acted

ASKED, LISTED, DECLINED, WITHDRAWN = "asked", "listed", "declined", "withdrawn"
CONNECTIONS: Mapping[str, tuple[str, str]] = {
    "head": ("法定代表人、负责人或经营者", "Legal representative, head or owner"),
    "employee": ("本企业员工，受委托经办", "Employee whom the firm has charged with it"),
    "agent": ("代理记账等受托机构人员", "Agent of the firm, such as its bookkeeper"),
}
"""How a person is connected with a firm, in both languages."""


class Listing(ScopedModel, Acted):
    """A user's request that a firm be entered in the register of a region."""

    SCOPED_BY = {"region": "region", "person": "user"}

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="listings")
    credit_code = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("名称", max_length=120)
    region = models.CharField("地区", max_length=6)
    connection = models.CharField(max_length=12)
    state = models.CharField(max_length=12, default=ASKED)
    asked_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "企业登记申请"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "credit_code"], condition=Q(state=ASKED), name="one_listing_of_a_user"
            )
        ]
        indexes = [models.Index(fields=["region", "-id"], name="listing_region")]

    def scope(self) -> Scope:
        """A request belongs to the region that it names, and to the user."""
        return Scope(region=self.region, person=f"user:{self.user_id}")

    def address(self) -> str:
        """Where requests are listed."""
        return reverse("listings")
