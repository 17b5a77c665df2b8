"""Where the shipped policies lie: beside the source in a checkout, inside the package when installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def shipped_policies() -> Path:
    """Return the folder of the policies that come with Huiqi."""
    installed = _PACKAGE / "shipped_policies"
    if installed.is_dir():
        return installed
    return _PACKAGE.parent.parent / "policies"


def shipped_examples() -> Path:
    """Return the folder of the example firms."""
    installed = _PACKAGE / "shipped_examples"
    if installed.is_dir():
        return installed
    return _PACKAGE.parent.parent / "examples"
