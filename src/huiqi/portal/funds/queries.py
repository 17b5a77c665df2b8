"""Programmes, accounts, transfers and orders as an actor may see them.

An officer sees the programmes of their own area, and a superior's programme in which their area has accounts: of that
one their own accounts only, and of its orders those lines that concern their area, once they are confirmed.
"""

from __future__ import annotations

from django.db.models import Q

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.funds.models import Account, FundOrder, FundOrderLine, Programme, Transfer

FUNDS = "funds"


def accounts_seen(actor: Actor) -> ScopedQuerySet:
    """Return the accounts of the actor's area."""
    return Account.objects.visible_to(actor, FUNDS).select_related("programme")


def programmes_seen(actor: Actor) -> ScopedQuerySet:
    """Return the programmes of the actor's area, and those in which it has accounts."""
    own = Programme.objects.visible_to(actor, FUNDS).values("pk")
    taking_part = Account.objects.visible_to(actor, FUNDS).values("programme")
    return Programme.objects.for_site("own ones, and those in which the area has accounts").filter(
        Q(pk__in=own) | Q(pk__in=taking_part)
    )


def orders_seen(actor: Actor) -> ScopedQuerySet:
    """Return the orders that governments of the actor's area give, and confirmed ones that concern them."""
    given = FundOrder.objects.visible_to(actor, FUNDS).values("pk")
    concerned = FundOrderLine.objects.visible_to(actor, FUNDS).values("order")
    rows = FundOrder.objects.for_site("given by the area, or posted to it")
    return rows.filter(Q(pk__in=given) | Q(pk__in=concerned, state="confirmed")).select_related("programme")


def lines_seen(actor: Actor) -> ScopedQuerySet:
    """Return the lines of orders that the actor sees: all of their area's own orders, else those about their area."""
    return FundOrderLine.objects.visible_to(actor, FUNDS)


def transfers_of(account: Account) -> ScopedQuerySet:
    """Return the transfers into and out of an account that the actor was shown."""
    rows = Transfer.objects.for_site("of an account that is seen; the other side is another government's")
    return rows.filter(Q(debit=account) | Q(credit=account)).select_related("debit", "credit")
