"""Runs that wait for this person's step, objections without an answer, money that did not come, on the home."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.acts.transitions import tables
from huiqi.portal.delivery.firm_pages import under_way
from huiqi.portal.delivery.models import NotReceived, Objection, Run
from huiqi.portal.delivery.queries import LINES, OWN, RUNS, cases_of, objections_of, runs_of
from huiqi.portal.delivery.shown import chosen, measure_title, place
from huiqi.portal.look.home import HomeLine, HomePart, home_part, news_of
from huiqi.portal.look.visits import Visit

_SHOWN = 4
_NEXT = {
    "drawn": "run.check",
    "checked": "run.notice",
    "ended_notice": "run.approve",
    "approving": "run.approve",
    "approved": "run.pay",
    "paying": "run.finish",
}
"""The act that each state of a run waits for."""

news_of("run.notice", "run.finish", opens=RUNS, listing="deliveries", route="delivery-run")


@home_part("deliveries", opens=RUNS, order=22)
def deliveries(request: Visit) -> HomePart | None:
    """Runs that wait for an act that this person's role holds."""
    states = [state for state, act in _NEXT.items() if request.actor.allowed(act)]
    if not states:
        return None
    found: list[Run] = list(runs_of(request.actor).filter(state__in=states).order_by("pk")[: _SHOWN + 1])
    if not found:
        return None
    words = tables()["delivery.run"].states
    lines = [
        HomeLine(
            measure_title(each.measure, each.variant),
            each.address(),
            _("%(place)s，%(state)s") % {"place": place(each.region), "state": chosen(words[each.state])},
            "soon",
        )
        for each in found[:_SHOWN]
    ]
    return HomePart(_("兑现待办"), tuple(lines), len(found), reverse("deliveries"))


@home_part("objections", opens=LINES, order=23)
def objections(request: Visit) -> HomePart | None:
    """Objections to public notices that wait for an answer."""
    if not request.actor.allowed("objection.uphold"):
        return None
    found: list[Objection] = list(objections_of(request.actor).filter(state="open")[: _SHOWN + 1])
    if not found:
        return None
    lines = [
        HomeLine(each.firm.name, each.address(), measure_title(each.run.measure, each.run.variant), "soon")
        for each in found[:_SHOWN]
    ]
    return HomePart(_("公示异议待答复"), tuple(lines), len(found), reverse("delivery-objections"))


@home_part("not-received", opens=LINES, order=24, group="wrong")
def not_received(request: Visit) -> HomePart | None:
    """Money that the bank says it paid and the firm did not receive."""
    if not request.actor.allowed("case.close"):
        return None
    found: list[NotReceived] = list(cases_of(request.actor).filter(state="open")[: _SHOWN + 1])
    if not found:
        return None
    lines = [
        HomeLine(
            each.line.firm.name,
            each.address(),
            measure_title(each.line.run.measure, each.line.run.variant),
            "wrong",
        )
        for each in found[:_SHOWN]
    ]
    return HomePart(_("未到账待核查"), tuple(lines), len(found), reverse("delivery-cases"))


@home_part("own-deliveries", opens=OWN, order=12, group="own")
def own(request: Visit) -> HomePart | None:
    """What is under way for one's own firms."""
    found = under_way(request, _SHOWN + 1)
    if not found:
        return None
    lines = [
        HomeLine(each.title, reverse("own-delivery", kwargs={"number": each.line.pk}), each.next, "")
        for each in found[:_SHOWN]
    ]
    return HomePart(_("正在办理"), tuple(lines), len(found), reverse(OWN))
