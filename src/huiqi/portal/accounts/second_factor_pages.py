"""One's second factor: the picture that a phone reads, the first code, the recovery codes, and giving it up."""

from __future__ import annotations

import uuid
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from huiqi.portal.accounts import second_factor
from huiqi.portal.accounts.capacities import proven_actor
from huiqi.portal.accounts.course import must_set_up
from huiqi.portal.accounts.credentials import SecondFactor
from huiqi.portal.accounts.limits import CODE, forget, try_once
from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.proof import owes_proof, to_proof
from huiqi.portal.accounts.roles import roles
from huiqi.portal.accounts.sign_in_pages import locked
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit

_MOST_CODE = 40
_ACTS = {"confirm": "factor.confirm", "renew": "factor.renew_codes", "remove": "factor.remove"}


@page(
    "second-factor",
    "profile/second-factor/",
    zh="第二重验证",
    en="Second factor",
    opens="profile",
    methods=("GET", "POST"),
)
def page_of_factor(request: Visit) -> HttpResponse:
    """Show what is set up; with a code of the phone set it up, renew the recovery codes, or give it up."""
    if owes_proof(request):
        return to_proof(request)
    if request.method != "POST":
        return _show(request)
    wanted = request.POST.get("do", "")
    if wanted not in _ACTS:
        return _show(request, status=400)
    if wanted == "remove" and _required(request):
        return _show(request, said=_("您的岗位须使用第二重验证，不能停用。"), status=422)
    user = request.user
    if not try_once(CODE, str(user.pk), request.now):
        return _show(request, said=locked(CODE), status=429)
    if not second_factor.take(user, request.POST.get("code", "")[:_MOST_CODE], request.now):
        return _show(
            request, said=_("验证码不对，或者已经用过。请等手机上出现新的验证码后再填。"), status=403
        )
    forget(CODE, str(user.pk))
    try:
        codes = _done(request, user, _ACTS[wanted])
    except Refused as refused:
        return _show(request, said="；".join(each.what for each in refused.findings), status=refused.status)
    if codes is None:
        messages.success(request, _("第二重验证已停用。"))
        return redirect("profile")
    return _unkept(render(request, "accounts/recovery_codes.html", {"codes": codes}))


@page(
    "second-factor-begin",
    "profile/second-factor/begin/",
    zh="设置第二重验证",
    en="Set up a second factor",
    opens="profile",
    methods=("POST",),
)
def begin(request: Visit) -> HttpResponse:
    """Make a fresh secret; it is asked for once a code has shown that the phone has it."""
    if owes_proof(request):
        return redirect("second-factor")
    second_factor.begin(request.user, request.now)
    return redirect("second-factor")


def _show(request: Visit, said: str = "", status: int = 200) -> HttpResponse:
    factor = SecondFactor.objects.select_related("user").filter(user=request.user).first()
    context: dict[str, Any] = {
        "said": said,
        "factor": factor,
        "required": _required(request),
        "must": must_set_up(request),
        "key": uuid.uuid4().hex,
    }
    if factor is not None and factor.confirmed_at is None:
        secret = second_factor.secret_of(factor)
        context["picture"] = segno.make(second_factor.address_for_phone(factor), error="m").svg_data_uri(
            scale=5, border=2
        )
        context["secret"] = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    elif factor is not None:
        context["left"] = second_factor.left(request.user)
    return _unkept(render(request, "accounts/second_factor.html", context, status=status))


def _done(request: Visit, user: User, act: str) -> list[str] | None:
    """Do the act, and return the new recovery codes, or None where it gives none."""
    with transaction.atomic():
        done = perform(
            act,
            proven_actor(user),
            user.pk,
            {},
            now=request.now,
            today=request.today,
            key=f"{act}:{request.POST.get('key', '')}"[:80],
        )
    return getattr(done.subject, "codes", [] if act != "factor.remove" else None)


def _required(request: Visit) -> bool:
    held = (roles()[each.role] for each in request.actor.capacities)
    return settings.SECOND_FACTOR_REQUIRED and any(each.second_factor for each in held)


def _unkept(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, no_store=True, private=True)
    return answer
