"""What the site sends by, from the environment: an SMTP server and an SMS gateway, none of them by default.

HUIQI_SMTP                host or host:port of the mail server (port 587)
HUIQI_SMTP_TLS            starttls (default), tls, or none for a server on this machine
HUIQI_SMTP_USER, HUIQI_SMTP_PASSWORD_FILE   who signs in there, and the file of the password
HUIQI_MAIL_FROM           the sender's address, needed with HUIQI_SMTP
HUIQI_SMS_URL, HUIQI_SMS_SECRET_FILE        the gateway's address, and the file of its secret
HUIQI_ADDRESS             the site's own address, for links in e-mails (https://…)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from huiqi.findings import BadInput, Finding

_SECONDS = 20
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_TLS = ("starttls", "tls", "none")


def mail_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return Django's settings of e-mail; EMAIL_HOST is empty where none is sent. Raises BadInput."""
    server = environment.get("HUIQI_SMTP", "")
    host, _colon, port = server.rpartition(":") if ":" in server else (server, "", "587")
    if not server:
        return {"EMAIL_HOST": ""}
    if not port.isdecimal() or not host:
        raise _bad("HUIQI_SMTP", f"{server} is no server", "write host or host:port")
    tls = environment.get("HUIQI_SMTP_TLS") or "starttls"
    if tls not in _TLS or (tls == "none" and host not in _LOOPBACK):
        what = f"{tls} is not taken" if tls not in _TLS else f"mail to {host} would go unencrypted"
        raise _bad("HUIQI_SMTP_TLS", what, "write starttls or tls (none is for this machine only)")
    sender = environment.get("HUIQI_MAIL_FROM", "")
    if "@" not in sender:
        raise _bad("HUIQI_MAIL_FROM", "the sender's address is missing", "write name@office.example")
    password = environment.get("HUIQI_SMTP_PASSWORD_FILE", "")
    return {
        "EMAIL_BACKEND": "huiqi.portal.notices.mail.WatchedBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": int(port),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "tls",
        "EMAIL_HOST_USER": environment.get("HUIQI_SMTP_USER", ""),
        "EMAIL_HOST_PASSWORD": _secret("HUIQI_SMTP_PASSWORD_FILE", password) if password else "",
        "EMAIL_TIMEOUT": _SECONDS,
        "DEFAULT_FROM_EMAIL": sender,
    }


def sms_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the gateway's url and secret_file, nothing where no SMS is sent. Raises BadInput."""
    url = environment.get("HUIQI_SMS_URL", "")
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise _bad("HUIQI_SMS_URL", f"{url} is no https address", "write https://…")
    file = environment.get("HUIQI_SMS_SECRET_FILE", "")
    _secret("HUIQI_SMS_SECRET_FILE", file)
    return {"url": url, "secret_file": file}


def _secret(name: str, file: str) -> str:
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise _bad(
            name, f"{file or 'no file'} cannot be read", "name a file that the site may read"
        ) from None


def _bad(name: str, what: str, mend: str) -> BadInput:
    return BadInput([Finding(name, 0, "", "bad-setting", what, "", mend)])
