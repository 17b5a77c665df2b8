"""Pages of runs: all of an area, and one with its steps, its difference to the last, its lines and what is to be done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.db.models.functions import Coalesce
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huiqi.portal.accounts.models import User, prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.transitions import tables
from huiqi.portal.clock.models import Deadline
from huiqi.portal.clock.rules import deadline_rules
from huiqi.portal.delivery.lines import of_run
from huiqi.portal.delivery.models import CHANGES, MARKS, WAYS, WHYS, Approval, Handover, Run
from huiqi.portal.delivery.queries import (
    RUNS,
    by_county,
    figures_of,
    in_notice,
    left_out_of,
    lines_of,
    runs_of,
)
from huiqi.portal.delivery.rules import band_of, rules
from huiqi.portal.delivery.run_export import exported
from huiqi.portal.delivery.run_sheets import SHEETS
from huiqi.portal.delivery.shown import (
    choices,
    chosen,
    measure_title,
    place,
    shown_line,
    states_of,
    way_words,
)
from huiqi.portal.delivery.step_days import days_used, is_late
from huiqi.portal.delivery.steps import STEPS
from huiqi.portal.jobs.models import Job
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.portal.payments.queries import batches_of
from huiqi.reference.regions import UnknownRegion
from huiqi.reference.regions import region as region_of

WAITING = ("drawing", "checking", "cancelling", "paying")
_PRESSED = (
    *("run.check", "run.notice", "run.end_notice", "run.approve", "run.pay", "run.finish", "thirdparty.send"),
    *("run.return", "run.cancel"),
)
_COURSE = ("drawing", "drawn", "checked", "noticed", "ended_notice", "approved", "paying", "done")
_COURSE_OF_OTHERS = ("drawing", "drawn", "checked", "sent", "returned", "done")
_PLACE = {"checking": "drawn", "approving": "ended_notice"}
_SHOWN = 20
_MOST_DIGITS = 18
"""The digits that a row's number may have: more fit no database's integer."""


@dataclass(frozen=True, slots=True)
class Row:
    """A run with its words."""

    run: Run
    title: str
    place: str
    way: str


@page(RUNS, "deliveries/", zh="兑现", en="Deliveries", menu="delivery")
def deliveries(request: Visit) -> HttpResponse:
    """Show the runs of one's area, newest first, narrowed by what the address asks for."""
    asked = {
        name: request.GET.get(name, "").strip() for name in ("state", "way", "measure", "region", "year")
    }
    rows = runs_of(request.actor).filter(**_narrowing(asked)).order_by("-pk")
    runs = paged(rows, request.GET.get("page"))
    names = runs_of(request.actor).order_by("measure").values_list("measure", flat=True).distinct()[:200]
    context = {
        "runs": runs,
        "shown": [_row(each) for each in runs],
        "asked": asked,
        "states": states_of("delivery.run"),
        "ways": choices(WAYS),
        "measures": [(each, measure_title(each)) for each in names],
    }
    return render(request, "delivery/runs.html", context)


def _narrowing(asked: Mapping[str, str]) -> dict[str, object]:
    """Return what the rows are filtered by; what cannot be read narrows nothing."""
    found: dict[str, object] = {}
    if asked["state"] in tables()["delivery.run"].states:
        found["state"] = asked["state"]
    if asked["way"] in WAYS:
        found["way"] = asked["way"]
    if asked["measure"] and "\0" not in asked["measure"]:
        found["measure"] = asked["measure"][:60]
    if (
        asked["year"].isascii()
        and asked["year"].isdigit()
        and len(asked["year"]) == 4
        and asked["year"] != "0000"
    ):
        found["as_of__year"] = int(asked["year"])
    if asked["region"]:
        with suppress(UnknownRegion):
            found["region__startswith"] = prefix(region_of(asked["region"]).code)
    return found


def _row(run: Run) -> Row:
    return Row(run, measure_title(run.measure, run.variant), place(run.region), way_words(run.way))


@page("delivery-run", "deliveries/<int:number>/", zh="兑现", en="Delivery", opens=RUNS)
def run(request: Visit, number: int) -> HttpResponse:
    """Show a run: how far it is, what it comes to, what must be looked at, its lines."""
    return _show(request, _found(request, number))


