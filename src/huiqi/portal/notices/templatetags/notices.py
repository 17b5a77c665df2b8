"""The count of unread notices beside the user's name."""

from __future__ import annotations

from typing import Any

from django import template

from huiqi.portal.notices.queries import MOST_COUNTED, unread_of

register = template.Library()


@register.inclusion_tag("notices/unread.html", takes_context=True)
def unread_notices(context: dict[str, Any]) -> dict[str, Any]:
    """A link to the inbox with the count of unread notices; nothing for who is not signed in."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return {"signed_in": False}
    count = unread_of(user)
    return {"signed_in": True, "count": count, "shown": f"{MOST_COUNTED}+" if count > MOST_COUNTED else count}
