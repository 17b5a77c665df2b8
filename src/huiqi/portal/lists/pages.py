"""Lists, the members of one list on a day, its history, and one entry."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import Agency, User
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.queries import events_of
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.acts.registry import acts
from huiqi.portal.acts.transitions import tables
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.firms.queries import places_of
from huiqi.portal.lists import batch_pages, candidate_pages  # noqa: F401  their pages register themselves
from huiqi.portal.lists.exports import exported
from huiqi.portal.lists.heads import head, kept_list
from huiqi.portal.lists.judging import judged
from huiqi.portal.lists.kinds import FIRM, ListKind, faults, kinds
from huiqi.portal.lists.membership import on_day
from huiqi.portal.lists.models import Entry, KeptList
from huiqi.portal.lists.queries import (
    PAGE,
    Numbers,
    entries_of,
    entry_filters,
    kinds_to_open,
    lists_of,
    numbers_by_list,
    seeing,
    visible_entries,
    with_firms,
)
from huiqi.portal.lists.told import missing_words, reviews_due, tell
from huiqi.portal.look.act_pages import title_of
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BY_THE_SITE = {"list.doubt", "list.lapse"}


@page("lists", "lists/", zh="名单台账", en="Lists", menu="register")
def lists(request: Visit) -> HttpResponse:
    """Show all lists that the visitor may see: how many are on them, what waits, what is due."""
    rows = list(lists_of(request.actor).order_by("region", "kind"))
    numbers, due, known = numbers_by_list(request.actor, request.today), reviews_due(rows), kinds()
    order = {name: place for place, name in enumerate(known)}
    rows.sort(key=lambda each: (each.region, order[each.kind]))
    shown = [
        {
            "kept": each,
            "kind": known[each.kind],
            "place": full_name(each.region),
            "numbers": numbers.get(each.pk, Numbers()),
            "review": due.get(str(each.pk)),
        }
        for each in rows
    ]
    kept = {each.kind for each in rows}
    may_open = dict(kinds_to_open(request.actor))
    others = [
        {"kind": kind, "may_open": name in may_open}
        for name, kind in known.items()
        if name not in kept and seeing(request.actor, kind).capacities
    ]
    context = {"lists": shown, "others": others, "faults": faults(), "today": request.today}
    return render(request, "lists/lists.html", context)


@page("list", "lists/<int:number>/", zh="名单", en="List", opens=PAGE)
def one_list(request: Visit, number: int) -> HttpResponse:
    """Show the members of a list on a day."""
    kept = kept_list(request, number)
    return show_members(request, kept)


@page("list-export", "lists/<int:number>/export/", zh="导出名单", en="Export", opens=PAGE, methods=("POST",))
def list_export(request: Visit, number: int) -> HttpResponse:
    """Give the members that the page shows as a sheet, for a purpose; who took it for what is an event."""
    kept = kept_list(request, number)
    day, _said = day_of(request)
    try:
        file = exported(
            request.actor,
            kept,
            request.POST.get("purpose", ""),
            entry_filters(request.GET.dict()),
            day,
            now=request.now,
            today=request.today,
            key=request.POST.get("key", ""),
        )
    except NotYours:
        raise
    except Refused as refused:
        return show_members(request, kept, refused)
    name = f"{kinds()[kept.kind].title}-{day.isoformat()}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


@page("list-history", "lists/<int:number>/history/", zh="办理记录", en="History", opens=PAGE)
def list_history(request: Visit, number: int) -> HttpResponse:
    """Show what was done to a list and its entries, newest first."""
    kept = kept_list(request, number)
    narrowed = seeing(request.actor, kinds()[kept.kind])
    about = ("lists.entry", "lists.batch", "lists.listexport")
    rows = events_of(narrowed, PAGE).filter(subject_kind__in=about, body__list=kept.pk)
    rows |= Event.objects.filter(subject_kind="lists.keptlist", subject=str(kept.pk))
    shown = paged(rows.order_by("-sequence"), request.GET.get("page"))
    describe_events(shown)
    _name_entries(request, kept, shown)
    return render(request, "lists/history.html", {**head(request, kept, "history"), "events": shown})


@page("list-entry", "lists/entries/<int:number>/", zh="名单成员", en="Entry", opens=PAGE)
def list_entry(request: Visit, number: int) -> HttpResponse:
    """Show one entry: its days, its grounds, what the rules say of it now, who did what."""
    rows = visible_entries(request.actor).select_related("kept", "firm", "batch")
    entry: Entry = get_object_or_404(rows, pk=number)
    kind = kinds()[entry.kept.kind]
    events = list(
        Event.objects.filter(subject_kind="lists.entry", subject=str(entry.pk)).order_by("sequence")
    )
    describe_events(events)
    context = {
        **head(request, entry.kept, ""),
        "entry": entry,
        "place": full_name(entry.scope().region or ""),
        "events": events,
        "acts": open_acts(entry, kind),
        "found": _found(entry, kind, request.today),
        "may_see_firm": request.actor.may_see("firm") and entry.firm is not None,
        "batch_visible": entry.batch is not None and entry.batch.by == request.actor.id,
    }
    return render(request, "lists/entry.html", context)


def day_of(request: Visit) -> tuple[date, bool]:
    """Return the day that the address asks for, today where it says none; and whether it could not be read."""
    text = request.GET.get("on", "").strip()
    if not text:
        return request.today, False
    try:
        return date.fromisoformat(text[:10]), len(text) > 10
    except ValueError:
        return request.today, True


def show_members(request: Visit, kept: KeptList, refused: Refused | None = None) -> HttpResponse:
    """Show the members of a list on a day, with what the list is."""
    kind, house = kinds()[kept.kind], shelf()
    filters = entry_filters(request.GET.dict())
    day, unread = day_of(request)
    members = on_day(entries_of(request.actor, kept), kind, day)
    rows = paged(with_firms(filters.on(members)).order_by("-begins", "pk"), request.GET.get("page"))
    for each in rows:
        each.place = full_name(each.scope().region or "")
    due = reviews_due([kept]).get(str(kept.pk))
    context = {
        **head(request, kept, "members"),
        "members": rows,
        "filters": filters,
        "places": places_of(request.actor, PAGE),
        "day": day,
        "is_today": day == request.today,
        "day_unread": unread,
        "told": tell(kind, house),
        "review": due,
        "agency": Agency.objects.filter(pk=kept.agency).first(),
        "may_export": bool(request.actor.allowed("list.export")),
        "may_see_firm": request.actor.may_see("firm") and kind.of == FIRM,
        "key": uuid.uuid4().hex,
        "refused": refused,
    }
    status = refused.status if refused is not None else 400 if filters.unread or unread else 200
    return render(request, "lists/list.html", context, status=status)


def open_acts(entry: Entry, kind: ListKind) -> list[str]:
    """Return the acts that an entry's state leaves open to people."""
    names = [each for each in tables()["lists.entry"].allowed(entry.state) if each not in _BY_THE_SITE]
    hidden = set()
    hidden |= {"list.renew"} if not kind.term else set()
    hidden |= {"list.keep"} if entry.doubt is None else {"list.put_up"}
    return [each for each in names if each not in hidden]


