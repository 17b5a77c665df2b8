"""What pages show of payments: states in words, payees by role, measures by title."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.transitions import tables
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.payments.matching import WHY
from huiqi.portal.payments.models import WAYS, Payment, StatementLine
from huiqi.portal.payments.payees import masked_name, revealed, shown_account
from huiqi.portal.secrets.sealing import CannotOpen

PAYEES = "payment-file"
"""Who opens this page reads names in full; accounts are shown by their ends to everybody."""


def payee(payment: Payment, actor: Actor, by: Mapping[str, str]) -> tuple[str, str]:
    """Return the name and account of a payee as an actor may read them; of a firm of the register its public name."""
    try:
        name, account = revealed(payment, by)
    except CannotOpen:
        return _("无法解密"), ""
    public = payment.firm is not None and payment.firm.subject == "enterprise" and payment.firm.name == name
    return name if public or actor.may_see(PAYEES) else masked_name(name), shown_account(account)


def state_words(payment: Payment) -> str:
    """Return where a payment is, in the language of the visit."""
    kind = "payments.payment" if payment.state != "ordered" else "payments.paymentbatch"
    return _in_language(tables()[kind].states.get(payment.stands, (payment.stands,) * 2))


def why_words(line: StatementLine) -> str:
    """Return why a line waits, in the language of the visit."""
    return _in_language(WHY.get(line.why, (line.why, line.why)))


def way_words(way: str) -> str:
    """Return what the bank says of a line, in the language of the visit."""
    return _in_language(WAYS.get(way, (way, way)))


def states_of(kind: str) -> list[tuple[str, str]]:
    """Return the states of a kind with their words, to choose from."""
    return [(name, _in_language(words)) for name, words in tables()[kind].states.items()]


def measure_title(measure: str) -> str:
    """Return the title of a measure, its id where the library does not hold it."""
    return next((each.title for each in library().measures if each.id == measure), measure)


@dataclass(frozen=True, slots=True)
class ShownPayment:
    """A payment with its words."""

    payment: Payment
    name: str
    account: str
    state: str
    measure: str


def shown_payment(payment: Payment, actor: Actor, by: Mapping[str, str]) -> ShownPayment:
    """Return a payment as a page shows it to an actor."""
    name, account = payee(payment, actor, by)
    return ShownPayment(payment, name, account, state_words(payment), measure_title(payment.measure))


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a statement with its words, and the payments that it may be of."""

    line: StatementLine
    way: str
    why: str
    proposed: str
    likely: list[Payment]


def shown_line(line: StatementLine, likely: Mapping[int, list[Payment]]) -> ShownLine:
    """Return a line as a page shows it."""
    proposed = way_words(line.proposed_way) if line.proposed_way else ""
    return ShownLine(line, way_words(line.way), why_words(line), proposed, likely.get(line.pk, []))


def _in_language(words: Any) -> str:
    return str(words[1] if (get_language() or "").startswith("en") else words[0])
