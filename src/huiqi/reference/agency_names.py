"""Chinese names of offices that a machine-translated copy prints in English."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"
_LEVELS = {
    "provincial": "省",
    "municipal": "市",
    "city": "市",
    "prefectural": "州",
    "prefecture": "州",
    "state": "州",
    "county": "县",
    "district": "区",
}
_LEVEL = rf"(?P<level>{'|'.join(_LEVELS)})"
_ORGAN = r"(?:department|bureau|commission|committee|office|administration)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_LEVEL} {_ORGAN} (?:of|for) (?P<function>.+)",
        rf"{_LEVEL} (?P<function>.+?) {_ORGAN}",
        rf"{_LEVEL} (?P<function>.+)",
    )
)


@cache
def _names() -> dict[str, str]:
    with (_DATA / "agency_names.csv").open(encoding="utf-8", newline="") as file:
        return {_folded(row["printed"]): row["name"] for row in csv.DictReader(file)}


@cache
def _functions() -> dict[str, tuple[str, str]]:
    with (_DATA / "agency_functions.csv").open(encoding="utf-8", newline="") as file:
        return {_folded(row["english"]): (row["province"], row["below"]) for row in csv.DictReader(file)}


def _folded(printed: str) -> str:
    words = " ".join(printed.replace("’", "'").split()).casefold()
    return words.removeprefix("the ")


def english_agency(printed: str) -> str | None:
    """Return the Chinese name of an office printed in English (省财政厅), None for one that is not known.

    Known are the names of a table, and names made of a level, an organ and a function: Municipal Bureau of
    Finance, County Finance Bureau.
    """
    folded = _folded(printed)
    known = _names().get(folded)
    if known is not None:
        return known
    for form in _FORMS:
        found = form.fullmatch(folded)
        organs = _functions().get(found["function"]) if found else None
        if found and organs:
            level = _LEVELS[found["level"]]
            return level + (organs[0] if level == "省" else organs[1])
    return None


def chinese_agency_name(printed: str) -> str:
    """Return the Chinese name of an office; a name that is already Chinese, or unknown, stays as printed."""
    return english_agency(printed) or printed
