"""Signing in and out, the language, and the first page."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from huiqi.portal.accounts.lockout import LOCKED_MINUTES, is_locked, note_failure, note_success
from huiqi.portal.accounts.models import User
from huiqi.portal.look import act_pages  # noqa: F401  the page of acts registers itself
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit


@page("sign-in", "sign-in/", zh="登录", en="Sign in", opens=PUBLIC, methods=("GET", "POST"))
def sign_in(request: Visit) -> HttpResponse:
    """Sign in by name and password; five failures lock the name for a quarter of an hour."""
    form = AuthenticationForm(request, request.POST or None)
    if request.method == "POST":
        name = request.POST.get("username", "")[:150]
        if is_locked(name, request.now):
            said = _("登录失败次数过多，请%(minutes)s分钟后再试。") % {"minutes": LOCKED_MINUTES}
            return render(request, "look/sign_in.html", {"form": form, "locked": said}, status=429)
        if form.is_valid():
            note_success(name)
            login(request, form.get_user())
            answer = redirect(_onward(request))
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, form.get_user().language, samesite="Lax", secure=settings.HTTPS
            )
            return answer
        note_failure(name, request.now)
    return render(
        request, "look/sign_in.html", {"form": form}, status=200 if request.method == "GET" else 403
    )


@page("sign-out", "sign-out/", zh="退出", en="Sign out", opens=PUBLIC, methods=("POST",))
def sign_out(request: Visit) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign-in")


@page("language", "language/", zh="语言", en="Language", opens=PUBLIC, methods=("POST",))
def language(request: Visit) -> HttpResponse:
    """Switch between Chinese and English, and stay on the page."""
    wanted = request.POST.get("language", "")
    answer = HttpResponseRedirect(_onward(request))
    if wanted in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, samesite="Lax", secure=settings.HTTPS)
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=wanted)
    return answer


@page("home", "", zh="首页", en="Home", menu="home")
def home(request: Visit) -> HttpResponse:
    """The first page: what one's roles open."""
    return render(request, "look/home.html")


def _onward(request: Visit) -> str:
    given = request.POST.get("next") or request.GET.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(given, allowed_hosts={request.get_host()})
    return given if safe and given.startswith("/") else "/"
