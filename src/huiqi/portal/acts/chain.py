"""The chain of events: each event's digest covers its content and the digest before it (SM3, GB/T 32905-2016).

Plain functions on plain values, so that an auditor can check an export without the site or its database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import hashes

BEGINNING = "0" * 64
"""The digest that stands before the first event."""
CONTENT = (
    *("sequence", "at", "act", "actor", "acting_as", "via", "region", "agency", "subject_kind", "subject"),
    *("version", "from_state", "to_state", "body"),
)
"""The keys that a digest covers, all of them in an export."""


def sm3(data: bytes) -> str:
    """Return the SM3 digest, 64 hexadecimal digits."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()


def canonical(value: object) -> bytes:
    """Return JSON with sorted keys and no spaces, UTF-8: equal values, equal bytes. Floats are refused."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def event_digest(previous: str, content: Mapping[str, Any]) -> str:
    """Return the digest of an event that follows `previous`; `content` has the keys of CONTENT."""
    return sm3(canonical([previous, {key: content[key] for key in CONTENT}]))


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError("an event holds no binary float: write an integer or a string")
    if isinstance(value, Mapping):
        for each in value.values():
            _refuse_floats(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _refuse_floats(each)
