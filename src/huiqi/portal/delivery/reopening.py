"""Facts and lists that change after the lines were fixed: only the lines whose firm and read facts are touched are reopened.

A line is reopened where it would rest on other facts, or come to another amount, than it does: looking twice at one
change reopens nothing twice. As numbers of changes are given before their transactions end, the newest are looked at
again; events, which say who entered or left a list, are numbered as they are committed and looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.chain import canonical, sm3
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.registry import Doing, act
from huiqi.portal.delivery.inputs import Reopened
from huiqi.portal.delivery.judging_anew import Judges, differs
from huiqi.portal.delivery.lines import of_run
from huiqi.portal.delivery.models import FIXED_STATES, Run
from huiqi.portal.delivery.seen import last_change, last_event
from huiqi.portal.delivery.telling import tell_lines
from huiqi.portal.firms.models import CONFIRMED, IN_REGISTER, FactChange
from huiqi.portal.jobs.registry import Working, job
from huiqi.portal.lists.changes import changes_between

REOPEN_JOB = "delivery-reopen"
AGAIN = 2_000
"""How many of the newest changes are looked at again."""
PIECE = 500
FIXED = ("listed", "approved")


@act("run.reopen", Run, zh="重新复核信息变动的明细", en="Reopen lines", takes=Reopened, bulk=True)
def reopen(doing: Doing, run: Run, given: Reopened) -> None:
    """Hold up the lines whose facts changed until a reviewer keeps or drops them."""
    rows = of_run(run).filter(pk__in=given.lines, state__in=FIXED)
    numbers = sorted(rows.values_list("pk", flat=True))
    rows.update(state="reopened", reason=f"信息变动：{'、'.join(given.facts)}"[:500])
    run.facts_seen = max(run.facts_seen, given.seen)
    run.lists_seen = max(run.lists_seen, given.lists_seen)
    doing.say(
        lines=len(numbers),
        facts=given.facts,
        seen=run.facts_seen,
        lists_seen=run.lists_seen,
        digest=sm3(canonical(numbers)),
    )
    tell_lines(doing, numbers, "delivery-reopened", f"reopened-{given.seen}-{given.lists_seen}")


@job(REOPEN_JOB, zh="查找信息变动的兑现明细", en="Look for lines whose facts changed", daily=True)
def work(working: Working) -> Mapping[str, Any]:
    """Look at every run whose lines are fixed and not paid yet."""
    runs = Run.objects.for_site("a daily job looks at all").filter(state__in=FIXED_STATES).order_by("pk")
    return {"reopened": sum(look_at(run, working) for run in runs)}


def look_at(run: Run, working: Working) -> int:
    """Reopen the lines of a run that changes since its last look touch; how many."""
    newest, event = last_change(), last_event()
    own = of_run(run).filter(state__in=FIXED)
    touched, new = _by_facts(run, own, newest)
    listed = list(_by_lists(run, own, event))
    for firm, name in listed:
        touched.setdefault(firm, set()).add(name)
        new.add(firm)
    reopened, judges = 0, Judges(run)
    for firms in _pieces(sorted(touched)):
        working.report(reopened, len(touched))
        found: list[int] = []
        lines = own.filter(firm__in=firms).select_related("firm")
        for line, now in judges.of(list(lines)):
            # An amount that a person corrected differs from the rule's: only a change of its own reopens it.
            if differs(line, now) and ("corrected" not in line.derivation or line.firm_id in new):
                found.append(line.pk)
        if found:
            facts = sorted({fact for firm in firms for fact in touched[firm]})
            _reopen(run, working, found, facts, (run.facts_seen, run.lists_seen))
            reopened += len(found)
    if newest > run.facts_seen or listed:
        _reopen(run, working, [], [], (newest, event))
    return reopened


def _by_facts(run: Run, own: ScopedQuerySet, newest: int) -> tuple[dict[int, set[str]], set[int]]:
    """Return the firms of whom a fact that the run reads changed, with the facts; and whom of them that befell since the last look."""
    changes = FactChange.objects.for_site("what changed since the lines were fixed")
    since = changes.filter(pk__gt=run.facts_seen - AGAIN, pk__lte=newest).exclude(fact=CONFIRMED)
    reads = {*run.facts, IN_REGISTER}
    touched: dict[int, set[str]] = {}
    new: set[int] = set()
    for number, firm, fact in since.filter(firm__in=own.values("firm")).values_list("pk", "firm", "fact"):
        name = fact.partition("@")[0]
        if name in reads:
            touched.setdefault(firm, set()).add(name)
            if number > run.facts_seen:
                new.add(firm)
    return touched, new


def _by_lists(run: Run, own: ScopedQuerySet, event: int) -> Iterator[tuple[int, str]]:
    """Yield the firms of the run of whom a list that it reads says something else since the last look, with its name."""
    for change in changes_between(run.facts, run.lists_seen, event):
        for firms in _pieces(sorted(change.firms)):
            for firm in own.filter(firm__in=firms).values_list("firm", flat=True):
                yield firm, change.says
        for area in sorted(change.areas):
            lies = own.filter(firm__region__gte=area.ljust(6, "0"), firm__region__lte=area.ljust(6, "9"))
            for firm in lies.values_list("firm", flat=True):
                yield firm, change.says


def _reopen(
    run: Run, working: Working, lines: Sequence[int], facts: Sequence[str], seen: tuple[int, int]
) -> None:
    values = {"lines": [*lines], "facts": [*facts], "seen": seen[0], "lists_seen": seen[1]}
    run.refresh_from_db()
    actor = site_actor("run-reopen")
    key = f"run.reopen:{run.pk}:{run.version}:{seen[0]}:{seen[1]}:{sm3(canonical([*lines]))[:24]}"
    perform("run.reopen", actor, run.pk, values, now=working.now, today=working.today, key=key)
    run.refresh_from_db()


def _pieces(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(numbers), PIECE):
        yield numbers[begin : begin + PIECE]
