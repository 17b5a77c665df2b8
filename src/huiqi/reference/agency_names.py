"""Chinese names of offices that a partly machine-translated copy prints in English."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "agency_names.csv"


@cache
def _names() -> dict[str, str]:
    with _DATA.open(encoding="utf-8", newline="") as file:
        return {row["printed"]: row["name"] for row in csv.DictReader(file)}


def chinese_agency_name(printed: str) -> str:
    """Return the Chinese name of an office; a name that is already Chinese, or unknown, stays as printed."""
    return _names().get(printed.removeprefix("The ").strip(), printed)
