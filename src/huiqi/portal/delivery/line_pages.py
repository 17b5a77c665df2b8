"""One line: what it rests on, how its amount came about, what became of it; objections; cases of money that did not come."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.registry import acts
from huiqi.portal.acts.transitions import tables
from huiqi.portal.delivery.models import Line, Objection, Run, Sample
from huiqi.portal.delivery.queries import (
    LINES,
    cases_of,
    line_of,
    not_reached_of,
    objections_of,
    runs_of,
    sample_items_of,
)
from huiqi.portal.delivery.shown import (
    derivation_of,
    measure_title,
    shown_facts,
    shown_line,
    states_of,
    variant_of,
)
from huiqi.portal.look.act_pages import title_of
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit

_OF_LINES = ("line.drop", "line.keep", "line.retry", "line.release")


@page("delivery-line", "delivery-lines/<int:number>/", zh="兑现明细", en="Line", opens=LINES)
def line(request: Visit, number: int) -> HttpResponse:
    """Show a line with its facts and their sources, its derivation, its history."""
    found = line_of(request.actor, number)
    if found is None:
        raise Http404
    table = tables()["delivery.line"]
    objections = objections_of(request.actor).filter(line=found)
    taken_by = line_of(request.actor, found.taken_by_id) if found.taken_by_id else None
    context = {
        "line": found,
        "row": shown_line(found),
        "run": found.run,
        "title": measure_title(found.run.measure, found.run.variant),
        "measure": variant_of(found.run.measure, found.run.variant),
        "facts": shown_facts(found),
        "derivation": derivation_of(found),
        "objections": list(objections[:20]),
        "cases": list(cases_of(request.actor).filter(line=found)[:20]),
        "history": _history(found),
        "taken_by": taken_by,
        "taken_title": measure_title(taken_by.run.measure, taken_by.run.variant) if taken_by else "",
        "acts": [each for each in _OF_LINES if each in table.allowed(found.state)],
    }
    return render(request, "delivery/line.html", context)


def _history(line: Line) -> list[tuple[Event, str, str]]:
    """Return what was done to a line and to its run, with who did it."""
    own = Event.objects.filter(subject_kind="delivery.line", subject=str(line.pk))
    of_run = Event.objects.filter(subject_kind="delivery.run", subject=str(line.run_id)).exclude(
        act__in=["run.draw_lines", "run.fix_lines", "run.look", "run.export", "run.accounts", "run.let_go"]
    )
    events = sorted([*own[:50], *of_run.order_by("sequence")[:50]], key=lambda each: each.sequence)
    numbers = {int(each.actor[5:]) for each in events if each.actor[:5] == "user:"}
    names = dict(User.objects.filter(pk__in=numbers).values_list("pk", "name"))
    return [
        (
            each,
            title_of(acts()[each.act]) if each.act in acts() else each.act,
            names.get(int(each.actor[5:]), "") if each.actor[:5] == "user:" else _("系统"),
        )
        for each in events
    ]


@page(
    "delivery-objections",
    "delivery-objections/",
    zh="公示异议",
    en="Objections",
    opens=LINES,
    menu="delivery",
)
def objections(request: Visit) -> HttpResponse:
    """Show the objections of one's area, open ones first."""
    states = states_of("delivery.objection")
    state = request.GET.get("state", "")
    rows = objections_of(request.actor)
    if state in dict(states):
        rows = rows.filter(state=state)
    shown = paged(rows, request.GET.get("page"))
    titles = [(each, measure_title(each.run.measure, each.run.variant)) for each in shown]
    context = {"rows": shown, "shown": titles, "states": states, "state": state}
    return render(request, "delivery/objections.html", context)


@page(
    "delivery-objection",
    "delivery-objections/<int:number>/",
    zh="公示异议",
    en="Objection",
    opens=LINES,
)
def objection(request: Visit, number: int) -> HttpResponse:
    """Show an objection with the line that it is about, and the answer."""
    found: Objection | None = objections_of(request.actor).filter(pk=number).first()
    if found is None:
        raise Http404
    table = tables()["delivery.objection"]
    context = {
        "objection": found,
        "title": measure_title(found.run.measure, found.run.variant),
        "facts": shown_facts(found.line) if found.line is not None else [],
        "acts": [
            each for each in ("objection.uphold", "objection.reject") if each in table.allowed(found.state)
        ],
    }
    return render(request, "delivery/objection.html", context)


@page(
    "delivery-cases",
    "delivery-cases/",
    zh="未到账核查",
    en="Money that did not come",
    opens=LINES,
    menu="delivery",
)
def cases(request: Visit) -> HttpResponse:
    """Show the cases of one's area, open ones first, with what may be done."""
    states = states_of("delivery.notreceived")
    state = request.GET.get("state", "")
    rows = cases_of(request.actor)
    if state in dict(states):
        rows = rows.filter(state=state)
    shown = paged(rows, request.GET.get("page"))
    titles = [(each, measure_title(each.line.run.measure, each.line.run.variant)) for each in shown]
    context = {"rows": shown, "shown": titles, "states": states, "state": state}
    return render(request, "delivery/cases.html", context)


@page(
    "delivery-not-reached",
    "deliveries/<int:number>/not-reached/",
    zh="应享未到的企业",
    en="Entitled and not reached",
    opens=LINES,
)
def not_reached(request: Visit, number: int) -> HttpResponse:
    """Show who should have received and did not, with the reason."""
    run = _run(request, number)
    rows = paged(not_reached_of(request.actor, run), request.GET.get("page"))
    context = {
        "run": run,
        "title": measure_title(run.measure, run.variant),
        "rows": rows,
        "shown": [shown_line(each) for each in rows],
    }
    return render(request, "delivery/not_reached.html", context)


@page("delivery-sample", "deliveries/<int:number>/sample/", zh="到账抽查", en="Sample", opens=LINES)
def sample(request: Visit, number: int) -> HttpResponse:
    """Show the firms that are to be asked whether the money came."""
    run = _run(request, number)
    rows = paged(sample_items_of(request.actor, run), request.GET.get("page"))
    context = {
        "run": run,
        "title": measure_title(run.measure, run.variant),
        "rows": rows,
        "sample": Sample.objects.for_site("of a run that is seen").filter(run=run).first(),
    }
    return render(request, "delivery/sample.html", context)


def _run(request: Visit, number: int) -> Run:
    found: Run | None = runs_of(request.actor).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
