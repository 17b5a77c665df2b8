"""The site's keys: one to sign sessions, and those that encrypt personal values, in files outside the database."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
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


def rotated(keys: Mapping[str, str]) -> dict[str, str]:
    """Return keys with a new one to seal with and a new one of lookups; those from before stay readable."""
    number = max((int(name) for name in keys if name.isdecimal()), default=0) + 1
    before = [int(name[7:]) for name in keys if name.startswith("lookup.") and name[7:].isdecimal()]
    return {
        **keys,
        str(number): secrets.token_hex(16),
        "lookup": secrets.token_hex(32),
        f"lookup.{max(before, default=0) + 1}": keys["lookup"],
        "standing": keys.get("standing") or keys["lookup"],
    }


def write_keys(data: Path, keys: Mapping[str, str]) -> None:
    """Put keys in the place of those that stand there: whole, on the disk, for the owner alone. All processes see them at once."""
    path = keys_file(data)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(dict(keys), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _made_once(path: Path, make: Callable[[], str]) -> str:
    """Return what stands in a file, made where it does not stand. It appears whole: of two processes at once both read the one that was first."""
    if not path.exists():
        # The folder of the keys is that of the database and of the uploads: it is the office's own.
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, part = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(part, path)
        finally:
            Path(part).unlink()
    return path.read_text("utf-8")
