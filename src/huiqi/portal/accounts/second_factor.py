"""Time-based codes as a second factor (TOTP, RFC 6238), and the recovery codes that stand in for them once each."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime

import pyotp

from huiqi.portal.accounts.credentials import RecoveryCode, SecondFactor
from huiqi.portal.accounts.models import User
from huiqi.portal.secrets.columns import sealed_column
from huiqi.portal.secrets.fields import digest_of, digests_of, get, put

ISSUER = "惠企"
_SECONDS = 30
_DIGITS = 6
_STEPS_APART = 1
"""How many steps a phone's clock may be early or late."""
CODES = 10
sealed_column(SecondFactor, "secret")
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH = 12


def has_second_factor(user: User) -> bool:
    """Whether the user's codes are asked for at sign-in."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def begin(user: User, now: datetime) -> SecondFactor:
    """Give the user a fresh secret, not yet asked for. One that is in use is left as it is."""
    factor, new = SecondFactor.objects.get_or_create(user=user, defaults={"made_at": now})
    if new or factor.confirmed_at is None:
        put(factor, "secret", pyotp.random_base32())
        factor.made_at, factor.last_step = now, 0
        factor.save()
    return factor


def secret_of(factor: SecondFactor) -> str:
    """Return the secret, for the one page that shows it."""
    return get(factor, "secret")


def address_for_phone(factor: SecondFactor) -> str:
    """Return the otpauth address that a phone reads from the picture."""
    return pyotp.TOTP(secret_of(factor)).provisioning_uri(name=factor.user.username, issuer_name=ISSUER)


def take(user: User, code: str, now: datetime) -> bool:
    """Whether this is the user's code of now, or one of their recovery codes; it is used up by that.

    Two requests with one code at the same moment: the database lets one of them through.
    """
    plain = "".join(code.split()).replace("-", "").upper()
    if len(plain) == _DIGITS and plain.isascii() and plain.isdecimal():
        return _take_step(user, plain, now)
    if len(plain) != _CODE_LENGTH or not plain.isascii():
        return False
    unused = RecoveryCode.objects.filter(user=user, digest__in=_digests(user, plain), used_at=None)
    return unused.update(used_at=now) == 1


def _take_step(user: User, code: str, now: datetime) -> bool:
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None:
        return False
    secret = pyotp.TOTP(get(factor, "secret"), digits=_DIGITS, interval=_SECONDS)
    this_step = int(now.timestamp()) // _SECONDS
    for step in range(this_step - _STEPS_APART, this_step + _STEPS_APART + 1):
        if hmac.compare_digest(secret.generate_otp(step), code):
            later = SecondFactor.objects.filter(user=user, last_step__lt=step)
            return later.update(last_step=step) == 1
    return False


def new_codes(user: User) -> list[str]:
    """Return fresh recovery codes; those from before are worth nothing any more. Only their digests are kept."""
    RecoveryCode.objects.filter(user=user).delete()
    made = ["".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, each)) for each in made)
    return [f"{each[:4]}-{each[4:8]}-{each[8:]}" for each in made]


def left(user: User) -> int:
    """Return how many recovery codes the user has left."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def drop(user: User) -> None:
    """Take the second factor away, with its recovery codes."""
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _digest(user: User, code: str) -> str:
    return digest_of("recovery", f"{user.pk}:{code}")


def _digests(user: User, code: str) -> list[str]:
    return digests_of("recovery", f"{user.pk}:{code}")
