"""The daily job of the chain: publish the head of the day, so that no later change of the past stays unseen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from huiqi.portal.acts.models import Head, PublishedHead
from huiqi.portal.jobs.registry import Working, job


@job("publish-head", zh="公布事件链摘要", en="Publish the chain's head", daily=True)
def publish_head(working: Working) -> Mapping[str, Any]:
    """Publish the head as of the end of the day before; a day is published once."""
    day = date.fromisoformat(working.arguments["day"]) - timedelta(1)
    head = Head.objects.get(pk=1)
    published, _new = PublishedHead.objects.get_or_create(
        day=day, defaults={"sequence": head.sequence, "digest": head.digest}
    )
    return {"day": day.isoformat(), "sequence": published.sequence, "digest": published.digest}
