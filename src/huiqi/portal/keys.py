"""The site's keys: one to sign sessions, and those that encrypt personal values, in files outside the database."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """Return the key that signs sessions and forms: HUIQI_SECRET, else a file made on first use, mode 600."""
    given = os.environ.get("HUIQI_SECRET")
    if given:
        return given
    return _made_once(data / "secret.key", lambda: secrets.token_urlsafe(48)).strip()


def keys_file(data: Path) -> Path:
    """Return the file of the encryption keys: HUIQI_KEYS, else keys.json in the data folder."""
    return Path(os.environ.get("HUIQI_KEYS") or data / "keys.json")


def encryption_keys(data: Path) -> dict[str, str]:
    """Return the encryption keys by number, newest last, with the key of lookups (`lookup`), each 32 hex digits.

    Made on first use: whoever loses this file loses the personal values, so it is kept apart from backups.
    """
    text = _made_once(
        keys_file(data),
        lambda: json.dumps({"1": secrets.token_hex(16), "lookup": secrets.token_hex(32)}),
    )
    return dict(json.loads(text))


def _made_once(path: Path, make: object) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text("utf-8")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(make())  # type: ignore[operator]
    return path.read_text("utf-8")
