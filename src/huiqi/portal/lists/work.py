"""The jobs of lists: candidates found by the rule, and members who may have to leave put up for decision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from huiqi.portal.accounts.capacities import site_actor
from huiqi.portal.accounts.models import prefix
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import NotNow, Refused
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.firms.models import Firm
from huiqi.portal.jobs.registry import Working, job
from huiqi.portal.lists.entry_acts import RULE_DOUBT, TERM_DOUBT
from huiqi.portal.lists.judging import judged, perhaps
from huiqi.portal.lists.kinds import ListKind, kinds
from huiqi.portal.lists.models import OPEN_STATES, Candidate, Entry, KeptList, Search

TERM_ENDS_WITHIN = 30
"""Days before the end of a term in which a member is put up."""
QUIET_DAYS = 90
"""Days after a decision to keep a member in which the same rule does not put it up again."""
MOST_UNKNOWN = 5_000
"""Firms of whom too little is known that are stored with a list; the others are counted."""
_REPORT_EVERY = 500
_QUICKER = {"list-up-already", "list-not-yet"}
"""Refusals that mean that somebody else has done it, or that there is nothing to do any more."""


@job("list-candidates", zh="查找名单候选企业", en="Find candidates of lists", daily=True)
def find_candidates(working: Working) -> Mapping[str, Any] | None:
    """Judge the firms of a list's area by its admission rule; all lists with a rule where none is named."""
    rows = KeptList.objects.for_site("candidates of every list").order_by("pk")
    if (number := working.arguments.get("list")) is not None:
        rows = rows.filter(pk=number)
    found = {}
    for kept in rows:
        kind = kinds().get(kept.kind)
        if kind is not None and kind.admission is not None:
            found[str(kept.pk)] = _search(kept, kind, working)
    return found


def _search(kept: KeptList, kind: ListKind, working: Working) -> dict[str, int]:
    assert kind.admission is not None
    area = prefix(kept.region)
    taken = Entry.objects.for_site("who is on the list is no candidate").filter(
        kept=kept, state__in=OPEN_STATES
    )
    firms = (
        Firm.objects.for_site("the list's whole area")
        .filter(
            perhaps(kind.admission),
            listed=True,
            region__gte=area.ljust(6, "0"),
            region__lte=area.ljust(6, "9"),
        )
        .exclude(pk__in=taken.filter(firm__isnull=False).values("firm"))
        .order_by("pk")
    )
    certain: list[Candidate] = []
    unknown: list[Candidate] = []
    left_out = 0
    judgements = judged(kind.admission, firms.iterator(chunk_size=_REPORT_EVERY), library(), working.today)
    for done, (firm, verdict) in enumerate(judgements, start=1):
        if verdict.met:
            certain.append(Candidate(kept=kept, firm=firm, certain=True))
        elif verdict.met is None and len(unknown) < MOST_UNKNOWN:
            missing = [list(each) for each in verdict.missing]
            unknown.append(Candidate(kept=kept, firm=firm, certain=False, missing=missing))
        elif verdict.met is None:
            left_out += 1
        if done % _REPORT_EVERY == 0:
            working.report(done, 0)
    counts = {"certain": len(certain), "unknown": len(unknown), "left_out": left_out}
    with transaction.atomic():
        # Locked, so that two searches of one list leave the findings of one of them.
        KeptList.objects.for_site("one search at a time").select_for_update().get(pk=kept.pk)
        Candidate.objects.for_site("found anew").filter(kept=kept).delete()
        Candidate.objects.bulk_create([*certain, *unknown], batch_size=1000)
        Search.objects.update_or_create(
            kept=kept, defaults={"at": working.now, "digest": kind.digest, **counts}
        )
    return counts


@job("list-watch", zh="核对名单成员", en="Watch the members of lists", daily=True)
def watch(working: Working) -> Mapping[str, Any] | None:
    """Put up for decision who meets the exit rule or whose term ends soon; note terms that are over. Nobody is removed."""
    counts = {"lapsed": 0, "term": 0, "rule": 0, "unknown": 0}
    for kept in KeptList.objects.for_site("every list is watched").order_by("pk"):
        kind = kinds().get(kept.kind)
        if kind is not None:
            _watch(kept, kind, working, counts)
    return counts


def _watch(kept: KeptList, kind: ListKind, working: Working, counts: dict[str, int]) -> None:
    today = working.today
    members = Entry.objects.for_site("a list's members").filter(kept=kept, state="member").order_by("pk")
    for entry in members.filter(until__lt=today):
        counts["lapsed"] += put_up(working, "list.lapse", entry, {})
    quiet = Q(kept_on=None) | Q(kept_on__lt=today - timedelta(QUIET_DAYS))
    standing = members.filter(doubt__isnull=True).select_related("firm")
    if kind.term:
        for entry in standing.filter(until__gte=today, until__lte=today + timedelta(TERM_ENDS_WITHIN)):
            reason = f"有效期至{entry.until}"
            counts["term"] += put_up(working, "list.doubt", entry, {"why": TERM_DOUBT, "reason": reason})
    if kind.exit is not None:
        by_firm = {each.firm_id: each for each in standing.filter(quiet, firm__isnull=False)}
        for firm, verdict in judged(kind.exit, _firms(by_firm.values()), library(), today):
            entry = by_firm[firm.pk]
            counts["unknown"] += verdict.met is None
            if verdict.met:
                values = {"why": RULE_DOUBT, "reason": "已符合退出条件"}
                counts["rule"] += put_up(working, "list.doubt", entry, values)


def _firms(entries: Any) -> Iterator[Firm]:
    return (each.firm for each in entries)


def put_up(working: Working, act: str, entry: Entry, values: Mapping[str, Any]) -> int:
    """Do an act of the site's own; 0 where somebody else was quicker, and nothing is to be done any more."""
    key = f"{act}:{entry.pk}:{entry.version}:{working.today.isoformat()}"
    try:
        perform(
            act, site_actor("list-watch"), entry.pk, values, now=working.now, today=working.today, key=key
        )
    except Refused as refused:
        if isinstance(refused, NotNow) or refused.findings[0].code in _QUICKER:
            return 0
        raise
    return 1
