"""What was refused is logged: who asked for what, so that somebody who tries doors is seen.

One line for each refusal of somebody known, and of whoever fails to sign in or comes with a token that is none. The
logger is `huiqi.refused`; a line holds ids and the address, never what was sent.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from huiqi.findings import one_line

REFUSED = frozenset({401, 403, 404, 405, 413, 429})
_MOST = 200
_log = logging.getLogger("huiqi.refused")


class RefusedMiddleware:
    """Logs the refusals; it stands outside of whatever may refuse."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        answer = self.get_response(request)
        if answer.status_code in REFUSED:
            actor = getattr(request, "actor", None)
            who = actor.id if actor is not None else "visitor"
            if who != "visitor" or answer.status_code != 404:
                _log.warning("%s %s %s by %s", answer.status_code, request.method, _where(request), who)
        return answer


def _where(request: HttpRequest) -> str:
    """The address; of one that holds the secret of a link, how it is built."""
    found = request.resolver_match
    if found is not None and "secret" in found.kwargs:
        return f"/{found.route}"
    return one_line(request.path, _MOST)
