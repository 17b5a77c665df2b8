"""Signing up: a firm's person makes an account, and is told the way on to the firm."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from huiqi.portal.accounts.addresses import address_of
from huiqi.portal.accounts.capacities import visitor_actor
from huiqi.portal.accounts.limits import EVERYBODY, SIGN_UP, SIGN_UPS, try_once
from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.passwords import NewPassword, keep_password
from huiqi.portal.accounts.queries import regions_served
from huiqi.portal.accounts.sessions import PASSWORD
from huiqi.portal.accounts.sign_in_pages import locked
from huiqi.portal.accounts.signing_in import go_on
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit


class SignUp(NewPassword):
    """What a new member gives."""

    name = forms.CharField(
        label=gettext_lazy("您的姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    begins = forms.RegexField(
        "^[a-z][a-z0-9]{2,19}$",
        label=gettext_lazy("用户名"),
        error_messages={"invalid": gettext_lazy("3至20位小写字母和数字，以字母开头。")},
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "3至20位小写字母和数字，以字母开头，例如姓名的拼音；系统会在后面加几位数字，避免与他人重复"
        ),
    )
    region = forms.ChoiceField(label=gettext_lazy("企业所在地区"))
    agrees = forms.BooleanField(
        label=gettext_lazy("我已阅读并同意个人信息处理说明"),
        error_messages={"required": gettext_lazy("请先阅读并同意个人信息处理说明。")},
    )
    field_order = ("name", "begins", "region", "password", "again", "agrees")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        served = regions_served()
        self.fields["region"].choices = [("", "—"), *served] if len(served) != 1 else served  # type: ignore[attr-defined]


@page("sign-up", "sign-up/", zh="企业注册", en="Sign up", opens=PUBLIC, methods=("GET", "POST"))
def sign_up(request: Visit) -> HttpResponse:
    """Make an account. Whoever tries names learns nothing: digits are added to every one of them."""
    if request.user.is_authenticated:
        return redirect("bindings")
    who = User(username=request.POST.get("begins", "")[:20], name=request.POST.get("name", "")[:60])
    form = SignUp(request.POST if request.method == "POST" else None, who=who)
    context: dict[str, Any] = {"form": form, "key": request.POST.get("key") or uuid.uuid4().hex}
    if request.method != "POST":
        return render(request, "accounts/sign_up.html", {**context, "served": bool(regions_served())})
    context["served"] = True
    if not form.is_valid():
        return render(request, "accounts/sign_up.html", context, status=422)
    for limit, key in ((SIGN_UP, address_of(request)), (SIGN_UPS, EVERYBODY)):
        if not try_once(limit, key, request.now):
            return render(request, "accounts/sign_up.html", {**context, "said": locked(limit)}, status=429)
    try:
        user = _made(request, form.cleaned_data, context["key"])
    except Refused as refused:
        said = "；".join(each.what for each in refused.findings)
        return render(request, "accounts/sign_up.html", {**context, "said": said}, status=refused.status)
    if user is None:
        return redirect("sign-in")
    return go_on(request, user, PASSWORD, reverse("welcome"))


@page("welcome", "welcome/", zh="注册成功", en="Welcome", opens="profile")
def welcome(request: Visit) -> HttpResponse:
    """Tell a new member their user name, and what comes next."""
    return render(request, "accounts/welcome.html")


@page("privacy", "privacy/", zh="个人信息处理说明", en="Personal information", opens=PUBLIC)
def privacy(request: Visit) -> HttpResponse:
    """What the site keeps of a person, what for, who sees it."""
    return render(request, "accounts/privacy.html")


def _made(request: Visit, given: dict[str, Any], key: str) -> User | None:
    """Return the new member; for a request sent twice the one it made, if the password shows that it was theirs."""
    values = {name: given[name] for name in ("name", "begins", "region", "agrees")}
    with transaction.atomic():
        done = perform(
            "user.sign_up",
            visitor_actor(),
            None,
            values,
            now=request.now,
            today=request.today,
            key=key,
        )
        user = User.objects.get(pk=done.subject.pk)
        if not done.repeated:
            keep_password(user, given["password"])
            return user
    return user if user.check_password(given["password"]) else None
