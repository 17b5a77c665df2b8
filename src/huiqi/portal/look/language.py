"""Chinese first: English is chosen with the switch and kept, never guessed from a browser's settings."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ChineseFirstMiddleware:
    """Takes the browser's wishes out of the request before Django chooses the language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        request.META.pop("HTTP_ACCEPT_LANGUAGE", None)
        return self.get_response(request)
