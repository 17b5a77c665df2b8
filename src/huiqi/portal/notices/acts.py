"""Acts on how a user wants to be told."""

from __future__ import annotations

import re
from typing import Annotated

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import Field

from huiqi.portal.accounts.models import User
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.api.registry import withhold
from huiqi.portal.look.asking import Asked
from huiqi.portal.notices.kinds import CHANNELS, SITE, kinds
from huiqi.portal.notices.models import Reach
from huiqi.portal.secrets.fields import put

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
Channel = Annotated[str, Field(max_length=8)]
withhold("notices.reach", "电子邮箱和手机号由本人在消息设置页填写")


class Choosing(Input):
    """By kind the channels; kinds that are not named keep what they had."""

    chosen: Annotated[dict[Annotated[str, Field(max_length=40)], list[Channel]], Field(max_length=200)]


class Reaching(Input):
    """The e-mail address and the mobile number: empty for none, left out for as it is."""

    email: Annotated[str | None, Field(max_length=254), Asked("电子邮箱", "E-mail")] = None
    phone: Annotated[str | None, Field(max_length=20), Asked("手机号", "Mobile number")] = None


@act("notices.choose", Reach, zh="选择消息接收方式", en="Choose how to be told", takes=Choosing, creates=True)
def choose(doing: Doing, given: Choosing) -> Reach:
    """Choose the channels of kinds; what nobody may switch off stays in the site."""
    reach = _own(doing)
    for name, channels in given.chosen.items():
        about = kinds().get(name)
        if about is None or set(channels) - CHANNELS.keys():
            raise Refused("没有这种消息或接收方式", mend="请从列表中选择", cell="chosen")
        if about.switch_off == "nobody" and SITE not in channels:
            said = about.zh.subject
            raise Refused(f"“{said}”不能关闭站内消息", why="这类消息关系到办理期限和您的权益", cell="chosen")
        reach.chosen[name] = [each for each in CHANNELS if each in channels]
    doing.say(chosen=reach.chosen)
    return reach


@act(
    "notices.reach",
    Reach,
    zh="更改邮箱和手机号",
    en="Change e-mail and mobile number",
    takes=Reaching,
    creates=True,
)
def change_reach(doing: Doing, given: Reaching) -> Reach:
    """Change where one is told outside the site; the event says only whether there is an address."""
    reach = _own(doing)
    if given.email is not None:
        reach.user.email = _email(given.email)
        reach.user.save(update_fields=["email"])
    if given.phone is not None:
        put(reach, "phone", _phone(given.phone))
    doing.say(email=bool(reach.user.email), phone=bool(reach.phone))
    return reach


def _email(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise Refused("电子邮箱格式不对", mend="例如name@example.com", cell="email") from None
    return text


def _phone(text: str) -> str:
    number = text.removeprefix("+86").replace(" ", "").replace("-", "")
    if number and not _MOBILE.fullmatch(number):
        raise Refused("手机号格式不对", mend="请填写11位手机号", cell="phone")
    return number


def _own(doing: Doing) -> Reach:
    user = User.objects.select_for_update().get(pk=int(doing.actor.id.removeprefix("user:")))
    rows = Reach.objects.for_site("the user's own").select_for_update()
    reach: Reach = rows.filter(user=user).first() or Reach(user=user)
    reach.user = user
    if reach.pk is None:
        reach.save()
    return reach