def describe_events(events: Iterable[Any]) -> None:
    """Say in words what was done by whom: `title` and `who` on each event."""
    rows = list(events)
    numbers = {
        int(each.actor[5:]) for each in rows if each.actor[:5] == "user:" and each.actor[5:].isdecimal()
    }
    users = User.objects.in_bulk(numbers)
    for each in rows:
        each.title = title_of(acts()[each.act]) if each.act in acts() else each.act
        number = each.actor.removeprefix("user:")
        each.who = users[int(number)].name if number.isdecimal() and int(number) in users else _("系统")
        each.reason = each.body.get("reason") or each.body.get("note") or ""
        sharing = None
        if each.act == "list.export":
            kind = kinds().get(each.body.get("kind", ""))
            sharing = kind.sharing(each.body.get("purpose", "")) if kind is not None else None
        each.sharing = sharing


def _name_entries(request: Visit, kept: KeptList, events: Iterable[Any]) -> None:
    """Name the entry of each event that the visitor sees: `entry_name`, empty for others."""
    mine = [each for each in events if each.subject_kind == "lists.entry"]
    rows = entries_of(request.actor, kept).filter(pk__in={int(each.subject) for each in mine})
    names = {str(each.pk): each.name for each in rows.select_related("firm")}
    for each in mine:
        each.entry_name = names.get(each.subject, "")


def _found(entry: Entry, kind: ListKind, day: date) -> list[dict[str, Any]]:
    """What the rules say of the entry's firm today: which rule, met or not or not known, for want of what."""
    if entry.firm is None:
        return []
    house = shelf()
    asked = [(_("列入规则"), kind.admission), (_("退出规则"), kind.exit)]
    found = []
    for title, rule in asked:
        if rule is not None:
            (_firm, verdict), *_none = judged(rule, [entry.firm], house.library, day)
            found.append(
                {
                    "title": title,
                    "met": verdict.met,
                    "text": house.library.renderer().text(rule.node),
                    "missing": missing_words(verdict.missing, house),
                }
            )
    return found
