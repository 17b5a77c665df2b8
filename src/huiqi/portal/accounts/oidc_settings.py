"""The province's single sign-on, from the environment: none by default.

HUIQI_OIDC_ISSUER        the provider's issuer, an https address
HUIQI_OIDC_CLIENT        the name under which the site is registered there
HUIQI_OIDC_SECRET_FILE   the file of the client's secret
HUIQI_OIDC_TITLE         what its button says (default: 统一身份认证登录)
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from huiqi.findings import BadInput, Finding

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def oidc_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return issuer, client, secret_file and title; nothing where there is no provider. Raises BadInput."""
    issuer = environment.get("HUIQI_OIDC_ISSUER", "")
    if not issuer:
        return {}
    if not is_safe(issuer, issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
        raise _bad("HUIQI_OIDC_ISSUER", f"{issuer} is no issuer", "write an https address")
    client = environment.get("HUIQI_OIDC_CLIENT", "")
    if not client:
        raise _bad("HUIQI_OIDC_CLIENT", "the client's name is missing", "ask the provider for it")
    file = environment.get("HUIQI_OIDC_SECRET_FILE", "")
    try:
        Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise _bad(
            "HUIQI_OIDC_SECRET_FILE",
            f"{file or 'no file'} cannot be read",
            "name a file that the site may read",
        ) from None
    title = environment.get("HUIQI_OIDC_TITLE", "")
    return {"issuer": issuer, "client": client, "secret_file": file, "title": title}


def is_safe(address: str, issuer: str) -> bool:
    """Whether an address may be asked: https, or plain on this machine where the provider itself runs there."""
    try:
        parts, home = urlsplit(address), urlsplit(issuer)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or port == 0:
        return False
    here = parts.hostname in _LOOPBACK and home.hostname in _LOOPBACK
    return parts.scheme == "https" or (parts.scheme == "http" and here)


def _bad(name: str, what: str, mend: str) -> BadInput:
    return BadInput([Finding(name, 0, "", "bad-setting", what, "", mend)])
