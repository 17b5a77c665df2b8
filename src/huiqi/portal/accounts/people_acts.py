"""Acts of administrators on accounts: inviting, closing, renewing what was lost."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import Field

from huiqi.portal.accounts import second_factor
from huiqi.portal.accounts.credentials import EntryLink, OutsideName
from huiqi.portal.accounts.models import INVITED, Agency, User
from huiqi.portal.accounts.queries import agency_choices
from huiqi.portal.accounts.sessions import Session
from huiqi.portal.acts.chain import sm3
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.look.asking import Asked

INVITED_DAYS = 7
RENEWED_DAYS = 1
_DIGEST = "^[0-9a-f]{64}$"


class Inviting(Input):
    """Who is invited, under which user name, to which agency."""

    name: Annotated[str, Field(min_length=1, max_length=60), Asked("姓名", "Name")]
    user_name: Annotated[
        str,
        Field(pattern=r"^[A-Za-z][A-Za-z0-9._-]{2,29}$"),
        Asked(
            "用户名",
            "User name",
            "登录时使用，3至30位，以字母开头，可用字母、数字、点、下划线和连字符",
            "Used to sign in: 3 to 30 letters, digits, . _ or -, beginning with a letter",
        ),
    ]
    agency: Annotated[str, Field(max_length=40), Asked("单位", "Agency", choices=agency_choices)]
    email: Annotated[str, Field(max_length=254), Asked("电子邮箱", "E-mail")] = ""


class Why(Input):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=200), Asked("理由", "Reason", long=True)]


class Renaming(Why):
    """The name as it should be."""

    name: Annotated[str, Field(min_length=1, max_length=60), Asked("姓名", "Name")]


class Linking(Input):
    """The keyed digest of who the user is at the outside sign-in; `earlier` are those by keys from before a rotation."""

    digest: Annotated[str, Field(pattern=_DIGEST)]
    earlier: Annotated[list[Annotated[str, Field(pattern=_DIGEST)]], Field(max_length=50)] = []


@act("user.invite", User, zh="邀请用户", en="Invite a user", takes=Inviting, creates=True)
def invite_user(doing: Doing, given: Inviting) -> User:
    """Make an account that its owner opens by a link; `secret` of the row returned is the only copy of it."""
    agency = Agency.objects.filter(pk=given.agency).first()
    if agency is None:
        raise Refused("单位不存在", mend="请从列表中选择", cell="agency")
    if given.email:
        try:
            validate_email(given.email)
        except ValidationError:
            raise Refused("电子邮箱格式不对", mend="例如name@example.com", cell="email") from None
    if User.objects.filter(username__iexact=given.user_name).exists():
        raise Refused("这个用户名已有人使用", mend="请换一个用户名", cell="user_name")
    user = User(
        username=given.user_name,
        name=given.name,
        email=given.email,
        agency=agency,
        region=agency.region,
        state=INVITED,
        is_active=False,
    )
    user.set_unusable_password()
    user.save()
    _give_link(doing, user, INVITED_DAYS)
    doing.say(agency=agency.pk)
    return user


@act("user.rename", User, zh="更正姓名", en="Correct the name", takes=Renaming)
def rename(doing: Doing, user: User, given: Renaming) -> None:
    """Correct an officer's name, which stands under what they do; the event says that it changed, not to what."""
    user.name = given.name
    doing.say(reason=given.reason)


@act("user.renew_link", User, zh="重新生成登录链接", en="Renew the link", takes=Why)
def renew_link(doing: Doing, user: User, given: Why) -> None:
    """Give a new link to who lost the old one or forgot the password; the password holds until it is used."""
    _refuse_own(doing, user)
    _give_link(doing, user, INVITED_DAYS if user.state == INVITED else RENEWED_DAYS)
    doing.say(reason=given.reason)


@act("user.close", User, zh="停用账号", en="Close the account", takes=Why)
def close_user(doing: Doing, user: User, given: Why) -> None:
    """Close an account: it signs in no more, its sessions end at once, tokens and appointments give nothing."""
    _refuse_own(doing, user)
    user.is_active = False
    Session.objects.filter(user=user).delete()
    EntryLink.objects.filter(user=user).delete()
    doing.say(reason=given.reason)


@act("user.reopen", User, zh="恢复账号", en="Reopen the account", takes=Why)
def reopen_user(doing: Doing, user: User, given: Why) -> None:
    """Let a closed account sign in again, with what appointments are still in force."""
    _refuse_own(doing, user)
    user.is_active = True
    doing.say(reason=given.reason)


@act("user.reset_factor", User, zh="取消第二重验证", en="Reset the second factor", takes=Why)
def reset_factor(doing: Doing, user: User, given: Why) -> None:
    """Take away the second factor of who lost the phone and the recovery codes; their sessions end."""
    _refuse_own(doing, user)
    if not second_factor.has_second_factor(user):
        raise Refused("该用户没有启用第二重验证")
    second_factor.drop(user)
    Session.objects.filter(user=user).delete()
    doing.say(reason=given.reason)


@act("user.link_outside", User, zh="关联统一身份认证", en="Link the single sign-on", takes=Linking)
def link_outside(doing: Doing, user: User, given: Linking) -> None:
    """Say who the user is at the province's sign-in; one name there is one account here."""
    if OutsideName.objects.filter(user=user).exists():
        raise Refused("该用户已有关联", mend="请先解除原关联", cell="subject")
    if OutsideName.objects.filter(digest__in=[given.digest, *given.earlier]).exists():
        raise Refused("该身份已关联另一账号", mend="请核对后再试", cell="subject")
    OutsideName.objects.create(user=user, digest=given.digest, linked_at=doing.now)


@act("user.unlink_outside", User, zh="解除统一身份认证关联", en="Remove the link", takes=Why)
def unlink_outside(doing: Doing, user: User, given: Why) -> None:
    """Forget who the user is at the province's sign-in."""
    if not OutsideName.objects.filter(user=user).delete()[0]:
        raise Refused("该用户没有关联")
    doing.say(reason=given.reason)


def digest_of_link(secret: str) -> str:
    """Return the digest by which a link is known: it is random and long, so it needs no slow digest."""
    return sm3(secret.encode())


def _give_link(doing: Doing, user: User, days: int) -> None:
    secret = secrets.token_urlsafe(32)
    expires = doing.now + timedelta(days=days)
    EntryLink.objects.update_or_create(
        user=user, defaults={"digest": digest_of_link(secret), "expires_at": expires}
    )
    user.secret = secret  # type: ignore[attr-defined]
    doing.say(expires=expires.isoformat())


def _refuse_own(doing: Doing, user: User) -> None:
    if f"user:{user.pk}" == doing.actor.id:
        raise Refused("不能对自己的账号办理", why="须由另一名管理员办理")