def _found(request: Visit, number: int) -> Run:
    rows = runs_of(request.actor).select_related("screening", "before", "programme")
    found: Run | None = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _show(request: Visit, run: Run, wrong: Refused | None = None) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("state", "county", "change", "mark", "q")}
    lines = paged(_lines(request, run, asked), request.GET.get("page"))
    sums = figures_of(request.actor, run)
    live = {name: each for name, each in sums.items() if name not in ("dropped", "taken_elsewhere")}
    look = lines_of(request.actor, run).filter(state="drawn", looked_by="")
    to_look = (look.filter(sampled=True) | look.exclude(marks="")) if run.state == "drawn" else look.none()
    table = tables()["delivery.run"]
    allowed = table.allowed(run.state)
    fen = sum(each["fen"] or 0 for each in live.values())
    states = dict(states_of("delivery.line"))
    context = {
        "run": run,
        "row": _row(run),
        "steps": _steps(run, request.today),
        "asked": asked,
        "lines": lines,
        "shown": [shown_line(each) for each in lines],
        "states": states.items(),
        "changes": choices(CHANGES),
        "marks": choices(MARKS),
        "counties": [
            (each["county"], place(str(each["county"])), each) for each in by_county(request.actor, run)
        ],
        "sums": [(states[name], each) for name, each in sums.items()],
        "fen": fen,
        "lines_count": sum(each["lines"] for each in live.values()),
        "figures": run.figures,
        "of_more": not any(
            run.region.startswith(area)
            for each in request.actor.capacities
            if RUNS in each.pages
            for area in each.areas
        ),
        "differences": [(chosen(CHANGES[each]), run.figures.get(each, 0)) for each in CHANGES if each],
        "to_look": [shown_line(each) for each in to_look[:_SHOWN]],
        "to_look_count": to_look.count(),
        "left_out": [(each, chosen(WHYS[each.why])) for each in left_out_of(request.actor, run)[:_SHOWN]],
        "left_out_count": left_out_of(request.actor, run).count(),
        "approvals": _approvals(run),
        "band": band_of(run.rules, _approved_fen(run)) if run.rules else None,
        "in_notice": in_notice(request.today).filter(pk=run.pk).exists(),
        "may_see_batch": run.batch is not None and batches_of(request.actor).filter(pk=run.batch).exists(),
        "may_look": any(each.reaches(run.scope()) for each in request.actor.allowed("run.look")),
        "handovers": list(Handover.objects.for_site("of a run that is seen").filter(run=run).order_by("pk")),
        "acts": [each for each in _PRESSED if each in allowed],
        "waits": run.state in WAITING,
        "job": _job(run) if run.state in WAITING else None,
        "may_list": any(each.reaches(run.scope()) for each in request.actor.allowed("thirdparty.send")),
        "may_take_back": any(
            each.reaches(run.scope()) for each in request.actor.allowed("thirdparty.take_back")
        ),
        "may_export": any(each.reaches(run.scope()) for each in request.actor.allowed("run.export")),
        "sheets": [(name, each.title) for name, each in SHEETS.items()],
        "key": uuid.uuid4().hex,
        "wrong": wrong.findings if wrong is not None else (),
    }
    status = wrong.status if wrong is not None else 200
    return render(request, "delivery/run.html", context, status=status)


def _approvals(run: Run) -> list[tuple[Approval, str]]:
    """Return the approvals of the run's round with the names of those who gave them."""
    rows = Approval.objects.for_site("of a run that is seen").filter(run=run, round=run.round)
    found = list(rows.order_by("pk"))
    numbers = [each.by.removeprefix("user:") for each in found]
    users = User.objects.filter(pk__in=[int(each) for each in numbers if each.isdigit()])
    names = {f"user:{number}": name for number, name in users.values_list("pk", "name")}
    return [(each, names.get(each.by, "")) for each in found]


def _approved_fen(run: Run) -> int:
    """Return what the approvals are for: the whole run, however little of it the reader sees."""
    rows = of_run(run).exclude(state__in=["dropped", "taken_elsewhere"])
    return int(rows.aggregate(fen=Coalesce(Sum("amount"), 0))["fen"])


