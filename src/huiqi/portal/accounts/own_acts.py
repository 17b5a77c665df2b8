"""Acts of people on their own account: signing up, opening it by a link, password, second factor, profile."""

from __future__ import annotations

import secrets
from typing import Annotated

from django.conf import settings
from django.utils.translation import get_language
from pydantic import Field

from huiqi.portal.accounts import second_factor
from huiqi.portal.accounts.credentials import EntryLink, SecondFactor
from huiqi.portal.accounts.models import Agency, User
from huiqi.portal.accounts.sessions import Session
from huiqi.portal.acts.actors import Actor
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, Nothing, act
from huiqi.portal.api.registry import withhold
from huiqi.portal.look.asking import Asked

CONSENT = "2026-1"
"""The version of the notice on personal information that a new member agrees to."""
_TRIES = 20


def _languages(_actor: Actor) -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)


class SigningUp(Input):
    """A person's name, the beginning of their user name, where their firm is, and that they agree."""

    name: Annotated[str, Field(min_length=1, max_length=60), Asked("姓名", "Name")]
    begins: Annotated[str, Field(pattern="^[a-z][a-z0-9]{2,19}$"), Asked("用户名", "User name")]
    region: Annotated[str, Field(max_length=6), Asked("企业所在地区", "Where the firm is")]
    agrees: Annotated[bool, Asked("同意", "I agree")]


class Profile(Input):
    """How one is called, and the language of the site's pages and notices."""

    name: Annotated[str, Field(min_length=1, max_length=60), Asked("姓名", "Name")]
    language: Annotated[str, Field(max_length=7), Asked("语言", "Language", choices=_languages)]


@act("user.sign_up", User, zh="注册", en="Sign up", takes=SigningUp, creates=True)
def sign_up(doing: Doing, given: SigningUp) -> User:
    """Make a member's account. Digits behind the user name keep it apart from others, so that no name can be tried."""
    if not given.agrees:
        raise Refused("请先阅读并同意个人信息处理说明", cell="agrees")
    if not Agency.objects.filter(region=given.region).exists():
        raise Refused("本站没有这个地区", mend="请从列表中选择", cell="region")
    user = User(
        username=_free_name(given.begins),
        name=given.name,
        region=given.region,
        language="en" if (get_language() or "").startswith("en") else "zh-hans",
        consented_at=doing.now,
    )
    user.set_unusable_password()
    user.save()
    doing.say(consent=CONSENT)
    return user


@act("user.accept", User, zh="启用账号", en="Open the account")
def accept(doing: Doing, user: User, given: Nothing) -> None:
    """Open an account by its link, which is used up."""
    _use_link(user)
    user.is_active = True


@act("password.change", User, zh="修改密码", en="Change the password")
def change_password(doing: Doing, user: User, given: Nothing) -> None:
    """Note that the password was changed; the page that took the proof sets it. All other sessions end."""
    EntryLink.objects.filter(user=user).delete()
    Session.objects.filter(user=user).delete()


@act("profile.change", User, zh="修改个人信息", en="Change the profile", takes=Profile)
def change_profile(doing: Doing, user: User, given: Profile) -> None:
    """Change name and language; an officer's name stands under what they do, so an administrator corrects it."""
    if given.language not in dict(settings.LANGUAGES):
        raise Refused("没有这种语言", mend="请从列表中选择", cell="language")
    if user.agency_id is not None and given.name != user.name:
        raise Refused("单位人员的姓名由管理员更正", mend="请联系本单位管理员", cell="name")
    doing.say(renamed=given.name != user.name)
    user.name, user.language = given.name, given.language


@act("factor.confirm", User, zh="启用第二重验证", en="Set up the second factor")
def confirm_factor(doing: Doing, user: User, given: Nothing) -> None:
    """Ask for codes from now on; `codes` of the row are the only copy of the recovery codes."""
    waiting = SecondFactor.objects.filter(user=user, confirmed_at=None)
    if not waiting.update(confirmed_at=doing.now):
        raise Refused("第二重验证已经启用，或尚未开始设置", mend="请刷新页面")
    user.codes = second_factor.new_codes(user)  # type: ignore[attr-defined]


@act("factor.renew_codes", User, zh="重新生成恢复码", en="Renew the recovery codes")
def renew_codes(doing: Doing, user: User, given: Nothing) -> None:
    """Give new recovery codes; those from before are worth nothing any more."""
    if not second_factor.has_second_factor(user):
        raise Refused("没有启用第二重验证")
    user.codes = second_factor.new_codes(user)  # type: ignore[attr-defined]


@act("factor.remove", User, zh="停用第二重验证", en="Remove the second factor")
def remove_factor(doing: Doing, user: User, given: Nothing) -> None:
    """Ask for no codes any more."""
    if not second_factor.has_second_factor(user):
        raise Refused("没有启用第二重验证")
    second_factor.drop(user)


def _use_link(user: User) -> None:
    if not EntryLink.objects.filter(user=user).delete()[0]:
        raise Refused("链接已经用过", mend="请用自己设定的密码登录", code="link-used")


def _free_name(begins: str) -> str:
    for digits in [4] * _TRIES + [6] * _TRIES + [9]:
        name = f"{begins}-{secrets.randbelow(10**digits):0{digits}}"
        if not User.objects.filter(username=name).exists():
            return name
    raise Refused("暂时无法生成用户名", mend="请换一个用户名再试", cell="begins")


for _name in (
    *("user.invite", "user.renew_link", "user.link_outside", "user.sign_up", "user.accept"),
    *("password.change", "factor.confirm", "factor.renew_codes", "factor.remove"),
):
    withhold(_name, "涉及登录凭据，只能在网页上办理")
