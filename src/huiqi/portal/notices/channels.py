"""The ways out of the site: what a message is, what became of it, and which ways this site has."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.conf import settings

from huiqi.portal.accounts.models import User
from huiqi.portal.notices.kinds import EMAIL, SITE, SMS
from huiqi.portal.notices.models import Reach


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one reader. `number` is the sender's own, the same at every attempt."""

    number: str
    to: str
    subject: str
    text: str


class Became(Enum):
    """What became of an attempt."""

    TAKEN = "taken"
    """The other side confirmed it."""
    REFUSED = "refused"
    """The other side will never take it."""
    NOT_YET = "not-yet"
    """Surely not taken; it may be tried again."""
    UNSURE = "unsure"
    """It was handed over, and no answer came."""
    UNKNOWABLE = "unknowable"
    """An earlier attempt's end cannot be found out, and it must not be sent twice."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of an attempt, with the reason in Chinese, which names no reader."""

    became: Became
    why: str = ""


def ways_out() -> tuple[str, ...]:
    """The channels of this site: those that its settings give."""
    email = (EMAIL,) if settings.EMAIL_HOST else ()
    sms = (SMS,) if settings.SMS_GATEWAY else ()
    return (SITE, *email, *sms)


def can_reach(user: User, reach: Reach | None, channel: str) -> bool:
    """Whether the user has told an address for a channel."""
    if channel == EMAIL:
        return bool(user.email)
    return channel == SITE or bool(reach is not None and reach.phone)
