"""Who looked at a firm: noted whenever an officer opens it, on a page or through the API."""

from __future__ import annotations

from datetime import datetime

from huiqi.portal.acts.actors import Actor
from huiqi.portal.firms.models import Firm, Look


def note_look(actor: Actor, shown: Firm, what: str, now: datetime) -> None:
    """Note that the actor opened a firm's page `what` (firm, contact), in which capacity; the firm sees it."""
    capacity = next(
        (each for each in actor.capacities if what in each.pages and each.reaches(shown.scope())), None
    )
    acting_as = capacity.mark if capacity is not None else ""
    Look.objects.create(firm=shown, actor=actor.id, acting_as=acting_as, what=what, at=now)
