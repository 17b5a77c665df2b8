"""A roster taken back: each fact as it was before, unless something later rests on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.firms.columns import settle
from huiqi.portal.firms.holding import holds
from huiqi.portal.firms.models import CONFIRMED, IN_REGISTER, Binding, Contest, FactChange, Firm, Roster
from huiqi.portal.firms.preview import BATCH, Report
from huiqi.portal.firms.taking import save_all


def standing(roster: Roster) -> ScopedQuerySet:
    """Return the roster's changes that were not taken back."""
    rows = FactChange.objects.for_site("a roster's own changes")
    return rows.filter(roster=roster, undoes=None, undone_by=None)


def in_the_way(roster: Roster, most: int) -> list[tuple[Firm, str]]:
    """Return, up to `most`, firms with a fact of this roster on which something later rests."""
    found: list[tuple[int, str]] = []
    for numbers in _firms_of(standing(roster).exclude(fact=CONFIRMED)):
        found += _blocked(roster, numbers)
        if len(found) >= most:
            break
    firms = Firm.objects.for_site("a roster's own firms").in_bulk({number for number, _fact in found[:most]})
    return [(firms[number], fact) for number, fact in found[:most]]


def _blocked(roster: Roster, numbers: list[int]) -> Iterator[tuple[int, str]]:
    """Yield what something later rests on, of some firms: looked through here, as no index answers it quickly."""
    changes = FactChange.objects.for_site("what came later, of any office").filter(firm__in=numbers)
    rows = list(changes.values_list("id", "firm", "fact", "roster", "undoes").order_by("id"))
    gone = {undoes for *_rest, undoes in rows if undoes is not None}
    standing_ones = [each[:4] for each in rows if each[4] is None and each[0] not in gone]
    others = changes.filter(fact=CONFIRMED).exclude(roster=roster)
    again: dict[int, dict[str, str]] = dict(others.values_list("id", "before"))
    used = _staying(numbers)
    later: dict[int, list[tuple[int, str]]] = {}
    for number, firm, fact, owner in standing_ones:
        if owner != roster.pk:
            later.setdefault(firm, []).append((number, fact))
    for number, firm, fact, owner in standing_ones:
        if owner != roster.pk or fact == CONFIRMED:
            continue
        after = [each for each in later.get(firm, ()) if each[0] > number]
        rests = any(
            fact in (other, IN_REGISTER) or (other == CONFIRMED and fact in again[later_one])
            for later_one, other in after
        )
        if rests or (fact == IN_REGISTER and firm in used):
            yield firm, fact


def _staying(numbers: list[int]) -> set[int]:
    """Return the firms that somebody is bound to, or asks to be, that have an open contest, or that another domain holds."""
    bound = Binding.objects.for_site("bindings hold a firm in the register").filter(
        firm__in=numbers, state__in=["asked", "bound"]
    )
    contested = Contest.objects.for_site("open contests hold a firm in the register").filter(
        firm__in=numbers, state="open"
    )
    others = (each.held(numbers) for each in holds())
    return set().union(
        bound.values_list("firm", flat=True), contested.values_list("firm", flat=True), *others
    )


def _firms_of(rows: ScopedQuerySet, last: int = 0) -> Iterator[list[int]]:
    """Yield the firms of some changes in order, a batch at a time."""
    while True:
        ordered = rows.filter(firm__gt=last).order_by("firm").values_list("firm", flat=True)
        numbers = list(ordered.distinct()[:BATCH])
        if not numbers:
            return
        yield numbers
        last = numbers[-1]


def undo(roster: Roster, library: PolicyLibrary, now: datetime, report: Report) -> dict[str, int]:
    """Take back what stands of the roster; return how many changes were taken back and how many had to stay."""
    done, total = 0, standing(roster).count()
    for numbers in _firms_of(standing(roster)):
        with transaction.atomic():
            # The lock comes first, so that a second worker sees what the first has taken back.
            Roster.objects.for_site("a job's own roster").select_for_update().get(pk=roster.pk)
            done += _undo(roster, numbers, library, now)
        report(done, total)
    undone = FactChange.objects.for_site("a roster's own changes").filter(roster=roster).exclude(undoes=None)
    return {"undone": undone.count(), "kept": standing(roster).exclude(fact=CONFIRMED).count()}


def _undo(roster: Roster, numbers: list[int], library: PolicyLibrary, now: datetime) -> int:
    held = Firm.objects.for_site("a roster's own firms").filter(pk__in=numbers).order_by("pk")
    firms = {each.pk: each for each in held.select_for_update()}
    backwards: list[FactChange] = []
    changed: dict[int, Firm] = {}
    # Somebody may have been bound, or put on a list, since the act looked.
    staying = _staying(numbers)
    for change in standing(roster).filter(firm__in=numbers).order_by("-id"):
        firm = firms[change.firm_id]
        restored = None if change.fact == IN_REGISTER and firm.pk in staying else _restored(firm, change)
        if restored is None:
            continue
        changed[firm.pk] = firm
        before, after = restored
        backwards.append(
            FactChange(
                firm=firm,
                fact=change.fact,
                source=change.source,
                dated=change.dated,
                before=before,
                after=after,
                roster=roster,
                undoes=change,
                at=now,
            )
        )
    for firm in changed.values():
        settle(firm, library, roster.dated)
        firm.updated_at = now
        firm.version += 1
    save_all(list(changed.values()))
    FactChange.objects.for_site("a roster's own changes").bulk_create(backwards, batch_size=1000)
    return len(backwards)


def _restored(firm: Firm, change: FactChange) -> tuple[Any, Any] | None:
    """Put one fact back; return it before and after, None where what the roster left is not what stands."""
    if change.fact == IN_REGISTER:
        claims = [each for said in (firm.facts, firm.records) for each in said.values()]
        if any(claim.get("roster") != change.roster_id for said in claims for claim in said):
            return None
        left = {"facts": firm.facts, "records": firm.records}
        firm.facts, firm.records, firm.listed = {}, {}, False
        return left, None
    if change.fact == CONFIRMED:
        for fact, day in change.before.items():
            for said in (firm.facts, firm.records):
                if fact in said:
                    said[fact] = [
                        {**each, "date": day}
                        if each["source"] == change.source and each["date"] == change.dated.isoformat()
                        else each
                        for each in said[fact]
                    ]
        return None, change.before
    said = firm.records if change.fact in firm.records else firm.facts
    current = said.get(change.fact)
    if current != change.after:
        return None
    if change.before:
        said[change.fact] = change.before
    else:
        del said[change.fact]
    return current, change.before
