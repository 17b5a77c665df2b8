"""How often one may try: guessing is slow and tells nothing, whether or not what is guessed at exists.

A try is counted before it is looked at, so that many at the same moment are no more than many after each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from huiqi.portal.accounts.credentials import Attempt
from huiqi.portal.secrets.fields import digests_of


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within so many minutes, for one key: a name, an address, a user, or the whole site."""

    kind: str
    most: int
    minutes: int


NAME = Limit("name", 5, 15)
ADDRESS = Limit("address", 60, 15)
CODE = Limit("code", 5, 15)
PROOF = Limit("proof", 5, 15)
LINK = Limit("link", 20, 15)
SIGN_UP = Limit("sign-up", 5, 60)
SIGN_UPS = Limit("sign-ups", 300, 60)
OUTSIDE = Limit("outside", 60, 15)
EVERYBODY = "everybody"


def try_once(limit: Limit, key: str, now: datetime) -> bool:
    """Count a try; False where there were too many. An unknown address ("") is not counted.

    A try that is refused is not counted on: the lock ends, however often somebody knocks.
    """
    if not key:
        return True
    mine = Attempt.objects.filter(
        kind=limit.kind, digest__in=_digests(limit, key), at__gt=now - timedelta(minutes=limit.minutes)
    )
    if mine.count() >= limit.most:
        return False
    row = Attempt.objects.create(kind=limit.kind, digest=_digests(limit, key)[0], at=now)
    if mine.filter(pk__lte=row.pk).count() <= limit.most:
        return True
    row.delete()
    return False


def forget(limit: Limit, key: str) -> None:
    """Forget the tries of a key: it proved itself."""
    Attempt.objects.filter(kind=limit.kind, digest__in=_digests(limit, key)).delete()


def take_back(limit: Limit, key: str) -> None:
    """Take one try back: it succeeded, and others of the same address go on counting."""
    rows = Attempt.objects.filter(kind=limit.kind, digest__in=_digests(limit, key)).order_by("-pk")
    Attempt.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:1])).delete()


def _digests(limit: Limit, key: str) -> list[str]:
    return digests_of(f"attempt.{limit.kind}", key)