def _lines(request: Visit, run: Run, asked: Mapping[str, str]) -> ScopedQuerySet:
    rows = lines_of(request.actor, run)
    if asked["state"] in tables()["delivery.line"].states:
        rows = rows.filter(state=asked["state"])
    if asked["county"].isascii() and asked["county"].isdigit():
        rows = rows.filter(county=asked["county"][:6])
    if asked["change"] in CHANGES and asked["change"]:
        rows = rows.filter(change=asked["change"])
    if asked["mark"] in MARKS:
        rows = rows.filter(marks__contains=asked["mark"])
    words = asked["q"].replace("\0", "")[:60]
    return rows.filter(firm__name__contains=words) if words else rows


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a run: done, now or to come; its days against those that were promised."""

    title: str
    state: str
    deadline: Deadline | None = None
    late: bool = False
    used: int | None = None
    promised: int | None = None


def _steps(run: Run, today: date) -> list[Step]:
    course = _COURSE_OF_OTHERS if run.way == "third_party" else _COURSE
    words = dict(states_of("delivery.run"))
    rows = Deadline.objects.for_site("of a run that is seen").filter(
        subject_kind="delivery.run", subject=str(run.pk), rule__in=STEPS
    )
    by_rule = {each.rule: each for each in rows.order_by("pk")}
    promised: Mapping[str, Mapping[str, str]] = rules()["steps"]
    at = _PLACE.get(run.state, run.state)
    reached = course.index(at) if at in course else -1
    steps = []
    for number, name in enumerate(course):
        deadline = by_rule.get(promised.get(name, {}).get("rule", ""))
        state = "done" if number < reached or at == "done" else "now" if number == reached else "later"
        if deadline is None:
            steps.append(Step(words[name], state))
            continue
        promise = deadline_rules()[deadline.rule].working_days
        late, used = is_late(deadline, today), days_used(deadline, today)
        steps.append(Step(words[name], state, deadline, late, used, promise))
    return steps


@page(
    "delivery-look",
    "deliveries/<int:number>/look/",
    zh="标记已核看",
    en="Note what was looked at",
    opens=RUNS,
    methods=("POST",),
)
def look(request: Visit, number: int) -> HttpResponse:
    """Note the chosen lines as looked at."""
    found = _found(request, number)
    if not any(each.reaches(found.scope()) for each in request.actor.allowed("run.look")):
        raise Http404
    try:
        chosen_lines = [
            int(each)
            for each in request.POST.getlist("line")[:500]
            if each.isascii() and each.isdigit() and len(each) <= _MOST_DIGITS
        ]
        if not chosen_lines:
            raise Refused(_("没有选择明细"), mend=_("请勾选核看过的明细"))
        perform(
            "run.look",
            request.actor,
            found.pk,
            {"lines": chosen_lines},
            now=request.now,
            today=request.today,
            key=request.POST.get("key", ""),
        )
    except Refused as refused:
        if refused.findings[0].code == "not-found":
            raise
        return _show(request, found, refused)
    return redirect("delivery-run", number=number)


@page(
    "delivery-export",
    "deliveries/<int:number>/export/",
    zh="导出兑现明细",
    en="Export lines",
    opens=RUNS,
    methods=("POST",),
)
def export(request: Visit, number: int) -> HttpResponse:
    """Hand out a sheet of what the actor sees of the run; who took it is noted."""
    found = _found(request, number)
    which = request.POST.get("sheet", "") or "lines"
    try:
        file = exported(request, found, request.POST.get("key", ""), which)
    except Refused as refused:
        if refused.findings[0].code == "not-found":
            raise
        return _show(request, found, refused)
    name = f"{found.measure}-{found.pk}-{which.replace('_', '-')}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)  # type: ignore[return-value]


@page(
    "delivery-left-out",
    "deliveries/<int:number>/left-out/",
    zh="未列入的企业",
    en="Firms without a line",
    opens=RUNS,
)
def left_out(request: Visit, number: int) -> HttpResponse:
    """Show who received last time or was entitled by the screening, and has no line, with the reason."""
    found = _found(request, number)
    rows = left_out_of(request.actor, found)
    why = request.GET.get("why", "")
    if why in WHYS:
        rows = rows.filter(why=why)
    shown = paged(rows, request.GET.get("page"))
    context = {
        "run": found,
        "row": _row(found),
        "rows": shown,
        "left_out": [(each, chosen(WHYS[each.why])) for each in shown],
        "whys": choices(WHYS),
        "why": why,
    }
    return render(request, "delivery/left_out.html", context)


def _job(run: Run) -> Job | None:
    rows = Job.objects.filter(kind__startswith="delivery-", purpose__endswith=f":{run.pk}")
    return rows.order_by("-pk").first()
