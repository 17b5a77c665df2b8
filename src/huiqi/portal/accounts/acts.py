"""Acts of administration: appointments and substitutes, with incompatible roles (不相容岗位) kept apart."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from django.db.models import Q
from django.utils.translation import get_language
from pydantic import Field

from huiqi.portal.accounts import (  # noqa: F401  their acts register themselves
    agency_acts,
    own_acts,
    people_acts,
)
from huiqi.portal.accounts.models import CLOSED, Agency, Appointment, Substitution, User
from huiqi.portal.accounts.notices import tell_substitution
from huiqi.portal.accounts.queries import agency_choices, substitute_choices
from huiqi.portal.accounts.roles import appointable, roles
from huiqi.portal.acts.actors import Actor, Scope
from huiqi.portal.acts.refusals import Refused
from huiqi.portal.acts.registry import Doing, Input, act
from huiqi.portal.look.asking import Asked
from huiqi.reference import regions


def _role_choices(_actor: Actor) -> list[tuple[str, str]]:
    english = (get_language() or "").startswith("en")
    return [(each.id, each.en if english else each.zh) for each in appointable().values()]


class Appointing(Input):
    """Whom to appoint, as what, where, from when, until when (not included)."""

    user: Annotated[int, Asked("用户", "User")]
    role: Annotated[str, Field(max_length=40), Asked("岗位", "Role", choices=_role_choices)]
    agency: Annotated[str, Field(max_length=40), Asked("单位", "Agency", choices=agency_choices)]
    begins: Annotated[date, Asked("自", "From")]
    ends: Annotated[
        date | None,
        Asked(
            "至（不含当日）", "Until (that day not included)", "不填则长期有效", "Empty: until further notice"
        ),
    ] = None


class Ending(Input):
    """From which day on it no longer holds, and why."""

    ends: Annotated[date, Asked("自哪一天起结束", "The first day on which it no longer holds")]
    reason: Annotated[str, Field(min_length=1, max_length=200), Asked("理由", "Reason", long=True)]


class Substituting(Input):
    """Who stands in, for how long, why."""

    appointment: Annotated[int, Asked("岗位", "Appointment")]
    substitute: Annotated[int, Asked("代理人", "Substitute", choices=substitute_choices)]
    begins: Annotated[date, Asked("自", "From")]
    ends: Annotated[date, Asked("至（不含当日）", "Until (that day not included)")]
    reason: Annotated[str, Field(min_length=1, max_length=200), Asked("理由", "Reason", long=True)]


@act("appointment.give", Appointment, zh="任命岗位", en="Appoint", takes=Appointing, creates=True)
def give_appointment(doing: Doing, given: Appointing) -> Appointment:
    """Appoint a user; refused where the role does not fit the agency's level or another role held then."""
    user = User.objects.select_for_update().filter(pk=given.user).exclude(state=CLOSED).first()
    agency = Agency.objects.filter(pk=given.agency).first()
    role = appointable().get(given.role)
    if user is None or agency is None or role is None or not _looks_after(doing, user):
        raise Refused("用户、单位或岗位不存在", mend="请从列表中选择", cell="user")
    if f"user:{user.pk}" == doing.actor.id:
        raise Refused("不能任命自己", why="任命须由另一名管理员办理", cell="user")
    if role.levels and regions.region(agency.region).level not in role.levels:
        raise Refused(f"“{role.zh}”不设在这一级单位", mend="请选择相应级次的单位", cell="role")
    _refuse_span(given.begins, given.ends)
    _refuse_incompatible(user, role.id, given.begins, given.ends)
    appointment = Appointment(user=user, agency=agency, role=role.id, begins=given.begins, ends=given.ends)
    appointment.save()
    doing.say(user=user.pk, role=role.id, begins=str(given.begins), ends=str(given.ends or ""))
    return appointment


@act("appointment.end", Appointment, zh="解除岗位", en="End an appointment", takes=Ending)
def end_appointment(doing: Doing, appointment: Appointment, given: Ending) -> None:
    """End an appointment on a day not in the past: what was done under it stays lawful."""
    if given.ends < doing.today or given.ends <= appointment.begins:
        raise Refused("结束日期不能早于今天或任命之日", mend="请填写今天或以后的日期", cell="ends")
    if appointment.ends is not None and appointment.ends < given.ends:
        raise Refused(f"该岗位已于{appointment.ends}结束", mend="需要延长时请重新任命", cell="ends")
    appointment.ends = given.ends
    doing.say(ends=str(given.ends), reason=given.reason)


