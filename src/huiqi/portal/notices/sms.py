"""SMS through a gateway: a small protocol, and one way over HTTP that needs no particular provider.

The gateway takes `POST <url>` with `{"id", "to", "text"}`, and tells by `GET <url>/<id>` whether it has a message of
this number. It answers 2xx or 409 for what it has taken, 404 for what it does not have.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import requests
from django.conf import settings
from urllib3.exceptions import NewConnectionError

from huiqi.portal.notices.channels import Attempt, Became, Message

_SECONDS = 20
_TAKEN_BEFORE, _NOT_THERE = 409, 404
_NEVER = frozenset({400, 404, 413, 415, 422})
_SURELY_NOT = frozenset({401, 403, 429, 503})


class Gateway(Protocol):
    """Who takes SMS."""

    def send(self, message: Message) -> Attempt:
        """Hand a message over."""

    def look_up(self, number: str) -> Attempt:
        """Ask for an earlier message: TAKEN, REFUSED (it is not there), NOT_YET (ask later), UNKNOWABLE."""


class HttpGateway:
    """A gateway over HTTP; its secret goes as a bearer token. Redirects are not followed."""

    def __init__(self, url: str, secret: str) -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()
        # The address is what the operator wrote, whatever proxies the environment names.
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {secret}"

    def send(self, message: Message) -> Attempt:
        """Hand a message over."""
        body = {"id": message.number, "to": message.to, "text": message.text}
        try:
            status = self._asked("POST", self.url, body)
        except requests.RequestException as error:
            return _lost(error)
        if 200 <= status < 300 or status == _TAKEN_BEFORE:
            return Attempt(Became.TAKEN)
        if status in _NEVER:
            return Attempt(Became.REFUSED, f"短信网关拒收（{status}）")
        if status in _SURELY_NOT or 300 <= status < 400:
            return Attempt(Became.NOT_YET, f"短信网关暂不接收（{status}）")
        return Attempt(Became.UNSURE, f"短信网关出错（{status}）")

    def look_up(self, number: str) -> Attempt:
        """Ask for an earlier message."""
        try:
            status = self._asked("GET", f"{self.url}/{number}", None)
        except requests.RequestException as error:
            return Attempt(Became.NOT_YET, f"不能连接短信网关（{type(error).__name__}）")
        if 200 <= status < 300:
            return Attempt(Became.TAKEN)
        if status == _NOT_THERE:
            return Attempt(Became.REFUSED)
        if status in (405, 501):
            return Attempt(Became.UNKNOWABLE, "短信网关不能查询是否已收到")
        return Attempt(Became.NOT_YET, f"短信网关暂不能查询（{status}）")

    def _asked(self, method: str, url: str, body: object) -> int:
        with self.session.request(
            method, url, json=body, timeout=_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            # What else the answer says is not read: it may be without end.
            return answer.status_code


def gateway() -> Gateway:
    """Return the gateway of the settings."""
    about = settings.SMS_GATEWAY
    return HttpGateway(about["url"], Path(about["secret_file"]).read_text("utf-8").strip())


def send_sms(message: Message, *, unsure: bool) -> Attempt:
    """Send one message; where an earlier attempt's end is not known, the gateway is asked first."""
    try:
        way = gateway()
    except OSError:
        return Attempt(Became.NOT_YET, "短信网关的密钥文件不能读取")
    if unsure:
        earlier = way.look_up(message.number)
        if earlier.became is not Became.REFUSED:
            return earlier
    return way.send(message)


def _lost(error: requests.RequestException) -> Attempt:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError):
        return Attempt(Became.NOT_YET, "不能连接短信网关")
    return Attempt(Became.UNSURE, f"短信交出后没有收到答复（{type(error).__name__}）")
