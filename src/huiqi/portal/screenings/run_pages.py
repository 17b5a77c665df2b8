"""The pages of screenings: the list, the start, a run with its progress and its figures, its downloads."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from huiqi.policies.size import CLASSES
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.transitions import tables
from huiqi.portal.catalogue.shelf import shelf
from huiqi.portal.catalogue.words import in_chinese, title_of
from huiqi.portal.jobs.models import Job
from huiqi.portal.look.asking import form_of, tell_refusal
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.portal.screenings.acts import Starting, places
from huiqi.portal.screenings.charts import Charts, name_of
from huiqi.portal.screenings.exports import LISTS, files_of, hand_out, list_file, may_export
from huiqi.portal.screenings.folders import RunFolder
from huiqi.portal.screenings.models import CountyResult, Screening
from huiqi.portal.screenings.progress import STEPS, standing
from huiqi.portal.screenings.queries import FIRMS, Figures, counties_of, overviews, runs_of, staleness
from huiqi.portal.screenings.reports import report_file
from huiqi.portal.screenings.words import (
    FactLabels,
    group_title,
    list_titles,
    step_titles,
)
from huiqi.reference.industries import UnknownIndustry, industry
from huiqi.reference.regions import full_name
from huiqi.rules.measure import AMOUNT_IS
from huiqi.screening.assess import COUNTED
from huiqi.screening.report.figures import LISTED

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {"xlsx": _XLSX, "zip": "application/zip"}
_WAITING = 3


@page("screenings", "screenings/", zh="筛查", en="Screenings", menu="register")
def screenings(request: Visit) -> HttpResponse:
    """List the runs, newest first."""
    rows = runs_of(request.actor).defer("manifest").order_by("-id")
    states = tables()["screenings.screening"].states
    state = request.GET.get("state", "")
    if state in states:
        rows = rows.filter(state=state)
    shown = paged(rows, request.GET.get("page"))
    sums = overviews(request.actor, shown)
    for each in shown:
        each.place = full_name(each.region)
        each.sums = sums.get(each.pk)
    titles = {name: _in_language(title) for name, title in states.items()}
    context = {"runs": shown, "states": titles, "state": state}
    return render(request, "screenings/screenings.html", context)


@page(
    "screening-start",
    "screenings/start/",
    zh="开始筛查",
    en="Start a screening",
    opens="screenings",
    methods=("GET", "POST"),
)
def start(request: Visit) -> HttpResponse:
    """Ask for region, day, measures and a note (GET), and start the run (POST)."""
    if not request.actor.allowed("screening.start"):
        raise Http404
    form_class = _form_class(request)
    chosen = request.POST.getlist("measure") if request.method == "POST" else []
    if request.method != "POST":
        own = places(request.actor)
        initial = {"region": own[0][0] if own else "", "as_of": request.today.isoformat()}
        form = form_class(initial={**initial, **request.GET.dict()})
        return _ask(request, form, chosen, uuid.uuid4().hex)
    form = form_class(request.POST)
    key = request.POST.get("key", "")
    given = {name: request.POST.get(name, "") for name in ("region", "as_of", "note")}
    try:
        done = perform(
            "screening.start",
            request.actor,
            None,
            {**given, "measures": ",".join(chosen)},
            now=request.now,
            today=request.today,
            key=key,
        )
    except Refused as refused:
        tell_refusal(form, refused)
        return _ask(request, form, chosen, key or uuid.uuid4().hex, status=refused.status)
    return redirect("screening", number=done.subject.pk)


def _form_class(request: Visit) -> type[forms.Form]:
    """Return the form of a start; measures are chosen beside it, by their titles."""
    made = form_of(Starting, request.actor)
    fields = {name: field for name, field in made.base_fields.items() if name != "measures"}
    return type("StartingForm", (forms.Form,), fields)


def _ask(request: Visit, form: Any, chosen: list[str], key: str, status: int = 200) -> HttpResponse:
    cards = shelf().cards
    measures = sorted(
        ((variants[0].id, cards.of(variants[0])) for variants in shelf().library.by_id.values()),
        key=lambda each: each[1].title,
    )
    context = {"form": form, "measures": measures, "chosen": set(chosen), "key": key}
    return render(request, "screenings/start.html", context, status=status)


@page("screening", "screenings/<int:number>/", zh="筛查结果", en="Screening", opens="screenings")
def screening(request: Visit, number: int) -> HttpResponse:
    """Show a run: how far it is, or what it came to in the counties that the visitor sees."""
    run = get_object_or_404(runs_of(request.actor).select_related("before"), pk=number)
    if run.state != "finished":
        return _show_under_way(request, run)
    counties = list(counties_of(request.actor, run))
    figures = Figures(counties)
    house = shelf()
    whole = len(counties) == run.counts.get("counties")
    before = _compared(request, run, {each.county for each in counties})
    context = {
        "run": run,
        "place": full_name(run.region),
        "whole": whole,
        "figures": figures,
        "sums": {name: figures.sum(name) for name in _SUMS},
        "groups": [_group(each) for each in figures.groups],
        "counties": [{"result": each, "name": name_of(each.county)} for each in counties],
        "charts": Charts(run.pk, figures, house.library).all(),
        "measures": _measures(figures, before),
        "before": run.before,
        "difference": _difference(figures, before),
        "slices": _slices(figures),
        "gaps": _gaps(figures),
        "stale": staleness(request.actor, run, house.library),
        "lists": _lists(run, counties) if request.actor.may_see(FIRMS) else [],
        "may_export": may_export(request.actor),
        "sees_firms": request.actor.may_see(FIRMS),
        "chosen": [
            title_of(house.library.by_id[each][0]) for each in run.measures if each in house.library.by_id
        ],
        "verdicts": LISTED,
        "key": uuid.uuid4().hex,
    }
    return render(request, "screenings/screening.html", context)


_SUMS = (
    *("firms", "owed_firms", "certain_fen", "deferred_fen", "likely_fen"),
    *("missed_rows", "missed_fen", "new_firms", "gone_firms"),
)


def _show_under_way(request: Visit, run: Screening) -> HttpResponse:
    at = standing(RunFolder(run.pk)) if run.state in ("running", "stopped") else None
    job = Job.objects.filter(purpose=f"screening:{run.pk}").order_by("-id").first()
    titles = step_titles()
    context = {
        "run": run,
        "place": full_name(run.region),
        "standing": at,
        "job": job,
        "steps": [
            {
                "title": titles[step],
                "state": "done"
                if at and number < at.number
                else "now"
                if at and number == at.number
                else "later",
            }
            for number, step in enumerate(STEPS, 1)
        ],
    }
    return render(request, "screenings/under_way.html", context)


@page(
    "screening-report",
    "screenings/<int:number>/report/",
    zh="筛查报告",
    en="Report",
    opens="screenings",
)
def report(request: Visit, number: int) -> HttpResponse:
    """Give the self-contained report: of the whole run to those who see all of it, else of one county."""
    run = get_object_or_404(runs_of(request.actor), pk=number, state="finished")
    counties = list(counties_of(request.actor, run))
    county = request.GET.get("county", "")
    if county:
        if county not in {each.county for each in counties}:
            raise Http404
    elif len(counties) != run.counts.get("counties"):
        raise Http404
    file = report_file(run, county)
    if file is None:
        raise Http404
    name = f"{_('筛查报告')}-{county or run.region}-{run.as_of}.html"
    return FileResponse(
        file.open("rb"), as_attachment=True, filename=name, content_type="text/html; charset=utf-8"
    )


@page(
    "screening-list",
    "screenings/<int:number>/lists/<str:name>/",
    zh="筛查清单",
    en="List of a screening",
    opens=FIRMS,
    methods=("POST",),
)
def screening_list(request: Visit, number: int, name: str) -> HttpResponse:
    """Give a list of the firms of the counties that the visitor sees, or of one of them; an event says who took it."""
    run = get_object_or_404(runs_of(request.actor), pk=number, state="finished")
    if name not in LISTS or not may_export(request.actor):
        raise Http404
    rows = counties_of(request.actor, run, FIRMS)
    if county := request.POST.get("county", "").replace("\0", ""):
        rows = rows.filter(county=county[:6])
    counties = list(rows)
    file, ending = list_file(run, counties, name)
    asked = {"run": run.pk, "list": name, "counties": [each.county for each in counties]}
    try:
        key = request.POST.get("key", "")[:60]
        # One form has several buttons: what each takes is a request of its own.
        key = f"{key}:{name[:7]}:{county[:6]}" if key else ""
        hand_out(file, asked, None, request.actor, now=request.now, today=request.today, key=key)
    except Refused as refused:
        return render(request, "screenings/refused.html", {"refused": refused}, status=refused.status)
    called = f"{list_titles()[name]}-{counties[0].county if len(counties) == 1 else run.region}-{run.as_of}.{ending}"
    return FileResponse(file, as_attachment=True, filename=called, content_type=_TYPES[ending])


def _compared(request: Visit, run: Screening, counties: set[str]) -> Figures | None:
    """Return the figures of the run before in the same counties, None where there is none."""
    if run.before is None:
        return None
    return Figures([each for each in counties_of(request.actor, run.before) if each.county in counties])


def _difference(figures: Figures, before: Figures | None) -> dict[str, int] | None:
    if before is None:
        return None
    names = ("firms", "owed_firms", "certain_fen")
    return {name: figures.sum(name) - before.sum(name) for name in names}


def _measures(figures: Figures, before: Figures | None) -> dict[str, list[dict[str, Any]]]:
    """Return the measures with their sums and the change since the run before.

    `shown` are those that somebody is granted, was granted or may be, money first; `open` those that are only open.
    """
    library = shelf().library
    made: dict[str, list[dict[str, Any]]] = {"shown": [], "open": []}
    for measure, sums in figures.measures.items():
        variants = library.by_id.get(measure, ())
        row: dict[str, Any] = {
            **sums,
            "title": title_of(variants[0]) if variants else measure,
            "has_amount": any(each.amount is not None for each in variants),
            "nature": _(AMOUNT_IS[variants[0].amount_is]) if variants else "",
            "counts": bool(variants) and variants[0].amount_is in COUNTED,
        }
        if before is not None:
            row["more_fen"] = sums["certain_fen"] - before.measures.get(measure, {}).get("certain_fen", 0)
        if any(sums[name] for name in ("eligible", "likely", "ended")):
            made["shown"].append(row)
        elif sums["undetermined"]:
            made["open"].append(row)
    for rows in made.values():
        rows.sort(key=lambda row: (-row["certain_fen"] * row["counts"], -row["eligible"], row["title"]))
    return made


def _group(group: Any) -> dict[str, Any]:
    return {
        "name": group.name,
        "title": group_title(group.name),
        "rows": group.rows,
        "firms": group.firms,
        "fen": group.fen,
    }


def _lists(run: Screening, counties: list[CountyResult]) -> list[dict[str, str]]:
    """Return the lists that there are files of."""
    titles = list_titles()
    return [
        {"name": name, "title": titles[name]}
        for name in LISTS
        if any(files_of(run, each.county, name) for each in counties)
    ]


def _slices(figures: Figures) -> dict[str, list[dict[str, Any]]]:
    sizes = dict(CLASSES)
    made: dict[str, list[dict[str, Any]]] = {}
    for by in ("size", "section"):
        rows = figures.slices(by)
        for each in rows:
            each["title"] = _size(each["key"], sizes) if by == "size" else _section(each["key"])
        if by == "size":
            order = [*sizes, ""]
            rows.sort(key=lambda each: order.index(each["key"]) if each["key"] in order else len(order))
        made[by] = rows
    return made


def _size(key: str, sizes: dict[str, str]) -> str:
    if not key:
        return _("尚不能确定")
    return sizes.get(key, key) if in_chinese() else key.replace("_", " ")


def _section(key: str) -> str:
    if not key:
        return _("行业不明")
    try:
        return f"{key} {industry(key).name}"
    except UnknownIndustry:
        return key


def _gaps(figures: Figures) -> list[dict[str, Any]]:
    labels = FactLabels(shelf())
    library = shelf().library
    for each in figures.gaps:
        each["label"] = labels.label(each["fact"])
        each["who"] = labels.who(each["fact"])
        each["waiting"] = [
            {"measure": measure, "title": title_of(library.by_id[measure][0]), "count": count}
            for measure, count in each["measures"]
            if measure in library.by_id
        ]
        each["more"] = max(0, len(each["waiting"]) - _WAITING)
        each["waiting"] = each["waiting"][:_WAITING]
    return figures.gaps


def _in_language(title: tuple[str, str]) -> str:
    return title[0] if in_chinese() else title[1]
