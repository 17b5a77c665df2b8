"""One's own account: who one is, where one is signed in, the password."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from huiqi.portal.accounts import second_factor
from huiqi.portal.accounts.capacities import proven_actor
from huiqi.portal.accounts.credentials import OutsideName
from huiqi.portal.accounts.limits import PROOF, forget, try_once
from huiqi.portal.accounts.models import Appointment, Substitution, User
from huiqi.portal.accounts.passwords import NewPassword, keep_password
from huiqi.portal.accounts.queries import not_over
from huiqi.portal.accounts.roles import roles
from huiqi.portal.accounts.sessions import Session, digest_of_key
from huiqi.portal.accounts.sign_in_pages import locked
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.registry import acts
from huiqi.portal.look.act_pages import answer_act
from huiqi.portal.look.registry import page
from huiqi.portal.look.visits import Visit
from huiqi.reference.regions import full_name

_MOST_SESSIONS = 50


@page("profile", "profile/", zh="我的账号", en="My account", menu="self")
def profile(request: Visit) -> HttpResponse:
    """Show one's own account, its appointments and its sessions."""
    user = request.user
    held = list(
        Appointment.objects.filter(not_over(request.today), user=user)
        .select_related("agency")
        .prefetch_related("substitutions__substitute")
        .order_by("begins", "pk")
    )
    stood_in = list(
        Substitution.objects.filter(not_over(request.today), substitute=user)
        .select_related("appointment__agency", "appointment__user")
        .order_by("begins", "pk")
    )
    for each in held:
        each.role_title = roles()[each.role].title
        each.substitutes = [one for one in each.substitutions.all() if one.ends > request.today]
    for each in stood_in:
        each.role_title = roles()[each.appointment.role].title
    mine = digest_of_key(request.session.session_key or "")
    sessions = list(_sessions(user).order_by("-seen_at")[:_MOST_SESSIONS])
    for each in sessions:
        each.is_this = each.session_key == mine
    context = {
        "place": full_name(user.region) if user.region else "",
        "held": held,
        "stood_in": stood_in,
        "sessions": sessions,
        "others": any(not each.is_this for each in sessions),
        "factor": second_factor.has_second_factor(user),
        "outside": OutsideName.objects.filter(user=user).exists(),
        "has_oidc": bool(settings.OIDC),
    }
    return render(request, "accounts/profile.html", context)


@page(
    "profile-change",
    "profile/change/",
    zh="修改个人信息",
    en="Change the profile",
    opens="profile",
    methods=("GET", "POST"),
)
def change(request: Visit) -> HttpResponse:
    """Change name and language."""
    if request.method != "POST":
        request.GET = request.GET.copy()
        request.GET.update({"name": request.user.name, "language": request.user.language})
    fixed = {"name": request.user.name} if request.user.agency_id is not None else {}
    answer = answer_act(request, acts()["profile.change"], str(request.user.pk), fixed=fixed)
    wanted = request.POST.get("language", "")
    if request.method == "POST" and answer.status_code == 302 and wanted in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, samesite="Lax", secure=settings.HTTPS)
        answer["Location"] = "/profile/"
    return answer


@page(
    "password",
    "profile/password/",
    zh="修改密码",
    en="Change the password",
    opens="profile",
    methods=("GET", "POST"),
)
def password(request: Visit) -> HttpResponse:
    """Change the password: the old one is asked for, and all other sessions end."""
    user = User.objects.get(pk=request.user.pk)
    form = NewPassword(request.POST if request.method == "POST" else None, who=user)
    context = {"form": form, "key": request.POST.get("key") or uuid.uuid4().hex}
    if not user.has_usable_password():
        return render(request, "accounts/password.html", {**context, "none": True})
    if request.method != "POST":
        return render(request, "accounts/password.html", context)
    if not try_once(PROOF, str(user.pk), request.now):
        return render(request, "accounts/password.html", {**context, "said": locked(PROOF)}, status=429)
    if not user.check_password(request.POST.get("old", "")):
        context["said"] = _("现在的密码不对。")
        return render(request, "accounts/password.html", context, status=403)
    forget(PROOF, str(user.pk))
    if not form.is_valid():
        return render(request, "accounts/password.html", context, status=422)
    _keep(request, user, form.cleaned_data["password"], context["key"])
    messages.success(request, _("密码已修改，其他地方的登录都已退出。"))
    return redirect("profile")


@page(
    "sessions-end",
    "profile/sessions/end/",
    zh="退出其他登录",
    en="End sessions",
    opens="profile",
    methods=("POST",),
)
def end_sessions(request: Visit) -> HttpResponse:
    """End one of one's other sessions, or all of them."""
    others = Session.objects.filter(user=request.user).exclude(
        session_key=digest_of_key(request.session.session_key or "")
    )
    which = request.POST.get("which", "")
    if which != "all":
        others = others.filter(session_key=which[:64].replace("\0", ""))
    others.delete()
    messages.success(request, _("已退出。"))
    return redirect("profile")


def _sessions(user: User) -> QuerySet[Session]:
    return Session.objects.filter(user=user, expire_date__gt=timezone.now())


def _keep(request: Visit, user: User, new: str, key: str) -> None:
    """Keep the password, and go on in a fresh session: the act has ended them all, this one too."""
    with transaction.atomic():
        done = perform(
            "password.change",
            proven_actor(user),
            user.pk,
            {},
            now=request.now,
            today=request.today,
            key=f"password:{key}"[:80],
        )
        if not done.repeated:
            keep_password(User.objects.get(pk=user.pk), new)
    update_session_auth_hash(request, User.objects.get(pk=user.pk))
