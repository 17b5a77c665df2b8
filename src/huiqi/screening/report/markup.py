"""HTML from Python, escaped unless it is markup already; a style attribute or a script cannot be written."""

from __future__ import annotations

import html
import re

_VOID = frozenset({"meta", "br", "hr", "col"})
_NAME = re.compile(r"[a-z][a-z0-9-]*")
# What no document may hold, escaped or not.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Child = str | int | None
"""None leaves nothing; a plain text is escaped."""


def escaped(text: str) -> Html:
    """Return a text as markup; controls and marks that turn the direction of writing become U+FFFD."""
    return text if isinstance(text, Html) else Html(html.escape(_UNSEEN.sub("\ufffd", text)))


def tag(name: str, /, *children: Child, **attributes: str | int | None) -> Html:
    """Return an element; `class_` is written class, `aria_label` aria-label; None leaves an attribute out.

    Raises ValueError for what would break the page's content security policy.
    """
    if name == "script" or not _NAME.fullmatch(name):
        raise ValueError(f"no element {name} in a report")
    parts = [name]
    for key, value in attributes.items():
        attribute = key.rstrip("_").replace("_", "-")
        if attribute == "style" or attribute.startswith("on") or not _NAME.fullmatch(attribute):
            raise ValueError(f"no attribute {attribute} in a report")
        if value is not None:
            parts.append(f'{attribute}="{escaped(str(value))}"')
    opening = f"<{' '.join(parts)}>"
    if name in _VOID:
        return Html(opening)
    return Html(f"{opening}{joined(*children)}</{name}>")


def joined(*children: Child) -> Html:
    """Return children side by side."""
    return Html(
        "".join(
            escaped(each if isinstance(each, str) else str(each)) for each in children if each is not None
        )
    )
