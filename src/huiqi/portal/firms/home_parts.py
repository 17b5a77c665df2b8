"""Rosters, bindings and contested facts that wait, on the home; for a member without a firm, how to bind one."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from huiqi.portal.firms.models import Binding
from huiqi.portal.firms.queries import bindings_of, contests_of, listings_of, rosters_of
from huiqi.portal.look.home import HomeLine, HomePart, Tone, home_part, news_of
from huiqi.portal.look.visits import Visit

_SHOWN = 4

news_of("roster.hand_in", "roster.finish", "roster.undo", opens="rosters", listing="rosters", route="roster")
news_of("binding.ask", "binding.withdraw", "listing.ask", opens="bindings", listing="bindings")
news_of("fact.contest", opens="contests", listing="contests")


@home_part("rosters", opens="rosters", order=20)
def rosters(request: Visit) -> HomePart | None:
    """Rosters that were checked and wait for somebody to confirm them, those with findings marked."""
    rows = rosters_of(request.actor).filter(state="previewed").order_by("-id")
    found = list(rows.select_related(None).only("file_name", "counts")[:_SHOWN])
    if not found:
        return None
    lines = []
    for each in found:
        stopped, doubtful = each.counts.get("stopped"), each.counts.get("doubtful", 0)
        tone: Tone = "wrong" if stopped else "soon" if doubtful else ""
        note = _("存疑%(doubtful)s行") % {"doubtful": doubtful} if doubtful else _("没有发现问题")
        note = _("读不进去，要改正后重报") if stopped else note
        lines.append(HomeLine(each.file_name, each.address(), note, tone))
    listing = f"{reverse('rosters')}?state=previewed"
    return HomePart(_("名册待确认"), tuple(lines), rows.count(), listing)


@home_part("bindings", opens="bindings", order=30)
def bindings(request: Visit) -> HomePart | None:
    """Bindings of the area that wait for the office's check; one's own are somebody else's to check."""
    if not request.actor.allowed("binding.confirm"):
        return None
    own = Q(user_id=request.user.pk)
    rows = bindings_of(request.actor).filter(state="asked").exclude(own).order_by("asked_at")
    found = list(rows[:_SHOWN])
    if not found:
        return None
    listing = f"{reverse('bindings')}?state=asked"
    lines = (HomeLine(str(each.firm), listing, f"{each.asked_at:%Y-%m-%d}") for each in found)
    return HomePart(_("企业绑定待核"), tuple(lines), rows.count(), listing)


@home_part("contests", opens="contests", order=40)
def contests(request: Visit) -> HomePart | None:
    """Facts that firms contest and nobody has settled."""
    rows = contests_of(request.actor).filter(state="open").order_by("at")
    found = list(rows[:_SHOWN])
    if not found:
        return None
    listing = f"{reverse('contests')}?state=open"
    lines = (HomeLine(str(each.firm), listing, f"{each.at:%Y-%m-%d}") for each in found)
    return HomePart(_("信息异议待处理"), tuple(lines), rows.count(), listing)


@home_part("bind", opens="bindings", order=5, group="own")
def bind(request: Visit) -> HomePart | None:
    """For who is neither an officer nor bound: what to do first."""
    if any(each.agency or each.firms for each in request.actor.capacities):
        return None
    asked = Binding.objects.visible_to(request.actor, "bindings").filter(state="asked").count()
    if asked:
        line = HomeLine(_("申请已提交，等当地主管部门核对"), reverse("bindings"))
        return HomePart(_("绑定企业"), (line,), asked, reverse("bindings"))
    lines = (
        HomeLine(_("绑定您的企业，就能看到它应享的政策"), reverse("bindings")),
        HomeLine(_("不绑定也可以先算一算"), reverse("answers")),
    )
    return HomePart(_("绑定企业"), lines)


@home_part("listings", opens="bindings", order=35)
def listings(request: Visit) -> HomePart | None:
    """Firms that ask to be listed and wait for the office."""
    if not request.actor.allowed("listing.settle"):
        return None
    rows = listings_of(request.actor).filter(state="asked").exclude(user_id=request.user.pk)
    found = list(rows.order_by("pk")[:_SHOWN])
    if not found:
        return None
    lines = (HomeLine(str(each), reverse("bindings")) for each in found)
    return HomePart(_("企业登记申请待核"), tuple(lines), rows.count(), reverse("bindings"))
