"""Whether a data folder holds a demonstration: made-up firms, known accounts, never to be served beyond this machine."""

from __future__ import annotations

from pathlib import Path

_MARK = "demonstration"


def mark_demonstration(data: Path) -> None:
    """Mark a data folder as that of a demonstration, for good."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (data / _MARK).touch()


def is_demonstration(data: Path) -> bool:
    """Whether a data folder is marked so."""
    return (data / _MARK).exists()
