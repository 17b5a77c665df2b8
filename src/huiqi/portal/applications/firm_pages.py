"""What a firm applied for and may apply for; the draft with its facts and files; how far it is, and the appeal."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from huiqi.portal.acts.performing import Done, perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.transitions import tables
from huiqi.portal.answers.answering import NotUnderstood, read
from huiqi.portal.answers.told import token_of
from huiqi.portal.applications.models import EDITABLE, OPEN_STATES, Application
from huiqi.portal.applications.previewing import (
    AskedFact,
    asked_facts,
    first_look,
    interview_of,
    may_apply_for,
    missing_places,
    preview_of,
)
from huiqi.portal.applications.queries import KIND, OWN, own_applications_of
from huiqi.portal.applications.shown import (
    failed_lines,
    history_of,
    lacking,
    mend_lines,
    row_of,
    said_of,
    slots_of,
    steps_of,
    told_of,
)
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.delivery.shown import measure_title, variant_of
from huiqi.portal.firms.models import Firm
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit

_PRESSED = ("application.withdraw", "application.appeal")
_MOST_FIRMS = 50


@page(OWN, "own-applications/", zh="我的申请", en="My applications", menu="firm")
def own(request: Visit) -> HttpResponse:
    """Show what one's firms applied for, and what the chosen one may apply for."""
    rows = paged(own_applications_of(request.actor).order_by("-pk"), request.GET.get("page"), 20)
    firms = list(Firm.objects.visible_to(request.actor, OWN).order_by("name", "pk")[:_MOST_FIRMS])
    chosen = _chosen(firms, request.GET.get("firm", ""))
    under_way: set[str] = set()
    if chosen is not None:
        mine = own_applications_of(request.actor).filter(firm=chosen, state__in=OPEN_STATES)
        under_way = set(mine.values_list("measure", flat=True))
    context = {
        "rows": rows,
        "shown": [row_of(each) for each in rows],
        "firms": firms,
        "chosen": chosen,
        "may": [
            (each, each.measure.id in under_way)
            for each in (may_apply_for(chosen, request.today) if chosen is not None else ())
        ],
    }
    return render(request, "applications/own.html", context)


def _chosen(firms: list[Firm], asked: str) -> Firm | None:
    found = next((each for each in firms if str(each.pk) == asked), None)
    return found or (firms[0] if firms else None)


@page(
    "application-begin",
    "own-applications/begin/<int:firm>/<str:measure>/",
    zh="开始申请",
    en="Begin an application",
    opens=OWN,
    methods=("GET", "POST"),
)
def begin(request: Visit, firm: int, measure: str) -> HttpResponse:
    """Show what a measure gives and what is known, and begin a draft."""
    found: Firm | None = Firm.objects.visible_to(request.actor, OWN).filter(pk=firm).first()
    may = {each.measure.id: each for each in may_apply_for(found, request.today)} if found else {}
    if found is None or measure not in may:
        raise Http404
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            done = _do(request, "application.begin", None, {"firm": found.pk, "measure": measure})
            return redirect("own-application-facts", number=done.subject.pk)
        except Refused as refused:
            wrong = refused
    context = {
        "firm": found,
        "measure": may[measure].measure,
        "card": shelf().cards.of(may[measure].measure),
        "title": may[measure].title,
        "preview": first_look(found, measure, request.today),
        **_form(request, wrong),
    }
    return render(request, "applications/begin.html", context, status=wrong.status if wrong else 200)


@page("own-application", "own-applications/<int:number>/", zh="申请进度", en="How far it is", opens=OWN)
def own_application(request: Visit, number: int) -> HttpResponse:
    """Show one's own application: where it is, what was said, what one may do."""
    found = _own(request, number)
    allowed, slots = tables()[KIND].allowed(found.state), slots_of(found)
    context = {
        **_about(found),
        "steps": steps_of(found, request.today),
        "told": told_of(found),
        "answers": said_of(found.answers),
        "slots": slots,
        "attached": any(each.files for each in slots),
        "mend": mend_lines(found),
        "failed": failed_lines(found),
        "history": history_of(found, names=False),
        "editable": found.state in EDITABLE,
        "acts": [each for each in _PRESSED if each in allowed],
    }
    return render(request, "applications/own_application.html", context)