@act(
    "substitution.give", Substitution, zh="指定代理", en="Name a substitute", takes=Substituting, creates=True
)
def give_substitution(doing: Doing, given: Substituting) -> Substitution:
    """Let another user stand in for an appointment; never one whose own roles are incompatible with it.

    The holder chooses among colleagues of the same agency, an administrator among the officers of their area.
    """
    appointment = Appointment.objects.select_related("agency").filter(pk=given.appointment).first()
    substitute = User.objects.select_for_update().filter(pk=given.substitute).exclude(state=CLOSED).first()
    if appointment is None or substitute is None or not _may_stand_in(doing, appointment, substitute):
        raise Refused("岗位或代理人不存在", mend="请从列表中选择", cell="substitute")
    if substitute.pk == appointment.user_id:
        raise Refused("本人不能代理本人", cell="substitute")
    _refuse_span(given.begins, given.ends)
    if given.begins < appointment.begins or (appointment.ends is not None and given.ends > appointment.ends):
        raise Refused("代理期超出了岗位任期", mend="请调整代理起止日期", cell="begins")
    _refuse_incompatible(substitute, appointment.role, given.begins, given.ends)
    substitution = Substitution(
        appointment=appointment,
        substitute=substitute,
        begins=given.begins,
        ends=given.ends,
        reason=given.reason,
    )
    substitution.save()
    tell_substitution(doing, substitution, "substitution-given")
    doing.say(appointment=appointment.pk, substitute=substitute.pk, ends=str(given.ends))
    return substitution


@act("substitution.end", Substitution, zh="结束代理", en="End a substitution", takes=Ending)
def end_substitution(doing: Doing, substitution: Substitution, given: Ending) -> None:
    """End a substitution early, from today at the earliest."""
    if not max(doing.today, substitution.begins + timedelta(1)) <= given.ends <= substitution.ends:
        raise Refused("结束日期须在今天与原结束日之间", cell="ends")
    substitution.ends = given.ends
    tell_substitution(doing, substitution, "substitution-ended")
    doing.say(ends=str(given.ends), reason=given.reason)


def _looks_after(doing: Doing, user: User) -> bool:
    """Whether the actor looks after the account for an office; one that no region has yet is anybody's to appoint."""
    places = _places(user)
    of_office = [each for each in doing.actor.allowed(doing.act) if each.person is None]
    if not places:
        return bool(of_office)
    return any(each.reaches(place) for each in of_office for place in places)


def _may_stand_in(doing: Doing, appointment: Appointment, substitute: User) -> bool:
    """Whether somebody may be named: a colleague of the agency, or an officer of an administrator's area."""
    if any(place.agency == appointment.agency_id for place in _places(substitute)):
        return True
    return (substitute.agency_id is not None or not substitute.region) and _looks_after(doing, substitute)


def _places(user: User) -> list[Scope]:
    """Where somebody belongs: the account's own place, and those of all appointments."""
    held = Appointment.objects.filter(user=user).select_related("agency")
    own = [user.scope()] if user.region else []
    return [*own, *(each.scope() for each in held)]


def _refuse_span(begins: date, ends: date | None) -> None:
    if ends is not None and ends <= begins:
        raise Refused("结束日期须晚于开始日期", cell="ends")


def _refuse_incompatible(user: User, role: str, begins: date, ends: date | None) -> None:
    """Refuse where the user holds, or stands in for, an incompatible role on any day of the span."""
    overlapping = (Q(ends=None) | Q(ends__gt=begins)) & (Q(begins__lt=ends) if ends else Q())
    held = set(Appointment.objects.filter(overlapping, user=user).values_list("role", flat=True))
    held |= set(
        Substitution.objects.filter(overlapping, substitute=user).values_list("appointment__role", flat=True)
    )
    if clash := sorted(held & roles()[role].apart_from):
        named = "、".join(roles()[each].zh for each in clash)
        raise Refused(
            f"“{roles()[role].zh}”与此人现任“{named}”不相容",
            why="不相容岗位须由不同的人担任",
            mend="请先解除原岗位，或改派他人",
            code="incompatible-role",
            cell="role",
        )
