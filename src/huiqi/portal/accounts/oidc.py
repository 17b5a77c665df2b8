"""A province's single sign-on (OpenID Connect): authorization code with PKCE, state and nonce.

The ID token is checked against the provider's published keys, with a closed list of algorithms. Who it names is
known here only by a link of issuer and subject that was set before; an e-mail address links nobody.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode

import requests
from django.conf import settings
from django.utils.translation import gettext as _
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from huiqi.portal.accounts.oidc_settings import is_safe
from huiqi.portal.secrets.fields import digests_of

ALGORITHMS = ("RS256", "PS256", "ES256", "Ed25519", "EdDSA")
_SECONDS = 8
_MOST_BYTES = 1 << 20
_MOST_TOKEN = 16_384
_KEPT_SECONDS = 600
_LEEWAY = 60
_LEEWAY_OF_KEYS = 60
"""Keys younger than this are not fetched anew, whatever tokens come."""
_FRESH = 300


class ProviderAway(Exception):
    """The provider does not answer, or not as it should."""


class NotProved(Exception):
    """What came back does not prove who is there; the reason is for the operator's log, not for the visitor."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider's addresses, as it publishes them."""

    issuer: str
    authorize: str
    token: str
    keys: str
    end: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What one visit to the provider was asked with; the session keeps it until the visitor comes back."""

    state: str
    nonce: str
    verifier: str
    at: str
    next: str
    link: str = ""
    again: bool = False

    def kept(self) -> dict[str, Any]:
        """Return it as a session keeps it."""
        return asdict(self)


_PROVIDERS: dict[str, tuple[float, Provider]] = {}
_KEYS: dict[str, tuple[float, KeySet]] = {}


def title() -> str:
    """Return what the button says, "" where there is no provider."""
    if not settings.OIDC:
        return ""
    return settings.OIDC["title"] or _("统一身份认证登录")


def ask(now: datetime, onward: str, *, link: str = "", again: bool = False) -> Asked:
    """Return a new question with fresh state, nonce and verifier."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _each in range(3))
    return Asked(state, nonce, verifier, now.isoformat(), onward, link, again)


def address_of(asked: Asked, back: str) -> str:
    """Return the provider's address for the question. Raises ProviderAway."""
    digest = hashlib.sha256(asked.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": settings.OIDC["client"],
        "redirect_uri": back,
        "scope": "openid",
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    if asked.again:
        query |= {"prompt": "login", "max_age": "0"}
    address = provider().authorize
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def subject_of(asked: Asked, code: str, back: str, now: datetime) -> str:
    """Give the code and return the subject that the ID token names. Raises ProviderAway, NotProved."""
    there = provider()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": asked.verifier,
    }
    client = (
        quote(settings.OIDC["client"], safe=""),
        quote(Path(settings.OIDC["secret_file"]).read_text("utf-8").strip(), safe=""),
    )
    answer = _call("POST", there.token, data=form, auth=client, refusal=NotProved)
    token = answer.get("id_token")
    if not isinstance(token, str) or not 0 < len(token) <= _MOST_TOKEN:
        raise NotProved("no ID token")
    claims = _claims(token, there)
    _refuse_claims(claims, there, asked, now)
    return str(claims["sub"])


