"""Template tags of the site: the menu, money, and buttons of acts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import get_language

from huiqi.portal.acts.registry import acts
from huiqi.portal.acts.transitions import tables
from huiqi.portal.look.act_pages import title_of
from huiqi.portal.look.menu import entries_for
from huiqi.portal.look.registry import Page

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context: dict[str, Any]) -> list[Page]:
    """The pages of the menu that this visit may open."""
    return entries_for(context["request"].actor)


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as yuan with two decimals and thousands apart; a dash for what is not known."""
    if fen is None:
        return "—"
    sign, whole = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{whole // 100:,}.{whole % 100:02}"


@register.inclusion_tag("look/act_link.html", takes_context=True)
def act_link(
    context: dict[str, Any], name: str, subject: Any = None, style: str = "outline-primary"
) -> dict[str, Any]:
    """A button to an act's page, shown only where a role of the visitor holds the act."""
    request = context["request"]
    kind = acts()[name]
    allowed = any(subject is None or each.reaches(subject.scope()) for each in request.actor.allowed(name))
    address = reverse("act", kwargs={"name": name, "subject": "-" if subject is None else subject.pk})
    return {
        "allowed": allowed,
        "address": address,
        "title": title_of(kind),
        "style": style,
        "seen": getattr(subject, "version", ""),
        "back": request.get_full_path(),
    }


@register.simple_tag(takes_context=True)
def may_do(context: dict[str, Any], name: str) -> bool:
    """Whether some role of the visitor holds an act."""
    return bool(context["request"].actor.allowed(name))


@register.simple_tag
def state_title(subject: Any) -> str:
    """The state of a subject in words, from its transition table."""
    states = tables()[subject._meta.label_lower].states
    chinese, english = states.get(subject.state, (subject.state, subject.state))
    return english if (get_language() or "").startswith("en") else chinese


@register.simple_tag(takes_context=True)
def same_page(context: dict[str, Any], **changes: Any) -> Iterator[str] | str:
    """This page's address with some of its query changed; None or "" takes a key out."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"
