"""A roster taken back: each fact as it was before, unless something later rests on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.firms.columns import settle
from huiqi.portal.firms.models import CONFIRMED, IN_REGISTER, Binding, Contest, FactChange, Firm, Roster
from huiqi.portal.firms.preview import BATCH, Report
from huiqi.portal.firms.taking import save_all


def standing(roster: Roster) -> ScopedQuerySet:
    """Return the roster's changes that were not taken back."""
    rows = FactChange.objects.for_site("a roster's own changes")
    return rows.filter(roster=roster, undoes=None, undone_by=None)


def in_the_way(roster: Roster, most: int) -> list[tuple[Firm, str]]:
    """Return, up to `most`, firms with a fact of this roster on which something later rests."""
    later = FactChange.objects.for_site("what came later, of any office").filter(
        firm=OuterRef("firm"), id__gt=OuterRef("id"), undoes=None, undone_by=None
    )
    later = later.exclude(roster=roster)
    bound = Binding.objects.for_site("bindings hold a firm in the register").filter(
        firm=OuterRef("firm"), state__in=["asked", "bound"]
    )
    contested = Contest.objects.for_site("open contests hold a firm in the register").filter(
        firm=OuterRef("firm"), state="open"
    )
    mine = (
        standing(roster)
        .exclude(fact=CONFIRMED)
        .annotate(
            changed=Exists(later.filter(fact=OuterRef("fact"))),
            touched=Exists(later),
            said_again=Exists(later.filter(fact=CONFIRMED)),
            used=Exists(bound) | Exists(contested),
        )
        .filter(
            Q(changed=True)
            | Q(said_again=True)
            | Q(fact=IN_REGISTER, touched=True)
            | Q(fact=IN_REGISTER, used=True)
        )
        .select_related("firm")
        .order_by("id")
    )
    found: list[tuple[Firm, str]] = []
    for change in mine.iterator(chunk_size=500):
        if change.changed or change.fact == IN_REGISTER or _said_again(change):
            found.append((change.firm, change.fact))
        if len(found) == most:
            break
    return found


def undo(roster: Roster, library: PolicyLibrary, now: datetime, report: Report) -> dict[str, int]:
    """Take back what stands of the roster; return how many changes were taken back and how many had to stay."""
    last = 0
    total = standing(roster).count()
    while True:
        with transaction.atomic():
            # The lock comes first, so that a second worker sees what the first has taken back.
            Roster.objects.for_site("a job's own roster").select_for_update().get(pk=roster.pk)
            numbers = list(
                standing(roster)
                .filter(firm__gt=last)
                .order_by("firm")
                .values_list("firm", flat=True)
                .distinct()[:BATCH]
            )
            if not numbers:
                break
            _undo(roster, numbers, library, now)
        last = numbers[-1]
        report(total - standing(roster).filter(firm__gt=last).count(), total)
    undone = FactChange.objects.for_site("a roster's own changes").filter(roster=roster).exclude(undoes=None)
    return {"undone": undone.count(), "kept": standing(roster).exclude(fact=CONFIRMED).count()}


def _undo(roster: Roster, numbers: list[int], library: PolicyLibrary, now: datetime) -> None:
    held = Firm.objects.for_site("a roster's own firms").filter(pk__in=numbers).order_by("pk")
    firms = {each.pk: each for each in held.select_for_update()}
    backwards: list[FactChange] = []
    changed: dict[int, Firm] = {}
    for change in standing(roster).filter(firm__in=numbers).order_by("-id"):
        firm = firms[change.firm_id]
        restored = _restored(firm, change)
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


def _said_again(change: FactChange) -> bool:
    """Whether a later roster said this very fact again."""
    later = FactChange.objects.for_site("what came later, of any office").filter(
        firm=change.firm_id, id__gt=change.pk, fact=CONFIRMED, undoes=None, undone_by=None
    )
    return any(change.fact in each.before for each in later.exclude(roster=change.roster_id))
