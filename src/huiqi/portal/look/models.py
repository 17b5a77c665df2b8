"""When a user last looked at their home: no business state, only where their reading stands."""

from __future__ import annotations

from django.db import models

from huiqi.portal.accounts.models import User


class LastVisit(models.Model):
    """Up to which event a user's home has shown the news.

    News begins after `shown`. Looking again within a while moves only `reached`, so that news stays until the next visit.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="+")
    shown = models.BigIntegerField()
    reached = models.BigIntegerField()
    at = models.DateTimeField()
