"""Jobs as an administrator may see them: those of the area, and those of the whole site."""

from __future__ import annotations

from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.jobs.models import STATES, Job
from huiqi.portal.look.paging import counted, said

OPERATIONS = "operations"


def jobs_of(actor: Actor) -> ScopedQuerySet:
    """Return the jobs of the actor's area, with the whole site's, which are everybody's who runs it to know of."""
    every = Job.within.for_site("narrowed here to the area's and the whole site's")
    if not actor.may_see(OPERATIONS):
        return every.none()
    return Job.within.visible_to(actor, OPERATIONS) | every.filter(region="")


def counts_by_state(rows: ScopedQuerySet) -> tuple[dict[str, str], str]:
    """Return how many of the jobs are in each state and in all, as a page shows them: 1,234 or 10,000+.

    A query for each state, none of which reads more rows than are shown as a number.
    """
    numbers = {state: counted(rows.filter(state=state)) for state in STATES}
    return {state: said(number) for state, number in numbers.items()}, said(sum(numbers.values()))
