"""Signing in is locked for a name after repeated failures, known or not: guessing is slow and tells nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from huiqi.portal.accounts.models import FailedSignIn

MOST_FAILURES = 5
LOCKED_MINUTES = 15


def is_locked(name: str, now: datetime) -> bool:
    """Whether the name failed too often within the last quarter of an hour."""
    since = now - timedelta(minutes=LOCKED_MINUTES)
    return FailedSignIn.objects.filter(name=name, at__gt=since).count() >= MOST_FAILURES


def note_failure(name: str, now: datetime) -> None:
    """Remember a failure, and forget those that no longer count."""
    FailedSignIn.objects.filter(at__lt=now - timedelta(days=1)).delete()
    FailedSignIn.objects.create(name=name, at=now)


def note_success(name: str) -> None:
    """Forget the failures of a name."""
    FailedSignIn.objects.filter(name=name).delete()
