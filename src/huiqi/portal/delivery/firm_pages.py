"""What is under way for one's own firms: each step in plain words, what comes next and by when; to object, to say that nothing came."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.delivery.models import HOLDING, Line, Run
from huiqi.portal.delivery.queries import OWN, in_notice, objections_of, own_lines_of
from huiqi.portal.delivery.shown import (
    derivation_of,
    measure_title,
    place,
    shown_facts,
    states_of,
    variant_of,
)
from huiqi.portal.firms.models import Firm
from huiqi.portal.look.paging import paged
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit

_MOST_NOTICES = 50


@dataclass(frozen=True, slots=True)
class Own:
    """A line as its firm reads it."""

    line: Line
    title: str
    state: str
    next: str


@page(OWN, "own-deliveries/", zh="正在办理", en="Under way", menu="firm")
def own(request: Visit) -> HttpResponse:
    """Show what is under way for one's firms, the newest first; and notices that their firms may object to."""
    lines = paged(own_lines_of(request.actor).order_by("-run_id", "pk"), request.GET.get("page"))
    words = dict(states_of("delivery.line"))
    firms = list(Firm.objects.visible_to(request.actor, OWN).only("pk", "region", "name").order_by("pk")[:50])
    context = {
        "rows": lines,
        "shown": [_own(each, words, request.today) for each in lines],
        "notices": _notices(firms, request.today),
        "objections": [
            (each, measure_title(each.run.measure, each.run.variant))
            for each in objections_of(request.actor, OWN)[:20]
        ],
    }
    return render(request, "delivery/own.html", context)


@page("own-delivery", "own-deliveries/<int:number>/", zh="办理进度", en="How far it is", opens=OWN)
def own_line(request: Visit, number: int) -> HttpResponse:
    """Show one's own line: where it is, what it rests on, what one may do."""
    found: Line | None = own_lines_of(request.actor).filter(pk=number).first()
    if found is None:
        raise Http404
    context = {
        "own": _own(found, dict(states_of("delivery.line")), request.today),
        "line": found,
        "run": found.run,
        "measure": variant_of(found.run.measure, found.run.variant),
        "facts": shown_facts(found),
        "derivation": derivation_of(found),
        "may_object": _in_notice(found.run, request.today) and found.state in ("listed", "reopened"),
        "may_tell": found.state == "paid",
    }
    return render(request, "delivery/own_line.html", context)


@page(
    "own-object",
    "own-deliveries/object/<int:run>/<int:firm>/",
    zh="提出异议",
    en="Object",
    opens=OWN,
    methods=("GET", "POST"),
)
def own_object(request: Visit, run: int, firm: int) -> HttpResponse:
    """Object to a public notice: to one's own line in it, or to having none."""
    found: Run | None = in_notice(request.today).filter(pk=run).first()
    own_firm: Firm | None = Firm.objects.visible_to(request.actor, OWN).filter(pk=firm).first()
    if found is None or own_firm is None:
        raise Http404
    rows = Line.objects.visible_to(request.actor, OWN).filter(run=found, firm=own_firm).order_by("pk")
    lines = list(rows[:50])
    reason = request.POST.get("reason", "")
    wrong: Refused | None = None
    if request.method == "POST":
        given = {"run": found.pk, "firm": own_firm.pk, "reason": reason}
        if request.POST.get("line"):
            given["line"] = request.POST["line"]
        try:
            perform(
                "line.object",
                request.actor,
                None,
                given,
                now=request.now,
                today=request.today,
                key=request.POST.get("key", ""),
            )
            return redirect(OWN)
        except Refused as refused:
            wrong = refused
    context = {
        "run": found,
        "firm": own_firm,
        "title": measure_title(found.measure, found.variant),
        "place": place(found.region),
        "lines": lines,
        "reason": reason[:1000],
        "wrong": wrong.findings if wrong is not None else (),
        "key": request.POST.get("key") or uuid.uuid4().hex,
    }
    status = wrong.status if wrong is not None else 200
    return render(request, "delivery/own_object.html", context, status=status)


def under_way(request: Visit, most: int) -> list[Own]:
    """Return the newest lines of one's firms."""
    words = dict(states_of("delivery.line"))
    rows = own_lines_of(request.actor).order_by("-run_id", "pk")
    return [_own(each, words, request.today) for each in rows[:most]]


def _own(line: Line, words: dict[str, str], today: date) -> Own:
    title = measure_title(line.run.measure, line.run.variant)
    return Own(line, title, words[line.state], _next(line, today))


def _in_notice(run: Run, today: date) -> bool:
    if run.state != "noticed" or run.notice_from is None or run.notice_until is None:
        return False
    return run.notice_from <= today <= run.notice_until


def _next(line: Line, today: date) -> str:
    """Return what comes next for a firm, in plain words."""
    run = line.run
    if line.state == "paid":
        day = line.paid_on.isoformat() if line.paid_on else ""
        return _("已于%(day)s支付，如未到账请反映") % {"day": day}
    told = {
        "contested": _("异议正在答复"),
        "reopened": _("信息有变动，正在复核"),
        "dropped": _("不予发放，理由见下"),
        "taken_elsewhere": _("同一事项已享受"),
        "rejected": _("银行退回，请核对收款账户后等待重新支付"),
        "recovered": _("已追回"),
        "granted": _("已由落实单位给予"),
        "not_granted": _("落实单位未给予，理由见下"),
    }
    if line.state in told:
        return told[line.state]
    if line.account_missing:
        return _("没有收款账户，请联系经办单位补充")
    by_run = {
        "checked": _("已核对，等待公示"),
        "ended_notice": _("公示期满，等待审批"),
        "approving": _("正在审批"),
        "approved": _("已审批，等待支付"),
        "paying": _("正在支付"),
        "sent": _("名单已送落实单位"),
        "returned": _("落实结果已返回"),
        "cancelling": _("本次兑现已取消"),
        "cancelled": _("本次兑现已取消"),
    }
    if run.state != "noticed" or run.notice_from is None or run.notice_until is None:
        return by_run.get(run.state, "")
    if _in_notice(run, today):
        return _("公示至%(day)s，期间可以提出异议") % {"day": run.notice_until.isoformat()}
    return by_run["checked" if today < run.notice_from else "ended_notice"]


def _notices(firms: list[Firm], today: date) -> list[tuple[Run, Firm, str]]:
    """Return the notices in the regions of one's firms that do not list them: they may object to having none."""
    reach = {firm.pk: {firm.region[:size].ljust(6, "0") for size in (2, 4, 6)} for firm in firms}
    regions = set().union(*reach.values())
    runs = list(in_notice(today).filter(region__in=regions).order_by("pk")[:_MOST_NOTICES])
    rows = Line.objects.for_site("whether one's own firms are listed").filter(firm__in=firms)
    in_these = rows.filter(run__in=runs).values_list("run_id", "firm_id")
    # Who has the same entitlement of the same period by another run misses nothing.
    had = rows.filter(state__in=HOLDING, run__measure__in={each.measure for each in runs})
    elsewhere = set(had.values_list("run__measure", "period", "firm_id"))
    listed = {
        *in_these,
        *((run.pk, firm) for run in runs for *what, firm in elsewhere if what == [run.measure, run.period]),
    }
    return [
        (run, firm, measure_title(run.measure, run.variant))
        for firm in firms
        for run in runs
        if run.region in reach[firm.pk] and (run.pk, firm.pk) not in listed
    ]
