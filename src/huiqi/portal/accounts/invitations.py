"""Showing a link once, and sending it by e-mail where the site sends any and the user has an address."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import override

from huiqi.portal.accounts.models import User
from huiqi.portal.accounts.people_acts import INVITED_DAYS, RENEWED_DAYS
from huiqi.portal.look.visits import Visit

LINKS = {"user.invite": INVITED_DAYS, "user.renew_link": RENEWED_DAYS}
_log = logging.getLogger("huiqi.sign-in")


def show_link(request: Visit, user: User, secret: str, days: int) -> HttpResponse:
    """Show the link; "" where the request was sent twice and the first answer has shown it."""
    link = entry_address(request, secret) if secret else ""
    context = {
        "of": user,
        "link": link,
        "days": INVITED_DAYS if user.state == "invited" else days,
        "sent": bool(link) and _sent(user, link),
        "has_email": bool(user.email),
    }
    answer = render(request, "accounts/link.html", context)
    patch_cache_control(answer, no_store=True, private=True)
    return answer


def entry_address(request: Visit, secret: str) -> str:
    """Return the whole address of a link."""
    address = request.build_absolute_uri(reverse("entry", kwargs={"secret": secret}))
    return address.replace("http://", "https://", 1) if settings.HTTPS else address


def _sent(user: User, link: str) -> bool:
    """Send the link by e-mail; it is kept nowhere, so it is not tried again."""
    if not user.email or not getattr(settings, "EMAIL_HOST", ""):
        return False
    with override(user.language):
        subject = _("惠企：您的登录链接")
        text = _("%(name)s，您好。请用这个链接设定密码，链接只能用一次：\n\n%(link)s\n") % {
            "name": user.name,
            "link": link,
        }
    try:
        return send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [user.email]) == 1
    except (SMTPException, OSError) as error:
        _log.warning("a link was not sent by e-mail: %s", type(error).__name__)
        return False
