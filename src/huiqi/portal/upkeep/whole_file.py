"""A file that is there whole or not at all, and never in the place of another."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from huiqi.findings import BadInput, Finding

_MODE = 0o600


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file, readable to its owner only; it gets its name when the block has ended well.

    Until then it has no name where the system can do that: not even a killed process leaves half of it.
    Raises BadInput where something stands there already, or nothing can be written there.
    """
    if path.exists() or path.is_symlink():
        raise _taken(path)
    try:
        descriptor, name = _begun(path.parent)
    except OSError as error:
        what = "no file can be written here"
        mend = "give a folder that exists and that you may write to"
        raise BadInput(
            [Finding(str(path), 0, "", "not-writable", what, error.strerror or "", mend)]
        ) from None
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            _name_it(file.fileno(), name, path)
    finally:
        if name:
            with suppress(OSError):
                Path(name).unlink()


def _begun(folder: Path) -> tuple[int, str]:
    if hasattr(os, "O_TMPFILE"):
        with suppress(OSError):
            return os.open(folder, os.O_TMPFILE | os.O_RDWR, _MODE), ""
    return tempfile.mkstemp(prefix=".huiqi-", suffix=".part", dir=folder)


def _name_it(descriptor: int, name: str, path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        # With a folder given, the link is followed to the file that has no name yet.
        os.link(name or f"/proc/self/fd/{descriptor}", path, src_dir_fd=folder)
        os.fsync(folder)
    except FileExistsError:
        raise _taken(path) from None
    finally:
        os.close(folder)


def _taken(path: Path) -> BadInput:
    what = "something stands here already"
    return BadInput(
        [Finding(str(path), 0, "", "file-exists", what, "nothing is written over", "give another name")]
    )
