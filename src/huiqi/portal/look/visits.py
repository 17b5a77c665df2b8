"""A visit: a request with its actor, its moment and its day, so that nothing below reads a clock or a session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from huiqi.portal.accounts.capacities import actor_of
from huiqi.portal.acts.actors import Actor
from huiqi.portal.firms.bound import bound_firms
from huiqi.portal.look import clock

VISITOR = Actor("visitor", "", ())
"""Who is not signed in: no capacity at all."""


class Visit(HttpRequest):
    """What pages get: a request with `actor`, `now` and `today`."""

    actor: Actor
    now: datetime
    today: date


class VisitMiddleware:
    """Puts actor, moment and day on each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Visit) -> HttpResponse:
        """Answer the request."""
        request.now = clock.now()
        request.today = timezone.localdate(request.now)
        user = request.user
        request.actor = (
            actor_of(user, request.today, firms=bound_firms(user)) if user.is_authenticated else VISITOR
        )
        return self.get_response(request)
