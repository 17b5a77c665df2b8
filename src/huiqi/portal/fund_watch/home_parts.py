"""Findings that wait for the visitor, on the home."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.acts.actors import Actor
from huiqi.portal.fund_watch.queries import WATCH, findings_seen
from huiqi.portal.fund_watch.told import rule_title
from huiqi.portal.look.home import HomeLine, HomePart, home_part, news_of
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name

_SHOWN = 4

news_of("finding.find", opens=WATCH, listing=WATCH, route="fund-finding")


@home_part("fund-findings", opens=WATCH, order=23)
def findings(request: Visit) -> HomePart | None:
    """Findings to be answered by the visitor first, then those to be assigned or accepted."""
    wanted = _wanted(request.actor)
    if wanted is None:
        return None
    late_last = Case(When(state="assigned", then=Value(0)), default=Value(1), output_field=IntegerField())
    rows = findings_seen(request.actor).filter(wanted)
    found = list(rows.order_by(late_last, "due", "pk")[: _SHOWN + 1])
    if not found:
        return None
    notes = {"found": _("待分办"), "assigned": _("待说明"), "answered": _("待审核")}
    lines = []
    for each in found[:_SHOWN]:
        late = each.due is not None and each.due < request.today
        note = notes[each.state]
        if each.due is not None:
            note = _("%(state)s，期限%(due)s") % {"state": note, "due": each.due.isoformat()}
        text = _("%(place)s：%(rule)s") % {"place": full_name(each.region), "rule": rule_title(each.rule)}
        lines.append(HomeLine(text, each.address(), note, "late" if late else "soon"))
    count = len(found) if len(found) <= _SHOWN else rows.count()
    return HomePart(_("资金监控疑点"), tuple(lines), count, reverse(WATCH))


def _wanted(actor: Actor) -> Q | None:
    """Which findings wait for an actor, None where none ever does."""
    wanted = Q(pk__in=[])
    user = actor.id.removeprefix("user:")
    if actor.allowed("finding.answer") and user.isdecimal():
        wanted |= Q(state="assigned", assigned_to=int(user))
    if actor.allowed("finding.assign"):
        wanted |= Q(state="found")
    if actor.allowed("finding.accept") and user.isdecimal():
        wanted |= Q(state="answered") & ~Q(answered_by=int(user))
    return wanted if wanted else None
