"""How often visitors of one address may ask for what is open to everybody, so that one of them cannot keep the site busy.

Only who is not signed in is counted: an office behind one address works on. Counted are the calculator, which costs most,
the pages by which one gets in, and the endpoints without a token; the library of policies asks no database and is not.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from huiqi.portal.accounts.addresses import address_of
from huiqi.portal.accounts.credentials import VisitorUse
from huiqi.portal.accounts.minutes import seconds_to_wait
from huiqi.portal.look.registry import PUBLIC, pages
from huiqi.portal.look.visits import Visit
from huiqi.portal.secrets.fields import digest_of

_KIND = "attempt.visitor"
_COUNTED = ("answers/", "sign-in/", "sign-up/", "entry/")


class VisitorLimitMiddleware:
    """Answers 429 to visitors whose address asked too often in this minute."""

    def __init__(self, get_response: Callable[[Visit], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Visit) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(self, request: Visit, _view: Any, _arguments: Any, _named: Any) -> HttpResponse | None:
        """Count the request of a visitor before the page is made."""
        match = request.resolver_match
        shown = pages().get(match.url_name or "") if match is not None and not match.namespace else None
        if shown is None or shown.opens != PUBLIC or not shown.address.startswith(_COUNTED):
            return None
        seconds = visitor_waits(request)
        if not seconds:
            return None
        context = {"seconds": seconds, "most": settings.VISITOR_REQUESTS_A_MINUTE}
        answer = render(request, "accounts/too_often.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(seconds)
        patch_cache_control(answer, no_store=True, private=True)
        return answer


def visitor_waits(request: Visit) -> int:
    """Count a visitor's request; 0, or the seconds to wait. Who is signed in is not counted, nor an unknown address."""
    most: int = settings.VISITOR_REQUESTS_A_MINUTE
    if not most or request.user.is_authenticated:
        return 0
    address = address_of(request)
    return _count(digest_of(_KIND, address), most, request.now) if address else 0


def forget_visitors(now: datetime, kept: timedelta) -> int:
    """Delete what was counted longer ago; return how many rows."""
    minute = int((now - kept).timestamp()) // 60
    return VisitorUse.objects.filter(minute__lt=minute).delete()[0]


def _count(digest: str, most: int, now: datetime) -> int:
    mine = VisitorUse.objects.filter(digest=digest)
    seconds = seconds_to_wait(mine, most, now)
    if seconds is None:
        try:
            with transaction.atomic():
                VisitorUse.objects.create(digest=digest, minute=int(now.timestamp()) // 60, used=1)
        except IntegrityError:
            # The same address asked for the first time in two processes at once.
            return seconds_to_wait(mine, most, now) or 0
    return seconds or 0
