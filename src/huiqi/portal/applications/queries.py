"""Applications as an actor may see them: officers those of their area that were handed in, firms their own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Q
from django.db.models.functions import Cast

from huiqi.portal.accounts.models import prefix
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.transitions import tables
from huiqi.portal.applications.models import AT_OFFICE, Application, Attachment
from huiqi.portal.clock.models import OPEN, Deadline
from huiqi.reference.regions import UnknownRegion
from huiqi.reference.regions import region as region_of

APPLICATIONS = "applications"
"""The officers' pages."""
OWN = "own-applications"
"""The firm's pages."""
KIND = "applications.application"
WAITING, OVERDUE = "waiting", "overdue"
_MOST = 60


def applications_of(actor: Actor) -> ScopedQuerySet:
    """Return the applications of the actor's area that were ever handed in: a draft is the firm's alone."""
    rows = Application.objects.visible_to(actor, APPLICATIONS)
    return rows.filter(handed_in_at__isnull=False).select_related("firm")


def own_applications_of(actor: Actor) -> ScopedQuerySet:
    """Return the applications of one's own firms, drafts too."""
    return Application.objects.visible_to(actor, OWN).select_related("firm")


def attachments_of(application: Application) -> ScopedQuerySet:
    """Return the files that belong to an application as it stands; those taken away since a round are left out."""
    rows = Attachment.objects.for_site("of an application that is seen")
    return rows.filter(application=application, until_round=None).order_by("slot", "pk")


def deadlines_of(application: Application) -> list[Deadline]:
    """Return the deadlines of an application's steps, the oldest first."""
    rows = Deadline.objects.for_site("of an application that is seen")
    return list(rows.filter(subject_kind=KIND, subject=str(application.pk)).order_by("pk")[:50])


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of applications is narrowed to; empty is any. What cannot be read is in `unread`."""

    state: str = ""
    measure: str = ""
    county: str = ""
    when: str = ""
    q: str = ""
    unread: tuple[str, ...] = ()

    def on(self, rows: ScopedQuerySet, today: date) -> ScopedQuerySet:
        """Return the rows that fit, the newest first."""
        if self.state == WAITING:
            rows = rows.filter(state__in=AT_OFFICE)
        elif self.state:
            rows = rows.filter(state=self.state)
        if self.measure:
            rows = rows.filter(measure=self.measure)
        if self.county:
            rows = rows.filter(county__startswith=prefix(self.county))
        if self.when == OVERDUE:
            late = Deadline.objects.for_site("narrowed to the applications that are seen").filter(
                subject_kind=KIND, state=OPEN, due__lt=today
            )
            rows = rows.annotate(own_key=Cast("pk", CharField())).filter(own_key__in=late.values("subject"))
        if self.q:
            rows = rows.filter(Q(firm__name__contains=self.q) | Q(firm__credit_code=self.q.upper()))
        return rows.order_by("-pk")

    def as_json(self) -> dict[str, str]:
        """Return what is asked, for an event."""
        names = ("state", "measure", "county", "when", "q")
        return {name: getattr(self, name) for name in names if getattr(self, name)}


def filters_of(given: Mapping[str, str]) -> Filters:
    """Return what an address's query asks for; what cannot be read is left out and told."""
    unread: list[str] = []
    asked = {
        name: given.get(name, "").replace("\0", "").strip()[:_MOST] for name in ("measure", "county", "q")
    }

    def known(name: str, choices: object) -> str:
        value = given.get(name, "").strip()
        if value and value not in choices:  # type: ignore[operator]
            unread.append(name)
            return ""
        return value

    county = ""
    if asked["county"]:
        with suppress(UnknownRegion):
            county = region_of(asked["county"]).code
        if not county:
            unread.append("county")
    states = (*tables()[KIND].states, WAITING)
    when = known("when", (OVERDUE,))
    return Filters(known("state", states), asked["measure"], county, when, asked["q"], tuple(unread))
