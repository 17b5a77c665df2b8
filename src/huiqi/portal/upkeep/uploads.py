"""The files of the data folder that belong to the site's records: what was uploaded, and the office's own tables.

Folders are kept with all they hold; of the files beside them only those named here. Never kept: keys, the database's
own files, backups, and whatever begins with a dot (what is still being written).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from huiqi.portal.keys import keys_file

KEPT_FILES = frozenset({"working_days.csv"})
LEFT_FOLDERS = frozenset({"backups"})
_KEYS = frozenset({"secret.key", "keys.json"})
_MOST_CHARACTERS = 1_000


def uploads(data: Path) -> Iterator[tuple[str, Path]]:
    """Yield each file as its path from the data folder (with /), and where it lies, in order."""
    if not data.is_dir():
        return
    keys = keys_file(data).resolve()
    for path in _walked(data):
        name = path.relative_to(data).as_posix()
        if path.resolve() != keys and is_kept(name):
            yield name, path


def is_kept(name: str) -> bool:
    """Whether a path from the data folder is one of those, and leads nowhere else."""
    parts = PurePosixPath(name).parts
    if not parts or "\\" in name or "\0" in name or len(name) > _MOST_CHARACTERS or name != "/".join(parts):
        return False
    if any(part.startswith(".") or part in _KEYS for part in parts) or ":" in parts[0] or parts[0] == "/":
        return False
    return parts[0] not in LEFT_FOLDERS if len(parts) > 1 else name in KEPT_FILES


def _walked(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _walked(path)
        elif path.is_file():
            yield path
