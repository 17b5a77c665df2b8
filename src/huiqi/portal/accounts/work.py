"""The daily job of sign-in: what no longer counts is deleted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from huiqi.portal.accounts.credentials import Attempt, EntryLink
from huiqi.portal.accounts.sessions import Session
from huiqi.portal.accounts.visitors import forget_visitors
from huiqi.portal.jobs.registry import Working, job

_KEPT = timedelta(days=1)


@job("sign-in-upkeep", zh="清理过期登录信息", en="Delete what of sign-in no longer counts", daily=True)
def sign_in_upkeep(working: Working) -> Mapping[str, Any]:
    """Delete attempts of more than a day ago, sessions that are over, and links that open nothing any more."""
    attempts, _rows = Attempt.objects.filter(at__lt=working.now - _KEPT).delete()
    sessions, _rows = Session.objects.filter(expire_date__lt=working.now).delete()
    links, _rows = EntryLink.objects.filter(expires_at__lt=working.now).delete()
    visitors = forget_visitors(working.now, _KEPT)
    return {"attempts": attempts, "sessions": sessions, "links": links, "visitors": visitors}
