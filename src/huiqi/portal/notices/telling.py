"""Telling: notices are written in the act's own transaction, and sent by jobs once that is certain."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from django.db import IntegrityError, models, transaction

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.performing import scope_of
from huiqi.portal.jobs.running import ask
from huiqi.portal.notices.channels import can_reach, ways_out
from huiqi.portal.notices.kinds import SITE, NoticeKind, Values, kinds
from huiqi.portal.notices.models import Notice, Reach, Sending
from huiqi.portal.notices.whom import actor_on, may_read

SEND = "notice-send"


class Underway(Protocol):
    """An act or a job under way: who does it, when."""

    actor: Actor
    now: datetime
    today: date


def notify(
    doing: Underway,
    kind: str,
    *,
    to: Iterable[User],
    subject: models.Model,
    values: Values | None = None,
    address: str | None = None,
    once: str = "",
) -> list[Notice]:
    """Write a notice to each user who may read it; call it within the act's (or job's) transaction.

    Left out are who may not open the kind's page for this subject, and who does the act themselves. `address` is
    where it leads (default: the subject's own); `once` names what each user is told once for, however often asked.
    Raises ValueError for values other than those the kind's text asks for.
    """
    about = kinds()[kind]
    given = dict(values or {})
    if given.keys() != about.values:
        raise ValueError(f"the notice {kind} takes {sorted(about.values)}, not {sorted(given)}")
    where = getattr(subject, "address", None)
    leads = address if address is not None else (where() if callable(where) else "")
    told = []
    for user in {each.pk: each for each in to}.values():
        if f"user:{user.pk}" == doing.actor.id:
            continue
        if not may_read(actor_on(user, doing.today), about.opens, scope_of(subject)):
            continue
        notice = _written(doing, about, user, subject, given, leads, once)
        if notice is not None:
            told.append(notice)
    return told


def channels_of(user: User, reach: Reach | None, about: NoticeKind) -> list[str]:
    """Return the channels by which a user gets a kind: those chosen, which this site has and which reach the user."""
    chosen = (reach.chosen if reach is not None else {}).get(about.name, list(about.default()))
    wanted = [SITE, *chosen] if about.switch_off == "nobody" else chosen
    return [each for each in ways_out() if each in wanted and can_reach(user, reach, each)]


def _written(
    doing: Underway,
    about: NoticeKind,
    user: User,
    subject: models.Model,
    values: Values,
    address: str,
    once: str,
) -> Notice | None:
    scope = scope_of(subject)
    reach = Reach.objects.for_site("how a reader is told").filter(user=user).first()
    channels = channels_of(user, reach, about)
    if not channels:
        return None
    notice = Notice(
        user=user,
        kind=about.name,
        subject_kind=subject._meta.label_lower,
        subject=str(subject.pk),
        address=address,
        values=values,
        region=scope.region or "",
        agency=scope.agency or "",
        firm=scope.firm,
        person=scope.person or "",
        once=f"{about.name}:{once}" if once else None,
        in_site=SITE in channels,
        made_at=doing.now,
    )
    try:
        with transaction.atomic():
            notice.save()
    except IntegrityError:
        if once:
            return None
        raise
    for channel in channels:
        if channel != SITE:
            sending = Sending.objects.create(
                notice=notice, channel=channel, message_id=f"huiqi-{secrets.token_hex(16)}"
            )
            arguments = {"sending": sending.pk}
            ask(SEND, purpose_of(sending.pk), arguments, by=doing.actor.id, now=doing.now)
    return notice


def purpose_of(sending: int) -> str:
    """The purpose of the job that sends it."""
    return f"{SEND}:{sending}"