@page(
    "own-application-facts",
    "own-applications/<int:number>/facts/",
    zh="填写申请信息",
    en="Facts of an application",
    opens=OWN,
    methods=("GET", "POST"),
)
def facts(request: Visit, number: int) -> HttpResponse:
    """Ask what the register does not know, and keep it as a draft; what cannot be read is said beside its field."""
    found = _editable(request, number)
    asked = asked_facts(found, request.today)
    wrong: Refused | None = None
    status = 200
    note = found.note
    if request.method == "POST":
        note = request.POST.get("note", "")[:1000]
        asked, answers = _read(asked, request.POST)
        if any(each.wrong for each in asked):
            status = 422
        else:
            try:
                _do(request, "application.save", found, {"answers": answers, "note": note})
                # An answer may open further questions; they are put before the files.
                more = "more" in request.POST or _opens_more(_own(request, number), request)
                return redirect("own-application-facts" if more else "own-application-files", number=number)
            except Refused as refused:
                wrong, status = refused, refused.status
    context = {
        **_about(found),
        "asked": asked,
        "note": note,
        "mend": mend_lines(found),
        "preview": preview_of(found, request.today),
        **_form(request, wrong),
    }
    return render(request, "applications/facts.html", context, status=status)


def _opens_more(application: Application, request: Visit) -> bool:
    known = {tuple(each[:4]) for each in application.answers}
    places = missing_places(application, interview_of(application, request.today, findings=False))
    asked = {token for token in request.POST if "|" in token}
    fresh = [each for each in places if (each.record, each.name, each.period, each.index) not in known]
    return any(token_of(each) not in asked for each in fresh)


def _read(asked: list[AskedFact], given: Mapping[str, str]) -> tuple[list[AskedFact], list[list[Any]]]:
    """Return the questions with what was typed, and the answers that can be read; an empty field is no answer."""
    shown, answers = [], []
    for each in asked:
        text = str(given.get(each.asking.token, "")).strip()
        wrong, meant = "", ()
        if text:
            try:
                text = read(each.place, text, shelf().library).text
                place = each.place
                answers.append([place.record, place.name, place.period, place.index, text])
            except NotUnderstood as error:
                wrong, meant = error.said, error.meant
        shown.append(AskedFact(each.asking, each.place, text[:60], wrong, meant))
    return shown, answers


@page(
    "own-application-hand-in",
    "own-applications/<int:number>/hand-in/",
    zh="核对并提交",
    en="Check and hand in",
    opens=OWN,
    methods=("GET", "POST"),
)
def hand_in(request: Visit, number: int) -> HttpResponse:
    """Show all that will be handed in, what is missing and what it comes to; hand it in."""
    found = _editable(request, number)
    wrong: Refused | None = None
    if request.method == "POST":
        try:
            _do(request, "application.hand_in", found, {})
            return redirect("own-application", number=number)
        except Refused as refused:
            wrong = refused
    slots = slots_of(found)
    preview = preview_of(found, request.today)
    context = {
        **_about(found),
        "answers": said_of(found.answers),
        "slots": slots,
        "attached": any(each.files for each in slots),
        "lacking": lacking(slots),
        "preview": preview,
        "mend": mend_lines(found),
        **_form(request, wrong),
    }
    return render(request, "applications/hand_in.html", context, status=wrong.status if wrong else 200)


def _own(request: Visit, number: int) -> Application:
    found: Application | None = own_applications_of(request.actor).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _editable(request: Visit, number: int) -> Application:
    found = _own(request, number)
    if found.state not in EDITABLE:
        raise Http404
    return found


def _about(found: Application) -> dict[str, Any]:
    return {
        "application": found,
        "title": measure_title(found.measure, found.variant),
        "measure": variant_of(found.measure, found.variant),
    }


def _do(request: Visit, name: str, subject: Application | None, values: Mapping[str, Any]) -> Done:
    seen = request.POST.get("seen", "")
    return perform(
        name,
        request.actor,
        subject.pk if subject is not None else None,
        values,
        now=request.now,
        today=request.today,
        key=request.POST.get("key", ""),
        seen=int(seen) if seen.isdecimal() and len(seen) < 10 else None,
    )


def _form(request: Visit, wrong: Refused | None) -> dict[str, Any]:
    """Return what every form carries: the request's key, and what was wrong."""
    return {"key": uuid.uuid4().hex, "wrong": wrong.findings if wrong is not None else ()}
