"""Events as an actor may see them: those of the areas in which a capacity of theirs opens the page."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.models import Event


def events_of(actor: Actor, page: str = "events") -> QuerySet[Event]:
    """Return the events of the actor's areas, none for who does not open the page.

    An event of no region (a user's own matters) is seen by those alone whose area is the whole country.
    """
    wanted = Q(pk__in=[])
    for capacity in actor.capacities:
        if page not in capacity.pages or capacity.firms is not None or capacity.person is not None:
            continue
        reached = Q(pk__in=[])
        for area in capacity.areas:
            everywhere = Q(pk__isnull=False)
            within = Q(region__gte=area.ljust(6, "0"), region__lte=area.ljust(6, "9"))
            reached |= within if area else everywhere
        if capacity.own_agency_only:
            reached &= Q(agency=capacity.agency)
        wanted |= reached
    return Event.objects.filter(wanted)
