"""From proof to session: what happens once a person has proved who they are, on whichever way they came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from huiqi.portal.accounts.browsers import browser_of
from huiqi.portal.accounts.models import ACTIVE, User
from huiqi.portal.accounts.second_factor import has_second_factor
from huiqi.portal.accounts.sessions import BEGAN, BROWSER, PASSWORD, PROVED, SEEN, WAY, is_recent
from huiqi.portal.look import clock
from huiqi.portal.look.visits import Visit

BACKEND = "django.contrib.auth.backends.ModelBackend"
HALF_WAY = "half_way"
"""Where a session keeps who has given a password and still owes a code."""
END_THERE = "end_there"
"""Where a session keeps the address at which the outside sign-in is ended too."""
_MINUTES_FOR_CODE = 5


def go_on(request: Visit, user: User, way: str, onward: str, end: str = "") -> HttpResponse:
    """Sign the user in, or ask for their second factor first. Answers with where they go.

    `end` is where an outside sign-in is ended too.
    """
    if has_second_factor(user):
        if request.user.is_authenticated:
            # Nothing of an earlier user is left to the one who is half way in.
            logout(request)
        else:
            request.session.cycle_key()
        request.session[HALF_WAY] = {
            "user": user.pk,
            "way": way,
            "at": request.now.isoformat(),
            "next": onward,
            "end": end,
        }
        return redirect("second-step")
    return enter(request, user, way, onward, end)


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Who has proved themselves once and owes a code: on which way they came, and where they go."""

    user: User
    way: str
    next: str
    end: str


def half_way(request: Visit) -> HalfWay | None:
    """Return who owes a code; None where nobody does, or where it was too long ago."""
    kept: dict[str, Any] = request.session.get(HALF_WAY) or {}
    if not is_recent(kept, "at", request.now, _MINUTES_FOR_CODE):
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True, state=ACTIVE).first()
    return HalfWay(user, kept["way"], kept["next"], kept["end"]) if user is not None else None


def enter(request: Visit, user: User, way: str, onward: str, end: str = "") -> HttpResponse:
    """Begin the session. Its key is new, so that nobody who knew the old one comes along."""
    request.session.pop(HALF_WAY, None)
    login(request, user, BACKEND)
    request.session[WAY] = way
    if end:
        request.session[END_THERE] = end
    answer = redirect(onward)
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.HTTPS)
    return answer


def prove_again(request: Visit) -> None:
    """Note that the user has just proved again who they are."""
    request.session[PROVED] = request.now.isoformat()


@receiver(user_logged_in)
def begin(request: HttpRequest, **_named: Any) -> None:
    """Write into a new session since when it is, and from which kind of browser."""
    now: datetime = clock.now()
    session = request.session
    session[BEGAN] = session[SEEN] = session[PROVED] = now.isoformat()
    session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))
    session.setdefault(WAY, PASSWORD)
