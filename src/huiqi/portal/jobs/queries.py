"""Jobs as an administrator may see them: those of the area, and those of the whole site."""

from __future__ import annotations

from django.db.models import Q

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.jobs.models import Job

OPERATIONS = "operations"


def jobs_of(actor: Actor) -> ScopedQuerySet:
    """Return the jobs of the actor's area, with the whole site's, which are everybody's who runs it to know of."""
    every = Job.within.for_site("narrowed here to the area's and the whole site's")
    if not actor.may_see(OPERATIONS):
        return every.none()
    own = Job.within.visible_to(actor, OPERATIONS)
    return every.filter(Q(pk__in=own.values("pk")) | Q(region=""))
