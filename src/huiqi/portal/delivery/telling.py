"""Firms are told of every step of their lines, by a job: a list of a hundred thousand never waits for its notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse

from huiqi.portal.catalogue.shelf import library
from huiqi.portal.delivery.models import Line, Run
from huiqi.portal.firms.models import Binding
from huiqi.portal.jobs.registry import Working, job
from huiqi.portal.jobs.running import ask
from huiqi.portal.notices.telling import Underway, notify
from huiqi.reference.money import format_yuan_grouped

TELL_JOB = "delivery-tell"
PIECE = 200


def tell_run(doing: Underway, run: Run, kind: str, states: Sequence[str]) -> None:
    """Let the firms bound to users that have a line of the run in one of the states be told, by a job."""
    mark = f"{run.pk}-{run.round}"
    asked = {"kind": kind, "run": run.pk, "states": [*states], "mark": mark}
    _ask(doing, asked, f"{kind}:{mark}", run.region)


def tell_lines(doing: Underway, lines: Sequence[int], kind: str, mark: str) -> None:
    """Let those of the lines (by number) whose firms are bound to users be told; `mark`: once for what.

    A bank's answer may be of runs of several regions: each has a job of its own, which is that region's business.
    """
    firms = Binding.objects.for_site("whom a notice can reach").filter(state="bound").values("firm")
    rows = Line.objects.for_site("the act or job holds the lines").filter(pk__in=lines, firm__in=firms)
    by_region: dict[str, list[int]] = {}
    for number, region in rows.order_by("pk").values_list("pk", "run__region"):
        by_region.setdefault(region, []).append(number)
    for region, reached in by_region.items():
        _ask(doing, {"kind": kind, "lines": reached, "mark": mark}, f"{kind}:{mark}:{reached[0]}", region)


def _ask(doing: Underway, arguments: Mapping[str, Any], purpose: str, region: str) -> None:
    ask(
        TELL_JOB,
        f"{TELL_JOB}:{purpose}"[:120],
        arguments,
        by=doing.actor.id,
        now=doing.now,
        region=region,
    )


@job(TELL_JOB, zh="通知企业兑现进展", en="Tell firms how their delivery stands")
def tell(working: Working) -> Mapping[str, Any]:
    """Write the notices, each once, however often the job is begun again."""
    asked = working.arguments
    rows = Line.objects.for_site("a job tells each firm of its own lines").order_by("pk")
    if "run" in asked:
        firms = Binding.objects.for_site("whom a notice can reach").filter(state="bound").values("firm")
        rows = rows.filter(run=asked["run"], state__in=asked["states"], firm__in=firms)
    else:
        rows = rows.filter(pk__in=asked["lines"])
    numbers = list(rows.values_list("pk", flat=True))
    for begin in range(0, len(numbers), PIECE):
        working.report(begin, len(numbers))
        with transaction.atomic():
            _tell_piece(working, numbers[begin : begin + PIECE], asked["kind"], asked["mark"])
    return {"lines": len(numbers)}


def _tell_piece(working: Working, numbers: Sequence[int], kind: str, mark: str) -> None:
    lines = Line.objects.for_site("a job tells each firm of its own lines").filter(pk__in=numbers)
    bound = Binding.objects.for_site("whom a notice goes to").filter(state="bound")
    users: dict[int, list[Any]] = {}
    for binding in bound.filter(firm__in=lines.values("firm")).select_related("user"):
        users.setdefault(binding.firm_id, []).append(binding.user)
    for line in lines.select_related("run").order_by("pk"):
        values = values_of(line)
        to = users.get(line.firm_id, [])
        own = reverse("own-delivery", kwargs={"number": line.pk})
        notify(working, kind, to=to, subject=line, values=values, address=own, once=f"{line.pk}:{mark}")


def values_of(line: Line) -> dict[str, Any]:
    """Return what a notice about a line says: the measure, the amount, until when the list is shown."""
    return {"measure": measure_of(line.run.measure), "amount": format_yuan_grouped(line.amount)}


def measure_of(name: str) -> dict[str, str]:
    """Return the title of a measure in both languages, its name where the library has none of it any more."""
    found = library().by_id.get(name)
    if not found:
        return {"zh": name, "en": name}
    return {"zh": found[0].title, "en": found[0].english or found[0].title}
