"""SM4-GCM (GB/T 32907-2016) with a fresh nonce a value, bound to its table, row and column; keyed digests to look up.

A sealed value is text: `key number.nonce.ciphertext and tag`, in base64. Moved to another row or column it no
longer opens. The keys lie in a file outside the database (`huiqi.portal.keys`).
"""

from __future__ import annotations

import base64
import os
import unicodedata
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as keyed
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

_NONCE = 12
_TAG = 16
LOOKUP = "lookup"
"""The key of digests; `lookup.1`, `lookup.2`… are those from before, by which what has only a digest is still found."""
STANDING = "standing"
"""The key of digests that nothing can make anew and that must not change: the lookup key of the first day."""
_STANDING_COLUMNS = frozenset({"record", "record.person"})
"""What a record or a person was paid for is known by its digest alone: with another key it could be paid for twice."""


class CannotOpen(ValueError):
    """A sealed value that no key at hand opens, or that stands in another place than it was sealed for."""


def newest(keys: Mapping[str, str]) -> str:
    """Return the number of the newest encryption key."""
    return max((name for name in keys if name.isdecimal()), key=int)


def earlier_lookups(keys: Mapping[str, str]) -> list[str]:
    """Return the names of the lookup keys from before, the latest first."""
    return sorted((name for name in keys if name.startswith(f"{LOOKUP}.")), key=_place_in_time, reverse=True)


def _place_in_time(name: str) -> int:
    number = name.partition(".")[2]
    return int(number) if number.isdecimal() else 0


def key_of(sealed: str) -> str:
    """Return the number of the key that a value is sealed with, "" where it is not sealed."""
    return sealed.partition(".")[0] if sealed.count(".") == 2 else ""


def seal(value: str, place: str, keys: Mapping[str, str]) -> str:
    """Seal a value for a place (`table.column#row`) with the newest key."""
    number = newest(keys)
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(SM4(bytes.fromhex(keys[number])), GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(_bound(number, place))
    sealed = encryptor.update(value.encode()) + encryptor.finalize() + encryptor.tag
    return f"{number}.{_text(nonce)}.{_text(sealed)}"


def unseal(sealed: str, place: str, keys: Mapping[str, str]) -> str:
    """Open a sealed value at its place. Raises CannotOpen."""
    try:
        number, nonce_text, body_text = sealed.split(".")
        nonce, body = base64.urlsafe_b64decode(nonce_text), base64.urlsafe_b64decode(body_text)
        key = bytes.fromhex(keys[number])
    except (ValueError, KeyError):
        raise CannotOpen("the value is not sealed, or its key is not at hand") from None
    if len(body) < _TAG:
        raise CannotOpen("the sealed value is cut off")
    decryptor = Cipher(SM4(key), GCM(nonce, body[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(_bound(number, place))
    try:
        return (decryptor.update(body[:-_TAG]) + decryptor.finalize()).decode()
    except InvalidTag:
        raise CannotOpen("the sealed value was changed, or stands in another place") from None


def lookup_digest(value: str, column: str, keys: Mapping[str, str]) -> str:
    """Return the keyed digest (HMAC-SM3) that finds equal values of a column, widths and spaces apart."""
    if column in _STANDING_COLUMNS:
        return _digest(value, column, keys.get(STANDING) or keys[LOOKUP])
    return _digest(value, column, keys[LOOKUP])


def lookup_digests(value: str, column: str, keys: Mapping[str, str]) -> list[str]:
    """Return the digests by every lookup key that is kept, the newest first: to find what was written before a rotation."""
    if column in _STANDING_COLUMNS:
        return [lookup_digest(value, column, keys)]
    return [_digest(value, column, keys[name]) for name in (LOOKUP, *earlier_lookups(keys))]


def _digest(value: str, column: str, key: str) -> str:
    form = "".join(unicodedata.normalize("NFKC", value).split())
    digest = keyed.HMAC(bytes.fromhex(key), hashes.SM3())
    digest.update(f"{column}\0{form}".encode())
    return digest.finalize().hex()


def masked(value: str) -> str:
    """Show a value's ends only: 138****5678, ****1234; a short one not at all."""
    if len(value) >= 11:
        return f"{value[:3]}****{value[-4:]}"
    return "****" + (value[-2:] if len(value) >= 6 else "")


def _bound(number: str, place: str) -> bytes:
    return f"{number}\0{place}".encode()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
