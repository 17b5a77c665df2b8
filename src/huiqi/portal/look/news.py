"""What is new since a user's last visit: events of others, in the user's area, of acts that concern them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from huiqi.portal.acts.actors import Actor, Capacity
from huiqi.portal.acts.models import Event, Head
from huiqi.portal.acts.registry import acts
from huiqi.portal.look.act_pages import title_of
from huiqi.portal.look.home import news_kinds
from huiqi.portal.look.models import LastVisit
from huiqi.portal.look.visits import Visit

MOST = 200
"""Events that are looked at; more are told as so many and more."""
VISIT = timedelta(minutes=30)
"""How long a visit lasts from one look to the next: within it, news stays."""


@dataclass(frozen=True, slots=True)
class News:
    """One kind of act that was done since: how often, when last, and where to see it."""

    title: str
    count: int
    more: bool
    at: datetime
    address: str


def news_for(request: Visit) -> list[News]:
    """Return the news of a visit, the newest first, and move on where the visitor's reading stands."""
    since = _since(request)
    wanted = _reached(request.actor)
    if wanted is None:
        return []
    rows = Event.objects.filter(wanted, sequence__gt=since).exclude(actor=request.actor.id)
    found = list(rows.order_by("-sequence").values_list("act", "subject", "at")[: MOST + 1])
    grouped: dict[str, list[tuple[str, datetime]]] = {}
    for act, subject, at in found[:MOST]:
        grouped.setdefault(act, []).append((subject, at))
    full = len(found) > MOST
    return [_news(act, its, full) for act, its in grouped.items()]


def _news(act: str, its: list[tuple[str, datetime]], full: bool) -> News:
    kind = news_kinds()[act]
    subjects = {subject for subject, _ in its}
    alone = kind.route and len(subjects) == 1 and its[0][0].isdecimal()
    address = reverse(kind.route, kwargs={"number": int(its[0][0])}) if alone else reverse(kind.listing)
    return News(title_of(acts()[act]), len(its), full, its[0][1], address)


def _since(request: Visit) -> int:
    """The event after which news begins; a first visit has none."""
    head = Head.objects.filter(pk=1).values_list("sequence", flat=True).first() or 0
    visit = LastVisit.objects.filter(user=request.user.pk).first()
    if visit is None:
        LastVisit.objects.get_or_create(
            user_id=request.user.pk, defaults={"shown": head, "reached": head, "at": request.now}
        )
        return head
    shown = visit.shown if request.now - visit.at < VISIT else visit.reached
    LastVisit.objects.filter(user=request.user.pk).update(shown=shown, reached=head, at=request.now)
    return shown


def _reached(actor: Actor) -> Q | None:
    """The events that some capacity of the actor reaches; None where there are none."""
    wanted = None
    for capacity in actor.capacities:
        acts_seen = [each.act for each in news_kinds().values() if each.opens in capacity.pages]
        if capacity.firms is not None or capacity.person is not None or not acts_seen:
            continue
        for part in _areas(capacity):
            reached = Q(act__in=acts_seen) & part
            wanted = reached if wanted is None else wanted | reached
    return wanted


def _areas(capacity: Capacity) -> Iterator[Q]:
    for area in capacity.areas:
        within = Q(region__gte=area.ljust(6, "0"), region__lte=area.ljust(6, "9")) if area else Q()
        yield within & Q(agency=capacity.agency) if capacity.own_agency_only else within
