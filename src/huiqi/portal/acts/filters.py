"""What a list of events is narrowed to, as its address says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from huiqi.portal.accounts.models import User, prefix
from huiqi.portal.acts.models import Event
from huiqi.portal.acts.registry import acts
from huiqi.reference import regions
from huiqi.reference.regions import UnknownRegion

_MOST_CHARACTERS = 60
_MOST_PERSONS = 50


@dataclass(frozen=True, slots=True)
class EventFilters:
    """Empty is any. `person` is part of a name, or an actor as events name them (user:12). `unread` names what
    could not be understood and narrows nothing."""

    act: str = ""
    person: str = ""
    kind: str = ""
    subject: str = ""
    region: str = ""
    since: date | None = None
    until: date | None = None
    unread: tuple[str, ...] = ()

    def on(self, rows: QuerySet[Event]) -> QuerySet[Event]:
        """Narrow the events."""
        equal = {"act": self.act, "subject_kind": self.kind, "subject": self.subject}
        rows = rows.filter(**{name: value for name, value in equal.items() if value})
        if self.person:
            rows = rows.filter(actor__in=_actors(self.person))
        if self.region:
            within = prefix(self.region)
            rows = rows.filter(region__gte=within.ljust(6, "0"), region__lte=within.ljust(6, "9"))
        if self.since:
            rows = rows.filter(at__gte=_morning(self.since))
        if self.until:
            rows = rows.filter(at__lt=_morning(self.until + timedelta(1)))
        return rows

    def as_json(self) -> dict[str, str]:
        """Return what is asked, for an event: a person by the numbers of who was found."""
        asked = {
            **{name: getattr(self, name) for name in ("act", "kind", "subject", "region")},
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "person": " ".join(_actors(self.person)) if self.person else "",
        }
        return {name: value for name, value in asked.items() if value}


def event_filters(given: Mapping[str, str]) -> EventFilters:
    """Return the filters of an address's query."""
    unread: list[str] = []

    def plain(name: str) -> str:
        value = given.get(name, "").strip()
        if "\0" in value or len(value) > _MOST_CHARACTERS:
            unread.append(name)
            return ""
        return value

    def day(name: str) -> date | None:
        text = plain(name)
        try:
            read = date.fromisoformat(text) if text else None
        except ValueError:
            read = None
        if text and (read is None or not 1990 <= read.year <= 2200):
            unread.append(name)
            return None
        return read

    act, region = plain("act"), plain("region")
    if act and act not in acts():
        unread.append("act")
        act = ""
    try:
        region = regions.region(region).code if region else ""
    except UnknownRegion:
        unread.append("region")
        region = ""
    return EventFilters(
        act=act,
        person=plain("person"),
        kind=plain("kind"),
        subject=plain("subject"),
        region=region,
        since=day("since"),
        until=day("until"),
        unread=tuple(unread),
    )


def _actors(person: str) -> list[str]:
    """Whom a filter of persons means: officers of that name, or the very actor."""
    if ":" in person:
        return [person]
    named = User.objects.filter(Q(name__contains=person) | Q(username=person)).order_by("pk")
    return [f"user:{number}" for number in named.values_list("pk", flat=True)[:_MOST_PERSONS]]


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
