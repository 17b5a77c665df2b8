"""Findings and heads as an actor may see them."""

from __future__ import annotations

from typing import Any

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.fund_watch.models import FundFinding, FundHead, FundHeadLine
from huiqi.portal.fund_watch.rules import monitoring
from huiqi.portal.funds.models import Account, Programme
from huiqi.reference.regions import UnknownRegion
from huiqi.reference.regions import region as region_of

WATCH = "fund-findings"
"""What roles hold to see what is watched of the funds: findings, tables, performance, heads."""
OPEN_STATES = ("found", "assigned", "answered")


def findings_seen(actor: Actor) -> ScopedQuerySet:
    """Return the findings of the actor's area."""
    rows = FundFinding.objects.visible_to(actor, WATCH)
    return rows.select_related("programme", "assigned_to", "answered_by")


def narrowed(rows: ScopedQuerySet, asked: dict[str, Any]) -> ScopedQuerySet:
    """Narrow findings to a state (`open`: not closed yet), a rule, a government, or to those assigned to one."""
    if asked["state"] == "open":
        rows = rows.filter(state__in=OPEN_STATES)
    elif asked["state"]:
        rows = rows.filter(state=asked["state"])
    if asked["rule"]:
        rows = rows.filter(rule=asked["rule"])
    if asked["region"]:
        rows = rows.filter(region=asked["region"])
    if asked["mine"]:
        rows = rows.filter(assigned_to=asked["mine"])
    return rows


def known_rule(text: str) -> str:
    """Return the name of a rule given in an address, "" for what is none."""
    return text if text in monitoring() else ""


def known_region(text: str) -> str:
    """Return the code of a region given in an address, "" for what is none."""
    try:
        return region_of(text[:6]).code if len(text) == 6 else ""
    except UnknownRegion:
        return ""


def heads_seen() -> ScopedQuerySet:
    """Return the heads: of each one reads the lines of one's own area, and the digest of all."""
    return FundHead.objects.for_site(
        "who opens the page sees of each head the digest, and the lines of their area"
    )


def head_lines_seen(actor: Actor, head: FundHead) -> ScopedQuerySet:
    """Return a head's lines of the actor's area."""
    rows = FundHeadLine.objects.visible_to(actor, WATCH).filter(head=head)
    return rows.select_related("account__programme")


def accounts_watched(actor: Actor) -> ScopedQuerySet:
    """Return the accounts of the actor's area."""
    return Account.objects.visible_to(actor, WATCH).select_related("programme")


def programmes_watched(actor: Actor) -> ScopedQuerySet:
    """Return the programmes that have accounts in the actor's area."""
    there = Account.objects.visible_to(actor, WATCH).values("programme")
    rows = Programme.objects.for_site("those in which the area has accounts")
    return rows.filter(pk__in=there)
