"""The course of a session: it ends when nobody uses it, and after eight hours whatever happens.

Who must sign in with a second factor and has none is led to setting it up, and to nothing else before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from huiqi.portal.accounts.roles import roles
from huiqi.portal.accounts.second_factor import has_second_factor
from huiqi.portal.accounts.sessions import BEGAN, SEEN, moment_of
from huiqi.portal.look.visits import VISITOR, Visit

_NOTED_EVERY = timedelta(minutes=1)
_ALWAYS_OPEN = frozenset(
    {"second-factor", "second-factor-begin", "confirm", "sign-out", "language", "privacy"}
)


class CourseMiddleware:
    """Ends sessions in time, and notes that they are used."""

    def __init__(self, get_response: Callable[[Visit], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Visit) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: Visit, _view: Any, _arguments: Any, _named: Any) -> HttpResponse | None:
        """End the session, or lead to the second factor, before the page is made."""
        if not request.user.is_authenticated:
            return None
        if _is_over(request):
            logout(request)
            request.actor = VISITOR
            messages.info(request, _("登录已到时限，请重新登录。"))
            return None
        _note_use(request)
        match = request.resolver_match
        if match is None or match.namespace == "api" or match.url_name in _ALWAYS_OPEN:
            return None
        return redirect("second-factor") if must_set_up(request) else None


def must_set_up(request: Visit) -> bool:
    """Whether a role of the visitor requires a second factor that they have not set up."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    held = (roles()[each.role] for each in request.actor.capacities)
    return any(each.second_factor for each in held) and not has_second_factor(request.user)


def _is_over(request: Visit) -> bool:
    session = request.session
    began = moment_of(session, BEGAN) or request.now
    seen = moment_of(session, SEEN) or request.now
    if request.now - began >= timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return True
    is_officer = any(each.agency for each in request.actor.capacities)
    return is_officer and request.now - seen >= timedelta(minutes=settings.IDLE_MINUTES)


def _note_use(request: Visit) -> None:
    session = request.session
    if moment_of(session, BEGAN) is None:
        session[BEGAN] = request.now.isoformat()
    seen = moment_of(session, SEEN)
    if seen is None or request.now - seen >= _NOTED_EVERY:
        session[SEEN] = request.now.isoformat()
