"""People, agencies and appointments as an administrator may see them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from huiqi.portal.accounts.models import CLOSED, Agency, Appointment, User, prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.reference.regions import full_name

PEOPLE = "people"
MOST_CHARACTERS = 60
_MOST_CHOICES = 800


def people_of(actor: Actor) -> ScopedQuerySet:
    """Return the users that the actor looks after: accounts of their area, and who holds an appointment in it."""
    own = User.people.visible_to(actor, PEOPLE)
    appointed = Appointment.within.visible_to(actor, PEOPLE)
    every = User.people.for_site("narrowed in the next line to the two that the actor sees")
    return every.filter(Q(pk__in=own.values("pk")) | Q(pk__in=appointed.values("user")))


def appointments_of(actor: Actor) -> ScopedQuerySet:
    """Return the appointments in the actor's area."""
    return Appointment.within.visible_to(actor, PEOPLE)


def agencies_of(actor: Actor, page: str = PEOPLE) -> QuerySet[Agency]:
    """Return the agencies of the actor's area, those that are above it not included."""
    wanted = Q(pk__in=[])
    for capacity in actor.capacities:
        if page in capacity.pages and capacity.person is None and capacity.firms is None:
            for area in capacity.areas:
                wanted |= Q(region__gte=area.ljust(6, "0"), region__lte=area.ljust(6, "9"))
    return Agency.objects.filter(wanted)


def site_region() -> str:
    """Return the smallest region that all offices of the site lie in: 000000 where they lie in several provinces."""
    codes = [prefix(code) for code in Agency.objects.values_list("region", flat=True).distinct()]
    # Levels are told by two digits each; what the lowest and the highest code share, all between them share.
    lowest, highest = min(codes, default=""), max(codes, default="")
    levels = (length for length in (6, 4, 2) if lowest[:length] == highest[:length] and len(lowest) >= length)
    return lowest[: next(levels, 0)].ljust(6, "0")


def found(people: Any, text: str) -> Any:
    """Narrow people to those whose name or user name holds a text."""
    text = text.replace("\0", "").strip()[:MOST_CHARACTERS]
    if not text:
        return people
    return people.filter(Q(name__icontains=text) | Q(username__icontains=text))


def in_region(people: Any, region: str) -> Any:
    """Narrow people to a region with all that lies within."""
    area = prefix(region)
    return people.filter(region__gte=area.ljust(6, "0"), region__lte=area.ljust(6, "9"))


def in_force(day: date) -> Q:
    """What holds on a day: appointments and substitutions alike."""
    return Q(begins__lte=day) & (Q(ends=None) | Q(ends__gt=day))


def not_over(day: date) -> Q:
    """What holds on a day or will hold later."""
    return Q(ends=None) | Q(ends__gt=day)


def agency_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return the agencies that an administrator chooses from."""
    return [(each.code, each.name) for each in agencies_of(actor)[:_MOST_CHOICES]]


def substitute_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return who may stand in: officers of an administrator's area, and colleagues of one's own agencies."""
    agencies = {each.agency for each in actor.capacities if each.agency and not each.principal}
    within = agencies_of(actor).values("pk")
    held = Appointment.objects.filter(Q(agency__in=agencies) | Q(agency__in=within)).values("user")
    officers = (
        User.objects.filter(Q(pk__in=held) | Q(agency__in=agencies) | Q(agency__in=within))
        .exclude(state=CLOSED)
        .exclude(pk=int(actor.id.removeprefix("user:")) if actor.id.startswith("user:") else 0)
    )
    return [
        (str(each.pk), f"{each.name}（{each.username}）")
        for each in officers.order_by("name")[:_MOST_CHOICES]
    ]


def regions_served() -> list[tuple[str, str]]:
    """Return the regions in which the site has agencies, with their full names: where a new member can belong."""
    codes = Agency.objects.order_by("region").values_list("region", flat=True).distinct()
    return [(code, full_name(code)) for code in codes]
