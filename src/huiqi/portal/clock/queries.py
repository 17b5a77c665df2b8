"""Deadlines as an actor may see them, narrowed by what they are and how urgent they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.db.models import F, Q
from django.urls import NoReverseMatch

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.clock.models import OPEN, Deadline
from huiqi.portal.clock.rules import deadline_rules

PAGE = "deadlines"
SOON = timedelta(days=7)
WHEN = {
    "late": ("已逾期", "Overdue"),
    "soon": ("七天内到期", "Due within seven days"),
    "later": ("以后到期", "Due later"),
    "undated": ("暂无到期日", "Without a day"),
    "ended": ("已办结", "Ended"),
}


def deadlines_of(actor: Actor) -> ScopedQuerySet:
    """Return the deadlines of the actor's area."""
    return Deadline.objects.visible_to(actor, PAGE)


def by_urgency(rows: ScopedQuerySet) -> ScopedQuerySet:
    """Put what is due first at the top; what has no day comes last."""
    return rows.order_by(F("due").asc(nulls_last=True), "id")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty means any open one. `unread` tells that a field could not be used."""

    when: str = ""
    rule: str = ""
    set_by: str = ""
    unread: bool = False

    def on(self, rows: ScopedQuerySet, today: date) -> ScopedQuerySet:
        """Return the rows that fit."""
        rows = rows.exclude(state=OPEN) if self.when == "ended" else rows.filter(state=OPEN)
        soon = today + SOON
        wanted = {
            "late": Q(due__lt=today),
            "soon": Q(due__gte=today, due__lte=soon),
            "later": Q(due__gt=soon),
            "undated": Q(due=None),
        }.get(self.when, Q())
        rows = rows.filter(wanted)
        if self.rule:
            rows = rows.filter(rule=self.rule)
        if self.set_by:
            rows = rows.filter(
                rule__in=[n for n, each in deadline_rules().items() if each.set_by == self.set_by]
            )
        return rows


def filters_of(given: Mapping[str, str]) -> Filters:
    """Return what a query asks for; a field that cannot be used is left out and told."""
    known = {"when": WHEN, "rule": deadline_rules(), "set_by": ("clause", "office")}
    asked = {name: given.get(name, "") for name in known}
    good = {name: value if value in known[name] else "" for name, value in asked.items()}
    return Filters(**good, unread=good != asked)


def subject_address(deadline: Deadline) -> str:
    """Return where the matter itself is dealt with, "" where it has no page; that page decides who may see it."""
    if deadline.address:
        return deadline.address
    try:
        model = apps.get_model(deadline.subject_kind)
        subject = model._base_manager.filter(pk=deadline.subject).first()
        address = getattr(subject, "address", None)
        return str(address()) if callable(address) else ""
    except (LookupError, ValueError, NoReverseMatch):
        return ""
