"""Pages of the chain: the events an auditor sees, one event with its neighbours, and the heads that are published."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.chain import BEGINNING, event_digest
from huiqi.portal.acts.exported import head_line
from huiqi.portal.acts.filters import event_filters
from huiqi.portal.acts.models import Event, PublishedHead
from huiqi.portal.acts.performing import scope_of
from huiqi.portal.acts.queries import events_of
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import acts
from huiqi.portal.acts.sheet import exported
from huiqi.portal.acts.stored import published_points
from huiqi.portal.acts.told import act_title, lines_of, subject_title, tell
from huiqi.portal.firms.queries import places_of
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import PUBLIC, page, pages
from huiqi.portal.look.visits import Visit

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_EVENTS = 2**63 - 1


@page("events", "events/", zh="操作记录", en="Events", menu="system")
def events(request: Visit) -> HttpResponse:
    """List the events of the auditor's area, newest first."""
    filters = event_filters(request.GET.dict())
    shown = paged(filters.on(events_of(request.actor)).order_by("-sequence"), request.GET.get("page"))
    shown.object_list = tell(shown.object_list)
    known = sorted((act_title(name), name) for name in acts())
    kinds = {kind.model._meta.label_lower for kind in acts().values()}
    context = {
        "events": shown,
        "filters": filters,
        "acts": [(name, title) for title, name in known],
        "kinds": sorted((each, subject_title(each)) for each in kinds),
        "places": places_of(request.actor, "events"),
        "may_export": bool(request.actor.allowed("events.export")),
        "key": uuid.uuid4().hex,
    }
    return render(request, "acts/events.html", context, status=400 if filters.unread else 200)


@page("events-export", "events/export/", zh="导出", en="Export", opens="events", methods=("POST",))
def events_export(request: Visit) -> HttpResponse:
    """Give the events that the list shows as a sheet; who took it is an event itself."""
    filters = event_filters(request.GET.dict())
    try:
        key = request.POST.get("key", "")
        file = exported(request.actor, filters, now=request.now, today=request.today, key=key)
    except Refused as refused:
        return render(request, "acts/refused.html", {"refused": refused}, status=refused.status)
    name = f"{_('操作记录')}-{request.today.isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@page("event", "events/<int:number>/", zh="操作记录", en="Event", opens="events")
def event(request: Visit, number: int) -> HttpResponse:
    """Show one event: what was done, what it says, and how it stands in the chain."""
    if number > _MOST_EVENTS:
        raise Http404
    mine = events_of(request.actor)
    [shown] = tell([get_object_or_404(mine, pk=number)])
    before = Event.objects.filter(sequence=number - 1).values_list("digest", flat=True).first()
    after = Event.objects.filter(sequence=number + 1).values_list("previous", "digest").first()
    expected = BEGINNING if number == 1 else before
    context = {
        "event": shown,
        "lines": lines_of(shown.body),
        "is_whole": event_digest(shown.previous, shown.content()) == shown.digest,
        "follows": expected == shown.previous,
        "is_followed": after is None or after[0] == shown.digest,
        "after": after[1] if after else "",
        "reached": set(mine.filter(sequence__in=[number - 1, number + 1]).values_list("sequence", flat=True)),
        "earlier": number - 1,
        "later": number + 1,
        "published": PublishedHead.objects.filter(sequence__gte=number).order_by("day").first(),
        "address": _address_of(shown, request.actor),
    }
    return render(request, "acts/event.html", context)


@page("published-heads", "published-heads/", zh="事件链公布", en="Published heads", opens=PUBLIC)
def published_heads(request: Visit) -> HttpResponse:
    """Show the head of each day to everybody, and how it is checked."""
    shown = paged(PublishedHead.objects.order_by("-day"), request.GET.get("page"))
    return render(request, "acts/published_heads.html", {"heads": shown})


@page(
    "published-heads-file",
    "published-heads/heads.jsonl",
    zh="下载已公布摘要",
    en="Download the published heads",
    opens=PUBLIC,
)
def published_heads_file(request: Visit) -> HttpResponse:
    """Give all published heads as a file that `huiqi audit verify --heads` reads."""
    lines = (head_line(each) for each in published_points())
    headers = {"Content-Disposition": 'attachment; filename="heads.jsonl"'}
    return StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8", headers=headers)


def _address_of(shown: Event, actor: Actor) -> str:
    """The page of what the act was done to, where this visitor may open it and see it there; else ""."""
    kind = acts().get(shown.act)
    subject = kind.model._base_manager.filter(pk=shown.subject).first() if kind else None
    address = getattr(subject, "address", None)
    if subject is None or not callable(address):
        return ""
    found: str = address()
    try:
        name = resolve(found.partition("?")[0]).url_name
    except Resolver404:
        return ""
    opens = pages()[name].opens if name in pages() else ""
    reaches = any(opens in each.pages and each.reaches(scope_of(subject)) for each in actor.capacities)
    return found if reaches else ""
