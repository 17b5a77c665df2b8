"""Leaving for the province's sign-in: the question is kept in the session, and what went wrong is said in a sentence."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from huiqi.portal.accounts import oidc
from huiqi.portal.accounts.addresses import address_of
from huiqi.portal.accounts.limits import OUTSIDE, try_once
from huiqi.portal.accounts.oidc import Asked, ProviderAway
from huiqi.portal.look.visits import Visit

ASKED = "outside_asked"
log = logging.getLogger("huiqi.sign-in")


def leave(request: Visit, asked: Asked) -> HttpResponse:
    """Keep the question in the session, and go."""
    if not try_once(OUTSIDE, address_of(request), request.now):
        return said(request, "too-often", 429)
    try:
        address = oidc.address_of(asked, back(request))
    except ProviderAway as away:
        log.warning("the provider of single sign-on is away: %s", away)
        return said(request, "away", 503)
    request.session[ASKED] = asked.kept()
    return redirect(address)


def said(request: Visit, why: str, status: int) -> HttpResponse:
    """Say why nobody was signed in."""
    return render(request, "accounts/outside.html", {"why": why}, status=status)


def back(request: Visit) -> str:
    """Return the address to which the provider sends visitors back."""
    address = request.build_absolute_uri(reverse("outside-back"))
    return address.replace("http://", "https://", 1) if settings.HTTPS else address
