"""Into which account a line is paid: the first that the firm has, in the order that the run's rules give. Never stored in clear."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from huiqi.portal.delivery.models import TaxAccount
from huiqi.portal.firms.models import Contact
from huiqi.portal.payments.payees import keys
from huiqi.portal.secrets.fields import place_of
from huiqi.portal.secrets.sealing import CannotOpen, unseal

_ACCOUNT = re.compile(r"[0-9A-Za-z]{6,34}")
MISSING = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """A firm's account: its kind (public, tax), number and bank; in memory only."""

    kind: str
    account: str
    bank: str


def accounts_of(firms: Collection[int], order: Sequence[str]) -> dict[int, Reached]:
    """Return the account of each firm that has one that a bank can take; those without are left out."""
    found: dict[int, Reached] = {}
    opened = keys()
    for kind in order:
        missing = [each for each in firms if each not in found]
        if kind in _ROWS and missing:
            for row in _ROWS[kind].objects.for_site("where a firm is paid").filter(firm__in=missing):
                account = _clear(row, opened)
                if _ACCOUNT.fullmatch(account):
                    found[row.firm_id] = Reached(kind, account, row.bank)
    return found


_ROWS: Mapping[str, type[Contact] | type[TaxAccount]] = {"public": Contact, "tax": TaxAccount}


def _clear(row: Contact | TaxAccount, opened: Mapping[str, str]) -> str:
    if not row.account:
        return ""
    try:
        return re.sub(r"[\s-]", "", unseal(row.account, place_of(row, "account"), opened))
    except CannotOpen:
        return ""
