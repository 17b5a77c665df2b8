"""Acts on tokens: made by their owner on the site, revoked at any time."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from huiqi.portal.accounts.models import Appointment, User
from huiqi.portal.accounts.proof import ask_again, asked_again
from huiqi.portal.acts.chain import sm3
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.api.capacities import capacity_of
from huiqi.portal.api.models import ACTIVE, APPOINTMENT, FIRM, Token, TokenUse
from huiqi.portal.api.registry import withheld
from huiqi.portal.look.asking import Asked

MOST_DAYS = 366
MOST_TOKENS = 20
_BEGINNING = "huiqi_"
Name = Annotated[str, Field(max_length=60)]
ask_again("token.create")


class Making(Input):
    """What a token is called, what it stands for (appointment:NUMBER, firm:NUMBER, person), what it may, until when."""

    name: Annotated[str, Field(min_length=1, max_length=60), Asked("用途", "Purpose")]
    stands_for: Annotated[
        str, Field(max_length=40, pattern="^(appointment:[0-9]{1,18}|firm:[0-9]{1,18}|person)$")
    ]
    expires: Annotated[date, Asked("有效期至", "Valid through")]
    acts: Annotated[list[Name], Field(max_length=300)] = []
    pages: Annotated[list[Name], Field(max_length=300)] = []


@act("token.create", Token, zh="新建令牌", en="Make a token", takes=Making, creates=True)
def make_token(doing: Doing, given: Making) -> Token:
    """Make a token for one of one's own capacities; `secret` of the row returned is the only copy there is."""
    user = User.objects.select_for_update().get(pk=int(doing.actor.id.removeprefix("user:")))
    kept = Token.objects.for_site("the user's own").filter(user=user, state=ACTIVE, expires__gte=doing.today)
    if kept.count() >= MOST_TOKENS:
        raise Refused(f"有效的令牌已有{MOST_TOKENS}个", mend="请先吊销不用的令牌", code="too-many-tokens")
    if not doing.today <= given.expires <= doing.today + timedelta(days=MOST_DAYS):
        raise Refused("有效期须在今天起一年以内", mend="请填写一年以内的日期", cell="expires")
    kind, _colon, number = given.stands_for.partition(":")
    appointment = Appointment.objects.filter(user=user, pk=number).first() if kind == APPOINTMENT else None
    firm = int(number) if kind == FIRM else None
    capacity = capacity_of(user, kind, appointment, firm, doing.today)
    if capacity is None:
        raise Refused("您没有这个岗位或企业", mend="请从列表中选择", cell="stands_for")
    _refuse_more("acts", given.acts, capacity.acts - withheld().keys() - asked_again())
    _refuse_more("pages", given.pages, capacity.pages)
    if not given.acts and not given.pages:
        raise Refused("没有选择任何权限", mend="请至少选择一项", cell="pages")
    secret = _BEGINNING + secrets.token_urlsafe(32)
    token = Token(
        user=user,
        name=given.name,
        stands_for=kind,
        appointment=appointment,
        firm_id=firm,
        acts=sorted(set(given.acts)),
        pages=sorted(set(given.pages)),
        digest=digest_of(secret),
        begins_with=secret[: len(_BEGINNING) + 4],
        expires=given.expires,
        made_at=doing.now,
    )
    token.save()
    TokenUse.objects.create(token=token)
    token.secret = secret
    doing.say(stands_for=given.stands_for, acts=token.acts, pages=token.pages, expires=str(token.expires))
    return token


@act("token.revoke", Token, zh="吊销令牌", en="Revoke a token")
def revoke_token(doing: Doing, token: Token, given: Input) -> None:
    """Revoke a token; from now on nobody acts by it."""


def digest_of(secret: str) -> str:
    """Return the digest by which a secret is known: it is random and long, so it needs no slow digest."""
    return sm3(secret.encode())


def _refuse_more(cell: str, wanted: list[str], held: frozenset[str] | set[str]) -> None:
    if beyond := sorted(set(wanted) - held):
        raise Refused(
            f"不能给出的权限：{'、'.join(beyond[:5])}",
            why="令牌的权限不能超出所代表的岗位",
            mend="请从列表中选择",
            cell=cell,
        )
