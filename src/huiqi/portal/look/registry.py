"""Every page of the site: its name (what roles open), its address, its titles, where the menu shows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from huiqi.portal.acts.refusals import NotYours

PUBLIC = "public"
"""The name of pages that open without signing in."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: `opens` is the name that roles hold in roles.yaml, or PUBLIC."""

    name: str
    address: str
    opens: str
    zh: str
    en: str
    view: Callable[..., HttpResponse]
    menu: str = ""
    methods: tuple[str, ...] = ("GET",)

    @property
    def title(self) -> str:
        """The title in the language of the visit."""
        return self.en if (get_language() or "").startswith("en") else self.zh


_PAGES: dict[str, Page] = {}


def page(
    name: str,
    address: str,
    *,
    zh: str,
    en: str,
    opens: str = "",
    menu: str = "",
    methods: tuple[str, ...] = ("GET",),
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Register a page. It opens for actors whose role holds `opens` (default: its own name), else it is not found.

    Who is not signed in is sent to sign in, and comes back.
    """
    needed = opens or name

    def registered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        if name in _PAGES:
            raise ValueError(f"the page {name} is registered twice")

        @wraps(view)
        def guarded(request: Any, **values: Any) -> HttpResponse:
            if needed != PUBLIC:
                if not request.user.is_authenticated:
                    return _to_sign_in(request)
                if not request.actor.may_see(needed):
                    raise Http404
            try:
                return view(request, **values)
            except NotYours:
                raise Http404 from None

        # What can be read can be asked for without its body: servers leave the body of an answer to HEAD away.
        answered = [*methods, "HEAD"] if "GET" in methods else list(methods)
        view_of_methods = require_http_methods(answered)(guarded)
        _PAGES[name] = Page(name, address, needed, zh, en, view_of_methods, menu, methods)
        return guarded

    return registered


def pages() -> Mapping[str, Page]:
    """All pages by name; complete once Django's apps are ready."""
    return _PAGES


def addresses() -> list[URLPattern]:
    """The URL patterns of all pages."""
    return [path(each.address, each.view, {}, each.name) for each in _PAGES.values()]


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A part of a page cannot show a form to sign in: the whole page goes there.
        return HttpResponse(status=401, headers={"HX-Redirect": reverse("sign-in")})
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
