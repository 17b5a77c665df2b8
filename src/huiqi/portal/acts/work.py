"""The daily job of the chain: publish the head of the day, so that no later change of the past stays unseen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from huiqi.portal.acts.chain import BEGINNING
from huiqi.portal.acts.models import Event, PublishedHead
from huiqi.portal.jobs.registry import Working, job


@job("publish-head", zh="公布事件链摘要", en="Publish the chain's head", daily=True)
def publish_head(working: Working) -> Mapping[str, Any]:
    """Publish the head as of the end of the day before; a day is published once."""
    day = date.fromisoformat(working.arguments["day"]) - timedelta(1)
    ended = timezone.make_aware(datetime.combine(day + timedelta(1), time()))
    last = Event.objects.filter(at__lt=ended).order_by("-sequence").first()
    head = (
        {"sequence": last.sequence, "digest": last.digest} if last else {"sequence": 0, "digest": BEGINNING}
    )
    published, _new = PublishedHead.objects.get_or_create(day=day, defaults=head)
    return {"day": day.isoformat(), "sequence": published.sequence, "digest": published.digest}
