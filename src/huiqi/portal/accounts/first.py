"""A site's first administrator, or one who lost every way in: named by whoever runs the machine, with events."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huiqi.portal.accounts.models import Agency, Appointment, User
from huiqi.portal.accounts.queries import in_force
from huiqi.portal.accounts.roles import roles
from huiqi.portal.acts.actors import Actor, Capacity
from huiqi.portal.acts.performing import perform
from huiqi.portal.acts.refusals import Refused

_ROLE = "administrator"


def operator() -> Actor:
    """Return who runs the machine as an actor; nobody is appointed to it, and no page or token gives it."""
    role = roles()["operator"]
    everywhere = Capacity(role.id, role.zh, role.acts, role.pages, areas=("",))
    return Actor("operator", role.zh, (everywhere,), via="cli")


def make_administrator(
    user_name: str, name: str, agency: str, region: str, *, now: datetime, today: date
) -> tuple[User, str]:
    """Invite an administrator of an agency, which is added where it is not there yet; for one who is there, renew the link.

    Returns the user and the link's secret. Raises Refused, and nothing is done then.
    """
    with transaction.atomic():
        known = User.objects.filter(username=user_name).first()
        if known is not None:
            held = Appointment.objects.filter(in_force(today), user=known, role=_ROLE)
            if not held.exists():
                raise Refused(
                    "这个用户名已有人使用，且不是系统管理员", mend="请换一个用户名", cell="user_name"
                )
            user = _do("user.renew_link", known.pk, {"reason": "运维人员在服务器上重新生成"}, now, today)
            return user, user.secret
        place = Agency.objects.filter(name=agency).first()
        if place is None:
            place = _do("agency.add", None, {"name": agency, "region": region}, now, today)
        given = {"name": name, "user_name": user_name, "agency": place.pk}
        user = _do("user.invite", None, given, now, today)
        appointing = {"user": user.pk, "role": _ROLE, "agency": place.pk, "begins": today}
        _do("appointment.give", None, appointing, now, today)
        return user, user.secret


def _do(act: str, subject: object | None, given: dict[str, Any], now: datetime, today: date) -> Any:
    return perform(act, operator(), subject, given, now=now, today=today, key=uuid.uuid4().hex).subject
