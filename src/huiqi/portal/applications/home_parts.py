"""Applications that wait for this person's step, and those of one's own firms, on the home."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.acts.transitions import tables
from huiqi.portal.applications.models import Application
from huiqi.portal.applications.queries import APPLICATIONS, KIND, OWN, applications_of, own_applications_of
from huiqi.portal.delivery.shown import chosen, measure_title
from huiqi.portal.look.home import HomeLine, HomePart, home_part
from huiqi.portal.look.visits import Visit

_SHOWN = 4
_NEXT = {
    "handed_in": "application.receive",
    "received": "application.grant",
    "appealed": "appeal.uphold",
}
"""The act that each state waits for."""


@home_part("applications", opens=APPLICATIONS, order=21)
def waiting(request: Visit) -> HomePart | None:
    """Applications that wait for an act that this person's role holds, the oldest first."""
    states = [state for state, act in _NEXT.items() if request.actor.allowed(act)]
    if not states:
        return None
    rows = applications_of(request.actor).filter(state__in=states).order_by("handed_in_at", "pk")
    found: list[Application] = list(rows[: _SHOWN + 1])
    if not found:
        return None
    words = tables()[KIND].states
    lines = [
        HomeLine(
            each.firm.name,
            each.address(),
            _("%(title)s，%(state)s")
            % {"title": measure_title(each.measure, each.variant), "state": chosen(words[each.state])},
            "soon",
        )
        for each in found[:_SHOWN]
    ]
    return HomePart(_("申请待办理"), tuple(lines), len(found), reverse(APPLICATIONS) + "?state=waiting")


@home_part("own-applications", opens=OWN, order=11, group="own")
def own(request: Visit) -> HomePart | None:
    """What one's own firms applied for, the newest first."""
    found: list[Application] = list(own_applications_of(request.actor).order_by("-pk")[: _SHOWN + 1])
    if not found:
        return None
    words = tables()[KIND].states
    lines = [
        HomeLine(
            measure_title(each.measure, each.variant),
            each.own_address(),
            chosen(words[each.state]),
            "soon" if each.state in ("draft", "returned") else "",
        )
        for each in found[:_SHOWN]
    ]
    return HomePart(_("我的申请"), tuple(lines), len(found), reverse(OWN))
