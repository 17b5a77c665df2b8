"""Names and accounts of payees: sealed for the payment's reference, found by keyed digest, shown by their ends."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from huiqi.portal.keys import encryption_keys
from huiqi.portal.payments.models import Payment, StatementLine
from huiqi.portal.secrets.columns import Followed, digest_follower, sealed_column
from huiqi.portal.secrets.sealing import (
    CannotOpen,
    earlier_lookups,
    lookup_digest,
    lookup_digests,
    masked,
    seal,
    unseal,
)

MASKED_NAME = "**"


def keys() -> Mapping[str, str]:
    """Return the site's keys, read once for many payees."""
    return encryption_keys(settings.DATA)


def conceal(payment: Payment, name: str, account: str, by: Mapping[str, str]) -> None:
    """Seal a payee into a payment that has its reference; nothing is saved."""
    payment.name = seal(name, _place(payment, "name"), by)
    payment.account = seal(account, _place(payment, "account"), by)
    payment.account_digest = account_digest(account, by)


def revealed(payment: Payment, by: Mapping[str, str]) -> tuple[str, str]:
    """Return name and account in clear. Raises CannotOpen."""
    return (
        unseal(payment.name, _place(payment, "name"), by),
        unseal(payment.account, _place(payment, "account"), by),
    )


def account_digest(account: str, by: Mapping[str, str]) -> str:
    """Return the digest that finds an account, the same column's as of firms' accounts."""
    return lookup_digest(account, "account", by)


def is_account_of(digest: str, payment: Payment, by: Mapping[str, str]) -> bool:
    """Whether a digest is that of the payment's account, by today's lookup key or one from before."""
    if digest == payment.account_digest:
        return True
    if not earlier_lookups(by):
        return False
    # While the keys are rotated a line and its payment may bear digests by different ones.
    try:
        return digest in lookup_digests(revealed(payment, by)[1], "account", by)
    except CannotOpen:
        return False


def shown_account(account: str) -> str:
    """Return an account by its ends."""
    return masked(account)


def masked_name(name: str) -> str:
    """Return the first character of a name, and that there is more."""
    return f"{name[:1]}{MASKED_NAME}"


def _place(payment: Payment, column: str) -> str:
    # The reference is given before the row has its number, is unique and never changes.
    return f"{Payment._meta.db_table}.{column}#{payment.reference}"


@digest_follower
def _of_statement_lines() -> Followed:
    """Lines bear an account's digest without the account; those that wait follow the payments' accounts."""
    waiting = StatementLine.objects.for_site("the keys are rotated").filter(
        state__in=["read", "queued", "proposed"]
    )

    def move(moved: Mapping[str, str]) -> int:
        return sum(
            waiting.filter(account_digest=old).update(account_digest=new) for old, new in moved.items()
        )

    return Followed(
        "account",
        waiting.exclude(account_digest="").values_list("account_digest", flat=True).iterator(),
        move,
    )


sealed_column(Payment, "name", _place)
sealed_column(Payment, "account", _place)
