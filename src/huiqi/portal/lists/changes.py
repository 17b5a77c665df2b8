"""Whom the lists say something else of than before: read from the events, which are numbered as they are committed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from huiqi.portal.accounts.models import prefix
from huiqi.portal.acts.models import Event
from huiqi.portal.lists.kinds import COUNTY, kinds
from huiqi.portal.lists.models import Entry, KeptList
from huiqi.portal.lists.replay import ACTS_ON_LISTS

_ACTS = {*ACTS_ON_LISTS, "list.complete"}


@dataclass(frozen=True, slots=True)
class Changed:
    """By one event: the name that rules read, the firms that it is about, and areas all of whose firms it is about."""

    sequence: int
    says: str
    firms: frozenset[int]
    areas: frozenset[str]
    """The digits that the codes of the area begin with."""


def changes_between(names: Collection[str], after: int, upto: int) -> Iterator[Changed]:
    """Yield what changed on lists that say one of these names, after one event and up to another, in their order."""
    known = {name: kind for name, kind in kinds().items() if kind.says in names}
    lists = {
        each.pk: each
        for each in KeptList.objects.for_site("rules read lists of any office").filter(kind__in=list(known))
    }
    rows = Event.objects.filter(act__in=_ACTS, sequence__gt=after, sequence__lte=upto)
    for event in rows.order_by("sequence") if lists else ():
        kept = lists.get(int(event.subject) if event.act == "list.complete" else event.body.get("list", 0))
        if kept is None:
            continue
        kind = known[kept.kind]
        if event.act == "list.complete":
            yield Changed(event.sequence, kind.says, frozenset(), frozenset({prefix(kept.region)}))
            continue
        subjects = _subjects(event)
        areas = {prefix(str(each)) for each in subjects} if kind.of == COUNTY else set()
        firms = set() if kind.of == COUNTY else {int(each) for each in subjects}
        yield Changed(event.sequence, kind.says, frozenset(firms), frozenset(areas))


def _subjects(event: Event) -> set[int | str]:
    body = event.body
    if event.act in ("list.admit", "list.take"):
        return {row[1] for row in body["entries"]}
    if event.act == "list.undo":
        rows = Entry.objects.for_site("a batch that was taken back names its entries")
        return {each.subject for each in rows.filter(pk__in=body["entries"])}
    return {body["subject"]}
