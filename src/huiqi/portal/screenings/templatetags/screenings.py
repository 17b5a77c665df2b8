"""Template filters of the screenings' pages."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def count(number: object) -> str:
    """Return a whole number with thousands apart; a dash for what is not known."""
    return f"{number:,}" if isinstance(number, int) else "—"
