"""Every endpoint of the API: its address, what opens it, what it answers; each domain's module `api` registers its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

PUBLIC = "public"
"""The name of endpoints that answer without a token."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint. `opens` are names of pages, one of which the token must hold; PUBLIC needs no token."""

    name: str
    path: str
    view: Callable[..., Any]
    opens: tuple[str, ...]
    zh: str
    en: str
    answers: Any
    method: Literal["GET", "POST"]
    group: str
    more: Mapping[str, Any] = field(default_factory=dict)


_ENDPOINTS: dict[str, Endpoint] = {}
_WITHHELD: dict[str, str] = {
    "token.create": "令牌只能由本人登录后在网页上新建",
    "token.revoke": "令牌只能由本人登录后在网页上吊销",
}


def endpoint(
    name: str,
    path: str,
    *,
    zh: str,
    en: str,
    answers: Any,
    opens: str | Sequence[str],
    method: Literal["GET", "POST"] = "GET",
    more: Mapping[str, Any] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the function below at /api/<path>: `{int:number}` in the path and the other arguments are read by type.

    The function gets a request with `actor`, `now` and `today`, as a page does, and returns what `answers` says (a
    pydantic model, or a dict for it); it raises NotYours for what is not found and Refused for what is wrong. It
    scopes rows by `visible_to(request.actor, page)`, as a page does. `more` is added to the endpoint's OpenAPI.
    """
    names = (opens,) if isinstance(opens, str) else tuple(opens)

    def registered(view: Callable[..., Any]) -> Callable[..., Any]:
        if name in _ENDPOINTS:
            raise ValueError(f"the endpoint {name} is registered twice")
        group = path.strip("/").partition("/")[0]
        _ENDPOINTS[name] = Endpoint(name, path, view, names, zh, en, answers, method, group, dict(more or {}))
        return view

    return registered


def endpoints() -> Mapping[str, Endpoint]:
    """All endpoints by name; complete once Django's apps are ready."""
    return _ENDPOINTS


def withhold(act: str, why: str) -> None:
    """Keep an act out of the API, with the reason in Chinese: one that makes sense on a page only."""
    _WITHHELD[act] = why


def withheld() -> Mapping[str, str]:
    """The acts that are not in the API, with the reasons; those that only the site itself does are not in it either."""
    return _WITHHELD
