"""The first page: for visitors what Huiqi is and its two doors, for users what is due, new and wrong."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from huiqi.portal.accounts.roles import roles
from huiqi.portal.catalogue.shelf import library
from huiqi.portal.look.home import groups_for
from huiqi.portal.look.menu import doors, entries_for
from huiqi.portal.look.news import news_for
from huiqi.portal.look.registry import PUBLIC, page
from huiqi.portal.look.visits import Visit


@page("home", "", zh="首页", en="Home", opens=PUBLIC, menu="home")
def home(request: Visit) -> HttpResponse:
    """Show a visitor around, or a user what waits for them."""
    if not request.user.is_authenticated:
        holding = sum(each.in_force.holds(request.today) for each in library().measures)
        return render(request, "look/welcome.html", {"holding": holding})
    english = (get_language() or "").startswith("en")
    officer = any(each.agency for each in request.actor.capacities)
    context = {
        "groups": list(groups_for(request, english)),
        "news": news_for(request) if officer else [],
        "officer": officer,
        "doors": list(doors(entries_for(request.actor), english)),
        "roles": [_title(each.role, english) for each in request.actor.capacities if each.agency],
    }
    return render(request, "look/home.html", context)


def _title(role: str, english: bool) -> str:
    return roles()[role].en if english else roles()[role].zh
