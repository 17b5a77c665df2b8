"""A roster put into the register, some thousand firms a transaction; what is written is never written again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from huiqi.policies.library import PolicyLibrary
from huiqi.portal.acts.models import Event
from huiqi.portal.firms.columns import COLUMNS, settle
from huiqi.portal.firms.files import work_folder
from huiqi.portal.firms.merging import Merged, Word, doubt_of, merged
from huiqi.portal.firms.models import CONFIRMED, IN_REGISTER, FactChange, Firm, Roster
from huiqi.portal.firms.preview import BATCH, POPULATION, Report, areas_of, firms_by_code
from huiqi.portal.firms.rows import FirmRow, rows_in
from huiqi.screening.prepared import describe

WRITTEN = ("facts", "records", "updated_at", "version", "listed", *COLUMNS)


def take(
    roster: Roster, library: PolicyLibrary, now: datetime, report: Report, batch: int = BATCH
) -> dict[str, int]:
    """Write the roster's firms from where an earlier attempt ended; return how many are new, changed, unchanged."""
    population = work_folder(roster.digest, roster.pk) / POPULATION
    total = describe(population, library).rows["subject"]
    roster = _fresh(roster)
    for rows in rows_in(population, library, roster.written, batch):
        with transaction.atomic():
            locked = _locked(roster)
            if locked.state != "taking" or locked.written != roster.written:
                # Another worker holds this roster: it was taken for dead and is not, or the other way round.
                break
            _write(locked, rows, library, now)
            locked.written += len(rows)
            locked.save(update_fields=["written"])
        roster.written = locked.written
        report(roster.written, total)
    return {**counted(roster), "rows": total}


def counted(roster: Roster) -> dict[str, int]:
    """Return how many firms a roster brought and how many it changed, from what it left in the history."""
    mine = FactChange.objects.for_site("a roster's own changes").filter(roster=roster, undoes=None)
    new = Q(fact=IN_REGISTER)
    counts = mine.exclude(fact=CONFIRMED).aggregate(
        new=Count("firm", distinct=True, filter=new), all=Count("firm", distinct=True)
    )
    return {"new": counts["new"], "changed": counts["all"] - counts["new"]}


def _write(roster: Roster, rows: list[FirmRow], library: PolicyLibrary, now: datetime) -> None:
    areas = areas_of(roster)
    known = firms_by_code(rows, locked=True)
    word = Word(roster.source, roster.dated, roster.pk)
    all_made = [
        merged(known.get(row.code), row, word, now)
        for row in rows
        if doubt_of(row, known.get(row.code), areas) is None
    ]
    touched = [each for each in all_made if each.is_new or each.changes or each.confirmed]
    for each in touched:
        settle(each.firm, library, roster.dated)
        each.firm.updated_at = now
        each.firm.version += 1
    firms = Firm.objects.for_site("a roster's own firms")
    firms.bulk_create([each.firm for each in touched if each.firm.pk is None], batch_size=500)
    save_all([each.firm for each in touched if each.firm.credit_code in known])
    event = Event.objects.filter(
        subject_kind="firms.roster", subject=str(roster.pk), act="roster.take"
    ).values_list("sequence", flat=True)
    sequence = event.last()
    history = [
        FactChange(
            firm=each.firm,
            fact=fact,
            source=roster.source,
            dated=roster.dated,
            before=before,
            after=after,
            roster=roster,
            event=sequence,
            at=now,
        )
        for each in touched
        for fact, before, after in _history(each)
    ]
    FactChange.objects.for_site("a roster's own changes").bulk_create(history, batch_size=1000)


def save_all(firms: list[Firm]) -> None:
    """Save what was changed of known firms, in few statements."""
    Firm.objects.for_site("the caller holds these firms").bulk_create(
        firms, batch_size=500, update_conflicts=True, unique_fields=["pk"], update_fields=list(WRITTEN)
    )


def _history(made: Merged) -> list[tuple[str, object, object]]:
    if made.is_new:
        # What a firm came with stands in its facts, each with its source; the history begins with the first change.
        return [(IN_REGISTER, None, {"facts": len(made.firm.facts), "records": len(made.firm.records)})]
    rows: list[tuple[str, object, object]] = [(each.fact, each.before, each.after) for each in made.changes]
    if made.confirmed:
        rows.append((CONFIRMED, made.confirmed, None))
    return rows


def _fresh(roster: Roster) -> Roster:
    fresh: Roster = Roster.objects.for_site("a job's own roster").get(pk=roster.pk)
    return fresh


def _locked(roster: Roster) -> Roster:
    locked: Roster = Roster.objects.for_site("a job's own roster").select_for_update().get(pk=roster.pk)
    return locked
