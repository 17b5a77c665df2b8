"""Entries made many at once, in a few statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from huiqi.portal.acts.registry import Doing
from huiqi.portal.clock.running import begin_deadline
from huiqi.portal.firms.models import Firm
from huiqi.portal.lists.entry_acts import PROPOSAL_RULE
from huiqi.portal.lists.guards import new_entry
from huiqi.portal.lists.kinds import ListKind
from huiqi.portal.lists.models import Batch, Entry

MOST = 5_000
"""Entries of one batch."""

Row = tuple[int | str, date, date | None, str]
"""Whom (a firm's key or a county's code), from, to, why."""


def made(doing: Doing, batch: Batch, kind: ListKind, rows: Iterable[Row], state: str) -> list[Entry]:
    """Save the entries of a batch in a state, in the order of their subjects; the event says each of them."""
    wanted = list(rows)
    numbers = [subject for subject, *_rest in wanted if isinstance(subject, int)]
    firms = Firm.objects.for_site("the rows were scoped when they were previewed").in_bulk(numbers)
    entries = []
    for subject, begins, until, reason in wanted:
        whom = firms[subject] if isinstance(subject, int) else subject
        past = state == "member" and until is not None and until < doing.today
        entries.append(
            new_entry(
                doing,
                batch.kept,
                kind,
                whom,
                state="ended" if past else state,
                begins=begins,
                until=until,
                ground=batch.ground,
                reason=reason,
                basis=batch.basis,
                batch=batch,
                proposed_by=batch.by,
                approved_by=doing.actor.id if state == "member" else "",
                left_because=f"有效期至{until.isoformat()}" if past and until is not None else "",
            )
        )
    Entry.objects.bulk_create(entries, batch_size=500)
    if state == "proposed":
        for entry in entries:
            begin_deadline(doing, PROPOSAL_RULE, entry, entry.address())
    doing.say(
        list=batch.kept_id,
        kind=kind.id,
        rule=kind.digest,
        became=state,
        entries=[
            [each.pk, each.subject, each.begins.isoformat(), each.until.isoformat() if each.until else None]
            for each in entries
        ],
    )
    return entries
