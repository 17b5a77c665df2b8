"""A user's notices, as they may be read now: a notice about what is no longer theirs to see keeps its words to itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.scoping import ScopedQuerySet
from huiqi.portal.acts.actors import Actor
from huiqi.portal.notices.kinds import kinds
from huiqi.portal.notices.models import Notice
from huiqi.portal.notices.whom import may_read

MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class Read:
    """A notice in words; `hidden` where its reader may no longer see what it is about."""

    notice: Notice
    subject: str
    text: str
    hidden: bool


def notices_of(actor: Actor) -> ScopedQuerySet:
    """Return the actor's own notices in the site."""
    return Notice.objects.visible_to(actor, "notices").filter(in_site=True)


def read(notice: Notice, actor: Actor, language: str = "") -> Read:
    """Return a notice in words of a language (default: the visit's)."""
    about = kinds().get(notice.kind)
    language = language or get_language() or ""
    if about is None or not may_read(actor, about.opens, notice.about()):
        return Read(notice, "", "", True)
    return Read(notice, about.wording(language).subject, about.text(language, notice.values), False)


def unread_of(user: User) -> int:
    """Return how many notices a user has not read, up to MOST_COUNTED + 1."""
    rows = Notice.objects.for_site("the user's own count").filter(user=user, in_site=True, read_at=None)
    return rows[: MOST_COUNTED + 1].count()
