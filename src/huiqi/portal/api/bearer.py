"""Who asks: by the token in the header `Authorization: Bearer …`; within its limits of use."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from ninja.security import HttpBearer

from huiqi.portal.accounts.minutes import seconds_to_wait
from huiqi.portal.accounts.visitors import visitor_waits
from huiqi.portal.acts.refusals import NotYours, Refused
from huiqi.portal.api.acts import digest_of
from huiqi.portal.api.capacities import actor_by
from huiqi.portal.api.models import ACTIVE, Token, TokenUse
from huiqi.portal.look.visits import VISITOR, Visit

_MOST_CHARACTERS = 100


class NotSignedIn(Refused):
    """No token, or one that is not taken (any more); all are refused in the same words."""

    status = HTTPStatus.UNAUTHORIZED
    code = "no-token"

    def __init__(self) -> None:
        super().__init__(
            "没有有效的令牌",
            why="没有带令牌，或令牌有误、过期、已吊销，或其岗位已结束",
            mend="请在“接口令牌”页新建令牌，放在请求头Authorization: Bearer之后",
        )


class TooOften(Refused):
    """A token, or visitors of one address, asked too often in this minute; `seconds` until the next one."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "too-many-requests"

    def __init__(self, most: int, seconds: int) -> None:
        super().__init__(f"每分钟最多{most}次请求", mend=f"请在{seconds}秒后再试")
        self.seconds = seconds


class Bearer(HttpBearer):
    """Takes a token and puts its actor on the request; `opens` are pages, one of which the token must hold."""

    def __init__(self, opens: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.opens = opens

    def __call__(self, request: Any) -> Any:
        """As ninja's; without the header it is refused in our words."""
        request.actor = VISITOR
        found = super().__call__(request)
        if found is None:
            raise NotSignedIn
        return found

    def authenticate(self, request: Visit, token: str) -> Token:
        """Find the token's row. Raises NotSignedIn, TooOften, NotYours."""
        row = _row(token)
        if row is None or row.state != ACTIVE or row.expires < request.today:
            raise NotSignedIn
        actor = actor_by(row, request.today)
        if actor is None:
            raise NotSignedIn
        _count(row, request.now)
        request.actor = actor
        if self.opens and not any(actor.may_see(page) for page in self.opens):
            raise NotYours
        return row


def anybody(request: Visit) -> bool:
    """Let everybody in as a visitor, whatever session or token comes along. Raises TooOften."""
    if seconds := visitor_waits(request):
        raise TooOften(settings.VISITOR_REQUESTS_A_MINUTE, seconds)
    request.actor = VISITOR
    return True


def _row(secret: str) -> Token | None:
    if len(secret) > _MOST_CHARACTERS or not secret.isascii():
        return None
    rows = Token.objects.for_site("a token is known by its secret, whoever shows it")
    found: Token | None = (
        rows.select_related("user", "appointment__agency").filter(digest=digest_of(secret)).first()
    )
    return found


def _count(token: Token, now: datetime) -> None:
    """Count one use in this minute; the rows are changed by the database, so that processes do not lose each other's."""
    most: int = settings.API_REQUESTS_A_MINUTE
    if seconds := seconds_to_wait(TokenUse.objects.filter(token=token), most, now, last_at=now):
        raise TooOften(most, seconds)
