"""To the province's sign-in and back."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from huiqi.portal.accounts import oidc
from huiqi.portal.accounts.capacities import proven_actor
from huiqi.portal.accounts.credentials import OutsideName
from huiqi.portal.accounts.entry_pages import link_of, opened
from huiqi.portal.accounts.models import ACTIVE, INVITED, User
from huiqi.portal.accounts.oidc import Asked, NotProved, ProviderAway
from huiqi.portal.accounts.oidc_leaving import ASKED, back, leave, log, said
from huiqi.portal.accounts.sessions import OUTSIDE, is_recent
from huiqi.portal.accounts.signing_in import go_on, prove_again
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.look.onward import onward, within_site
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit

_MINUTES = 10
_MOST = 2048


@page("outside", "sign-in/outside/", zh="统一身份认证", en="Single sign-on", opens=PUBLIC)
def outside(request: Visit) -> HttpResponse:
    """Lead to the provider, to come back signed in; with `again` a user proves once more who they are."""
    if not settings.OIDC:
        return redirect("sign-in")
    again = request.GET.get("again") == "1" and request.user.is_authenticated
    return leave(request, oidc.ask(request.now, onward(request), again=again))


@page("outside-back", "sign-in/outside/back/", zh="统一身份认证", en="Single sign-on", opens=PUBLIC)
def outside_back(request: Visit) -> HttpResponse:
    """Come back from the provider. What was asked is taken out of the session first: it answers once."""
    kept = request.session.pop(ASKED, None)
    state, code = request.GET.get("state", ""), request.GET.get("code", "")
    if not settings.OIDC or kept is None or not is_recent(kept, "at", request.now, _MINUTES):
        return said(request, "over", 403)
    asked = Asked(**kept)
    if state != asked.state or not 0 < len(code) <= _MOST:
        return said(request, "not-done", 403)
    try:
        subject = oidc.subject_of(asked, code, back(request), request.now)
    except ProviderAway as away:
        log.warning("the provider of single sign-on is away: %s", away)
        return said(request, "away", 503)
    except NotProved as lacking:
        log.warning("a single sign-on was refused: %s", lacking)
        return said(request, "not-done", 403)
    digests = oidc.digests_of_name(subject)
    if asked.link:
        return _first_visit(request, asked, digests)
    known = (
        OutsideName.objects.filter(digest__in=digests, user__is_active=True).select_related("user").first()
    )
    if known is None:
        return render(request, "accounts/outside.html", {"why": "unknown", "subject": subject}, status=403)
    if known.digest != digests[0]:
        # Linked before the keys were rotated: known by the newest one from now on.
        OutsideName.objects.filter(pk=known.pk, digest=known.digest).update(digest=digests[0])
    if asked.again:
        return _proved_again(request, known.user, asked)
    end = oidc.end_address(request.build_absolute_uri(reverse("sign-in")))
    return go_on(request, known.user, OUTSIDE, within_site(request, asked.next), end)


def _first_visit(request: Visit, asked: Asked, digests: list[str]) -> HttpResponse:
    """Open the invited account, and remember who its owner is at the provider."""
    link = link_of(asked.link, request)
    if link is None or link.user.state != INVITED:
        return render(request, "accounts/entry_over.html", status=404)
    try:
        with transaction.atomic():
            user = opened(request, link.user, asked.state)
            if user is not None:
                perform(
                    "user.link_outside",
                    proven_actor(user),
                    user.pk,
                    {"digest": digests[0], "earlier": digests[1:]},
                    now=request.now,
                    today=request.today,
                    key=f"link:{asked.state}",
                )
    except Refused:
        return said(request, "taken", 409)
    if user is None:
        return render(request, "accounts/entry_over.html", status=409)
    end = oidc.end_address(request.build_absolute_uri(reverse("sign-in")))
    return go_on(request, User.objects.get(pk=user.pk, state=ACTIVE), OUTSIDE, "/", end)


def _proved_again(request: Visit, user: User, asked: Asked) -> HttpResponse:
    if user.pk != request.user.pk:
        return said(request, "not-done", 403)
    prove_again(request)
    return redirect(within_site(request, asked.next))
