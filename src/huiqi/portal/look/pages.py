"""The language; the other pages of the site's own register themselves."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect

from huiqi.portal.accounts.models import User
from huiqi.portal.look import act_pages, home_pages  # noqa: F401  their pages register themselves
from huiqi.portal.look.onward import onward
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit


@page("language", "language/", zh="语言", en="Language", opens=PUBLIC, methods=("POST",))
def language(request: Visit) -> HttpResponse:
    """Switch between Chinese and English, and stay on the page."""
    wanted = request.POST.get("language", "")
    answer = HttpResponseRedirect(onward(request))
    if wanted in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, wanted, samesite="Lax", secure=settings.HTTPS)
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=wanted)
    return answer
