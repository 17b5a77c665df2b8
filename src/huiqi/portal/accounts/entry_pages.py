"""Opening an account by its link, or setting a new password by a renewed one."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control

from huiqi.portal.accounts import oidc
from huiqi.portal.accounts.addresses import address_of
from huiqi.portal.accounts.capacities import proven_actor
from huiqi.portal.accounts.credentials import EntryLink
from huiqi.portal.accounts.limits import LINK, take_back, try_once
from huiqi.portal.accounts.models import CLOSED, INVITED, User
from huiqi.portal.accounts.oidc_leaving import leave
from huiqi.portal.accounts.passwords import NewPassword, keep_password
from huiqi.portal.accounts.people_acts import digest_of_link
from huiqi.portal.accounts.sessions import PASSWORD
from huiqi.portal.accounts.sign_in_pages import locked
from huiqi.portal.accounts.signing_in import go_on
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit

_MOST_SECRET = 100


@page(
    "entry",
    "entry/<str:secret>/",
    zh="启用账号",
    en="Open the account",
    opens=PUBLIC,
    methods=("GET", "POST"),
)
def entry(request: Visit, secret: str) -> HttpResponse:
    """Set the password by a link. Looking at the page does not use the link up: scanners of mail do."""
    address = address_of(request)
    if not try_once(LINK, address, request.now):
        return render(request, "accounts/entry_over.html", {"said": locked(LINK)}, status=429)
    link = link_of(digest_of_link(secret[:_MOST_SECRET]), request)
    if link is None:
        return render(request, "accounts/entry_over.html", status=404)
    take_back(LINK, address)
    user = link.user
    form = NewPassword(request.POST if request.method == "POST" else None, who=user)
    context: dict[str, Any] = {
        "form": form,
        "of": user,
        "is_new": user.state == INVITED,
        "key": request.POST.get("key") or uuid.uuid4().hex,
        "outside": oidc.title() if user.state == INVITED else "",
        "secret": secret,
    }
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method != "POST" else 422
        return _unkept(render(request, "accounts/entry.html", context, status=status))
    try:
        with transaction.atomic():
            done = opened(request, user, context["key"])
            if done is not None:
                keep_password(done, form.cleaned_data["password"])
    except Refused:
        done = None
    if done is None:
        return render(request, "accounts/entry_over.html", status=409)
    return go_on(request, done, PASSWORD, "/")


def link_of(digest: str, request: Visit) -> EntryLink | None:
    """Return a link that still opens something."""
    rows = EntryLink.objects.select_related("user").filter(digest=digest, expires_at__gt=request.now)
    return rows.exclude(user__state=CLOSED).first()


def opened(request: Visit, user: User, key: str) -> User | None:
    """Use the link up: open an invited account, or begin a new password. None where the request was sent twice."""
    act = "user.accept" if user.state == INVITED else "password.change"
    done = perform(
        act, proven_actor(user), user.pk, {}, now=request.now, today=request.today, key=f"{act}:{key}"[:80]
    )
    return User.objects.get(pk=user.pk) if not done.repeated else None


@page("entry-outside", "entry/<str:secret>/outside/", zh="统一身份认证", en="Single sign-on", opens=PUBLIC)
def entry_outside(request: Visit, secret: str) -> HttpResponse:
    """Open an invited account by the province's sign-in, which is linked with it by this first visit."""
    digest = digest_of_link(secret[:_MOST_SECRET])
    address = address_of(request)
    if not oidc.title() or not try_once(LINK, address, request.now) or link_of(digest, request) is None:
        return redirect("sign-in")
    take_back(LINK, address)
    return leave(request, oidc.ask(request.now, "/", link=digest))


def _unkept(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, no_store=True, private=True)
    return answer
