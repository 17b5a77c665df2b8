"""The inbox, and how one wants to be told."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.portal.notices.channels import can_reach, ways_out
from huiqi.portal.notices.kinds import CHANNELS, SITE, NoticeKind, kinds
from huiqi.portal.notices.models import Notice, Reach
from huiqi.portal.notices.queries import notices_of, read
from huiqi.portal.secrets.fields import get
from huiqi.portal.secrets.sealing import CannotOpen, masked


@page("notices", "notices/", zh="消息", en="Notices")
def notices(request: Visit) -> HttpResponse:
    """One's notices, newest first; unread ones alone where asked."""
    rows = notices_of(request.actor).order_by("-id")
    unread = request.GET.get("unread") == "1"
    if unread:
        rows = rows.filter(read_at=None)
    shown = paged(rows, request.GET.get("page"))
    shown.told = [read(each, request.actor) for each in shown]  # type: ignore[attr-defined]
    return render(request, "notices/notices.html", {"rows": shown, "unread": unread})


@page("notice", "notices/<int:number>/", zh="消息", en="Notice", opens="notices")
def notice(request: Visit, number: int) -> HttpResponse:
    """Mark a notice as read and go on to what it is about."""
    shown = _own(request, number)
    _mark(request, notices_of(request.actor).filter(pk=shown.pk))
    safe = url_has_allowed_host_and_scheme(shown.address, allowed_hosts=None)
    hidden = read(shown, request.actor).hidden
    return redirect(shown.address if safe and shown.address.startswith("/") and not hidden else "notices")


@page("notices-read", "notices/read/", zh="标为已读", en="Mark as read", opens="notices", methods=("POST",))
def mark_read(request: Visit) -> HttpResponse:
    """Mark one notice as read (its number in the form), or all of them."""
    number = request.POST.get("number", "")
    rows = notices_of(request.actor)
    if number:
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            raise Http404
        rows = rows.filter(pk=_own(request, int(number)).pk)
    _mark(request, rows)
    return redirect("notices")


@page(
    "notices-settings",
    "notices/settings/",
    zh="消息设置",
    en="How I am told",
    opens="notices",
    methods=("GET", "POST"),
)
def settings(request: Visit) -> HttpResponse:
    """Choose by kind the channels (one act), and where they reach (another)."""
    if request.method != "POST":
        return _show(request)
    what = request.POST.get("what", "")
    if what == "reach":
        values: dict[str, Any] = {"email": request.POST.get("email", "")}
        if request.POST.get("phone") or request.POST.get("no_phone"):
            # The number is never shown whole: left empty it stays as it is.
            values["phone"] = "" if request.POST.get("no_phone") else request.POST["phone"]
        name = "notices.reach"
    else:
        mine = {each.name for each in _kinds_for(request)}
        chosen = {kind: request.POST.getlist(f"kind-{kind}") for kind in mine}
        for kind in mine:
            if kinds()[kind].switch_off == "nobody" and SITE not in chosen[kind]:
                # A box that cannot be cleared is not sent by browsers.
                chosen[kind].append(SITE)
        values, name = {"chosen": chosen}, "notices.choose"
    try:
        key = request.POST.get("key", "")
        perform(name, request.actor, None, values, now=request.now, today=request.today, key=key)
    except Refused as refused:
        return _show(request, refused, status=refused.status)
    return redirect(f"{request.path}?saved=1")


def _show(request: Visit, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    english = (get_language() or "").startswith("en")
    reach = Reach.objects.visible_to(request.actor, "notices").first()
    ways = ways_out()
    chosen = reach.chosen if reach is not None else {}
    rows = [
        {
            "kind": each,
            "words": each.en if english else each.zh,
            "fixed": each.switch_off == "nobody",
            "boxes": [
                {
                    "channel": channel,
                    "title": CHANNELS[channel][english],
                    "on": channel in chosen.get(each.name, each.default())
                    or (channel == SITE and each.switch_off == "nobody"),
                    "locked": channel == SITE and each.switch_off == "nobody",
                }
                for channel in ways
            ],
        }
        for each in _kinds_for(request)
    ]
    context = {
        "kinds": rows,
        "ways": [(each, CHANNELS[each][english], can_reach(request.user, reach, each)) for each in ways],
        "email": request.user.email,
        "phone": _phone(reach),
        "beyond": len(ways) > 1,
        "refused": refused,
        "saved": request.GET.get("saved") == "1",
        "keys": (uuid.uuid4().hex, uuid.uuid4().hex),
    }
    return render(request, "notices/settings.html", context, status=status)


def _kinds_for(request: Visit) -> list[NoticeKind]:
    """The kinds that this user can get: an officer's with an appointment, a member's for everybody."""
    actor = request.actor
    is_officer = any(each.agency for each in actor.capacities)
    found = []
    for each in kinds().values():
        if each.readers == "officers" and not is_officer:
            continue
        if each.name == "notice-not-sent" and not actor.may_see("operations"):
            continue
        if not each.opens or each.readers == "members" or actor.may_see(each.opens):
            found.append(each)
    return found


def _phone(reach: Reach | None) -> str:
    if reach is None or not reach.phone:
        return ""
    try:
        return masked(get(reach, "phone"))
    except CannotOpen:
        return ""


def _own(request: Visit, number: int) -> Notice:
    found: Notice | None = notices_of(request.actor).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _mark(request: Visit, rows: Any) -> None:
    rows.filter(read_at=None).update(read_at=request.now)
