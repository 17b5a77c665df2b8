"""E-mail through the SMTP server of the settings."""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from huiqi.portal.notices.channels import Attempt, Became, Message

_PERMANENT = 500


class WatchedBackend(EmailBackend):
    """Django's SMTP backend that knows whether a message's text was begun: before that it is surely not taken."""

    handed_over = False

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The protocol, watched."""
        backend = self
        plain: type[smtplib.SMTP] = smtplib.SMTP_SSL if self.use_ssl else smtplib.SMTP

        class Watched(plain):  # type: ignore[misc,valid-type]
            def data(self, msg: Any) -> Any:
                backend.handed_over = True
                return super().data(msg)

        return Watched


def send_mail(message: Message) -> Attempt:
    """Send one message; what the server says decides, and a lost answer is told as such."""
    connection = get_connection()
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError:
        return Attempt(Became.NOT_YET, "邮件服务器不接受登录名或密码")
    except (OSError, smtplib.SMTPException) as error:
        return Attempt(Became.NOT_YET, f"不能连接邮件服务器（{type(error).__name__}）")
    try:
        connection.send_messages([_mail(message)])
    except smtplib.SMTPResponseException as error:
        return _answered([error.smtp_code])
    except smtplib.SMTPRecipientsRefused as error:
        return _answered([code for code, _said in error.recipients.values()])
    except (OSError, smtplib.SMTPException) as error:
        if getattr(connection, "handed_over", True):
            return Attempt(Became.UNSURE, f"邮件交出后没有收到答复（{type(error).__name__}）")
        return Attempt(Became.NOT_YET, f"与邮件服务器的连接中断（{type(error).__name__}）")
    finally:
        _close(connection)
    return Attempt(Became.TAKEN)


def _answered(codes: Sequence[int]) -> Attempt:
    worst = max(codes, default=0)
    if worst >= _PERMANENT:
        return Attempt(Became.REFUSED, f"邮件服务器拒收（{worst}）")
    return Attempt(Became.NOT_YET, f"邮件服务器暂不接收（{worst}）")


def _mail(message: Message) -> EmailMessage:
    sender = settings.DEFAULT_FROM_EMAIL
    domain = sender.rpartition("@")[2].strip(" >") or "localhost"
    headers = {"Message-ID": f"<{message.number}@{domain}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(message.subject, message.text, sender, [message.to], headers=headers)


def _close(connection: Any) -> None:
    # What was confirmed stays confirmed, however the goodbye ends.
    with contextlib.suppress(OSError, smtplib.SMTPException):
        connection.close()
