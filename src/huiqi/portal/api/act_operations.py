"""One operation for every act: its own schema, the request key, the version seen; `perform` decides everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any

from ninja import Body, Header, NinjaAPI, Path

from huiqi.portal.accounts.proof import asked_again
from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.registry import ActKind, Input, acts
from huiqi.portal.api.bearer import Bearer
from huiqi.portal.api.registry import withheld
from huiqi.portal.api.shapes import DoneOut, bad_query
from huiqi.portal.look.visits import Visit

MOST_KEY = 48
"""Characters of a request key: behind the token's number it must fit where keys are kept."""
_SITE = "site"


def offered() -> dict[str, ActKind]:
    """The acts that a program may do.

    Not those kept back, not those that only the site itself does, and not those before which a person has to prove
    once more who they are: a token cannot.
    """
    held = {act for name, role in roles().items() if name != _SITE for act in role.acts}
    kept_back = withheld().keys() | asked_again()
    return {name: kind for name, kind in sorted(acts().items()) if name in held and name not in kept_back}


def add_acts(api: NinjaAPI, refusals: Mapping[int, Any]) -> None:
    """Add the operations of all acts that are offered."""
    for name, kind in offered().items():
        path = f"/acts/{name}" if kind.creates else f"/acts/{name}/{{subject}}"
        api.api_operation(
            ["POST"],
            path,
            auth=Bearer(),
            response={200: DoneOut, **refusals},
            operation_id=f"act:{name}",
            summary=kind.zh,
            description=f"{kind.en}. {_documented(kind)}",
            tags=[name.partition(".")[0]],
            url_name=f"act-{name}",
        )(_operation(kind))


def _documented(kind: ActKind) -> str:
    return (kind.change.__doc__ or "").strip()


def _operation(kind: ActKind) -> Callable[..., Any]:
    takes = _own(kind)
    key = Header(
        ...,
        alias="Idempotency-Key",
        min_length=1,
        max_length=MOST_KEY,
        pattern="^[!-~]+$",
        description="请求自己的编号：同样的内容重复发送，得到第一次的结果｜the request's own key: repeated with the same content it gives the first answer again",
    )
    given: Any = Body(takes()) if not kind.takes.model_fields else Body(...)

    def create(request: Any, key: Any, given: Any) -> Any:
        return _done(request, kind, None, key, given, None)

    def change(request: Any, subject: Any, key: Any, given: Any, seen: Any) -> Any:
        return _done(request, kind, subject, key, given, seen)

    create.__annotations__ = {"key": str, "given": takes}
    create.__defaults__ = (key, given)
    change.__annotations__ = {"subject": str, "key": str, "given": takes, "seen": str}
    change.__defaults__ = (
        Path(..., max_length=40, description="记录的编号｜the subject's number"),
        key,
        given,
        Header(
            "",
            alias="If-Match",
            max_length=20,
            pattern='^(\\*|"?[0-9]{1,9}"?)?$',
            description="所看到的版本；已被改动时答复412，说明谁改了什么｜the version that was looked at; if the subject is newer, 412 says what changed and by whom",
        ),
    )
    chosen = create if kind.creates else change
    chosen.__doc__ = _documented(kind)
    return chosen


def _own(kind: ActKind) -> type[Input]:
    """The act's input under a name of its own: two domains may call theirs alike."""
    words = [part.title() for part in kind.name.replace("_", ".").split(".")]
    return type(f"{''.join(words)}Input", (kind.takes,), {"__doc__": kind.takes.__doc__})


def _done(
    request: Visit, kind: ActKind, subject: str | None, key: str, given: Input, seen: str | None
) -> dict[str, Any]:
    version = (seen or "").strip('"')
    if version and version != "*" and not version.isdecimal():
        raise bad_query("If-Match", "版本应为数字")
    done = perform(
        kind.name,
        request.actor,
        subject,
        given.model_dump(exclude_unset=True),
        now=request.now,
        today=request.today,
        # The same key of two tokens means two requests.
        key=f"token{request.actor.token}:{key}",
        seen=int(version) if version and version != "*" else None,
    )
    return {
        "event": done.event.sequence,
        "act": kind.name,
        "subject": str(done.subject.pk),
        "state": done.event.to_state,
        "version": done.event.version,
        "at": done.event.at.astimezone(UTC),
        "repeated": done.repeated,
    }
