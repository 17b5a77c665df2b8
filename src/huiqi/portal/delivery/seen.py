"""Up to which change of a fact, and which event, a run knows the register and the lists."""

from __future__ import annotations

from huiqi.portal.acts.models import Event
from huiqi.portal.firms.models import FactChange


def last_change() -> int:
    """Return the number of the last change of a fact, 0 where there is none."""
    changes = FactChange.objects.for_site("the last change that a run could know of")
    return changes.order_by("-pk").values_list("pk", flat=True).first() or 0


def last_event() -> int:
    """Return the number of the last event that was committed, 0 where there is none."""
    return Event.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def seen_now() -> dict[str, int]:
    """Return what a run that begins now has seen, by the run's columns."""
    return {"facts_seen": last_change(), "lists_seen": last_event()}
