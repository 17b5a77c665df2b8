"""Sending one message once, whatever dies on the way.

It is claimed (waiting → sending) in a transaction of its own, then handed over, then noted as sent. Who finds it
claimed knows that the worker before died, perhaps after handing it over. By SMS the gateway is then asked for the
message's number and nothing is sent twice; where the gateway cannot tell, the message ends as doubtful. An e-mail is
sent once more with the same Message-ID, by which mail systems know it again, and after a second lost answer ends as
doubtful.
"""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from huiqi.portal.notices.channels import Attempt, Became, Message, can_reach
from huiqi.portal.notices.kinds import EMAIL, kinds
from huiqi.portal.notices.mail import send_mail
from huiqi.portal.notices.models import (
    DOUBTFUL,
    DROPPED,
    FAILED,
    SENDING,
    SENT,
    WAITING,
    Notice,
    Reach,
    Sending,
)
from huiqi.portal.notices.sms import send_sms
from huiqi.portal.notices.whom import actor_on, may_read
from huiqi.portal.secrets.fields import get
from huiqi.portal.secrets.sealing import CannotOpen

_MOST_LOST_MAILS = 1


def send(number: int, now: datetime, today: date, *, anew: bool, last: bool) -> Attempt:
    """Send a message as far as it can be told; the row says what became of it.

    `anew` lets one begin again that had ended without success (an operator asked for it); `last` ends it where it
    would wait otherwise.
    """
    sending = _claimed(number, now, anew=anew)
    if sending is None:
        return Attempt(Became.TAKEN)
    message = _message(sending, today)
    if message is None:
        return _end(sending, DROPPED, now, Attempt(Became.REFUSED, "收信人已无权查看，或没有可用的地址"))
    if sending.channel == EMAIL:
        if sending.unsure > _MOST_LOST_MAILS:
            return _end(sending, DOUBTFUL, now, Attempt(Became.UNKNOWABLE, "两次交出后都没有收到答复"))
        attempt = send_mail(message)
    else:
        attempt = send_sms(message, unsure=sending.unsure > 0)
    return _noted(sending, attempt, now, last=last)


def _claimed(number: int, now: datetime, *, anew: bool) -> Sending | None:
    with transaction.atomic():
        sending = Sending.objects.select_for_update().filter(pk=number).first()
        if sending is None:
            return None
        if sending.state in (FAILED, DOUBTFUL) and anew:
            sending.state, sending.unsure = WAITING, 0
        if sending.state == SENDING:
            sending.unsure += 1
        elif sending.state != WAITING:
            return None
        sending.state, sending.claimed_at = SENDING, now
        sending.attempts += 1
        sending.save()
    return sending


def _noted(sending: Sending, attempt: Attempt, now: datetime, *, last: bool) -> Attempt:
    if attempt.became is Became.TAKEN:
        return _end(sending, SENT, now, attempt)
    if attempt.became is Became.REFUSED:
        return _end(sending, FAILED, now, attempt)
    unsure = sending.unsure + (attempt.became is Became.UNSURE)
    too_often = sending.channel == EMAIL and unsure > _MOST_LOST_MAILS
    if attempt.became is Became.UNKNOWABLE or too_often or (last and unsure):
        sending.unsure = unsure
        return _end(sending, DOUBTFUL, now, Attempt(Became.UNKNOWABLE, attempt.why))
    if last:
        return _end(sending, FAILED, now, Attempt(Became.REFUSED, attempt.why))
    _mine(sending).update(state=WAITING, unsure=unsure, said=attempt.why[:200])
    return attempt


def _end(sending: Sending, state: str, now: datetime, attempt: Attempt) -> Attempt:
    _mine(sending).update(state=state, unsure=sending.unsure, ended_at=now, said=attempt.why[:200])
    return attempt


def _mine(sending: Sending) -> object:
    """The row while it is this attempt's: one taken for dead writes nothing over its successor."""
    return Sending.objects.filter(pk=sending.pk, state=SENDING, attempts=sending.attempts)


def _message(sending: Sending, today: date) -> Message | None:
    """The message in its reader's language; None where the reader may not read it (any more) or cannot be reached."""
    notice = Notice.objects.for_site("what is sent of it").select_related("user").get(pk=sending.notice_id)
    user, about = notice.user, kinds().get(notice.kind)
    reach = Reach.objects.for_site("the reader's own").filter(user=user).first()
    if about is None or not can_reach(user, reach, sending.channel):
        return None
    if not may_read(actor_on(user, today), about.opens, notice.about()):
        return None
    words = about.wording(user.language)
    if sending.channel == EMAIL:
        body = _body(about.text(user.language, notice.values), notice.address, user.language)
        return Message(sending.message_id, user.email, words.subject, body)
    try:
        number = get(reach, "phone")
    except CannotOpen:
        return None
    return Message(sending.message_id, number, words.subject, words.sms)


def _body(text: str, address: str, language: str) -> str:
    with override(language):
        lines = [text]
        if address and settings.SITE_ADDRESS:
            lines.append(_("查看：%(address)s") % {"address": settings.SITE_ADDRESS.rstrip("/") + address})
        lines.append(_("这是惠企平台自动发送的消息，请勿直接回复。接收方式可在“消息设置”页更改。"))
    return "\n\n".join(lines) + "\n"
