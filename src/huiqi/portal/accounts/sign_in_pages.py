"""Signing in and out, the second step, and proving again who one is."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from huiqi.portal.accounts import oidc, second_factor
from huiqi.portal.accounts.addresses import address_of
from huiqi.portal.accounts.limits import ADDRESS, CODE, NAME, PROOF, Limit, forget, take_back, try_once
from huiqi.portal.accounts.sessions import PASSWORD
from huiqi.portal.accounts.signing_in import END_THERE, enter, go_on, half_way, prove_again
from huiqi.portal.look.onward import onward, within_site
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit

_MOST_NAME = 150
_MOST_CODE = 40


@page("sign-in", "sign-in/", zh="登录", en="Sign in", opens=PUBLIC, methods=("GET", "POST"))
def sign_in(request: Visit) -> HttpResponse:
    """Sign in by name and password; five failures lock the name, sixty an address, for a quarter of an hour."""
    form = AuthenticationForm(request, request.POST or None)
    context: dict[str, Any] = {"form": form, "next": onward(request), "outside": oidc.title()}
    if request.method != "POST":
        return render(request, "accounts/sign_in.html", context)
    name, address = request.POST.get("username", "")[:_MOST_NAME], address_of(request)
    if not try_once(ADDRESS, address, request.now) or not try_once(NAME, name, request.now):
        return render(request, "accounts/sign_in.html", {**context, "locked": locked(NAME)}, status=429)
    if not form.is_valid():
        return render(request, "accounts/sign_in.html", context, status=403)
    forget(NAME, name)
    take_back(ADDRESS, address)
    return go_on(request, form.get_user(), PASSWORD, onward(request))


@page("second-step", "sign-in/code/", zh="验证码", en="Code", opens=PUBLIC, methods=("GET", "POST"))
def second_step(request: Visit) -> HttpResponse:
    """Ask who has given their password for a code of their phone, or a recovery code."""
    waiting = half_way(request)
    if waiting is None:
        return redirect("sign-in")
    user = waiting.user
    if request.method != "POST":
        return render(request, "accounts/second_step.html")
    if not try_once(CODE, str(user.pk), request.now):
        return render(request, "accounts/second_step.html", {"said": locked(CODE)}, status=429)
    if not second_factor.take(user, request.POST.get("code", "")[:_MOST_CODE], request.now):
        said = _("验证码不对，或者已经用过。请等手机上出现新的验证码后再填。")
        return render(request, "accounts/second_step.html", {"said": said}, status=403)
    forget(CODE, str(user.pk))
    return enter(request, user, waiting.way, within_site(request, waiting.next), waiting.end)


@page("confirm", "confirm/", zh="确认身份", en="Confirm who you are", opens="home", methods=("GET", "POST"))
def confirm(request: Visit) -> HttpResponse:
    """Ask a signed-in user again for password and code, before an act with consequences."""
    user = request.user
    context: dict[str, Any] = {
        "next": onward(request),
        "code": second_factor.has_second_factor(user),
        "password": user.has_usable_password(),
        "outside": oidc.title(),
    }
    if request.method != "POST" or not context["password"]:
        return render(request, "accounts/confirm.html", context)
    if not try_once(PROOF, str(user.pk), request.now):
        return render(request, "accounts/confirm.html", {**context, "said": locked(PROOF)}, status=429)
    code = request.POST.get("code", "")[:_MOST_CODE]
    proved = user.check_password(request.POST.get("password", "")) and (
        not context["code"] or second_factor.take(user, code, request.now)
    )
    if not proved:
        said = _("密码或验证码不对。")
        return render(request, "accounts/confirm.html", {**context, "said": said}, status=403)
    forget(PROOF, str(user.pk))
    prove_again(request)
    return redirect(onward(request))


@page("sign-out", "sign-out/", zh="退出", en="Sign out", opens=PUBLIC, methods=("POST",))
def sign_out(request: Visit) -> HttpResponse:
    """End the session; who came through the province's sign-in is shown how to end it there too."""
    there = request.session.get(END_THERE, "")
    logout(request)
    return redirect("sign-in") if not there else render(request, "accounts/signed_out.html", {"there": there})


def locked(limit: Limit) -> str:
    """Say that there were too many tries, and how long to wait."""
    return _("失败次数过多，请%(minutes)s分钟后再试。") % {"minutes": limit.minutes}