def provider() -> Provider:
    """Return the provider, asked at most every ten minutes. Raises ProviderAway."""
    issuer = settings.OIDC["issuer"]
    kept = _PROVIDERS.get(issuer)
    if kept is not None and monotonic() - kept[0] < _KEPT_SECONDS:
        return kept[1]
    told = _call("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != issuer:
        raise ProviderAway("it calls itself by another issuer")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    addresses = [told.get(name) for name in names]
    end = told.get("end_session_endpoint") or ""
    if not all(isinstance(each, str) and is_safe(each, issuer) for each in addresses):
        raise ProviderAway("one of its addresses is missing or not https")
    found = Provider(issuer, *addresses, end if isinstance(end, str) and is_safe(end, issuer) else "")  # type: ignore[arg-type]
    _PROVIDERS[issuer] = (monotonic(), found)
    return found


def end_address(back: str) -> str:
    """Return where the visitor ends the session at the provider too, "" where it has no such place or is not known."""
    kept = _PROVIDERS.get(settings.OIDC.get("issuer", ""))
    if kept is None or not kept[1].end:
        return ""
    query = {"client_id": settings.OIDC["client"], "post_logout_redirect_uri": back}
    return f"{kept[1].end}{'&' if '?' in kept[1].end else '?'}{urlencode(query)}"


def digests_of_name(subject: str) -> list[str]:
    """Return the keyed digests by which a subject of this provider is known: today's, then those from before a rotation."""
    return digests_of("outside", f"{settings.OIDC['issuer']}|{subject}")


def forget_provider() -> None:
    """Ask the provider anew at the next visit."""
    _PROVIDERS.clear()
    _KEYS.clear()


def _claims(token: str, there: Provider) -> Mapping[str, Any]:
    """Return the claims of a token whose signature holds; keys are fetched anew once, as providers change them."""
    kept = _KEYS.get(there.keys)
    if kept is not None and monotonic() - kept[0] < _KEPT_SECONDS:
        try:
            return jwt.decode(token, kept[1], algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            if monotonic() - kept[0] < _LEEWAY_OF_KEYS:
                raise NotProved("the signature does not hold") from None
    try:
        keys = KeySet.import_key_set(_call("GET", there.keys))  # type: ignore[arg-type]
    except (JoseError, ValueError, KeyError, TypeError, AttributeError):
        raise ProviderAway("its keys cannot be read") from None
    _KEYS[there.keys] = (monotonic(), keys)
    try:
        return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotProved(f"the token is not taken: {type(error).__name__}") from None


def _refuse_claims(claims: Mapping[str, Any], there: Provider, asked: Asked, now: datetime) -> None:
    client = settings.OIDC["client"]
    heard = claims.get("aud")
    audience = heard if isinstance(heard, list) else [heard]
    moment = int(now.timestamp())
    nonce = claims.get("nonce")
    subject = claims.get("sub")
    if claims.get("iss") != there.issuer:
        raise NotProved("another issuer")
    if client not in audience or (len(audience) > 1 and claims.get("azp") != client):
        raise NotProved("another audience")
    if claims.get("azp", client) != client:
        raise NotProved("another authorized party")
    expires, issued = _seconds(claims, "exp"), _seconds(claims, "iat")
    if moment > expires + _LEEWAY or issued > moment + _LEEWAY:
        raise NotProved("expired, or from the future")
    if moment < _seconds(claims, "nbf", 0) - _LEEWAY:
        raise NotProved("not valid yet")
    if nonce != asked.nonce:
        raise NotProved("another nonce")
    if asked.again and not moment - _FRESH <= _seconds(claims, "auth_time", 0) <= moment + _LEEWAY:
        raise NotProved("the sign-in there was not done again")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isprintable():
        raise NotProved("no subject")


def _seconds(claims: Mapping[str, Any], name: str, default: int | None = None) -> int:
    value = claims.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotProved(f"no {name}")
    return value


def _call(
    method: str, address: str, *, refusal: type[Exception] = ProviderAway, **more: Any
) -> dict[str, Any]:
    """Ask the provider; its answer is JSON of a bounded size. A refusal (4xx) of a code is no failure of it."""
    try:
        with requests.request(
            method, address, timeout=_SECONDS, allow_redirects=False, stream=True, **more
        ) as answer:
            text = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
            status = answer.status_code
    except (requests.RequestException, OSError, ValueError) as error:
        raise ProviderAway(type(error).__name__) from None
    except Exception as error:  # urllib3's own errors while reading
        raise ProviderAway(type(error).__name__) from None
    if 400 <= status < 500:
        raise refusal(f"it answers {status}")
    if status != 200 or len(text) > _MOST_BYTES:
        raise ProviderAway(f"it answers {status}")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise ProviderAway("its answer is no JSON") from None
    if not isinstance(told, dict):
        raise ProviderAway("its answer is no object")
    return told
