"""The operations page: what runs, what waits, what failed and why."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from huiqi.portal.jobs.models import FAILED, STATES, Job
from huiqi.portal.jobs.registry import kinds
from huiqi.portal.jobs.running import retry
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit


@page("operations", "operations/", zh="后台任务", en="Operations", menu="system")
def operations(request: Visit) -> HttpResponse:
    """The jobs, newest first; by state where asked."""
    rows = Job.objects.order_by("-id")
    state = request.GET.get("state", "")
    if state in STATES:
        rows = rows.filter(state=state)
    shown = Paginator(rows, 50).get_page(request.GET.get("page"))
    for each in shown:
        each.known = kinds().get(each.kind)
    return render(request, "jobs/operations.html", {"jobs": shown, "states": STATES, "state": state})


@page(
    "operations-retry",
    "operations/<int:number>/retry/",
    zh="重试",
    en="Retry",
    opens="operations",
    methods=("POST",),
)
def retry_job(request: Visit, number: int) -> HttpResponse:
    """Put a failed job back."""
    retry(get_object_or_404(Job, pk=number, state=FAILED), request.now)
    return redirect("operations")
