"""Where a visitor goes on to after signing in or switching the language: within the site only."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def onward(request: HttpRequest) -> str:
    """Return the address that the form or the query names as `next`, "/" where that leads out of the site."""
    return within_site(request, request.POST.get("next") or request.GET.get("next") or "/")


def within_site(request: HttpRequest, address: str) -> str:
    """Return an address where it lies within the site, else "/"."""
    safe = url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()})
    return address if safe and address.startswith("/") else "/"
