"""The jobs of notices: send one, find what was left lying, tell what is due soon and what is late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from huiqi.findings import BadInput, Finding
from huiqi.portal.accounts.models import User
from huiqi.portal.acts.performing import scope_of
from huiqi.portal.acts.transitions import tables
from huiqi.portal.clock.models import OPEN, Deadline
from huiqi.portal.clock.reckoning import after_working_days
from huiqi.portal.clock.rules import deadline_rules
from huiqi.portal.clock.running import calendar
from huiqi.portal.jobs.models import RUNNING, Job
from huiqi.portal.jobs.models import WAITING as JOB_WAITING
from huiqi.portal.jobs.registry import TryLater, Working, job
from huiqi.portal.notices.channels import Became
from huiqi.portal.notices.kinds import CHANNELS
from huiqi.portal.notices.models import DOUBTFUL, FAILED, SENDING, WAITING, Notice, Sending
from huiqi.portal.notices.outbox import send
from huiqi.portal.notices.telling import SEND, notify, purpose_of
from huiqi.portal.notices.whom import actor_on, who_may, who_reads
from huiqi.reference.working_days import CalendarNotPublished

_ATTEMPTS = 8
_LEFT_LYING = timedelta(hours=6)
_NEAR_WORKING_DAYS = 1


@job(SEND, zh="发送消息", en="Send a notice", attempts=_ATTEMPTS)
def send_notice(working: Working) -> Mapping[str, Any] | None:
    """Send one message by one channel; tried again with longer and longer pauses, about an hour in all."""
    number = working.arguments["sending"]
    attempt = send(
        number, working.now, working.today, anew=working.attempt == 1, last=working.attempt >= _ATTEMPTS
    )
    if attempt.became in (Became.NOT_YET, Became.UNSURE):
        raise TryLater(attempt.why)
    sending = Sending.objects.filter(pk=number).first()
    if sending is not None and sending.state in (FAILED, DOUBTFUL):
        _tell_operators(working, sending)
        # The job ends as failed: operators see it, and may have it sent again.
        raise BadInput([Finding("", 0, "", "notice-not-sent", sending.said, "", "")])
    return {"became": sending.state} if sending is not None else None


@job("notices-left", zh="清点未发出的消息", en="Find notices left unsent", daily=True)
def find_left(working: Working) -> Mapping[str, Any]:
    """End what no job will send any more: its worker died at the last attempt, or an operator cancelled the job."""
    old = working.now - _LEFT_LYING
    left = Sending.objects.filter(state__in=[WAITING, SENDING], notice__made_at__lt=old).order_by("pk")
    ended = 0
    for sending in left.iterator():
        if Job.objects.filter(purpose=purpose_of(sending.pk), state__in=[JOB_WAITING, RUNNING]).exists():
            continue
        unsure = sending.state == SENDING or sending.unsure
        state = DOUBTFUL if unsure else FAILED
        changed = Sending.objects.filter(pk=sending.pk, state=sending.state).update(
            state=state, ended_at=working.now, said="发送任务已中断或取消"
        )
        if changed:
            ended += 1
            _tell_operators(working, sending)
    return {"ended": ended}


@job("deadlines-tell", zh="期限提醒", en="Tell of deadlines", daily=True)
def tell_deadlines(working: Working) -> Mapping[str, Any]:
    """Tell those who must act of what is due within a working day, and of what is late: once each."""
    day = date.fromisoformat(working.arguments["day"])
    rows = Deadline.objects.for_site("all that is due").filter(state=OPEN, due__lte=_near(day))
    told = {"deadline-near": 0, "deadline-overdue": 0}
    for deadline in rows.order_by("pk").iterator():
        kind = "deadline-overdue" if deadline.due < day else "deadline-near"
        with transaction.atomic():
            told[kind] += len(_told(working, kind, deadline, day))
    return told


def _told(working: Working, kind: str, deadline: Deadline, day: date) -> list[Notice]:
    subject = _subject(deadline)
    rule = deadline_rules().get(deadline.rule)
    if subject is None or rule is None:
        return []
    return notify(
        working,
        kind,
        to=_whose(deadline, subject, day),
        subject=subject,
        values={"rule": {"zh": rule.zh, "en": rule.en}, "due": deadline.due.isoformat()},
        address=deadline.address or None,
        once=f"{deadline.pk}:{deadline.due.isoformat()}",
    )


def _whose(deadline: Deadline, subject: models.Model, day: date) -> list[User]:
    """Who can lead the subject on from where it is; where no table tells, who reads the deadlines there."""
    table = tables().get(deadline.subject_kind)
    acts = table.allowed(str(getattr(subject, "state", ""))) if table is not None else ()
    return who_may(acts, scope_of(subject), day) or who_reads("deadlines", deadline.scope(), day)


def _subject(deadline: Deadline) -> models.Model | None:
    try:
        model = apps.get_model(deadline.subject_kind)
        found: models.Model | None = model._base_manager.filter(pk=deadline.subject).first()
    except (LookupError, ValueError):
        return None
    return found


def _near(day: date) -> date:
    """The last day that is near: the next working day."""
    try:
        due = after_working_days(day, _NEAR_WORKING_DAYS, calendar()).due
    except CalendarNotPublished:
        due = None
    return due or day + timedelta(1)


def _tell_operators(working: Working, sending: Sending) -> None:
    """Tell the administrators in the site, once a day and channel: what failed stands on their page of jobs."""
    chinese, english = CHANNELS[sending.channel]
    administrators = User.objects.filter(
        Q(appointments__ends=None) | Q(appointments__ends__gt=working.today),
        appointments__role="administrator",
        appointments__begins__lte=working.today,
        is_active=True,
    ).distinct()
    subject = Notice.objects.for_site("the notice that was not sent").get(pk=sending.notice_id)
    with transaction.atomic():
        notify(
            working,
            "notice-not-sent",
            to=[each for each in administrators if actor_on(each, working.today).may_see("operations")],
            subject=subject,
            values={"channel": {"zh": chinese, "en": english}},
            address="/operations/",
            once=f"{working.today.isoformat()}:{sending.channel}",
        )
