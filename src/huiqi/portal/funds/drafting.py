"""Which orders of money somebody may draft for a programme, and for which governments."""

from __future__ import annotations

from huiqi.portal.acts.actors import Actor
from huiqi.portal.funds.models import Programme
from huiqi.portal.funds.queries import accounts_seen
from huiqi.reference.regions import children, full_name

DRAFT = "fund.draft"


def kinds_to_draft(actor: Actor, programme: Programme) -> list[str]:
    """Return the kinds of orders that an actor may draft for this programme, as it stands, in the order of the money."""
    is_open = programme.state == "open"
    kinds: list[str] = []
    if any(each.reaches(programme.scope()) for each in actor.allowed(DRAFT)):
        kinds += ["appropriate"] if is_open else []
        kinds += ["allocate"] if is_open and children(programme.region) else []
        kinds += ["advance"] if is_open and programme.share_numerator else []
        kinds += ["settle"] if programme.share_numerator else []
        kinds += ["recall"] if children(programme.region) else []
    elif givers_of(actor, programme, "allocate"):
        kinds += ["allocate", "recall"] if is_open else ["recall"]
    return kinds


def givers_of(actor: Actor, programme: Programme, kind: str) -> list[tuple[str, str]]:
    """Return the governments whose order of a kind an actor may draft, with their names.

    The programme's own; to allocate and recall also those below that have some of it to pass on.
    """
    capacities = actor.allowed(DRAFT)
    found = {}
    if any(each.reaches(programme.scope()) for each in capacities):
        found[programme.region] = full_name(programme.region)
    if kind in ("allocate", "recall"):
        rows = accounts_seen(actor).filter(programme=programme, kind="available").order_by("region")
        for each in rows:
            if children(each.region) and any(one.reaches(each.scope()) for one in capacities):
                found.setdefault(each.region, full_name(each.region))
    return list(found.items())
